//! People who join, what their mailboxes do with our mail, and what they do with its links.

use chrono::TimeDelta;

use super::accounts::EMPLOYEE;
use super::calendar::Event;
use super::demonstration::Demonstration;
use super::people;
use super::people::SLOW_DOMAIN;
use super::random::Random;
use crate::accounts::user::user::User;
use crate::audit::event::Actor;
use crate::mail::delivery::SendResult;
use crate::mail::delivery::due_letter::DueLetter;
use crate::mail::reply::Reply;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::EntryId;
use crate::values::locale::Locale;
use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::letters::ConfirmPlace;
use crate::waitlist::joining::new_entry::NewEntry;
use crate::waitlist::joining::new_entry::arrival::Arrival;
use crate::waitlist::joining::role::Role;
use crate::waitlist::review::entry_record::EntryRecord;
use crate::waitlist::waves::letters::Invite;
use crate::waitlist::waves::signed_up;
use crate::web::Submission;
use crate::web::protection::abuse_counters::Reason;

/// How far back the joins go, in days.
const DAYS: i64 = 90;
/// The last who joined did so a moment ago.
const BEFORE_NOW: TimeDelta = TimeDelta::minutes(25);
/// Days between two looks of the database at its tables.
const ANALYZE_AFTER: usize = 6;
/// The days on which more joined, and how many more: after an article, and after a fair.
const PEAKS: [(i64, i64); 5] = [(44, 30), (43, 22), (42, 9), (17, 16), (16, 8)];
/// Seconds before now at which mail that was put off is tried again.
const RETRIES: [i64; 8] = [54_000, 53_900, 53_600, 52_800, 50_000, 41_000, 22_000, 600];

impl Demonstration<'_> {
    /// Joins twice a day, more of them each month, and the mail that follows.
    pub(super) fn plan_joins(&mut self) {
        for half in 0..2 * DAYS {
            let (at, days) = (self.ago(TimeDelta::hours(12 * half) + BEFORE_NOW), half / 2);
            let peak = PEAKS.iter().find(|(day, _)| *day == days).map_or(0, |(_, more)| *more);
            let usual = 4 + (DAYS - days) / 22 + self.random.below(4);
            self.calendar.add(at, Event::Join(usual + peak / 2));
            self.calendar.add(at + TimeDelta::minutes(1), Event::Deliver);
        }
        for days in (0..DAYS).step_by(ANALYZE_AFTER) {
            self.calendar.add(self.ago(TimeDelta::days(days)), Event::Analyze);
        }
        self.calendar.add(self.ago(TimeDelta::seconds(RETRIES[0] + 60)), Event::JoinSlowly(7));
        for seconds in RETRIES {
            self.calendar.add(self.ago(TimeDelta::seconds(seconds)), Event::Deliver);
        }
    }

    /// So long before now.
    pub(super) fn ago(&self, time: TimeDelta) -> Timestamp {
        self.relay.present - time
    }

    /// Somebody's next act, some minutes later.
    pub(super) fn later(&mut self, now: Timestamp, within: TimeDelta, event: Event) {
        let minutes = 2 + self.random.below(within.num_minutes().max(1));
        self.calendar.add(now + TimeDelta::minutes(minutes), event);
    }

    /// So many join within the half day before.
    pub(super) fn join(&mut self, now: Timestamp, people: i64, domain: Option<&str>) -> anyhow::Result<()> {
        let mut arrivals: Vec<_> = (0..people).map(|_| self.arrival(now, domain)).collect();
        arrivals.sort_by_key(|arrival| arrival.entry.at);
        Arrival::write_all(self.conn, now, &self.keys, &arrivals)?;
        Ok(())
    }

    /// Somebody we know joins, who looks for work.
    pub(super) fn join_alone(&mut self, at: Timestamp, email: EmailAddress) -> anyhow::Result<()> {
        let (locale, source) = (Locale::Es, people::source(at));
        let (role, signals, submission) = (Role::Employee, Vec::new(), Submission::default());
        let entry = NewEntry { at, email, role, locale, signals, source, submission };
        Arrival::write_all(self.conn, at, &self.keys, &[Arrival { entry, window: None }])?;
        Ok(())
    }

    fn arrival(&mut self, now: Timestamp, domain: Option<&str>) -> Arrival {
        let is_company = domain.is_none() && self.random.happens(170);
        let company = if is_company { self.people.company(&mut self.random) } else { None };
        let role = if company.is_some() { Role::Organization } else { Role::Employee };
        let email = company.unwrap_or_else(|| self.people.person(&mut self.random, domain));
        let signals = if self.random.happens(25) { vec![Reason::Fast] } else { Vec::new() };
        let at = now - TimeDelta::seconds(self.random.below(if domain.is_some() { 60 } else { 39_600 }));
        let locale = people::locale(&mut self.random);
        let source = people::source(at);
        Arrival {
            entry: NewEntry { at, email, role, locale, signals, source, submission: Submission::default() },
            window: None,
        }
    }

    /// Delivers what is due, and has its readers act on it; returns how many letters were sent.
    pub(super) fn deliver(&mut self, now: Timestamp) -> anyhow::Result<usize> {
        let Self { conn, relay, random, invited, bounces, .. } = self;
        let sent = relay.deliver(conn, now, |letter| match letter.kind.as_str() {
            Invite::KIND => {
                *invited += 1;
                if bounces.contains(invited) { no_such_user() } else { SendResult::Sent }
            }
            _ => verdict(random, letter),
        })?;
        for letter in &sent {
            self.read(now, letter);
        }
        Ok(sent.len())
    }

    fn read(&mut self, now: Timestamp, letter: &DueLetter) {
        let Some(link) = letter.link.as_ref().map(|link| SecretToken::of_link(&self.keys.current, &link.id)) else {
            return;
        };
        match letter.kind.as_str() {
            ConfirmPlace::KIND if self.random.happens(820) => {
                self.later(now, TimeDelta::hours(30), Event::Confirm(link));
            }
            Invite::KIND if self.random.happens(290) => self.later(now, TimeDelta::days(3), Event::OpenAccount(link)),
            // Whoever looks at the employee's pages finds an organization there.
            "organization-invitation" if letter.recipient == EMPLOYEE => {
                self.calendar.add(now + TimeDelta::hours(20), Event::JoinCompany(link));
            }
            "organization-invitation" if self.random.happens(800) => {
                self.later(now, TimeDelta::days(2), Event::JoinCompany(link));
            }
            _ => {}
        }
    }

    /// Confirms a place; a few of them leave later, or are erased.
    pub(super) fn confirm(&mut self, now: Timestamp, link: &SecretToken) -> anyhow::Result<()> {
        let Some(entry) = Entry::confirm(self.conn, now, &self.keys, link)? else { return Ok(()) };
        if !User::verified_among(self.conn, &[entry.email.to_string()])?.is_empty() {
            signed_up::record_sign_up(self.conn, now, &entry.email)?;
        }
        let id = entry.id;
        self.confirmed.push(id);
        match self.random.below(1_000) {
            0..35 => self.later(now, TimeDelta::days(20), Event::Leave(id)),
            35..42 => self.later(now, TimeDelta::days(20), Event::Erase(id)),
            _ => {}
        }
        Ok(())
    }

    /// Has a place leave the waitlist.
    pub(super) fn leave(&mut self, now: Timestamp, id: EntryId) -> anyhow::Result<()> {
        let Some(place) = EntryRecord::find(self.conn, now, id)? else { return Ok(()) };
        Ok(place.entry.leave(self.conn, now, &Actor::visitor(&people::client(&mut self.random)))?)
    }

    /// Has a place erased.
    pub(super) fn erase(&mut self, now: Timestamp, id: EntryId) -> anyhow::Result<()> {
        let Some(place) = EntryRecord::find(self.conn, now, id)? else { return Ok(()) };
        Ok(place.entry.erase(self.conn, now, &self.keys)?)
    }
}

/// One mailbox of forty is not there.
fn verdict(random: &mut Random, letter: &DueLetter) -> SendResult {
    if letter.recipient.ends_with(SLOW_DOMAIN) {
        return SendResult::Later(Reply::new("451 4.7.1 Too many messages at the moment, please try again later"));
    }
    if letter.kind == ConfirmPlace::KIND && random.happens(25) { no_such_user() } else { SendResult::Sent }
}

fn no_such_user() -> SendResult {
    SendResult::BadRecipient(Reply::new("550 5.1.1 No such user here"))
}
