//! The text of a letter: kept in its row, or stored once for all who get the same.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as QueryError;
use sha2::{Digest, Sha256};

use super::letter::Letter;
use crate::schema::outbox_text;
use crate::values::clock::Timestamp;
use crate::web::retention;

/// Texts that the process remembers, so that it neither renders nor reads them again: more than are in use on one day.
const REMEMBERED: usize = 32;
/// A text is deleted so long after the last end of a letter that names it. When a deleted place comes back, its letter gets a
/// later end, but none is sent when it is older than this.
const KEPT: TimeDelta = retention::MAIL;

/// Both parts of a letter, with their placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterText {
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// A text that several letters may name.
#[derive(Clone, Debug)]
pub(super) struct SharedText {
    /// SHA-256 of both parts.
    pub(super) id: [u8; 32],
    /// What it says.
    pub(super) parts: Arc<LetterText>,
}

static RENDERED: Mutex<Vec<(String, SharedText)>> = Mutex::new(Vec::new());
static READ: Mutex<Vec<SharedText>> = Mutex::new(Vec::new());

impl LetterText {
    /// Renders the text of a letter.
    ///
    /// # Errors
    /// When a template fails.
    pub(super) fn render(letter: &impl Letter) -> QueryResult<Self> {
        Ok(Self { text: rendered(letter.text())?, html: rendered(letter.html())? })
    }

    fn id(&self) -> [u8; 32] {
        // The length keeps the end of one part from counting as the beginning of the other.
        let length = self.text.len().to_be_bytes();
        Sha256::new().chain_update(length).chain_update(&self.text).chain_update(&self.html).finalize().into()
    }
}

impl SharedText {
    /// The text of a letter, if it is one for all readers.
    ///
    /// # Errors
    /// When a template fails.
    pub(super) fn of(letter: &impl Letter) -> QueryResult<Option<Self>> {
        let Some(edition) = letter.edition() else { return Ok(None) };
        let name = format!("{} {edition}", letter.kind());
        let known = lock(&RENDERED).iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone());
        if let Some(known) = known {
            // Every test with two readers shows that nothing of the first reaches the second.
            debug_assert_eq!(*known.parts, LetterText::render(letter)?, "an edition of a letter is one text");
            return Ok(Some(known));
        }
        let parts = LetterText::render(letter)?;
        let text = Self { id: parts.id(), parts: Arc::new(parts) };
        remember(&mut lock(&RENDERED), (name, text.clone()));
        Ok(Some(text))
    }
}

/// The texts with these ids that are there. A text never changes: its id is what it says.
///
/// # Errors
/// When the statement fails.
pub(super) fn find(conn: &mut PgConnection, ids: Vec<Vec<u8>>) -> QueryResult<Vec<SharedText>> {
    let mut texts: Vec<_> = lock(&READ).iter().filter(|text| ids.iter().any(|id| *id == text.id)).cloned().collect();
    let missing: Vec<_> = ids.into_iter().filter(|id| !texts.iter().any(|text| text.id[..] == id[..])).collect();
    if missing.is_empty() {
        return Ok(texts);
    }
    let rows = outbox_text::table.filter(outbox_text::id.eq_any(missing));
    let rows: Vec<(String, String)> = rows.select((outbox_text::text_body, outbox_text::html_body)).load(conn)?;
    for (text, html) in rows {
        let parts = LetterText { text, html };
        let text = SharedText { id: parts.id(), parts: Arc::new(parts) };
        remember(&mut lock(&READ), text.clone());
        texts.push(text);
    }
    Ok(texts)
}

/// Deletes the texts that no letter names which may still be sent.
///
/// No letter loses its text to this, also when replicas write letters at the same time. Whoever writes a letter makes sure
/// that `kept_until` of its text is not before the letter's end, and this statement reads the newest `kept_until`:
/// - The text is there and kept long enough: the letter is written, and this statement leaves the text.
/// - The text is kept too short: the writer sets a later time. Until it has committed, this statement waits for it.
/// - This statement deletes the text first: the writer waits for it, and writes the text anew.
///
/// # Errors
/// When the statement fails.
pub(super) fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(outbox_text::table.filter(outbox_text::kept_until.lt(now - KEPT))).execute(conn)
}

fn remember<T>(known: &mut Vec<T>, new: T) {
    if known.len() >= REMEMBERED {
        known.remove(0);
    }
    known.push(new);
}

fn lock<T>(known: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

fn rendered(part: askama::Result<String>) -> QueryResult<String> {
    part.map_err(|error| QueryError::SerializationError(Box::new(error)))
}
