//! Every metric with its name, its labels and its help. A label's value is a word of the code or the pattern of a route.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

use super::panics;
use crate::db::{Health, StandbyState};
use crate::mail::state::State;
use crate::values::clock::Timestamp;
use crate::web::App;
use crate::web::protection::abuse_counters::Reason;

/// What is read from the database.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    /// Letters by state, counted up to a bound.
    pub(super) letters: Vec<(State, i64)>,
    /// Since when the one that waits the longest is due.
    pub(super) due_since: Option<Timestamp>,
}

/// The metrics of one moment.
#[derive(Debug)]
pub(super) struct Scrape {
    pub(super) app: App,
    /// Nothing when the database is away.
    pub(super) outbox: Option<Outbox>,
}

impl Collector for Scrape {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut text = Text(encoder);
        self.process(&mut text)?;
        self.requests(&mut text)?;
        self.refusals(&mut text)?;
        self.pools(&mut text)?;
        self.standby(&mut text)?;
        self.mail(&mut text)?;
        self.jobs(&mut text)
    }
}

impl Scrape {
    fn process(&self, text: &mut Text<'_>) -> fmt::Result {
        let (ready, draining) = (self.app.db.health() == Health::Ready, self.app.lifecycle.is_draining());
        let family_of_build = family("biovity_build_info", "Always 1; its label says the version", ["version"]);
        text.gauge(family_of_build, [([env!("CARGO_PKG_VERSION").to_owned()], 1.0)])?;
        text.gauge(family("biovity_database_ready", "Whether the database can serve", []), [([], flag(ready))])?;
        text.gauge(family("biovity_draining", "Whether the process is about to stop", []), [([], flag(draining))])?;
        text.counter(
            family("biovity_panics", "Panics of any thread, each a fault of ours", []),
            [([], panics::count())],
        )
    }

    fn requests(&self, text: &mut Text<'_>) -> fmt::Result {
        let routes = self.app.metrics.routes();
        let answers = routes.iter().flat_map(|(pattern, route)| {
            route.answers().map(move |answers| {
                ([pattern.clone(), answers.method.to_owned(), answers.status.to_owned()], answers.count)
            })
        });
        let of = family("biovity_http_requests", "Answers by route, method and status", ["route", "method", "status"]);
        text.counter(of, answers)?;
        // Of a route's own counts the first one is not seen: it comes with the value 1, and a rate needs two.
        let all = routes.iter().flat_map(|(_, route)| route.answers());
        let errors = all.filter(|answers| answers.status == "500").map(|answers| answers.count).sum();
        let of = family("biovity_server_errors", "Answers with the status 500, each a fault of ours", []);
        text.counter(of, [([], errors)])?;
        let (name, help) = ("biovity_http_request_duration_seconds", "Time until an answer was made, by route");
        let mut durations = text.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (pattern, route) in &routes {
            let durations_of = route.durations();
            let count = durations_of.buckets.iter().map(|(_, count)| count).sum();
            let labels = [("route", pattern.as_str())];
            let mut histogram = durations.encode_family(&labels)?;
            histogram.encode_histogram::<NoLabelSet>(durations_of.sum, count, &durations_of.buckets, None)?;
        }
        let in_flight = as_float(self.app.metrics.in_flight());
        text.gauge(family("biovity_http_requests_in_flight", "Requests without an answer yet", []), [([], in_flight)])
    }

    fn refusals(&self, text: &mut Text<'_>) -> fmt::Result {
        let abuse =
            Reason::ALL.iter().map(|reason| ([reason.as_str().to_owned()], self.app.abuse_counters.total(*reason)));
        let of =
            family("biovity_refused", "Requests that were refused or looked like a program's, by reason", ["reason"]);
        text.counter(of, abuse)?;
        let of = family(
            "biovity_overloaded",
            "Requests and connections refused as too many or too slow, or without a database, by reason",
            ["reason"],
        );
        text.counter(of, by_word(self.app.metrics.overloads().all()))?;
        let of = family("biovity_limited", "Requests that a rate limit refused, by its rule", ["rule"]);
        text.counter(of, by_word(self.app.limits.refused_by_rule()))
    }

    fn pools(&self, text: &mut Text<'_>) -> fmt::Result {
        let (pool, hasher) = (self.app.db.usage(), self.app.hasher.usage());
        let connections = [("idle", pool.idle), ("in_use", pool.in_use)];
        let of = family("biovity_database_connections", "Connections of the pool by state", ["state"]);
        text.gauge(of, connections.map(|(state, count)| ([state.to_owned()], size(count))))?;
        let of = family(
            "biovity_database_connections_max",
            "Connections that the pool opens at most: one less than DB_CONNECTIONS, since one asks whether the database is there",
            [],
        );
        text.gauge(of, [([], size(pool.most))])?;
        let waiting = [("requests", pool.requests_waiting), ("background", pool.background_waiting)];
        let of = family("biovity_database_waiting", "Who waits for a connection", ["for"]);
        text.gauge(of, waiting.map(|(who, count)| ([who.to_owned()], size(count))))?;
        let of = family("biovity_password_hashes", "Password hashes begun (Argon2id, scrypt)", []);
        text.counter(of, [([], self.app.hasher.hashes())])?;
        let states = [("running", hasher.running), ("waiting", hasher.waiting)];
        let of = family("biovity_password_hasher_queue", "Password hashes by state", ["state"]);
        text.gauge(of, states.map(|(state, count)| ([state.to_owned()], size(count))))
    }

    fn standby(&self, text: &mut Text<'_>) -> fmt::Result {
        let state = self.app.standby.state();
        let lag = state.and_then(|state| match state {
            StandbyState::Following(lag) | StandbyState::Late(lag) => Some(([], lag.as_secs_f64())),
            _ => None,
        });
        let of =
            family("biovity_replica_lag_seconds", "How far the standby was behind at most when last looked at", []);
        text.gauge(of, lag)?;
        let is_read = state.map(|state| ([], flag(matches!(state, StandbyState::Following(_)))));
        text.gauge(family("biovity_replica_usable", "Whether lists are read from the standby", []), is_read)?;
        let reads = self.app.standby.reads().into_iter().flatten().map(|(from, count)| ([from.to_owned()], count));
        text.counter(family("biovity_replica_reads", "Reads of lists by the server that served them", ["from"]), reads)
    }

    fn mail(&self, text: &mut Text<'_>) -> fmt::Result {
        let of = family(
            "biovity_mail_verdicts",
            "Attempts of this process to send a letter, by what became of them",
            ["verdict"],
        );
        text.counter(of, by_word(self.app.metrics.verdicts().all()))?;
        let of =
            family("biovity_webhook_calls", "Calls of this process to endpoints, by what became of them", ["outcome"]);
        text.counter(of, by_word(self.app.metrics.webhooks().all()))?;
        let Some(outbox) = &self.outbox else { return Ok(()) };
        let letters = outbox.letters.iter().map(|(state, count)| ([state.column().to_owned()], as_float(*count)));
        let of = family("biovity_outbox_letters", "Letters by state, counted up to 10001", ["state"]);
        text.gauge(of, letters)?;
        let waits = outbox.due_since.and_then(|since| (self.app.clock.now() - since).to_std().ok());
        let of =
            family("biovity_outbox_oldest_due_seconds", "For how long the letter that waits the longest is due", []);
        text.gauge(of, [([], waits.unwrap_or_default().as_secs_f64())])
    }

    fn jobs(&self, text: &mut Text<'_>) -> fmt::Result {
        let jobs = self.app.metrics.jobs().all();
        // Without a sample for a job that never succeeded no alert would ever miss its success.
        let succeeded = jobs.iter().map(|(name, job)| {
            let at = job.succeeded_at.unwrap_or(job.first_run);
            ([(*name).to_owned()], as_float(at.timestamp_millis()) / 1e3)
        });
        let of = family(
            "biovity_job_last_success_timestamp_seconds",
            "When a background job last succeeded, or was first run where it never has",
            ["job"],
        );
        text.gauge(of, succeeded)?;
        let took = jobs.iter().map(|(name, job)| ([(*name).to_owned()], job.took.as_secs_f64()));
        text.gauge(family("biovity_job_duration_seconds", "How long a background job last took", ["job"]), took)?;
        let failures = jobs.iter().map(|(name, job)| ([(*name).to_owned()], job.failures));
        text.counter(family("biovity_job_failures", "How often a background job failed", ["job"]), failures)
    }
}

/// What a metric is called, what it tells, and by what its samples differ.
#[derive(Clone, Copy)]
struct Family<const N: usize> {
    name: &'static str,
    help: &'static str,
    labels: [&'static str; N],
}

fn family<const N: usize>(name: &'static str, help: &'static str, labels: [&'static str; N]) -> Family<N> {
    Family { name, help, labels }
}

/// Writes one metric after the other. A counter's name gets its `_total` from the format.
struct Text<'a>(DescriptorEncoder<'a>);

impl Text<'_> {
    fn counter<const N: usize>(
        &mut self,
        of: Family<N>,
        samples: impl IntoIterator<Item = ([String; N], u64)>,
    ) -> fmt::Result {
        let metric = self.0.encode_descriptor(of.name, of.help, None, MetricType::Counter)?;
        each(metric, of.labels, samples, |mut sample, count| sample.encode_counter::<NoLabelSet, _, f64>(&count, None))
    }

    fn gauge<const N: usize>(
        &mut self,
        of: Family<N>,
        samples: impl IntoIterator<Item = ([String; N], f64)>,
    ) -> fmt::Result {
        let metric = self.0.encode_descriptor(of.name, of.help, None, MetricType::Gauge)?;
        each(metric, of.labels, samples, |mut sample, value| sample.encode_gauge(&value))
    }
}

fn each<const N: usize, T>(
    mut metric: MetricEncoder<'_>,
    labels: [&'static str; N],
    samples: impl IntoIterator<Item = ([String; N], T)>,
    write: impl Fn(MetricEncoder<'_>, T) -> fmt::Result,
) -> fmt::Result {
    for (values, sample) in samples {
        let labels: Vec<_> = labels.into_iter().zip(values).collect();
        write(metric.encode_family(&labels)?, sample)?;
    }
    Ok(())
}

fn by_word(counts: Vec<(&'static str, u64)>) -> impl Iterator<Item = ([String; 1], u64)> {
    counts.into_iter().map(|(word, count)| ([word.to_owned()], count))
}

fn flag(is_set: bool) -> f64 {
    f64::from(u8::from(is_set))
}

fn size(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[expect(clippy::cast_precision_loss, reason = "counts and times of ours need no more than 52 bits")]
fn as_float(number: i64) -> f64 {
    number as f64
}
