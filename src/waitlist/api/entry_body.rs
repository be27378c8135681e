//! An entry as the API shows it, and its `ETag`.

use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::moment::Moment;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::review::entry_search::ListedEntry;

/// Bytes of the hash that an `ETag` shows: enough that no two states of an entry have the same.
const TAG_BYTES: usize = 16;

/// A place on the waitlist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub struct EntryBody {
    /// Its id.
    id: i64,
    /// The address that joined.
    email: String,
    /// `employee` or `organization`.
    role: &'static str,
    /// `joined`, `confirmed`, `invited`, `signed_up`, `bounced`, `left` or `deleted`.
    state: &'static str,
    /// When it joined.
    #[schema(value_type = String, format = DateTime)]
    joined_at: Moment,
    /// When its owner was last asked to confirm the address.
    #[schema(value_type = Option<String>, format = DateTime)]
    asked_at: Option<Moment>,
    /// When the address was confirmed.
    #[schema(value_type = Option<String>, format = DateTime)]
    confirmed_at: Option<Moment>,
    /// When the invitation was sent.
    #[schema(value_type = Option<String>, format = DateTime)]
    invited_at: Option<Moment>,
    /// When the address had an account.
    #[schema(value_type = Option<String>, format = DateTime)]
    signed_up_at: Option<Moment>,
    /// When mail to it was refused.
    #[schema(value_type = Option<String>, format = DateTime)]
    bounced_at: Option<Moment>,
    /// When its owner left.
    #[schema(value_type = Option<String>, format = DateTime)]
    left_at: Option<Moment>,
    /// When it was deleted.
    #[schema(value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Moment>,
    /// Where its owner came from.
    source: Option<String>,
    /// Whether anything suggested a bot when it joined.
    needs_review: bool,
}

impl EntryBody {
    /// The `ETag`: another one as soon as anything that the API shows has changed.
    ///
    /// # Errors
    /// Never: what it is made of can be written as JSON.
    pub fn etag(&self) -> serde_json::Result<String> {
        let hash = Sha256::digest(serde_json::to_vec(self)?);
        Ok(format!("\"{}\"", hex::encode(&hash[..TAG_BYTES])))
    }
}

impl From<&Entry> for EntryBody {
    fn from(entry: &Entry) -> Self {
        Self {
            id: entry.id.as_i64(),
            email: entry.email.as_str().to_owned(),
            role: entry.role.as_str(),
            state: entry.state.as_str(),
            joined_at: Moment(entry.created_at),
            asked_at: entry.asked_at.map(Moment),
            confirmed_at: entry.confirmed_at.map(Moment),
            invited_at: entry.invited_at.map(Moment),
            signed_up_at: entry.signed_up_at.map(Moment),
            bounced_at: entry.bounced_at.map(Moment),
            left_at: entry.left_at.map(Moment),
            deleted_at: entry.deleted_at.map(Moment),
            source: entry.source.clone(),
            needs_review: entry.signals.as_ref().is_some_and(|signals| !signals.is_empty()),
        }
    }
}

impl From<ListedEntry> for EntryBody {
    fn from(entry: ListedEntry) -> Self {
        Self {
            id: entry.id.as_i64(),
            email: entry.email,
            role: entry.role.as_str(),
            state: entry.state.as_str(),
            joined_at: Moment(entry.created_at),
            asked_at: entry.asked_at.map(Moment),
            confirmed_at: entry.confirmed_at.map(Moment),
            invited_at: entry.invited_at.map(Moment),
            signed_up_at: entry.signed_up_at.map(Moment),
            bounced_at: entry.bounced_at.map(Moment),
            left_at: entry.left_at.map(Moment),
            deleted_at: entry.deleted_at.map(Moment),
            source: entry.source,
            needs_review: entry.is_flagged,
        }
    }
}
