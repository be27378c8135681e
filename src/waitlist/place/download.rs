//! Downloading what is held about an entry, as JSON.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use serde_json::{Value, json};

use super::held_data;
use crate::audit::entry_history::ExportedEntryEvent;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::joining::links::{PLACE, PresentedLink};
use crate::web::page::query::Query;
use crate::web::{self, App, Layout};

/// Events that are read at most. No place has as many.
const MOST: i64 = 10_000;

/// The file.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(app: Data<App>, layout: Layout, Query(field): Query<TokenField>) -> web::Result {
    let Some(token) = SecretToken::parse(&field.token) else { return link_gone::show_place(layout, &field.token) };
    let (now, link) = (app.clock.now(), PresentedLink { purpose: PLACE, token, keys: app.keys.clone() });
    let held = app.db.read(move |conn| {
        let Some(entry) = Entry::find_by_link(conn, now, &link)? else { return Ok(None) };
        let mails = entry.mails(conn)?;
        let events = ExportedEntryEvent::all_of(conn, &[entry.id.as_i64()], MOST)?;
        let lines = held_data::import_lines(conn, &[entry.email.lowercase()])?;
        let more = json!({ "mails": mails, "events": events, "import_lines": lines });
        Ok(Some((entry, more)))
    });
    let Some((entry, more)) = held.await? else { return link_gone::show_place(layout, &field.token) };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"biovity-waitlist.json\""));
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(answer.json(content(&entry, &more)))
}

fn content(entry: &Entry, more: &Value) -> Value {
    json!({
        "email": entry.email,
        "role": entry.role.as_str(),
        "state": entry.state.as_str(),
        "language": entry.locale,
        "consent": entry.consent,
        "created_at": entry.created_at,
        "asked_at": entry.asked_at,
        "confirmed_at": entry.confirmed_at,
        "invited_at": entry.invited_at,
        "signed_up_at": entry.signed_up_at,
        "bounced_at": entry.bounced_at,
        "left_at": entry.left_at,
        "deleted_at": entry.deleted_at,
        "imported": entry.import_id.is_some(),
        "signals": entry.signals,
        "source": entry.source,
        "mails": more["mails"],
        "events": more["events"],
        "import_lines": more["import_lines"],
    })
}
