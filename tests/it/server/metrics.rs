//! The metrics page, read as Prometheus reads it: strictly.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::time::Duration;

use biovity::db::Health;
use biovity::server::{self, metrics_page};
use chrono::TimeDelta;
use reqwest::StatusCode;

use crate::support::TestSite;
use crate::support::database::TestDatabase;
use crate::support::wire::exchange;

const ALERTS: &str = include_str!("../../../deploy/monitoring/alerts.yml");
const BOARD: &str = include_str!("../../../deploy/monitoring/board.json");
const GUIDE: &str = include_str!("../../../docs/operating.md");

/// The samples of a page, by name and labels as they are written.
struct Samples(BTreeMap<String, String>);

impl Samples {
    /// Reads the page of a site, and refuses whatever the `OpenMetrics` text format does not allow.
    async fn of(site: &TestSite) -> Self {
        read(&page_of(site).await)
    }

    /// The value as it is written: counters are whole numbers, gauges are not.
    #[track_caller]
    fn get(&self, sample: &str) -> &str {
        self.0.get(sample).unwrap_or_else(|| panic!("{sample} is not in {:#?}", self.0.keys()))
    }

    #[track_caller]
    fn number(&self, sample: &str) -> f64 {
        self.get(sample).parse().unwrap()
    }
}

/// What Prometheus reads from a site.
async fn page_of(site: &TestSite) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = metrics_page::start(&site.app, listener).unwrap();
    let page = exchange(&url, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    server.stop(false).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    page.body
}

/// Reads every line: each family is described once before its samples, each sample belongs to the family above it, has a
/// suffix of its type and comes once, buckets only grow, and the end is marked.
fn read(text: &str) -> Samples {
    let (mut samples, mut families) = (BTreeMap::new(), BTreeSet::new());
    let (mut family, mut kind) = (String::new(), String::new());
    let body = text.strip_suffix("# EOF\n").expect("the end is marked");
    for line in body.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap();
            assert!(families.insert(name.to_owned()), "{name} is described twice");
            assert!(!words.is_empty(), "{line}");
            name.clone_into(&mut family);
        } else if let Some(described) = line.strip_prefix("# TYPE ") {
            let (name, of) = described.split_once(' ').unwrap();
            assert_eq!(name, family, "{line}");
            assert!(["counter", "gauge", "histogram"].contains(&of), "{line}");
            of.clone_into(&mut kind);
        } else {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let name = series.split('{').next().unwrap();
            let suffix = name.strip_prefix(&family).unwrap_or_else(|| panic!("{line} stands below {family}"));
            let allowed: &[&str] = match kind.as_str() {
                "counter" => &["_total"],
                "gauge" => &[""],
                _ => &["_bucket", "_sum", "_count"],
            };
            assert!(allowed.contains(&suffix), "{line} is no sample of a {kind}");
            check_labels(series);
            assert!(value.parse::<f64>().is_ok_and(|value| value.is_finite() && value >= 0.0), "{line}");
            assert!(samples.insert(series.to_owned(), value.to_owned()).is_none(), "{series} comes twice");
        }
    }
    check_buckets(&samples);
    Samples(samples)
}

/// Each bucket of a histogram holds those before it, and the last one all.
fn check_buckets(samples: &BTreeMap<String, String>) {
    let mut histograms = BTreeMap::<_, Vec<_>>::new();
    for (series, count) in samples {
        let Some((name, labels)) = series.split_once("_bucket{le=\"") else { continue };
        let (bound, labels) = labels.split_once('"').unwrap();
        let count_of_all = format!("{name}_count{{{}", labels.trim_start_matches(','));
        histograms
            .entry(count_of_all)
            .or_default()
            .push((bound.parse::<f64>().unwrap(), count.parse::<u64>().unwrap()));
    }
    assert!(!histograms.is_empty());
    for (of, mut buckets) in histograms {
        buckets.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        assert!(buckets.is_sorted_by_key(|(_, count)| *count), "{of} {buckets:?}");
        assert_eq!(buckets.last(), Some(&(f64::INFINITY, samples[&of].parse().unwrap())), "{of}");
    }
}

/// Names of letters and underscores, values in quotes; none of ours needs an escape.
fn check_labels(series: &str) {
    let Some((_, labels)) = series.split_once('{') else { return };
    let labels = labels.strip_suffix('}').unwrap();
    for label in labels.split("\",") {
        let (name, value) = label.split_once("=\"").unwrap_or_else(|| panic!("{series}"));
        assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{series}");
        assert!(!value.contains(['\\', '\n']), "{series}");
    }
}

fn requests(route: &str, method: &str, status: u16) -> String {
    format!("biovity_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}")
}

#[tokio::test]
async fn the_metrics_page_counts_requests_by_route_and_holds_no_address_token_or_id() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (admin, visitor) = (site.admin("boss@example.cl").await, site.visitor());
    ana.get("/account").await.has_status(200);
    for path in ["/nowhere", "/nowhere/ana@example.cl", "/wp-login.php", "/%61dmin"] {
        visitor.get(path).await.has_status(404);
    }
    for number in 0..3 {
        admin.get(&format!("/admin/users/0192{number}000-0000-7000-8000-000000000000")).await.has_status(404);
    }
    visitor.get("/waitlist/place?token=0123456789012345678901234567890123456789012").await;
    visitor.post("/account/password", &[]).await;
    visitor.request("PATCH", "/api/waitlist/1").send().await.unwrap();
    let samples = Samples::of(&site).await;
    assert_eq!(samples.get(&requests("/account", "GET", 200)), "1");
    assert_eq!(samples.get(&requests("/admin/users/{id}", "GET", 404)), "3");
    assert_eq!(samples.get(&requests("other", "GET", 404)), "4");
    assert_eq!(samples.get(&requests("/api/waitlist/{id}", "PATCH", 401)), "1");
    assert_eq!(samples.get("biovity_http_request_duration_seconds_count{route=\"other\"}"), "4");
    assert_eq!(samples.get("biovity_http_request_duration_seconds_bucket{le=\"+Inf\",route=\"other\"}"), "4");
    assert_eq!(samples.get("biovity_http_requests_in_flight"), "0.0");
    assert_eq!(samples.get("biovity_mail_verdicts_total{verdict=\"sent\"}"), "1");
    assert_eq!(samples.get("biovity_mail_verdicts_total{verdict=\"unbuildable\"}"), "0", "its alert asks for growth");
    assert_eq!(samples.get("biovity_outbox_letters{state=\"sent\"}"), "1.0");
    assert_eq!(samples.get("biovity_database_ready"), "1.0");
    let now = f64::from(u32::try_from(site.app.clock.now().timestamp()).unwrap());
    assert!(now - samples.number("biovity_job_last_success_timestamp_seconds{job=\"steps\"}") < 60.0);
    assert!(samples.number("biovity_password_hashes_total") >= 1.0);
    for series in samples.0.keys() {
        assert!(!["@", "0192", "01234", "wp-login", "token"].iter().any(|secret| series.contains(secret)), "{series}");
    }
}

#[tokio::test]
async fn refusals_are_counted_by_reason_and_by_rule() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    for _ in 0..33 {
        visitor.log_in("ana@example.cl", "wrong").await;
    }
    visitor.request("POST", "/waitlist").header("sec-fetch-site", "cross-site").send().await.unwrap();
    let samples = Samples::of(&site).await;
    assert_eq!(samples.get("biovity_refused_total{reason=\"cross_site\"}"), "1");
    let refused = samples.number("biovity_refused_total{reason=\"too_many\"}");
    let rules: Vec<_> = samples.0.iter().filter(|(series, _)| series.starts_with("biovity_limited_total")).collect();
    assert!(refused > 0.0 && !rules.is_empty(), "{refused} {rules:?}");
    assert!(
        rules.iter().map(|(_, count)| count.parse::<f64>().unwrap()).sum::<f64>() >= refused,
        "{refused} {rules:?}"
    );
}

#[tokio::test]
async fn the_metrics_page_answers_without_the_database_and_looks_at_the_outbox_only_now_and_then() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    site.app.clock.advance(TimeDelta::minutes(11));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = metrics_page::start(&site.app, listener).unwrap();
    for email in ["bea@example.cl", "cleo@example.cl", "dora@example.cl"] {
        let page = exchange(&url, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let samples = read(&page.has_status(200).body);
        let oldest = samples.number("biovity_outbox_oldest_due_seconds");
        assert!((600.0..720.0).contains(&oldest), "{oldest}");
        let letters = samples.get("biovity_outbox_letters{state=\"queued\"}");
        assert_eq!(letters, "1.0", "as at the first look, ten seconds ago at most");
        site.visitor().sign_up("employee", email).await.has_status(303);
    }
    server.stop(false).await;
    site.database.go_away();
    let has_failed = || site.app.metrics.jobs().all().iter().any(|(name, job)| *name == "steps" && job.failures > 0);
    while site.app.db.health() == Health::Ready || !has_failed() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let samples = Samples::of(&site).await;
    assert_eq!(samples.get("biovity_database_ready"), "0.0");
    assert!(samples.number("biovity_job_failures_total{job=\"steps\"}") > 0.0);
    assert!(!samples.0.keys().any(|series| series.starts_with("biovity_outbox")), "what is not known is left out");
    site.database.come_back();
}

#[tokio::test]
async fn a_job_that_has_never_succeeded_is_missed_since_its_first_run() {
    let site = TestSite::start().await;
    site.database.execute("ALTER TABLE kept_upload RENAME TO elsewhere");
    let since = site.app.clock.now();
    site.visitor().get("/").await.has_status(200);
    server::jobs::sweep_once(&site.app).await;
    site.app.clock.advance(TimeDelta::minutes(11));
    server::jobs::sweep_once(&site.app).await;
    let samples = Samples::of(&site).await;
    assert_eq!(samples.get("biovity_job_failures_total{job=\"uploads\"}"), "2");
    let at = |job| samples.number(&format!("biovity_job_last_success_timestamp_seconds{{job=\"{job}\"}}"));
    assert!((at("uploads") - f64::from(u32::try_from(since.timestamp()).unwrap())).abs() < 60.0);
    assert!(at("letters") - at("uploads") > 600.0, "others succeeded since");
}

#[tokio::test]
async fn reads_of_lists_are_counted_by_server_where_there_is_a_standby() {
    let database = TestDatabase::migrated();
    let itself = database.text();
    let site = TestSite::on(database, &[("DATABASE_REPLICA_URL", &itself)]).await;
    site.admin("boss@example.cl").await.get("/admin/users").await.has_status(200);
    let samples = Samples::of(&site).await;
    assert_eq!(samples.get("biovity_replica_usable"), "0.0", "what takes writes is no standby");
    assert_eq!(samples.get("biovity_replica_reads_total{from=\"primary\"}"), "1");
    assert_eq!(samples.get("biovity_replica_reads_total{from=\"standby\"}"), "0");
    assert!(!samples.0.keys().any(|series| series.starts_with("biovity_replica_lag")), "what is not known is left out");
}

/// The words of a text that begin with this.
fn words<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    let is_outside = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    text.split(is_outside).filter(move |word| word.starts_with(start))
}

/// The family that a series in an expression belongs to.
fn family(series: &str) -> &str {
    ["_total", "_bucket"].into_iter().find_map(|suffix| series.strip_suffix(suffix)).unwrap_or(series)
}

fn is_measured(series: &str, page: &str) -> bool {
    page.contains(&format!("# TYPE {} ", family(series)))
}

#[tokio::test]
async fn every_alert_asks_for_what_is_measured_and_has_a_section_in_the_guide() {
    let page = page_of(&TestSite::start().await).await;
    assert!(words(ALERTS, "biovity_").count() > 5, "the alerts are read");
    for metric in words(ALERTS, "biovity_") {
        assert!(is_measured(metric, &page), "{metric} is not measured");
    }
    let named: Vec<_> = ALERTS.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    let (_, sections) = GUIDE.split_once("\n## Alerts\n").unwrap();
    let sections = sections.split("\n## ").next().unwrap().lines();
    let sections: Vec<_> = sections.filter_map(|line| line.strip_prefix("### ")).collect();
    assert_eq!(named, sections, "each alert has a section, in the same order, and each section an alert");
}

#[tokio::test]
async fn the_board_shows_what_is_measured_and_all_of_it() {
    let page = page_of(&TestSite::start().await).await;
    let board: serde_json::Value = serde_json::from_str(BOARD).unwrap();
    let panels = board["panels"].as_array().unwrap();
    let asked = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let asked: Vec<_> = asked.map(|target| target["expr"].as_str().unwrap()).collect();
    assert!(panels.len() <= asked.len(), "each panel asks for something");
    let shown: BTreeSet<_> = asked.iter().flat_map(|expression| words(expression, "biovity_")).map(family).collect();
    let described = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    // These say what the process is, not what it does.
    let constant = ["biovity_build_info", "biovity_database_connections_max", "biovity_draining"];
    let measured: BTreeSet<_> = described.filter(|family| !constant.contains(family)).collect();
    assert!(shown.iter().all(|family| is_measured(family, &page)), "{shown:?}");
    let forgotten: Vec<_> = measured.difference(&shown).collect();
    assert!(forgotten.is_empty(), "no panel shows {forgotten:?}");
}
