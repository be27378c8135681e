//! The whole application on a port of its own, with its own database and mail relay.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use biovity::accounts::directory::admin::{self, Made, NewAdmin};
use biovity::accounts::user::password::Password;
use biovity::config::Config;
use biovity::db::{Health, Memory};
use biovity::mail::delivery::worker::Worker;
use biovity::mail::mail_context::MailContext;
use biovity::server::{self, Listener, Running};
use biovity::values::clock::Clock;
use biovity::values::email_address::EmailAddress;
use biovity::web::App;
use chrono::TimeDelta;
use diesel::Connection;

use super::database::TestDatabase;
use super::smtp::{Mail, SmtpServer};
use super::visitor::Visitor;
use super::{PASSWORD, statements};

/// A running site. Its clock is moved by `site.app.clock.advance(…)`.
pub struct TestSite {
    pub app: App,
    pub smtp: SmtpServer,
    pub database: Arc<TestDatabase>,
    pub base_url: String,
    worker: Worker,
    running: Option<Running>,
    _data_dir: tempfile::TempDir,
}

impl TestSite {
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With these variables besides those of every test.
    pub async fn with(variables: &[(&str, &str)]) -> Self {
        Self::on(TestDatabase::migrated(), variables).await
    }

    /// One whose statements are recorded.
    pub async fn recorded(variables: &[(&str, &str)]) -> Self {
        let database = TestDatabase::migrated();
        statements::record(database.name());
        Self::on(database, variables).await
    }

    /// One on which people log in with this provider: as `oidc`, and as `google` with what is particular to Google.
    pub async fn with_provider(issuer: &str) -> Self {
        Self::with_provider_on(TestDatabase::migrated(), issuer, &[]).await
    }

    /// The same, whose statements are recorded, with these variables besides.
    pub async fn recorded_with_provider(issuer: &str, more: &[(&str, &str)]) -> Self {
        let database = TestDatabase::migrated();
        statements::record(database.name());
        Self::with_provider_on(database, issuer, more).await
    }

    /// The same on this database, which several sites may share.
    pub async fn with_provider_on(database: impl Into<Arc<TestDatabase>>, issuer: &str, more: &[(&str, &str)]) -> Self {
        let own = [("OIDC_NAME", "Our log-in"), ("OIDC_CLIENT_ID", "biovity"), ("OIDC_CLIENT_SECRET", "hidden")];
        let google = [("OIDC_GOOGLE_CLIENT_ID", "biovity"), ("OIDC_GOOGLE_CLIENT_SECRET", "hidden")];
        let linkedin = [("OIDC_LINKEDIN_CLIENT_ID", "biovity"), ("OIDC_LINKEDIN_CLIENT_SECRET", "hidden")];
        let variables = [own.as_slice(), &google, &linkedin, &[("OIDC_ISSUER", issuer)], more].concat();
        let adjust = |config: &mut Config| {
            for provider in &mut config.providers {
                issuer.clone_into(&mut provider.issuers[0]);
            }
        };
        Self::adjusted(database.into(), &variables, adjust).await
    }

    /// On this database, which several sites may share.
    pub async fn on(database: impl Into<Arc<TestDatabase>>, variables: &[(&str, &str)]) -> Self {
        Self::adjusted(database.into(), variables, |_| {}).await
    }

    async fn adjusted(
        database: Arc<TestDatabase>,
        variables: &[(&str, &str)],
        adjust: impl FnOnce(&mut Config),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let smtp = SmtpServer::start().await;
        let data_dir = tempfile::tempdir().unwrap();
        let defaults = [
            ("DATABASE_URL", database.text()),
            ("BASE_URL", base_url.clone()),
            ("SMTP_URL", smtp.url()),
            ("SECRET_KEY", "5e".repeat(64)),
            ("MAIL_FROM", "Biovity <no-reply@biovity.test>".to_owned()),
            ("WEBHOOK_ALLOWED_HOSTS", "127.0.0.1".to_owned()),
            ("DATA_DIR", data_dir.path().to_str().unwrap().to_owned()),
        ];
        let config = Config::read(|name| {
            let set = variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            set.or_else(|| defaults.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()))
        });
        let mut config = config.unwrap();
        adjust(&mut config);
        let keys = config.secret_keys.clone().unwrap();
        let url = config.database.clone().unwrap();
        let app = server::assemble(config, url, keys, Clock::default());
        let running = Running::start(&app, Listener::Tcp(listener), 1).unwrap();
        let worker = server::worker(&app).unwrap();
        let site = Self { app, smtp, database, base_url, worker, running: Some(running), _data_dir: data_dir };
        site.settle().await;
        site
    }

    /// Waits until the database has been looked at and changes have been heard of, if it has them.
    pub async fn settle(&self) {
        for _ in 0..500 {
            let health = self.app.db.health();
            if health == Health::LacksMigrations
                || health == Health::Ready && self.app.viewer_cache.polled_at().is_some()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Moves the clock, and waits until the site has asked for changes by the new time.
    pub async fn later(&self, by: TimeDelta) {
        let before = self.app.viewer_cache.polled_at();
        self.app.clock.advance(by);
        while self.app.viewer_cache.polled_at().is_none_or(|at| before.is_some_and(|before| at < before + by)) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Somebody with a browser of their own, whose language is English.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(&self.base_url, "en", "127.0.0.1")
    }

    /// The same in Spanish.
    pub fn spanish_visitor(&self) -> Visitor {
        Visitor::new(&self.base_url, "es-CL,es;q=0.9", "127.0.0.1")
    }

    /// Somebody at another address of the loopback network.
    pub fn visitor_from(&self, address: &str) -> Visitor {
        Visitor::new(&self.base_url, "en", address)
    }

    /// Sends what the outbox holds.
    pub async fn deliver_mail(&self) {
        while self.worker.round().await.unwrap() > 0 {}
    }

    /// One round of the worker.
    pub async fn deliver_once(&self) -> usize {
        self.worker.round().await.unwrap()
    }

    /// Makes the deliveries of the places that joined, and sends none.
    pub fn make_join_deliveries(&self) {
        self.database.execute("SELECT webhook_deliver_joins(1000000)");
    }

    /// Tells the endpoints of webhooks what is due.
    pub async fn deliver_webhooks(&self) {
        while server::webhook_worker(&self.app).round().await.unwrap() > 0 {}
    }

    /// The mails that arrived for an address, oldest first.
    pub async fn mails(&self, address: &str) -> Vec<Mail> {
        self.deliver_mail().await;
        let mut mails: Vec<_> = self.smtp.mails().into_iter().filter(|mail| mail.to == address).collect();
        // Those that are due together arrive in any order; their ids tell which was written first.
        mails.sort_by(|one, other| one.message_id.cmp(&other.message_id));
        mails
    }

    /// The newest mail for an address.
    pub async fn mail(&self, address: &str) -> Mail {
        self.mails(address).await.pop().unwrap_or_else(|| panic!("no mail for {address}"))
    }

    /// Somebody who signed up, verified the address and is signed in.
    pub async fn employee(&self, email: &str) -> Visitor {
        let visitor = self.visitor();
        visitor.sign_up("employee", email).await.redirects_to("/signup/check-email");
        let link = self.mail(email).await.link();
        visitor.press(&link).await.redirects_to("/account");
        visitor
    }

    /// An organization that signed up, verified the address and is signed in.
    pub async fn organization(&self, email: &str) -> Visitor {
        let visitor = self.visitor();
        visitor.sign_up("organization", email).await.redirects_to("/signup/check-email");
        visitor.press(&self.mail(email).await.link()).await.redirects_to("/account");
        visitor
    }

    /// Makes an account an admin's, as the command line does.
    pub fn make_admin(&self, email: &str, password: &str) -> Made {
        let password = Password::typed(password).hash(&mut Memory::new()).unwrap();
        let new = NewAdmin { email: EmailAddress::parse(email).unwrap(), password };
        let mail = MailContext { locale: self.app.config.default_locale, keys: self.app.keys.clone() };
        let now = self.app.clock.now();
        server::connect(&self.database.url())
            .unwrap()
            .transaction(|conn| admin::create(conn, now, &new, &mail))
            .unwrap()
    }

    /// An admin who is signed in, made as the command line makes one.
    pub async fn admin(&self, email: &str) -> Visitor {
        self.make_admin(email, PASSWORD);
        let visitor = self.visitor();
        visitor.log_in(email, PASSWORD).await.redirects_to("/admin");
        visitor
    }

    /// A key of the API with this access, as the page shows it to the admin who makes it.
    pub async fn key(&self, admin: &Visitor, access: &str) -> String {
        let form = [("name", "CRM"), ("access", access), ("lifetime", "30")];
        let made = admin.post("/admin/keys", &form).await.has_status(303);
        admin.get(made.header("location")).await.has_status(200).texts("#key").remove(0)
    }

    /// Waits until the lines of all lists that were sent are staged: their forms are answered before.
    pub async fn lists_are_staged(&self) {
        while self.database.values("count(*)", "waitlist_import WHERE state = 'reading'") != ["0"] {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Stops as the process would.
    pub async fn stop(mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }
}
