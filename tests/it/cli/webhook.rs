//! `biovity webhook`, and what the logs say of endpoints and keys.

use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};

use super::{Ended, Home, KEY_BYTE};
use crate::support::TestSite;
use crate::webhook::endpoint_page::{add, create};
use crate::webhook::receiver::Receiver;

async fn webhook(site: &TestSite, arguments: &[&str]) -> Ended {
    let key = KEY_BYTE.repeat(64);
    let more = [("SECRET_KEY", key.as_str()), ("WEBHOOK_ALLOWED_HOSTS", "127.0.0.1")];
    Home::new().command_on(&site.database, &[&["webhook"], arguments].concat(), &more).ended().await
}

#[tokio::test]
async fn an_operator_lists_probes_and_sends_again() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let none = webhook(&site, &["list"]).await.succeeded();
    assert_eq!(none.out, "there are no webhooks\n");
    let admin = site.admin("admin@example.cl").await;
    let (_, secret) = add(&admin, &receiver, &["waitlist.joined"]).await;
    site.visitor().join("ana@example.cl", "employee").await;
    site.make_join_deliveries();
    let listed = webhook(&site, &["list"]).await.succeeded().out;
    let row: Vec<_> = listed.lines().last().unwrap().split_whitespace().collect();
    assert!(listed.starts_with("id  "), "{listed}");
    assert!(row[1..] == ["active", "1", "0", &receiver.url] && !listed.contains(&secret), "{listed}");
    let id = row[0];

    site.deliver_webhooks().await;
    let delivery = site.database.values("id", "webhook_delivery WHERE event = 'waitlist.joined'").concat();
    let again = webhook(&site, &["replay", id, "--delivery", &delivery]).await.succeeded();
    assert_eq!(again.out, "deliveries sent again: 1\n");
    site.deliver_webhooks().await;
    let messages = receiver.messages();
    assert_eq!((messages.len(), messages[1].id()), (3, messages[2].id()));

    site.database.execute("UPDATE webhook_delivery SET state = 'failed' WHERE event = 'waitlist.joined'");
    let again = webhook(&site, &["replay", id, "--failed-hours", "24"]).await.succeeded();
    assert_eq!(again.out, "deliveries sent again: 1\n");
    let none = webhook(&site, &["replay", id, "--failed-hours", "24"]).await.failed();
    assert!(none.err.contains("nothing is left to send: nothing failed, and what waits is due"), "{none:?}");

    let probe = webhook(&site, &["probe", id]).await.succeeded();
    assert!(probe.out.starts_with("200") && probe.out.contains("accepted the probe"), "{probe:?}");
    assert!(receiver.messages().pop().unwrap().is_signed_with(&secret));
    receiver.answers("500 Down", "");
    let probe = webhook(&site, &["probe", id]).await.failed();
    assert!(probe.out.starts_with("500") && probe.err.contains("did not accept"), "{probe:?}");
    for unknown in [&["probe", "x"][..], &["replay", "x", "--delivery", "1"]] {
        assert!(webhook(&site, unknown).await.failed().err.contains("no"), "{unknown:?}");
    }
    for incomplete in [&["replay", id][..], &["replay", id, "--failed-hours", "721"], &["probe"], &[]] {
        assert_eq!(webhook(&site, incomplete).await.code, Some(2), "{incomplete:?}");
    }
    admin.get("/admin/audit").await.says("Command line");
}

#[tokio::test]
async fn why_nothing_is_sent_again_is_said_of_what_was_asked_for() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    add(&site.admin("admin@example.cl").await, &receiver, &["waitlist.joined"]).await;
    let id = site.database.values("id", "webhook").concat();
    let none = webhook(&site, &["replay", &id, "--delivery", "999999"]).await.failed();
    assert!(none.err.contains("there is no such delivery to send again"), "{none:?}");
    site.visitor().join("ana@example.cl", "employee").await;
    site.make_join_deliveries();
    let due = webhook(&site, &["replay", &id, "--waiting"]).await.failed();
    assert!(due.err.contains("nothing is left to send: nothing failed, and what waits is due"), "{due:?}");
    site.database.execute("UPDATE webhook SET state = 'paused'");
    let paused = webhook(&site, &["replay", &id, "--waiting"]).await.failed();
    assert!(paused.err.contains("the webhook is not on: what waits is sent when its page"), "{paused:?}");
    site.database.execute(
        "UPDATE webhook SET state = 'active', rests_until = now() + interval '20 hours'; \
         UPDATE webhook_delivery SET attempts = 1, attempted_at = now(), status = 503 WHERE state = 'waiting'",
    );
    let tried = webhook(&site, &["replay", &id, "--failed-hours", "24"]).await.succeeded();
    assert_eq!(tried.out, "what was waiting is being sent now\n");
    assert_eq!(site.database.values("rests_until IS NULL", "webhook"), ["true"]);
}

#[tokio::test]
async fn an_operator_sees_what_fails_and_sends_what_waits() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (page, _) = add(&admin, &receiver, &["waitlist.joined"]).await;
    let id = page.rsplit('/').next().unwrap();
    receiver.answers("503 Busy", "retry-after: 7200\r\n");
    site.visitor().join("bea@example.cl", "employee").await;
    site.deliver_webhooks().await;
    let failing = webhook(&site, &["list"]).await.succeeded().out;
    assert!(failing.contains("failing since") && failing.contains("left alone until"), "{failing}");
    receiver.answers("200 OK", "");
    let now = webhook(&site, &["replay", id, "--waiting"]).await.succeeded();
    assert_eq!(now.out, "deliveries sent again: 1\n");
    site.deliver_webhooks().await;
    let waits = "webhook_delivery WHERE state = 'waiting'";
    assert_eq!(site.database.values("count(*)", waits), ["0"]);
    site.database.execute(
        "INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at) \
         SELECT id, 'waitlist.joined', 'entry:1', '{}', now() FROM webhook, generate_series(1, 1001)",
    );
    let many = webhook(&site, &["list"]).await.succeeded().out;
    assert!(many.contains("  1,000+  "), "{many}");
    let key = KEY_BYTE.repeat(64);
    let elsewhere = Home::new().command_on(&site.database, &["webhook", "probe", id], &[("SECRET_KEY", &key)]);
    let elsewhere = elsewhere.ended().await.failed();
    assert!(elsewhere.out.contains("not called: 127.0.0.1 is in a private network"), "{elsewhere:?}");
}

#[tokio::test]
async fn the_most_talkative_log_holds_no_key_no_secret_and_no_address_of_an_endpoint() {
    let (site, mut receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    receiver.url.push_str("?key=hidden-in-the-address");
    let (_, secret) = add(&admin, &receiver, &["waitlist.joined"]).await;
    let key = site.key(&admin, "write").await;
    let home = Home::new();
    let (secret_key, more) = (KEY_BYTE.repeat(64), [("WEBHOOK_ALLOWED_HOSTS", "127.0.0.1"), ("LOG_LEVEL", "trace")]);
    let more = [&more[..], &[("SECRET_KEY", secret_key.as_str())]].concat();
    let mut server = home.command_on(&site.database, &["serve"], &more);
    server.says("Biovity is at").await;
    for path in ["/api/totals".to_owned(), format!("/api/totals?key={key}")] {
        let _ = home.visitor().program(&key, "GET", &path).send().await.unwrap();
    }
    let wrong = format!("{}x", key.split_at(41).0);
    let _ = home.visitor().program(&wrong, "GET", "/api/totals").send().await.unwrap();
    receiver.answers("500 Down", "");
    site.visitor().join("ana@example.cl", "employee").await;
    let since = Instant::now();
    while receiver.messages().len() < 2 {
        assert!(since.elapsed() < Duration::from_secs(15), "nothing was told");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let log = server.err.lock().unwrap().clone();
    assert!(log.contains("endpoint called"), "{log}");
    let signature = receiver.messages()[1].headers["webhook-signature"].to_str().unwrap().to_owned();
    let secret = secret.trim_start_matches("whsec_").to_owned();
    for hidden in [key.split_at(10).1, wrong.split_at(10).1, &secret, "hidden-in-the-address", signature.split_at(3).1]
    {
        assert!(!log.contains(hidden), "{hidden} is in {log}");
    }
    server.stop().await;
}

/// A server whose certificate nobody trusts; gives its port.
fn untrusted_server() -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificate = CertificateDer::from_pem_slice(include_bytes!("../support/untrusted_certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../support/untrusted_key.pem")).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut server = ServerConnection::new(Arc::clone(&config)).unwrap();
            while server.is_handshaking() && server.complete_io(&mut stream).is_ok() {}
        }
    });
    port
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_told_in_a_line_of_ours_and_is_no_error_of_the_site() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let url = format!("https://127.0.0.1:{}/?key=hidden-in-the-address", untrusted_server());
    let (page, _) = create(&admin, &[("url", &url), ("event", "waitlist.joined")]).await;
    let probe = webhook(&site, &["probe", page.rsplit('/').next().unwrap()]).await.failed();
    assert!(probe.out.contains("the certificate of 127.0.0.1 is not trusted"), "{probe:?}");
    let lines: Vec<_> = probe.err.lines().filter(|line| line.contains("certificate")).collect();
    let ours = "the certificate of an endpoint is not trusted host=\"127.0.0.1\" cause=";
    assert!(lines.len() == 1 && lines[0].contains(ours) && lines[0].contains("INFO"), "{probe:?}");
    assert!(!probe.err.contains("hidden"), "{probe:?}");
}
