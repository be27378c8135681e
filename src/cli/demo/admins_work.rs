//! What admins do: waves of invitations, imports, and deletions that can be undone.

use anyhow::Context;
use chrono::TimeDelta;

use super::calendar::{Event, Start};
use super::demonstration::Demonstration;
use super::people;
use crate::accounts::user::user::User;
use crate::audit::event::Actor;
use crate::values::clock::Timestamp;
use crate::values::id::{DeletionId, ImportId};
use crate::values::locale::Locale;
use crate::waitlist::importing::import::{Import, ImportRecord};
use crate::waitlist::importing::import_file::{self, ParsedList};
use crate::waitlist::importing::new_import::{self, NewImport};
use crate::waitlist::importing::{confirmation_sender, import_batch, import_line};
use crate::waitlist::review::deletion::Deletion;
use crate::waitlist::review::entry_filter::EntryFilter;
use crate::waitlist::review::selection::{Act, ConfirmedAct, Selection};
use crate::waitlist::waves::new_wave::NewWave;
use crate::waitlist::waves::wave_control::WaveControl;
use crate::waitlist::waves::wave_sender;
use crate::waitlist::waves::wave_size::WaveSize;

/// Between two steps of what is sent a few letters at a time.
const STEP: TimeDelta = TimeDelta::seconds(5);
/// A list that somebody brought from a fair: most of it can be taken.
const LIST_LINES: usize = 34;

impl Demonstration<'_> {
    /// Two waves that were done, one that too many bounces stopped, and one that an admin paused.
    pub(super) fn plan_admins_work(&mut self) {
        let days = |days| TimeDelta::days(days) - TimeDelta::hours(5);
        let wave = |employees, organizations| WaveSize { employees, organizations };
        let work = [
            (days(60), Event::StartWave(wave(24, 6), &[17])),
            (days(38), Event::StartWave(wave(30, 8), &[23])),
            (days(27), Event::Import(Start::Now)),
            (days(14), Event::StartWave(wave(52, 12), &[9, 26])),
            (days(9), Event::Delete(4)),
            (days(6), Event::Delete(11)),
            (days(3), Event::StartWave(wave(36, 6), &[])),
            (days(3) - TimeDelta::seconds(16), Event::PauseWave),
            (days(2), Event::Import(Start::Later)),
        ];
        for (before, event) in work {
            self.calendar.add(self.ago(before), event);
        }
    }

    /// The admin at work.
    pub(super) fn admin(&mut self) -> Actor {
        Actor::new(&self.admin, &people::client(&mut self.random))
    }

    /// Starts a wave, these letters of which bounce.
    pub(super) fn start_wave(&mut self, now: Timestamp, size: WaveSize, bounces: &'static [i64]) -> anyhow::Result<()> {
        let new = NewWave { size, shown: None, actor: self.admin() };
        self.wave = new.start(self.conn, now)?;
        anyhow::ensure!(self.wave.is_some(), "fewer people wait than a wave was to invite");
        (self.bounces, self.invited) = (bounces, 0);
        self.calendar.add(now, Event::SendWave);
        Ok(())
    }

    /// What was written before is delivered first, so that a pause finds letters to take back.
    pub(super) fn send_wave(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let delivered = self.deliver(now)?;
        let written = wave_sender::send_due(self.conn, now, &self.keys, User::verified_among)?;
        if delivered + written > 0 {
            self.calendar.add(now + STEP, Event::SendWave);
        }
        Ok(())
    }

    /// Pauses the last wave.
    pub(super) fn pause_wave(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let wave = self.wave.context("there is no wave to pause")?;
        WaveControl { wave, actor: self.admin() }.pause(self.conn, now)?;
        Ok(())
    }

    /// Uploads a list, and starts its import or leaves it checked.
    pub(super) fn import(&mut self, now: Timestamp, start: Start) -> anyhow::Result<()> {
        let (list, actor) = (self.list(), self.admin());
        let ParsedList { heading, lines } =
            import_file::read(list.as_bytes(), None).map_err(|problem| anyhow::anyhow!("the list: {problem:?}"))?;
        let id = ImportId::generate();
        let locale = Locale::Es;
        let new = NewImport { id, locale, role_of_all: None, are_confirmed: false, heading, actor: actor.clone() };
        new.begin(self.conn, now, list.as_bytes())?;
        import_line::stage(self.conn, &new.id, &lines)?;
        new_import::check(self.conn, now, &actor, &new.id)?;
        self.work_through(now, &new.id)?;
        if start == Start::Now {
            Import::start(self.conn, now + TimeDelta::minutes(4), &actor, &new.id)?;
            self.work_through(now + TimeDelta::minutes(4), &new.id)?;
            self.calendar.add(now + TimeDelta::minutes(5), Event::AskImported);
        }
        Ok(())
    }

    fn work_through(&mut self, now: Timestamp, id: &ImportId) -> anyhow::Result<()> {
        while ImportRecord::find(self.conn, id)?.is_some_and(|record| record.import.is_under_way()) {
            import_batch::run(self.conn, now, &self.keys, id)?;
        }
        Ok(())
    }

    /// New people, somebody twice, somebody who is listed, and lines that cannot be read.
    fn list(&mut self) -> String {
        let mut lines = vec!["correo,rol".to_owned()];
        for _ in 0..LIST_LINES {
            lines.push(format!("{},profesional", self.people.person(&mut self.random, None)));
        }
        lines.push(lines[3].clone());
        let known = [
            "personas@andesgenomica.example.cl,empresa",
            "sin.arroba.example.cl,profesional",
            "otra@@example.cl,profesional",
        ];
        lines.extend(known.map(str::to_owned));
        lines.push(format!("{},astronauta", self.people.person(&mut self.random, None)));
        lines.join("\n")
    }

    /// Asks the next people of an import to confirm.
    pub(super) fn ask_imported(&mut self, now: Timestamp) -> anyhow::Result<()> {
        if confirmation_sender::send_due(self.conn, now, &self.keys)? > 0 {
            self.calendar.add(now + STEP, Event::AskImported);
        }
        Ok(())
    }

    /// Deletes the places that were confirmed last; a large deletion is undone soon.
    pub(super) fn delete(&mut self, now: Timestamp, places: usize) -> anyhow::Result<()> {
        let ids: Vec<_> = self.confirmed.iter().rev().take(places).map(|id| id.as_i64()).collect();
        let expected = i64::try_from(ids.len())?;
        let selection = Selection { act: Act::Delete, ids, filter: EntryFilter::default() };
        let act = ConfirmedAct { selection, expected, actor: self.admin() };
        let deletion = Deletion::make(self.conn, now, &act)?;
        if let (Some(id), true) = (deletion, places > 10) {
            self.calendar.add(now + TimeDelta::minutes(20), Event::Undo(id));
        }
        Ok(())
    }

    /// Undoes a deletion.
    pub(super) fn undo(&mut self, now: Timestamp, id: &DeletionId) -> anyhow::Result<()> {
        let actor = self.admin();
        Deletion::undo(self.conn, now, &actor, id)?;
        Ok(())
    }
}
