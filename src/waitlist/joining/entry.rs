//! An entry of the waitlist: its row, how a link finds it, how it is confirmed, and how it is forgotten.

use diesel::dsl::{exists, sql};
use diesel::expression::SqlLiteral;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::links::{CONFIRM, EntryLinks, LinkedEntry, PresentedLink};
use super::role::Role;
use super::state::{STATE, State};
use crate::audit::event;
use crate::db::coalesce;
use crate::mail::link::{self, Link};
use crate::schema::{waitlist, waitlist_erased};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::erased_address;
use crate::values::id::EntryId;
use crate::values::locale::Locale;
use crate::values::secret_key::SecretKeys;
use crate::values::secret_token::SecretToken;
use crate::web::{Subject, Submission};

pub(in crate::waitlist) mod address;
pub(in crate::waitlist) mod import_cancellation;
pub(in crate::waitlist) mod invitation_outcome;
mod rank;

/// A person's or company's place on the waitlist.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = waitlist, check_for_backend(Pg))]
pub struct Entry {
    /// Its id.
    #[diesel(deserialize_as = i64)]
    pub id: EntryId,
    /// The address that joined.
    #[diesel(deserialize_as = String)]
    pub email: EmailAddress,
    /// Whether its owner looks for work or hires.
    #[diesel(deserialize_as = String)]
    pub role: Role,
    /// How far it has come.
    #[diesel(deserialize_as = String, select_expression = sql::<Text>(STATE), select_expression_type = SqlLiteral<Text>)]
    pub state: State,
    /// When it joined.
    pub created_at: Timestamp,
    /// The language of its mails; none in rows of the old application.
    pub locale: Option<String>,
    /// Which text its owner agreed to.
    pub consent: Option<String>,
    /// When its owner was last asked to confirm the address.
    pub asked_at: Option<Timestamp>,
    /// When the address was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When the relay accepted the invitation.
    pub invited_at: Option<Timestamp>,
    /// When the address had an account.
    pub signed_up_at: Option<Timestamp>,
    /// When mail to the address was refused.
    pub bounced_at: Option<Timestamp>,
    /// When its owner left.
    pub left_at: Option<Timestamp>,
    /// When an admin deleted it.
    pub deleted_at: Option<Timestamp>,
    /// What suggested a bot when it joined.
    pub signals: Option<Vec<Option<String>>>,
    /// The import that added it.
    pub import_id: Option<String>,
    /// The form that made it.
    pub submission: Option<Vec<u8>>,
    /// What the links of its mails are computed from, beside its id.
    pub generation: i64,
    /// What the address of the page named as the source when it joined.
    pub source: Option<String>,
}

impl Entry {
    /// The entry that this link confirms.
    ///
    /// # Errors
    /// When a statement fails.
    pub(super) fn find_unconfirmed(
        conn: &mut PgConnection,
        now: Timestamp,
        token: &SecretToken,
    ) -> QueryResult<Option<Self>> {
        let link = Link::find(conn, now, CONFIRM, token)?;
        Self::of_link(conn, link.as_ref())
    }

    /// The entry that a link of its mails leads to.
    ///
    /// # Errors
    /// When a statement fails.
    pub(in crate::waitlist) fn find_by_link(
        conn: &mut PgConnection,
        now: Timestamp,
        link: &PresentedLink,
    ) -> QueryResult<Option<Self>> {
        let Some(id) = presented_id(conn, now, link)? else { return Ok(None) };
        waitlist::table.find(id).select(Self::as_select()).first(conn).optional()
    }

    /// The same, locked until the transaction ends.
    ///
    /// # Errors
    /// When a statement fails.
    pub(in crate::waitlist) fn lock_by_link(
        conn: &mut PgConnection,
        now: Timestamp,
        link: &PresentedLink,
    ) -> QueryResult<Option<Self>> {
        let Some(id) = presented_id(conn, now, link)? else { return Ok(None) };
        waitlist::table.find(id).select(Self::as_select()).for_update().first(conn).optional()
    }

    fn of_link(conn: &mut PgConnection, link: Option<&Link>) -> QueryResult<Option<Self>> {
        let Some(id) = link.and_then(entry_id) else { return Ok(None) };
        waitlist::table.find(id).select(Self::as_select()).first(conn).optional()
    }

    /// Uses the link up, confirms the entry and returns it as it was.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn confirm(
        conn: &mut PgConnection,
        now: Timestamp,
        keys: &SecretKeys,
        token: &SecretToken,
    ) -> QueryResult<Option<Self>> {
        let link = Link::redeem(conn, now, CONFIRM, token)?;
        let Some(entry) = Self::of_link(conn, link.as_ref())? else { return Ok(None) };
        let row = waitlist::table.find(entry.id.as_i64()).filter(waitlist::deleted_at.is_null());
        // A letter that arrived shows that the address takes mail.
        let confirmed = (
            waitlist::confirmed_at.eq(coalesce(waitlist::confirmed_at, now).nullable()),
            waitlist::bounced_at.eq(None::<Timestamp>),
        );
        if diesel::update(row.filter(waitlist::left_at.is_null())).set(confirmed).execute(conn)? == 0 {
            return Ok(None);
        }
        // An owner who erased the address before has now joined again, so it is no longer kept as erased.
        let known =
            waitlist_erased::table.filter(waitlist_erased::key.eq_any(erased_address::keys(keys, &entry.email)));
        diesel::delete(known).execute(conn)?;
        Ok(Some(entry))
    }

    /// The links that every mail about it has.
    #[must_use]
    pub fn links(&self) -> EntryLinks {
        EntryLinks::of(LinkedEntry { id: self.id, generation: self.generation })
    }

    /// Whether the link of this token confirmed an entry a moment ago that has still its place.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn was_just_confirmed(conn: &mut PgConnection, now: Timestamp, token: &SecretToken) -> QueryResult<bool> {
        let used = Link::find_just_used(conn, now, CONFIRM, token)?;
        let Some(id) = used.and_then(|subject| subject.parse::<i64>().ok()) else { return Ok(false) };
        let listed = waitlist::left_at.is_null().and(waitlist::deleted_at.is_null());
        diesel::select(exists(waitlist::table.find(id).filter(listed))).get_result(conn)
    }

    /// The language of its mails: Spanish, when its owner was never asked.
    #[must_use]
    pub fn mail_locale(&self) -> Locale {
        self.locale.as_deref().and_then(Locale::parse).unwrap_or(Locale::Es)
    }

    /// Whether its owner left, or an admin deleted it.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        matches!(self.state, State::Left | State::Deleted)
    }
}

fn entry_id(link: &Link) -> Option<i64> {
    link.subject.parse().ok()
}

/// The id of the entry that a link leads to. Mails sent before links were computed carry a stored one.
fn presented_id(conn: &mut PgConnection, now: Timestamp, link: &PresentedLink) -> QueryResult<Option<i64>> {
    if let Some(id) = link.entry() {
        let row = waitlist::table.find(id).select(waitlist::generation);
        let generation: Option<i64> = row.first(conn).optional()?;
        if generation.is_some_and(|generation| link.opens(LinkedEntry { id: id.into(), generation })) {
            return Ok(Some(id));
        }
    }
    Ok(Link::find(conn, now, link.purpose, &link.token)?.as_ref().and_then(entry_id))
}

/// An entry, as what a program asked about: the answer that it would get again holds the address.
pub(in crate::waitlist) fn told_of(entry: EntryId) -> Subject {
    Subject::new("entry", &entry.to_string())
}

/// Deletes entries for good, with their links and what programs were answered about them, and anonymizes their events in the
/// audit log.
///
/// # Errors
/// When a statement fails.
pub(in crate::waitlist) fn forget(conn: &mut PgConnection, ids: &[i64]) -> QueryResult<usize> {
    let subjects: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Link::end_all_of(conn, &link::OF_WAITLIST, &subjects)?;
    event::forget_entries(conn, ids)?;
    Submission::forget(conn, &ids.iter().map(|id| told_of(EntryId::from(*id))).collect::<Vec<_>>())?;
    diesel::delete(waitlist::table.filter(waitlist::id.eq_any(ids))).execute(conn)
}
