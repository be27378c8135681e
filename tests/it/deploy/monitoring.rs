//! Alert rules and metrics, read by Prometheus.

use std::fs;
use std::process::{Command, Stdio};

use super::{file, has, succeeds};
use crate::cli::{Home, KEY_BYTE};
use crate::support::TestSite;
use crate::support::visitor::Visitor;

#[test]
fn prometheus_takes_the_alerts_and_fires_them_when_it_should() {
    if !has("promtool") {
        return;
    }
    succeeds(Command::new("promtool").args(["check", "rules"]).arg(file("deploy/monitoring/alerts.yml")));
    succeeds(Command::new("promtool").args(["test", "rules"]).arg(file("deploy/monitoring/alerts_test.yml")));
}

/// As promtool reads it: there a counter is described by its whole name, and the last line is a remark.
fn in_older_format(page: &str) -> String {
    let counters = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter"));
    counters.fold(page.to_owned(), |page, name| {
        ["HELP", "TYPE"]
            .iter()
            .fold(page, |page, what| page.replace(&format!("# {what} {name} "), &format!("# {what} {name}_total ")))
    })
}

#[tokio::test]
async fn prometheus_has_nothing_to_say_against_the_metrics() {
    if !has("promtool") {
        return;
    }
    let (site, home, metrics) = (TestSite::start().await, Home::new(), Home::new().address());
    let key = KEY_BYTE.repeat(64);
    let more = [("METRICS_LISTEN", metrics.as_str()), ("SECRET_KEY", &key)];
    let mut server = home.command_on(&site.database, &["serve"], &more);
    server.says("Biovity is at").await;
    home.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    home.visitor().log_in("ana@example.cl", "wrong").await.has_status(401);
    let page = Visitor::new(&format!("http://{metrics}"), "en", "127.0.0.1").get("/metrics").await.has_status(200);
    server.stop().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics");
    fs::write(&path, in_older_format(&page.body)).unwrap();
    let mut check = Command::new("promtool");
    succeeds(check.args(["check", "metrics"]).stdin(Stdio::from(fs::File::open(path).unwrap())));
}
