//! What a server writes down for its operators while people do everything that there is: nothing that opens a door, and
//! nobody's address.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use totp_rs::{Builder, Secret};

use super::{Home, KEY_BYTE, Process};
use crate::accounts::provider;
use crate::support::issuer::Issuer;
use crate::support::page::Page;
use crate::support::smtp::{Mail, Script};
use crate::support::torture::report;
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite};
use crate::webhook::endpoint_page;
use crate::webhook::receiver::Receiver;

const CLIENT_SECRET: &str = "client-secret-of-the-tour";
const STANDBY_PASSWORD: &str = "standby-password";
const WRONG: &str = "a wrong password of the tour";
/// Every address of the tour has this in its first part, however it is written.
const ADDRESS: &str = "tourist";

/// People at a server, and what nobody else may read.
struct Tour {
    site: TestSite,
    home: Home,
    secrets: Vec<String>,
}

/// A relay that lets nobody in without a password.
fn asks_for_password() -> Script {
    Script { keywords: vec!["AUTH PLAIN"], ..Script::default() }
}

/// Waits until the server has logged this.
async fn logs(server: &Process, words: &str) {
    let patience = Instant::now() + Duration::from_secs(20);
    while !server.err.lock().unwrap().contains(words) {
        assert!(Instant::now() < patience, "{words:?} is not in the log");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl Tour {
    fn keep(&mut self, secret: impl Into<String>) -> String {
        let secret = secret.into();
        assert!(secret.len() > 5, "{secret:?} is no secret");
        self.secrets.push(secret.clone());
        secret
    }

    fn keep_cookie(&mut self, page: &Page) {
        let cookie = page.cookie().expect("a session").split_once('=').unwrap().1.to_owned();
        self.keep(cookie);
    }

    /// The newest mail for an address, once the server has sent it; its link is kept.
    async fn mail(&mut self, address: &str, has: &str) -> Mail {
        let patience = Instant::now() + Duration::from_secs(20);
        loop {
            let mails = self.site.smtp.mails();
            let wanted = mails.into_iter().rev().find(|mail| mail.to == address && mail.text.contains(has));
            if let Some(mail) = wanted {
                self.keep(mail.token());
                return mail;
            }
            assert!(Instant::now() < patience, "no mail for {address}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn join(&mut self) {
        let visitor = self.home.visitor();
        visitor.join("tourist-ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
        let mail = self.mail("tourist-ana@example.cl", "/waitlist/confirm").await;
        let place = visitor.press(&mail.link()).await.has_status(303).header("location").to_owned();
        self.keep(place.split_once("token=").unwrap().1);
        visitor.get(&place).await.has_status(200);
    }

    /// Mails whose relay repeats the address in what it says.
    async fn refuse(&self, server: &Process) {
        for (email, reply, logged) in [
            ("tourist-gone@example.cl", "550 5.1.1 <tourist-gone@example.cl> no such user", "letter refused"),
            ("tourist-far@example.cl", "554 5.7.1 <tourist-far@example.cl>: Relay access denied", "letter not taken"),
        ] {
            let (recipient, only_for) = (reply.to_owned(), email.to_owned());
            self.site.smtp.play(Script { recipient, only_for, ..asks_for_password() });
            self.home.visitor().join(email, "employee").await.redirects_to("/waitlist/joined");
            logs(server, logged).await;
        }
    }

    async fn sign_up(&mut self) {
        let visitor = self.home.visitor();
        visitor.sign_up("employee", "tourist-eva@example.cl").await.redirects_to("/signup/check-email");
        let mail = self.mail("tourist-eva@example.cl", "/verify-email").await;
        let verified = visitor.press(&mail.link()).await.redirects_to("/account");
        self.keep_cookie(&verified);
        self.home.visitor().log_in("tourist-eva@example.cl", WRONG).await.has_status(401);
        visitor.post("/password/forgot", &[("email", "tourist-eva@example.cl")]).await.has_status(303);
        let mail = self.mail("tourist-eva@example.cl", "/password/reset").await;
        visitor.get(&mail.link()).await.has_status(200);
        self.second_factor(&visitor).await;
    }

    async fn second_factor(&mut self, visitor: &Visitor) {
        let page = visitor.get("/account/second-factor").await.has_status(200);
        let text = self.keep(page.texts("code")[0].replace(' ', ""));
        let app = Builder::new().with_secret(Secret::try_from_base32(&text).unwrap()).build_noncompliant();
        let code = app.generate(self.site.app.clock.now().timestamp().unsigned_abs()).to_string();
        let form = page.form("/account/second-factor").with("code", &code);
        let codes = visitor.send(&form).await.has_status(200).texts("ol.codes code");
        for code in &codes {
            self.keep(code);
        }
        let again = self.home.visitor();
        again.log_in("tourist-eva@example.cl", PASSWORD).await.redirects_to("/login/code");
        let signed_in = again.post("/login/code", &[("code", codes[0].as_str())]).await.has_status(303);
        self.keep_cookie(&signed_in);
    }

    /// A log-in by a provider, and one that is not believed.
    async fn provider(&mut self, issuer: &Issuer) {
        issuer.say(|said| said.claims = serde_json::json!({ "email": "tourist-pia@gmail.com" }));
        for is_spoiled in [false, true] {
            issuer.say(|said| said.is_signature_spoiled = is_spoiled);
            let visitor = self.home.visitor();
            let back = provider::begin(&visitor, "oidc").await;
            for part in back.split_once("code=").unwrap().1.split("&state=") {
                self.keep(part);
            }
            visitor.get(&back).await;
        }
    }

    async fn administer(&mut self, receiver: &Receiver) {
        self.site.make_admin("tourist-boss@example.cl", PASSWORD);
        let admin = self.home.visitor();
        let signed_in = admin.log_in("tourist-boss@example.cl", PASSWORD).await.redirects_to("/admin");
        self.keep_cookie(&signed_in);
        let key = self.site.key(&admin, "read").await;
        self.keep(&key);
        send(admin.program(&key, "GET", "/api/waitlist?q=tourist-ana")).await.has_status(200);
        send(admin.program(&format!("{key}x"), "GET", "/api/waitlist")).await.has_status(401);
        let (_, secret) = endpoint_page::add(&admin, receiver, &["waitlist.joined"]).await;
        self.keep(secret);
        for path in
            ["/admin/waitlist?q=tourist-ana", "/admin/users?q=tourist", "/admin/audit?who=tourist", "/admin/mail"]
        {
            admin.get(path).await.has_status(200);
        }
        let list = b"email,role\ntourist-list@example.cl,employee\nTourist-Broken,employee\n".to_vec();
        admin.upload("/admin/waitlist/imports", &[("confirmation", "ask")], ("list", list)).await.has_status(303);
        admin.join("tourist-told@example.cl", "employee").await.redirects_to("/waitlist/joined");
    }

    #[track_caller]
    fn is_not_told_in(&self, text: &str) {
        for line in text.lines() {
            let told = self.secrets.iter().find(|secret| line.to_lowercase().contains(&secret.to_lowercase()));
            assert!(told.is_none(), "{told:?} is in {line}");
        }
    }

    /// What is said of a form that the database refuses, and of one that comes while it is away.
    async fn fail(&self, server: &Process) {
        self.site.database.execute("ALTER TABLE waitlist ADD CHECK (email <> 'tourist-fault@example.cl')");
        self.home.visitor().join("tourist-fault@example.cl", "employee").await.has_status(500);
        self.site.database.go_away();
        self.home.visitor().join("tourist-late@example.cl", "employee").await.has_status(503);
        self.home.visitor().log_in("tourist-eva@example.cl", WRONG).await.has_status(503);
        logs(server, "the database is unavailable").await;
        self.site.database.come_back();
    }
}

#[tokio::test]
async fn a_tour_of_everything_leaves_no_secret_and_no_address_in_log_and_metrics() {
    let (issuer, receiver, port) = (Issuer::start(), Receiver::start().await, Home::new().port.to_string());
    let (site, home, key) = (TestSite::start().await, Home::new(), KEY_BYTE.repeat(64));
    site.smtp.play(asks_for_password());
    let smtp = site.smtp.url().replace("smtp://", "smtp://tourist:relay-password@");
    let more = [
        [("LOG_FORMAT", "json"), ("LOG_LEVEL", "debug"), ("METRICS_LISTEN", &*port)],
        [("SECRET_KEY", &*key), ("SMTP_URL", &smtp), ("WEBHOOK_ALLOWED_HOSTS", "127.0.0.1")],
        [("OIDC_NAME", "Tour"), ("OIDC_ISSUER", &*issuer.url), ("OIDC_CLIENT_ID", "biovity")],
    ];
    // Two hosts that nobody answers at; libpq repeats what it cannot read of a URL.
    let standby = format!("postgresql://biovity:{STANDBY_PASSWORD}@127.0.0.1:9,127.0.0.1:1/x");
    let more = [more.as_flattened(), &[("OIDC_CLIENT_SECRET", CLIENT_SECRET), ("DATABASE_REPLICA_URL", &standby)]];
    let more = more.concat();
    let mut server = home.command_on(&site.database, &["serve"], &more);
    server.says("Biovity is at").await;
    let secrets = [ADDRESS, PASSWORD, WRONG, CLIENT_SECRET, STANDBY_PASSWORD, &key, "relay-password"];
    let secrets = secrets.map(str::to_owned).to_vec();
    let mut tour = Tour { site, home, secrets };
    tour.join().await;
    tour.refuse(&server).await;
    tour.sign_up().await;
    tour.provider(&issuer).await;
    tour.administer(&receiver).await;
    tour.fail(&server).await;
    let metrics = Visitor::new(&format!("http://127.0.0.1:{port}"), "en", "127.0.0.1");
    let metrics = metrics.get("/metrics").await.has_status(200).body;
    server.signal(Signal::SIGTERM);
    let ended = server.ended().await;
    for logged in ["a log-in failed", "violates check constraint", "the standby is of no use"] {
        assert!(ended.err.contains(logged), "{logged} is not in {}", ended.err);
    }
    for route in ["/waitlist/place", "/login/with/{id}/back", "/api/waitlist", "/login/code"] {
        assert!(metrics.contains(route) && ended.err.contains(route), "the tour came by {route}");
    }
    let told = [metrics, ended.err, ended.out].concat();
    tour.is_not_told_in(&told);
    let figure = format!("0 of {} secrets in {} lines", tour.secrets.len(), told.lines().count());
    report("no secret and no address in logs and metrics", "a tour of everything, at level debug", figure, "0");
}
