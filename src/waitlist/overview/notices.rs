//! What an admin must know first: mail and messages of webhooks that do not go out, background jobs that fail, and what waits
//! for a decision. All of it comes from what the page reads, and from the memory of this process.

use chrono::TimeDelta;

use super::numbers::Numbers;
use super::words::Words;
use crate::db::StandbyState;
use crate::mail::queue::words::Words as QueueWords;
use crate::values::clock::Timestamp;
use crate::values::locale::Locale;
use crate::web::metrics::failing_job::FailingJob;
use crate::web::paths;
use crate::webhook::endpoint::{Endpoint, State};
use crate::webhook::words::notice::NoticeWords;

/// How long a webhook may fail before that is said: its program may just be starting again.
const FAILS_TOO_LONG: TimeDelta = TimeDelta::minutes(10);
/// How long a mail may be due before that is said: one that somebody waits for goes within seconds.
const DUE_TOO_LONG: TimeDelta = TimeDelta::minutes(10);

/// Something that is wrong, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    /// What is wrong, and since when.
    pub(super) text: String,
    /// What a mail server or Biovity itself says of it.
    pub(super) reason: Option<String>,
    /// What to do.
    pub(super) next: &'static str,
    /// Where that is done or seen, with the words of the link.
    pub(super) link: Option<(&'static str, &'static str)>,
}

/// What notices are made of.
pub(super) struct Signs<'a> {
    pub(super) numbers: &'a Numbers,
    /// The background jobs that fail, in whichever process.
    pub(super) failing_jobs: &'a [FailingJob],
    /// The standby, if there is one.
    pub(super) standby: Option<StandbyState>,
    pub(super) now: Timestamp,
    pub(super) locale: Locale,
}

impl Signs<'_> {
    /// The notices, those first that stop the most.
    pub(super) fn notices(&self) -> Vec<Notice> {
        let of_mail = [self.stopped(), self.relay_fails(), self.own_fault(), self.due_too_long()];
        let of_webhooks = [self.webhooks_off(), self.webhooks_fail()];
        let others = [self.jobs_fail(), self.standby(), self.wave_stopped(), self.import_waits()];
        of_mail.into_iter().chain(of_webhooks).chain(others).flatten().collect()
    }

    fn stopped(&self) -> Option<Notice> {
        let (t, queue) = self.words();
        let since = self.locale.date_time(self.numbers.outbox.paused_at.as_ref()?);
        let by = self.numbers.outbox.paused_by.as_ref().map(|name| format!(", {} {name}", queue.paused_by));
        let text = format!("{} {since}{}.", queue.paused_since, by.unwrap_or_default());
        Some(Notice { text, reason: None, next: t.resume_text, link: Some((paths::mail::QUEUE, t.resume)) })
    }

    fn relay_fails(&self) -> Option<Notice> {
        let (t, queue) = self.words();
        let since = self.locale.date_time(self.numbers.outbox.relay_fails_since.as_ref()?);
        let text = format!("{} {since}.", queue.relay_fails_since);
        let reason = self.numbers.outbox.relay_reply.clone();
        Some(Notice { text, reason, next: t.run_check, link: Some((paths::mail::QUEUE, t.see_mail)) })
    }

    fn own_fault(&self) -> Option<Notice> {
        let (t, queue) = self.words();
        let reason = Some(self.numbers.outbox.own_fault.clone()?);
        let text = format!("{}.", queue.own_fault);
        Some(Notice { text, reason, next: t.run_check, link: Some((paths::mail::QUEUE, t.see_mail)) })
    }

    fn due_too_long(&self) -> Option<Notice> {
        let (t, queue) = self.words();
        let since = self.numbers.outbox.due_since.filter(|since| *since + DUE_TOO_LONG < self.now)?;
        let text = format!("{} {}.", queue.oldest_due, queue.ago(since, self.now));
        // While sending is stopped, the notice of that says what to do.
        let next = if self.numbers.outbox.is_stopped() { "" } else { t.worker_runs };
        Some(Notice { text, reason: None, next, link: Some((paths::mail::QUEUE, t.see_mail)) })
    }

    fn webhooks_off(&self) -> Option<Notice> {
        let t = NoticeWords::of(self.locale);
        let off = self.numbers.webhooks.iter().filter(|endpoint| endpoint.state == State::Off);
        self.of_webhooks(off.map(|endpoint| (endpoint, endpoint.off_at)).collect(), t.off, t.off_text)
    }

    fn webhooks_fail(&self) -> Option<Notice> {
        let t = NoticeWords::of(self.locale);
        let active = self.numbers.webhooks.iter().filter(|endpoint| endpoint.state == State::Active);
        let failing = active.filter_map(|endpoint| Some((endpoint, Some(endpoint.failing_since?))));
        let for_long = failing.filter(|(_, since)| since.is_some_and(|since| since + FAILS_TOO_LONG < self.now));
        self.of_webhooks(for_long.collect(), t.failing, t.failing_text)
    }

    /// The notice about these, each with the time since when; nothing without any.
    fn of_webhooks(
        &self,
        webhooks: Vec<(&Endpoint, Option<Timestamp>)>,
        text: &str,
        next: &'static str,
    ) -> Option<Notice> {
        let named = webhooks.into_iter().map(|(endpoint, since)| {
            let since = since.map(|since| format!(" ({})", self.locale.date_time(&since)));
            format!("{}{}", endpoint.name(), since.unwrap_or_default())
        });
        let reason = Some(named.collect::<Vec<_>>().join(", ")).filter(|names| !names.is_empty())?;
        let link = Some((paths::webhook::ENDPOINTS, NoticeWords::of(self.locale).see));
        Some(Notice { text: text.to_owned(), reason: Some(reason), next, link })
    }

    fn jobs_fail(&self) -> Option<Notice> {
        let t = Words::of(self.locale);
        let failing = self.failing_jobs.iter().map(|failing| {
            let [since, last] = [failing.failing_since, failing.failed_at].map(|at| self.locale.date_time(&at));
            let FailingJob { job, process, reason, .. } = failing;
            format!("{job}, {process}: {} {since}, {} {last}: {reason}", t.failing_since, t.last_run)
        });
        let reason = Some(failing.collect::<Vec<_>>().join("; ")).filter(|names| !names.is_empty())?;
        Some(Notice { text: t.jobs_fail.to_owned(), reason: Some(reason), next: t.jobs_text, link: None })
    }

    fn wave_stopped(&self) -> Option<Notice> {
        let t = Words::of(self.locale);
        let link = Some((paths::waitlist::WAVES, t.see_waves));
        self.numbers.has_stopped_wave.then(|| Notice {
            text: t.wave_stopped.to_owned(),
            reason: None,
            next: t.wave_text,
            link,
        })
    }

    fn import_waits(&self) -> Option<Notice> {
        let t = Words::of(self.locale);
        let link = Some((paths::waitlist::IMPORTS, t.see_imports));
        self.numbers.has_checked_import.then(|| Notice {
            text: t.import_waits.to_owned(),
            reason: None,
            next: "",
            link,
        })
    }

    fn standby(&self) -> Option<Notice> {
        let t = Words::of(self.locale);
        let text = t.standby_unread(self.standby?)?;
        Some(Notice { text, reason: None, next: t.standby_text, link: None })
    }

    fn words(&self) -> (&'static Words, &'static QueueWords) {
        (Words::of(self.locale), QueueWords::of(self.locale))
    }
}
