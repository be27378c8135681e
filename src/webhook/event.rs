//! What an endpoint can be told of.

/// The type of a delivery that only tries the endpoint.
pub const PROBE: &str = "webhook.probe";

/// Something that happens to a place on the waitlist or to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody joined the waitlist, or an import added the place.
    Joined,
    /// The address of a place was confirmed.
    Confirmed,
    /// The relay took over the invitation of a place.
    Invited,
    /// The address of a place has an account.
    SignedUp,
    /// Mail to a place was refused.
    Bounced,
    /// The owner of a place left.
    Left,
    /// A place was deleted for good.
    Erased,
    /// An account was made.
    AccountCreated,
    /// The address of an account was verified.
    AccountVerified,
    /// An account was deleted for good.
    AccountDeleted,
}

impl Event {
    /// All of them, in the order in which they happen.
    pub const ALL: [Self; 10] = [
        Self::Joined,
        Self::Confirmed,
        Self::Invited,
        Self::SignedUp,
        Self::Bounced,
        Self::Left,
        Self::Erased,
        Self::AccountCreated,
        Self::AccountVerified,
        Self::AccountDeleted,
    ];

    /// The event as deliveries name it. The triggers write these names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Joined => "waitlist.joined",
            Self::Confirmed => "waitlist.confirmed",
            Self::Invited => "waitlist.invited",
            Self::SignedUp => "waitlist.signed_up",
            Self::Bounced => "waitlist.bounced",
            Self::Left => "waitlist.left",
            Self::Erased => "waitlist.erased",
            Self::AccountCreated => "account.created",
            Self::AccountVerified => "account.verified",
            Self::AccountDeleted => "account.deleted",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == name)
    }
}
