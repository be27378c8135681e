//! What happens in the demonstration, in the order of its time.

use std::collections::BTreeMap;

use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::{DeletionId, EntryId, UserId};
use crate::values::secret_token::SecretToken;
use crate::waitlist::waves::wave_size::WaveSize;

/// Something that happens.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// So many people and companies join.
    Join(i64),
    /// So many join whose mail provider asks to come back.
    JoinSlowly(i64),
    /// The mail that is due goes out.
    Deliver,
    /// The database learns how much there is by now: it would go on planning for empty tables.
    Analyze,
    /// Somebody follows the link that confirms a place.
    Confirm(SecretToken),
    /// Somebody leaves the waitlist.
    Leave(EntryId),
    /// Somebody has a place erased.
    Erase(EntryId),
    /// Somebody opens an account by an invitation of the waitlist.
    OpenAccount(SecretToken),
    /// Somebody signs up with this address and does not verify it.
    SignUp(EmailAddress),
    /// A company opens an account and invites these people.
    OpenCompany(EmailAddress, Vec<EmailAddress>),
    /// Somebody accepts the invitation of an organization.
    JoinCompany(SecretToken),
    /// Somebody logs in.
    LogIn(UserId),
    /// An admin deactivates an account.
    Deactivate(UserId),
    /// An owner asks for the deletion of an account.
    Close(UserId),
    /// An admin invites a wave; these letters of it bounce.
    StartWave(WaveSize, &'static [i64]),
    /// The letters of waves that are due are written.
    SendWave,
    /// An admin pauses the last wave.
    PauseWave,
    /// An admin uploads a list, and starts the import or leaves it checked.
    Import(Start),
    /// The next people of the import are asked to confirm.
    AskImported,
    /// An admin deletes so many places.
    Delete(usize),
    /// An admin undoes that.
    Undo(DeletionId),
    /// An admin makes keys of the API.
    MakeKeys,
    /// An admin revokes the key of a trial.
    RevokeTrial,
    /// An admin adds a webhook to this address.
    AddWebhook(&'static str),
    /// What happened is told to the webhooks.
    TellWebhooks,
}

/// Whether an import is started once its list is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// At once.
    Now,
    /// It waits for an admin.
    Later,
}

/// All that is still to happen, until now.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    present: Timestamp,
    events: BTreeMap<(Timestamp, usize), Event>,
    added: usize,
}

impl Calendar {
    /// An empty one.
    pub(super) const fn until(present: Timestamp) -> Self {
        Self { present, events: BTreeMap::new(), added: 0 }
    }

    /// Adds an event, unless that would be in the future. Of two at one time the first that was added comes first.
    pub(super) fn add(&mut self, at: Timestamp, event: Event) {
        if at < self.present {
            self.events.insert((at, self.added), event);
            self.added += 1;
        }
    }

    /// Takes the next event.
    pub(super) fn next(&mut self) -> Option<(Timestamp, Event)> {
        self.events.pop_first().map(|((at, _), event)| (at, event))
    }
}
