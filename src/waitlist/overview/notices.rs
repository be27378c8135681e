//! What an admin must know first: mail and messages of webhooks that do not go out, background jobs that fail, and what waits
//! for a decision. All of it comes from what the page reads, and from the memory of this process.

use chrono::TimeDelta;

use super::numbers::Numbers;
use super::words::Words;
use super::words::notice::NoticeWords;
use crate::db::StandbyState;
use crate::mail::queue::words::Words as QueueWords;
use crate::values::clock::Timestamp;
use crate::values::locale::Locale;
use crate::web::metrics::failing_job::FailingJob;
use crate::web::paths;
use crate::webhook::endpoint::{Endpoint, State};
use crate::webhook::words::notice::NoticeWords as WebhookWords;

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
    /// Where that is done or seen, where the site has such a page.
    pub(super) link: Option<NoticeLink>,
}

/// Where a notice leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoticeLink {
    pub(super) path: String,
    pub(super) words: &'static str,
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
        let of_mail = of_mail.into_iter().flatten();
        let of_machine = self.jobs_fail().chain(self.standby());
        let of_waitlist = self.waves_stopped().chain(self.imports_wait());
        of_mail.chain(self.webhooks_off()).chain(self.webhooks_fail()).chain(of_machine).chain(of_waitlist).collect()
    }

    fn stopped(&self) -> Option<Notice> {
        let (t, queue) = self.words();
        let since = self.locale.date_time(self.numbers.outbox.paused_at.as_ref()?);
        let by = self.numbers.outbox.paused_by.as_ref().map(|name| format!(", {} {name}", queue.paused_by));
        let text = format!("{} {since}{}.", queue.paused_since, by.unwrap_or_default());
        Some(Notice {
            text,
            reason: None,
            next: t.resume_text,
            link: Some(NoticeLink::to(paths::mail::QUEUE, t.resume)),
        })
    }

    fn relay_fails(&self) -> Option<Notice> {
        let (t, queue) = self.words();
        let since = self.locale.date_time(self.numbers.outbox.relay_fails_since.as_ref()?);
        let text = format!("{} {since}.", queue.relay_fails_since);
        let reason = self.numbers.outbox.relay_reply.clone();
        Some(Notice {
            text,
            reason,
            next: t.run_check,
            link: Some(NoticeLink::to(paths::mail::QUEUE, Words::of(self.locale).see_mail)),
        })
    }

    fn own_fault(&self) -> Option<Notice> {
        let (t, queue) = self.words();
        let reason = Some(self.numbers.outbox.own_fault.clone()?);
        let text = format!("{}.", queue.own_fault);
        Some(Notice {
            text,
            reason,
            next: t.run_check,
            link: Some(NoticeLink::to(paths::mail::QUEUE, Words::of(self.locale).see_mail)),
        })
    }

    fn due_too_long(&self) -> Option<Notice> {
        let (t, queue) = self.words();
        let since = self.numbers.outbox.due_since.filter(|since| *since + DUE_TOO_LONG < self.now)?;
        let text = format!("{} {}.", queue.oldest_due, queue.ago(since, self.now));
        // While sending is stopped, the notice of that says what to do.
        let next = if self.numbers.outbox.is_stopped() { "" } else { t.worker_runs };
        Some(Notice {
            text,
            reason: None,
            next,
            link: Some(NoticeLink::to(paths::mail::QUEUE, Words::of(self.locale).see_mail)),
        })
    }

    fn webhooks_off(&self) -> impl Iterator<Item = Notice> {
        let t = WebhookWords::of(self.locale);
        let off = self.numbers.webhooks.iter().filter(|endpoint| endpoint.state == State::Off);
        off.map(move |endpoint| self.of_webhook(endpoint, t.switched_off(endpoint.off_at.as_ref()), t.off_text))
    }

    fn webhooks_fail(&self) -> impl Iterator<Item = Notice> {
        let t = WebhookWords::of(self.locale);
        let failing = self.numbers.webhooks.iter().filter(|endpoint| endpoint.fails_for_long(self.now));
        failing.filter_map(move |endpoint| {
            let since = endpoint.failing_since?;
            Some(self.of_webhook(endpoint, t.fails(&since), t.failing_text))
        })
    }

    /// What is to be known of one.
    fn of_webhook(&self, endpoint: &Endpoint, text: String, next: &'static str) -> Notice {
        let path = paths::with_id(paths::webhook::ENDPOINT, endpoint.id.as_str());
        let link = NoticeLink::to(path, WebhookWords::of(self.locale).see);
        Notice { text, reason: Some(endpoint.name()), next, link: Some(link) }
    }

    fn jobs_fail(&self) -> impl Iterator<Item = Notice> {
        let t = NoticeWords::of(self.locale);
        self.failing_jobs.iter().map(move |failing| {
            let text = t.job_fails(failing);
            Notice { text, reason: Some(failing.reason.clone()), next: t.jobs_text, link: None }
        })
    }

    fn waves_stopped(&self) -> impl Iterator<Item = Notice> {
        let t = NoticeWords::of(self.locale);
        self.numbers.stopped_waves.iter().map(move |id| {
            let link = NoticeLink::to(paths::with_id(paths::waitlist::WAVE, &id.to_string()), t.see_wave);
            Notice { text: t.wave_stopped(*id), reason: None, next: t.wave_text, link: Some(link) }
        })
    }

    fn imports_wait(&self) -> impl Iterator<Item = Notice> {
        let t = NoticeWords::of(self.locale);
        self.numbers.checked_imports.iter().map(move |import| {
            let link = NoticeLink::to(paths::with_id(paths::waitlist::IMPORT, import.id.as_str()), t.see_import);
            Notice { text: t.import_waits(&import.made_at), reason: None, next: "", link: Some(link) }
        })
    }

    fn standby(&self) -> Option<Notice> {
        let t = NoticeWords::of(self.locale);
        let text = t.standby_unread(self.standby?)?;
        Some(Notice { text, reason: None, next: t.standby_text, link: None })
    }

    fn words(&self) -> (&'static NoticeWords, &'static QueueWords) {
        (NoticeWords::of(self.locale), QueueWords::of(self.locale))
    }
}

impl NoticeLink {
    fn to(path: impl Into<String>, words: &'static str) -> Self {
        Self { path: path.into(), words }
    }
}
