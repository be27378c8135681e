//! Programs of the company: the keys with which they use the API, and the webhooks that tell them what happens. Nothing leaves:
//! the addresses are of a domain that is reserved for examples (RFC 2606), and no webhook is left on.

use chrono::TimeDelta;
use serde_json::json;

use super::calendar::Event;
use super::demonstration::Demonstration;
use crate::accounts::directory::admin;
use crate::api_key::api_key::{Access, ApiKey};
use crate::api_key::key_secret::{KeySecret, Seed};
use crate::api_key::new_key::{KeyName, NewKey};
use crate::audit::event::Action;
use crate::values::clock::{Stopwatch, Timestamp};
use crate::values::id::WebhookId;
use crate::values::locale::Locale;
use crate::webhook::delivery::answer::Answer;
use crate::webhook::delivery::claim::{Batch, claim};
use crate::webhook::delivery::record::{Attempt, Lease};
use crate::webhook::endpoint::{Choice, Endpoint, NewEndpoint};
use crate::webhook::endpoint_control::{Act, Control, told};
use crate::webhook::event::Event as Told;
use crate::webhook::switch_off::{self, Readers};

/// A program of which admins hear in the history alone: its key was revoked.
const TRIAL: &str = "Prueba de integración";
/// The program that is told what happens, until an admin pauses that.
const CRM: &str = "https://crm.example/hooks/biovity";
/// A program that is no longer there, and says so.
const GONE: &str = "https://planillas.example/recibir";

impl Demonstration<'_> {
    /// Keys two months ago; webhooks within the 30 days for which deliveries are kept.
    pub(super) fn plan_programs(&mut self) {
        let work = [
            (TimeDelta::days(61), Event::MakeKeys),
            (TimeDelta::days(55), Event::RevokeTrial),
            (TimeDelta::days(20), Event::AddWebhook(CRM)),
            (TimeDelta::days(4), Event::AddWebhook(GONE)),
            (TimeDelta::hours(5), Event::TellWebhooks),
        ];
        for (before, event) in work {
            self.calendar.add(self.ago(before), event);
        }
    }

    /// Makes three keys, of which two were used today.
    pub(super) fn make_keys(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let keys = [
            ("CRM", Access::Write, Some(TimeDelta::days(365)), true),
            ("Panel de cifras", Access::Read, None, true),
            (TRIAL, Access::Read, Some(TimeDelta::days(30)), false),
        ];
        for (name, access, lifetime, is_used) in keys {
            let name = KeyName::parse(name).map_err(|problem| anyhow::anyhow!("a key's name: {problem:?}"))?;
            let (secret, actor) = (KeySecret::of_seed(&self.keys, &Seed::generate()?), self.admin());
            let hash = secret.hash();
            NewKey { name, access, lifetime, secret, actor }.make(self.conn, now)?;
            if is_used {
                ApiKey::find_working(self.conn, self.relay.present, &hash)?;
            }
        }
        Ok(())
    }

    /// Revokes the key of the trial.
    pub(super) fn revoke_trial(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let actor = self.admin();
        for key in ApiKey::all(self.conn)?.iter().filter(|key| key.name == TRIAL) {
            key.revoke(self.conn, now, &actor)?;
        }
        Ok(())
    }

    /// Adds a webhook, which takes its probe, and switches it on.
    pub(super) fn add_webhook(&mut self, now: Timestamp, url: &str) -> anyhow::Result<()> {
        // Not of what was erased: the database dates that itself, so that all of it would be of the moment of filling.
        let events = vec![Told::Joined, Told::Confirmed, Told::Invited, Told::SignedUp, Told::Left];
        let choice = Choice { events, with_address: false };
        let new = NewEndpoint { id: WebhookId::generate(), url: url.to_owned(), choice };
        let Some(id) = Endpoint::add(self.conn, now, &self.keys, &new)? else { return Ok(()) };
        let details = json!({ "webhook": id, "after": told(&new.choice), "before": {} });
        Action::WebhookAdded.to_many(&self.admin()).with(details).record(self.conn, now)?;
        let probe = self.answer(200, "{\"ok\":true}");
        self.act(now, &id, Act::KeepProbe(probe))?;
        self.act(now + TimeDelta::minutes(2), &id, Act::SwitchOn)
    }

    /// What has happened until now is told: one takes it, the other is gone. Then an admin pauses the one that is left.
    pub(super) fn tell_webhooks(&mut self, now: Timestamp) -> anyhow::Result<()> {
        loop {
            let batches = claim(self.conn, TimeDelta::zero(), &[])?;
            if batches.is_empty() {
                break;
            }
            for batch in batches {
                self.tell(now, batch)?;
            }
        }
        for endpoint in Endpoint::all(self.conn)?.into_iter().filter(|endpoint| endpoint.url == CRM) {
            self.act(now, &endpoint.id, Act::Pause)?;
        }
        Ok(())
    }

    fn tell(&mut self, now: Timestamp, batch: Batch) -> anyhow::Result<()> {
        let Batch { endpoint, deliveries, token } = batch;
        let mut attempts = Vec::new();
        for due in deliveries {
            let answer =
                if endpoint.url == GONE { self.answer(410, "Gone") } else { self.answer(200, "{\"ok\":true}") };
            attempts.push(Attempt { delivery: due.id, attempts: due.attempts, had_address: false, answer });
        }
        let lease = Lease { endpoint: endpoint.id.clone(), token, since: Stopwatch::start() };
        if lease.record(self.conn, TimeDelta::zero(), &attempts)? {
            let readers = Readers { find: admin::readers, locale: Locale::Es };
            switch_off::tell(self.conn, now, &endpoint, &readers)?;
        }
        Ok(())
    }

    fn answer(&mut self, status: i32, text: &str) -> Answer {
        let milliseconds = i32::try_from(40 + self.random.below(160)).unwrap_or_default();
        Answer { status: Some(status), milliseconds, text: text.to_owned(), ..Answer::default() }
    }

    fn act(&mut self, now: Timestamp, endpoint: &WebhookId, act: Act) -> anyhow::Result<()> {
        let control = Control { endpoint: endpoint.clone(), actor: self.admin(), ahead: TimeDelta::zero(), act };
        control.apply(self.conn, now)?;
        Ok(())
    }
}
