//! The page of the people of a wave, with what became of each invitation.

use askama::Template;
use serde::Deserialize;

use super::invited_person::{InvitedPerson, Part, People, PeopleFilter};
use crate::values::id::WaveId;
use crate::waitlist::joining::entry::invitation_outcome;
use crate::waitlist::joining::role::Role;
use crate::waitlist::waves::wave::{Wave, WaveState};
use crate::waitlist::waves::words::Words;
use crate::waitlist::waves::words::people::PeopleWords;
use crate::web::page::query::{Origin, Query};
use crate::web::page::response;
use crate::web::{self, Admin, Error, Layout, PathId, Request, paths};

/// A view of the people. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    state: String,
    role: String,
    after: String,
}

#[derive(Template)]
#[template(path = "waitlist/waves/people_list.html")]
struct PeoplePage {
    t: &'static Words,
    own: &'static PeopleWords,
    layout: Layout,
    wave: Wave,
    filter: PeopleFilter,
    found: People,
    /// The invitation behind which these come; empty where none come before them.
    after: String,
}

/// A part of the wave, beside the others.
struct PartLink {
    path: String,
    label: &'static str,
    number: i64,
    is_here: bool,
}

/// Some of the people.
///
/// # Errors
/// When there is no such wave, or the database is unavailable.
pub async fn show(
    _: Admin,
    Request { app, layout, .. }: Request,
    PathId(id): PathId<WaveId>,
    Query(view): Query<View>,
) -> web::Result {
    let filter = PeopleFilter { wave: id, part: Part::parse(&view.state), role: Role::parse(&view.role) };
    let after = view.after.parse::<i64>().unwrap_or_default().max(0);
    let read = app.db.read(move |conn| {
        let Some(wave) = Wave::find(conn, id)? else { return Ok(None) };
        Ok(Some((wave, filter.after(conn, after)?)))
    });
    let (wave, found) = read.await?.ok_or(Error::NOT_FOUND)?;
    let (t, own) = (Words::of(layout.locale), PeopleWords::of(layout.locale));
    let after = if after > 0 { after.to_string() } else { String::new() };
    response::ok(PeoplePage { t, own, layout, wave, filter, found, after })
}

/// The people of a wave that a number of its page counts.
pub(in crate::waitlist::waves) fn path(of: PeopleFilter) -> String {
    path_behind(of, "")
}

/// The same behind this invitation.
fn path_behind(of: PeopleFilter, after: &str) -> String {
    let (state, role) = (of.part.map_or("", Part::as_str), of.role.map_or("", Role::as_str));
    let path = paths::with_id(paths::waitlist::WAVE_PEOPLE, &of.wave.to_string());
    paths::with_query(&path, &[("state", state), ("role", role), ("after", after)])
}

impl PeoplePage {
    /// The wave.
    fn back(&self) -> String {
        paths::with_id(paths::waitlist::WAVE, &self.wave.id.to_string())
    }

    fn label(&self) -> &'static str {
        self.filter.part.map_or(self.t.chosen, |part| self.t.part(part))
    }

    /// The parts that have anybody, of the role that is shown.
    fn parts(&self) -> Vec<PartLink> {
        let of_role = self.wave.counts.iter().find(|(role, _)| Some(*role) == self.filter.role);
        let counts = of_role.map_or_else(|| self.wave.total(), |(_, counts)| *counts);
        let link = |part: Option<Part>, label, number| {
            let is_here = part == self.filter.part;
            PartLink { path: path(PeopleFilter { part, ..self.filter }), label, number, is_here }
        };
        let parts = Part::ALL.map(|part| link(Some(part), self.t.part(part), part.count(&counts)));
        let all = std::iter::once(link(None, self.t.chosen, counts.chosen()));
        all.chain(parts).filter(|link| link.number > 0 || link.is_here).collect()
    }

    /// The place, which leads back here.
    fn place_of(&self, person: &InvitedPerson) -> Option<String> {
        let (here, place) = (path_behind(self.filter, &self.after), person.entry_id?.to_string());
        Some(Origin::page(&here).kept_in(&paths::with_id(paths::waitlist::ENTRY, &place)))
    }

    fn what_became_of(&self, person: &InvitedPerson) -> String {
        let is_paused = matches!(self.wave.state, WaveState::Paused | WaveState::Bouncing);
        let state = if is_paused && person.state == "waiting" { "held" } else { &person.state };
        invitation_outcome::words(self.layout.locale, state, &person.skip_reason)
    }

    fn first(&self) -> String {
        path(self.filter)
    }

    fn more(&self) -> Option<String> {
        Some(path_behind(self.filter, &self.found.more?.to_string()))
    }
}
