//! What a submission changed.

/// What a submission changed, such as the password of an account. An equal submission is answered like the first until
/// something else changes the same: from then on that answer would be untrue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject(String);

impl Subject {
    /// This, of the account, the link or whatever else has this id.
    #[must_use]
    pub fn new(what: &str, id: &str) -> Self {
        Self(format!("{what}:{id}"))
    }

    /// As its column holds it.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}
