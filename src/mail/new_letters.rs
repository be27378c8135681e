//! Writing letters into the outbox, each with its text or the name of a shared one.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bytea, Integer, Nullable, Text, Timestamptz};

use super::letter::Letter;
use super::letter_text::{LetterText, SharedText};
use super::link::StandingLink;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::LetterId;

/// The columns of letters that are to be written, row by row.
#[derive(Default)]
pub(super) struct NewLetters<'a> {
    texts: Vec<NeededText>,
    ids: Vec<String>,
    kinds: Vec<&'a str>,
    recipients: Vec<&'a str>,
    subjects: Vec<&'a str>,
    text_ids: Vec<Option<Vec<u8>>>,
    text_bodies: Vec<String>,
    html_bodies: Vec<String>,
    link_ids: Vec<Option<&'a str>>,
    manage_link_ids: Vec<Option<String>>,
    unsubscribe_link_ids: Vec<Option<String>>,
    unsubscribe_paths: Vec<Option<&'a str>>,
    priorities: Vec<i32>,
    not_after: Vec<Timestamp>,
}

/// A shared text, and how long a letter needs it.
struct NeededText {
    text: SharedText,
    until: Timestamp,
}

impl<'a> NewLetters<'a> {
    /// Adds a letter that is not sent after `not_after`; returns its id.
    ///
    /// # Errors
    /// When a template fails.
    pub(super) fn add(
        &mut self,
        to: &'a EmailAddress,
        letter: &'a impl Letter,
        not_after: Timestamp,
    ) -> QueryResult<LetterId> {
        let shared = SharedText::of(letter)?;
        let own = if shared.is_none() { Some(LetterText::render(letter)?) } else { None };
        let LetterText { text, html } = own.unwrap_or(LetterText { text: String::new(), html: String::new() });
        let (id, unsubscribe) = (LetterId::generate(), letter.unsubscribe());
        self.ids.push(id.to_string());
        self.kinds.push(letter.kind());
        self.recipients.push(to.as_str());
        self.subjects.push(letter.subject());
        self.text_ids.push(shared.as_ref().map(|text| text.id.to_vec()));
        self.text_bodies.push(text);
        self.html_bodies.push(html);
        self.link_ids.push(letter.link().map(|link| link.id.as_str()));
        self.manage_link_ids.push(letter.manage().map(StandingLink::name));
        self.unsubscribe_link_ids.push(unsubscribe.map(|(link, _)| link.name()));
        self.unsubscribe_paths.push(unsubscribe.map(|(_, path)| path));
        self.priorities.push(letter.priority().column());
        self.not_after.push(not_after);
        if let Some(text) = shared {
            self.need(text, not_after);
        }
        Ok(id)
    }

    fn need(&mut self, text: SharedText, until: Timestamp) {
        match self.texts.iter_mut().find(|needed| needed.text.id == text.id) {
            Some(needed) => needed.until = needed.until.max(until),
            None => self.texts.push(NeededText { text, until }),
        }
    }

    /// Writes them in one statement; returns how many.
    ///
    /// # Errors
    /// When the statement fails.
    pub(super) fn write(self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let texts = &self.texts;
        diesel::sql_query(include_str!("new_letters.sql"))
            .bind::<Array<Bytea>, _>(texts.iter().map(|needed| &needed.text.id[..]).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(texts.iter().map(|needed| &needed.text.parts.text).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(texts.iter().map(|needed| &needed.text.parts.html).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(texts.iter().map(|needed| needed.until).collect::<Vec<_>>())
            .bind::<Timestamptz, _>(now)
            .bind::<Array<Text>, _>(self.ids)
            .bind::<Array<Text>, _>(self.kinds)
            .bind::<Array<Text>, _>(self.recipients)
            .bind::<Array<Text>, _>(self.subjects)
            .bind::<Array<Nullable<Bytea>>, _>(self.text_ids)
            .bind::<Array<Text>, _>(self.text_bodies)
            .bind::<Array<Text>, _>(self.html_bodies)
            .bind::<Array<Nullable<Text>>, _>(self.link_ids)
            .bind::<Array<Nullable<Text>>, _>(self.manage_link_ids)
            .bind::<Array<Nullable<Text>>, _>(self.unsubscribe_link_ids)
            .bind::<Array<Nullable<Text>>, _>(self.unsubscribe_paths)
            .bind::<Array<Integer>, _>(self.priorities)
            .bind::<Array<Timestamptz>, _>(self.not_after)
            .execute(conn)
    }
}
