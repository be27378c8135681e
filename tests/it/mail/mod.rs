//! The mail room: what letters look like, and what becomes of them whatever the relay does.

mod delivery;
mod letter;
mod letter_text;
mod mailbox;
mod queue;

use biovity::schema::outbox_letter;
use biovity::values::clock::Timestamp;
use diesel::prelude::*;

use crate::support::TestSite;

/// What the outbox knows of a letter.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox_letter)]
struct Row {
    id: String,
    status: String,
    claims: i32,
    attempts: i32,
    text_body: String,
    html_body: String,
    next_attempt_at: Timestamp,
    last_reply: Option<String>,
    created_at: Timestamp,
}

/// The letters for an address, oldest first.
fn rows(site: &TestSite, address: &str) -> Vec<Row> {
    let letters = outbox_letter::table.filter(outbox_letter::recipient.eq(address)).order(outbox_letter::id);
    letters.select(Row::as_select()).load(&mut site.database.connect()).unwrap()
}

/// The only letter for an address.
#[track_caller]
fn row(site: &TestSite, address: &str) -> Row {
    let rows = rows(site, address);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.into_iter().next().unwrap()
}

/// Somebody took a place on the waitlist; the letter waits.
async fn join(site: &TestSite, address: &str) {
    site.visitor().join(address, "employee").await.redirects_to("/waitlist/joined");
}

/// How many mails arrived for an address, without sending any.
fn arrived(site: &TestSite, address: &str) -> usize {
    site.smtp.mails().iter().filter(|mail| mail.to == address).count()
}
