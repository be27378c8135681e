//! `biovity serve` on an operator's database.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::{Home, KEY_BYTE, Process};
use crate::accounts::provider::begin;
use crate::support::database::TestDatabase;
use crate::support::issuer::{DISCOVERY, Issuer};
use crate::support::transaction_pooler;
use crate::support::visitor::Visitor;
use crate::support::wire::exchange;
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn a_port_that_is_taken_is_told_at_once() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let _taken = TcpListener::bind(("127.0.0.1", home.port)).unwrap();
    let start = Instant::now();
    let refused = home.command_on(&database, &["serve"], &[]).ended().await.failed();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(refused.err.contains(&format!("cannot listen on 127.0.0.1:{}", home.port)), "{refused:?}");
    let embedded = home.command(&["serve"]).ended().await.failed();
    assert!(embedded.err.contains("cannot listen"), "{embedded:?}");
    assert!(!home.path("postgres").exists(), "before anything was started");
}

#[tokio::test]
async fn a_server_stops_when_asked_by_either_signal() {
    let database = TestDatabase::migrated();
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let home = Home::new();
        let mut server = home.command_on(&database, &[], &[]);
        server.says("Biovity is at").await;
        // Its connection stays open, as a browser's does.
        let visitor = home.visitor();
        visitor.get("/").await.has_status(200);
        server.signal(signal);
        assert_eq!(server.end_within(10).await.code(), Some(0));
        assert!(visitor.request("GET", "/").send().await.is_err(), "nobody answers any more");
    }
}

#[tokio::test]
async fn a_server_prints_no_admin_of_a_database_that_is_not_its_own() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let mut server = home.command_on(&database, &["serve"], &[]);
    server.says("Biovity is at").await;
    assert!(!server.out.lock().unwrap().contains("password"));
    assert_eq!(database.values("count(*)", "\"user\""), ["0"]);
    server.stop().await;
}

#[tokio::test]
async fn a_server_whose_database_is_down_or_behind_comes_up_and_says_what_it_waits_for() {
    let (home, database) = (Home::new(), TestDatabase::empty());
    database.go_away();
    let mut server = home.command_on(&database, &["serve"], &[]);
    server.says("Biovity is at").await;
    let visitor = home.visitor();
    visitor.get("/").await.has_status(200);
    visitor.get("/healthz").await.has_status(200);
    visitor.get("/readyz").await.has_status(503).says("the database is away");
    database.come_back();
    wait_for(&home, "biovity migrate").await;
    assert!(server.err.lock().unwrap().contains("biovity migrate"), "the log says so too");
    home.command_on(&database, &["migrate"], &[]).ended().await.succeeded();
    wait_for(&home, "ready").await;
    visitor.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    server.stop().await;
}

/// Waits until `/readyz` says so.
async fn wait_for(home: &Home, words: &str) {
    let patience = Instant::now() + Duration::from_secs(8);
    while !home.visitor().get("/readyz").await.body.contains(words) {
        assert!(Instant::now() < patience, "/readyz does not say {words:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_wrong_database_url_does_not_print_its_password() {
    let home = Home::new();
    let mut variables = home.variables();
    variables.push(("DATABASE_URL".to_owned(), "postgresql://biovity:hunter2@127.0.0.1:9/biovity".to_owned()));
    for arguments in [&["check"][..], &["migrate"], &["admin", "revoke", "ana@example.cl"]] {
        let failed = Process::start(arguments, &variables, "").ended().await.failed();
        assert!(!format!("{failed:?}").contains("hunter2"), "{failed:?}");
    }
}

#[tokio::test]
async fn nothing_that_is_logged_of_connections_holds_a_piece_of_the_password() {
    // libpq repeats what it cannot read of a URL.
    for password in ["hunter2%zz", "hunter2/x", "hunter2@x:y"] {
        let home = Home::new();
        let mut variables = home.variables();
        let url = format!("postgresql://biovity:{password}@127.0.0.1:9/biovity");
        let more = [("DATABASE_URL", url.as_str()), ("LOG_FORMAT", "json"), ("LOG_LEVEL", "debug")];
        variables.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
        for arguments in [&["check"][..], &["migrate"]] {
            let failed = Process::start(arguments, &variables, "").ended().await.failed();
            assert!(!format!("{failed:?}").contains("hunter2"), "{failed:?}");
        }
        let mut server = Process::start(&["serve"], &variables, "");
        server.says("Biovity is at").await;
        let patience = Instant::now() + Duration::from_secs(8);
        while !server.err.lock().unwrap().contains("the database is unavailable") {
            assert!(Instant::now() < patience, "{}", server.err.lock().unwrap());
            home.visitor().join("ana@example.cl", "employee").await.has_status(503);
        }
        let log = server.err.lock().unwrap().clone();
        assert!(!log.contains("hunter2"), "{log}");
        assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log}");
        server.stop().await;
    }
}

#[tokio::test]
async fn hosts_that_are_not_ours_are_told_of_in_one_line_that_names_ours() {
    let (home, database, key) = (Home::new(), TestDatabase::migrated(), KEY_BYTE.repeat(64));
    let variables = [
        ("BASE_URL", "https://biovity.test"),
        ("SECRET_KEY", key.as_str()),
        ("SMTP_URL", "smtp://127.0.0.1:9"),
        ("MAIL_FROM", "no-reply@biovity.test"),
    ];
    let mut server = home.command_on(&database, &["serve"], &variables);
    server.says("Biovity is at").await;
    for host in ["inside.example:8080", "other.example"] {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        exchange(&format!("http://{}", home.address()), request).await.unwrap().has_status(421);
    }
    server.signal(Signal::SIGTERM);
    let log = server.ended().await.succeeded().err;
    let told = "a request for the host \"inside.example:8080\" was refused, since BASE_URL is https://biovity.test;";
    assert!(log.contains(told) && log.contains("WARN"), "{log}");
    assert_eq!(log.matches("a request for the host").count(), 1, "{log}");
}

#[tokio::test]
async fn a_database_that_does_not_say_whether_it_can_serve_is_told_of_once() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    database.execute("REVOKE SELECT ON migrations FROM biovity");
    let mut server = home.command_on(&database, &["serve"], &[]);
    server.says("Biovity is at").await;
    let told = || server.err.lock().unwrap().matches("answers, but not whether it can serve").count();
    let patience = Instant::now() + Duration::from_secs(10);
    while told() == 0 {
        assert!(Instant::now() < patience, "{}", server.err.lock().unwrap());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(told(), 1);
    database.execute("GRANT SELECT ON migrations TO biovity");
    wait_for(&home, "ready").await;
    server.stop().await;
}

#[tokio::test]
async fn a_server_behind_a_pooler_that_nothing_marks_serves_everybody() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let url = transaction_pooler::start(&database);
    let mut server = home.command_on(&database, &["serve"], &[("DATABASE_URL", &url), ("RATE_LIMITS", "off")]);
    server.says("Biovity is at").await;
    wait_for(&home, "ready").await;
    let visitor = home.visitor();
    for number in 0..30 {
        visitor.join(&format!("ana{number}@example.cl"), "employee").await.redirects_to("/waitlist/joined");
        visitor.join(&format!("ana{number}@example.cl"), "employee").await.has_status(409);
        visitor.get("/readyz").await.has_status(200);
    }
    assert!(server.err.lock().unwrap().contains("a pooler in transaction mode"));
    server.stop().await;
}

#[tokio::test]
async fn nothing_that_a_log_in_with_a_provider_passes_on_is_logged() {
    let (home, database, issuer) = (Home::new(), TestDatabase::migrated(), Issuer::start());
    let own = [("OIDC_NAME", "Our log-in"), ("OIDC_CLIENT_ID", "biovity"), ("OIDC_CLIENT_SECRET", "hush-hush")];
    let variables = [own.as_slice(), &[("OIDC_ISSUER", &issuer.url), ("LOG_LEVEL", "debug")]].concat();
    let mut server = home.command_on(&database, &["serve"], &variables);
    server.says("Biovity is at").await;
    let mut secrets = vec!["hush-hush".to_owned(), "opens-nothing".to_owned(), "ana@gmail.com".to_owned()];
    for is_down in [false, true] {
        issuer.say(|said| said.is_down = is_down);
        let visitor = home.visitor();
        let back = begin(&visitor, "oidc").await;
        visitor.get(&back).await.has_status(if is_down { 503 } else { 303 });
        secrets.extend(back.split(['=', '&']).filter(|part| part.len() > 20 && !part.contains('/')).map(str::to_owned));
    }
    assert_eq!(secrets.len(), 7, "{secrets:?}");
    let visitor = home.visitor();
    for (answer, status) in
        [("error=unauthorized_scope_error", 403), ("iss=https://elsewhere.test", 403), ("error=Ana%0Aana", 403)]
    {
        let back = begin(&visitor, "oidc").await.replace("code=", &format!("{answer}&code="));
        visitor.get(&back).await.has_status(status);
    }
    server.signal(Signal::SIGTERM);
    let log = server.ended().await.err;
    for cause in ["no answer", "error unauthorized_scope_error", "not of its issuer", "error (no code of the standard)"]
    {
        assert!(log.contains("a log-in failed") && log.contains(cause), "{cause} is not in {log}");
    }
    assert!(secrets.iter().all(|secret| !log.contains(secret)), "{log}");
}

#[tokio::test]
async fn a_provider_that_never_answers_delays_neither_the_start_nor_the_end() {
    let (home, database, issuer) = (Home::new(), TestDatabase::migrated(), Issuer::start());
    issuer.say(|said| (said.late_at, said.delay) = (vec![DISCOVERY], Duration::from_hours(1)));
    let own = [("OIDC_NAME", "Our log-in"), ("OIDC_CLIENT_ID", "biovity"), ("OIDC_CLIENT_SECRET", "hush-hush")];
    let variables = [own.as_slice(), &[("OIDC_ISSUER", &issuer.url)]].concat();
    let start = Instant::now();
    let mut server = home.command_on(&database, &["serve"], &variables);
    server.says("Biovity is at").await;
    home.visitor().get("/login").await.has_status(200).says("Continue with Our log-in");
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    let waiting = home.visitor();
    let waiting = tokio::spawn(async move { waiting.get("/login/with/oidc").await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.signal(Signal::SIGTERM);
    assert_eq!(server.end_within(10).await.code(), Some(0));
    waiting.await.unwrap().has_status(503);
}

/// What a machine reads has no line for people, whatever happens: the start, the first admin, and what ends the start.
#[tokio::test]
async fn with_the_json_log_every_line_of_a_server_is_json() {
    let home = Home::new();
    let mut variables = home.variables();
    variables.push(("LOG_FORMAT".to_owned(), "json".to_owned()));
    let mut server = Process::start(&["serve"], &variables, "");
    server.says("Biovity is at").await;
    let refused = Process::start(&["serve"], &variables, "").ended().await.failed();
    server.signal(Signal::SIGTERM);
    let ended = server.ended().await;
    assert!(ended.out.contains(r#""password":"#), "{ended:?}");
    assert!(refused.err.contains("cannot listen"), "{refused:?}");
    for line in [ended.out, ended.err, refused.out, refused.err].iter().flat_map(|text| text.lines()) {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok_and(|line| line.is_object()), "{line}");
    }
}

#[tokio::test]
async fn a_line_of_the_json_log_names_request_route_and_trace_and_the_metrics_have_a_port_of_their_own() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let port = Home::new().port.to_string();
    let more = [("LOG_FORMAT", "json"), ("LOG_LEVEL", "debug"), ("METRICS_LISTEN", port.as_str())];
    let mut server = home.command_on(&database, &["serve"], &more);
    server.says("Biovity is at").await;
    let (trace, token) = ("4bf92f3577b34da6a3ce929d0e0e4736", "T".repeat(43));
    let request = home.visitor().request("GET", &format!("/waitlist/place?token={token}"));
    request.header("traceparent", format!("00-{trace}-00f067aa0b1902b7-01")).send().await.unwrap();
    home.visitor().join("ana@example.cl", "employee").await;
    let metrics = Visitor::new(&format!("http://127.0.0.1:{port}"), "en", "127.0.0.1");
    let page = metrics.get("/metrics").await.has_status(200).body;
    assert!(page.contains("route=\"/waitlist/place\",method=\"GET\"") && page.ends_with("# EOF\n"), "{page}");
    assert!(!page.contains("ana@") && !page.contains(&token));
    home.visitor().get("/metrics").await.has_status(404);
    server.signal(Signal::SIGTERM);
    let log = server.ended().await.err;
    assert!(!log.contains("ana@") && !log.contains(&token));
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let requests: Vec<_> =
        lines.iter().map(|line| &line["fields"]).filter(|line| line["message"] == "request").collect();
    let traced = requests.iter().find(|line| line["trace_id"] == trace).expect("its trace");
    assert_eq!((&traced["route"], traced["request_id"].as_str().unwrap().len()), (&"/waitlist/place".into(), 36));
    let joined = requests.iter().find(|line| line["method"] == "POST").expect("the join");
    assert!(joined["route"] == "/waitlist" && joined["trace_id"].is_null() && joined["request_id"].is_string());
}

#[tokio::test]
async fn any_process_tells_admins_of_a_background_job_that_fails_in_another() {
    let (site, home, key) = (TestSite::start().await, Home::new(), KEY_BYTE.repeat(64));
    let [admin, spanish] = [site.admin("admin@example.cl").await, site.spanish_visitor()];
    spanish.log_in("admin@example.cl", PASSWORD).await.redirects_to("/admin");
    let mut other = home.command_on(&site.database, &["serve"], &[("SECRET_KEY", &key)]);
    other.says("Biovity is at").await;
    // What it refused it stores every five seconds, and here it cannot.
    site.database.execute("ALTER TABLE gate_total ADD CONSTRAINT full_up CHECK (false) NOT VALID");
    home.visitor().post("/waitlist", &[("email", "typed-by-eva"), ("role", "employee")]).await.has_status(422);
    let told = format!("({}) has been failing since ", other.id());
    let says = async |words: &str, is_said: bool| {
        let patience = Instant::now() + Duration::from_secs(30);
        while admin.get("/admin").await.has_status(200).text().contains(words) != is_said {
            assert!(Instant::now() < patience, "{words:?}, {is_said}: {}", other.err.lock().unwrap());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    says(&told, true).await;
    let page = admin.get("/admin").await.says("The background job “counting what was blocked” (abuse_counts) of ");
    page.says("a query failed (CheckViolation), gate_total, full_up").does_not_say("typed-by-eva");
    spanish
        .get("/admin")
        .await
        .says("La tarea en segundo plano “contar lo que se bloqueó” (abuse_counts) de ")
        .says(&format!("({}) falla desde el ", other.id()));
    site.database.execute("ALTER TABLE gate_total DROP CONSTRAINT full_up");
    says(&told, false).await;
    let patience = Instant::now() + Duration::from_secs(15);
    while site.database.values("count(*)", "failing_job") != ["0"] {
        assert!(Instant::now() < patience, "what is over leaves nothing behind");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    other.stop().await;
}
