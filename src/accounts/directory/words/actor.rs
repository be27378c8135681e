//! Who did something to an account, as admins are told.

use super::Words;
use crate::accounts::profile::security_event::{EventActor, SecurityEvent};
use crate::accounts::profile::words::Words as ProfileWords;
use crate::values::locale::Locale;

impl Words {
    /// Who did it, when it was not this account.
    pub(crate) fn by<'a>(&self, event: &'a SecurityEvent) -> Option<&'a str> {
        let activity = &ProfileWords::of(self.locale).activity;
        match &event.by {
            EventActor::Owner => None,
            EventActor::Admin(name) | EventActor::Other(name) => Some(name),
            EventActor::Gone => Some(activity.gone),
            EventActor::Visitor => Some(activity.visitor),
            EventActor::AtTheCode => Some(activity.at_the_code),
            EventActor::Operator if self.locale == Locale::Es => {
                Some("quien opera Biovity, desde la línea de comandos")
            }
            EventActor::Operator => Some("the operator, from the command line"),
        }
    }
}
