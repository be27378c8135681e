//! The providers that open an account beside its password, when a mail sets another: whoever took the account may have
//! connected one.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::session::words::Words;
use crate::accounts::user::user::User;
use crate::accounts::user::user::identity::Identity;
use crate::config::Config;
use crate::mail::letter::address;
use crate::values::account_kind::AccountKind;
use crate::values::locale::Locale;
use crate::web::paths;

/// Those of an account.
#[derive(Clone, Debug)]
pub struct OtherWaysIn {
    /// Their names as people read them.
    pub labels: Vec<String>,
    /// Whether they go on opening the account: its owner proved the mailbox before, and may have connected them.
    pub stay: bool,
}

impl OtherWaysIn {
    /// Those of this account; none of an admin's, which no provider opens.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn of(conn: &mut PgConnection, user: &User, config: &Config) -> QueryResult<Self> {
        let mut identities = Identity::all_of(conn, &user.id)?;
        identities.retain(|_| user.kind != AccountKind::Admin);
        let label = |identity: Identity| {
            // One that the operator has unset opens nothing.
            let known = config.providers.iter().find(|provider| provider.name == identity.provider)?;
            Some(known.label.clone())
        };
        Ok(Self { labels: identities.into_iter().filter_map(label).collect(), stay: user.is_verified })
    }

    /// What the notice of the new password tells of them.
    pub(super) fn facts(&self, locale: Locale) -> Vec<(&'static str, String)> {
        let (t, labels) = (&Words::of(locale).security_notice, self.labels.join(", "));
        match self {
            Self { labels, .. } if labels.is_empty() => Vec::new(),
            Self { stay: true, .. } => {
                vec![(t.still_opens, format!("{labels}: {}", address(paths::accounts::PROVIDERS)))]
            }
            Self { .. } => vec![(t.no_longer_opens, labels)],
        }
    }
}
