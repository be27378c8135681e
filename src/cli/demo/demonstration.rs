//! The demonstration: 90 days of the waitlist, its accounts and its mail, each event at its own time.

use diesel::pg::PgConnection;

use super::calendar::{Calendar, Event};
use super::people::{People, SLOW_DOMAIN};
use super::random::Random;
use crate::accounts::user::password::PasswordHash;
use crate::db::migrations::statistics;
use crate::mail::delivery::simulated_relay::SimulatedRelay;
use crate::values::clock::Timestamp;
use crate::values::id::{EntryId, UserId, WaveId};
use crate::values::secret_key::SecretKeys;
use crate::waitlist::review::search_index;

/// The same number gives the same people.
const SEED: u64 = 20_260_101;

/// What all of its parts share.
pub(super) struct Demonstration<'a> {
    pub(super) conn: &'a mut PgConnection,
    pub(super) keys: SecretKeys,
    pub(super) relay: SimulatedRelay,
    /// The hash of the password that all accounts have.
    pub(super) password: PasswordHash,
    /// The admin who does what admins do.
    pub(super) admin: UserId,
    pub(super) calendar: Calendar,
    pub(super) random: Random,
    pub(super) people: People,
    /// The places that were confirmed, in that order.
    pub(super) confirmed: Vec<EntryId>,
    /// The accounts that were opened by a link.
    pub(super) opened: i64,
    /// The last wave.
    pub(super) wave: Option<WaveId>,
    /// Its letters so far.
    pub(super) invited: i64,
    /// Which of them bounce.
    pub(super) bounces: &'static [i64],
}

/// What it is made from.
pub(super) struct Beginning<'a> {
    pub(super) conn: &'a mut PgConnection,
    pub(super) keys: SecretKeys,
    pub(super) relay: SimulatedRelay,
    pub(super) password: PasswordHash,
    pub(super) admin: UserId,
}

impl<'a> Demonstration<'a> {
    /// One in which nothing has happened yet.
    pub(super) fn new(beginning: Beginning<'a>) -> Self {
        let Beginning { conn, keys, relay, password, admin } = beginning;
        let (calendar, random, people) = (Calendar::until(relay.present), Random::new(SEED), People::default());
        let (confirmed, opened, wave, invited, bounces) = (Vec::new(), 0, None, 0, &[][..]);
        Self { conn, keys, relay, password, admin, calendar, random, people, confirmed, opened, wave, invited, bounces }
    }

    /// Lets everything happen until now.
    pub(super) fn run(&mut self) -> anyhow::Result<()> {
        self.plan_accounts()?;
        self.plan_joins();
        self.plan_admins_work();
        self.plan_programs();
        while let Some((now, event)) = self.calendar.next() {
            self.happen(now, event)?;
        }
        Ok(())
    }

    fn analyze(&mut self) -> anyhow::Result<()> {
        search_index::clean_pending_lists(self.conn)?;
        statistics::analyze_all(self.conn)?;
        Ok(())
    }

    fn happen(&mut self, now: Timestamp, event: Event) -> anyhow::Result<()> {
        match event {
            Event::Join(people) => self.join(now, people, None),
            Event::JoinSlowly(people) => self.join(now, people, Some(SLOW_DOMAIN)),
            Event::Deliver => self.deliver(now).map(|_| ()),
            Event::Analyze => self.analyze(),
            Event::Confirm(link) => self.confirm(now, &link),
            Event::Leave(place) => self.leave(now, place),
            Event::Erase(place) => self.erase(now, place),
            Event::OpenAccount(link) => self.open_account(now, &link),
            Event::SignUp(email) => self.sign_up(now, email),
            Event::OpenCompany(email, people) => self.open_company(now, &email, people),
            Event::JoinCompany(link) => self.join_company(now, &link),
            Event::LogIn(user) => self.log_in(now, &user),
            Event::Deactivate(user) => self.deactivate(now, &user),
            Event::Close(user) => self.close(now, &user),
            Event::StartWave(size, bounces) => self.start_wave(now, size, bounces),
            Event::SendWave => self.send_wave(now),
            Event::PauseWave => self.pause_wave(now),
            Event::Import(start) => self.import(now, start),
            Event::AskImported => self.ask_imported(now),
            Event::Delete(places) => self.delete(now, places),
            Event::Undo(deletion) => self.undo(now, &deletion),
            Event::MakeKeys => self.make_keys(now),
            Event::RevokeTrial => self.revoke_trial(now),
            Event::AddWebhook(url) => self.add_webhook(now, url),
            Event::TellWebhooks => self.tell_webhooks(now),
        }
    }
}
