//! The settings: everything an operator can set, its defaults, and what production requires.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use lettre::Address;
use lettre::message::Mailbox;

use super::environment::{self, Environment};
use super::listen_address::ListenAddress;
use super::provider_settings::ProviderSettings;
use crate::values::base_url::BaseUrl;
use crate::values::database_url::DatabaseUrl;
use crate::values::locale::Locale;
use crate::values::secret_key::SecretKeys;
use crate::values::smtp_url::SmtpUrl;

/// Everything an operator can set, in its final type.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the data lives; none means the embedded cluster.
    pub database: Option<DatabaseUrl>,
    /// Where migrations run, when `database` goes through a pooler.
    pub database_direct: Option<DatabaseUrl>,
    /// A standby that lists may be read from.
    pub database_replica: Option<DatabaseUrl>,
    /// How many connections to the database the process opens at most.
    pub connections: u32,
    /// Whether connections keep named prepared statements.
    pub statement_cache: bool,
    /// Folder of the embedded cluster, the generated secret and the development mailbox.
    pub data_dir: PathBuf,
    /// Folder of PostgreSQL's programs, for machines that keep them elsewhere.
    pub pg_bin: Option<PathBuf>,
    /// Where the server waits for connections.
    pub listen: ListenAddress,
    /// Where the operator reads the metrics, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
    /// Where visitors find the site; links in mails start with it.
    pub base_url: BaseUrl,
    /// Keys of cookies and links; none means generated and kept in `data_dir`.
    pub secret_keys: Option<SecretKeys>,
    /// The mail relay; none means the development mailbox.
    pub smtp_url: Option<SmtpUrl>,
    /// Sender of every mail.
    pub mail_from: Mailbox,
    /// Who answers people, if it is not the sender.
    pub contact_email: Option<Address>,
    /// Networks whose `client_ip_header` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The one header in which those proxies name the client.
    pub client_ip_header: Option<String>,
    /// Hosts that webhooks may reach although they are private or have no https, in lower case.
    pub webhook_allowed_hosts: Vec<String>,
    /// The providers that people may log in with, beside their password.
    pub providers: Vec<ProviderSettings>,
    /// Off only for load tests.
    pub rate_limits: bool,
    /// Whether nothing of the admin pages is shown to an admin without a second factor.
    pub admins_need_second_factor: bool,
    /// Language of a visitor who asks for none of ours.
    pub default_locale: Locale,
    /// Lines for people or JSON for machines.
    pub log_format: LogFormat,
    /// A level, or a filter such as `info,biovity=debug`.
    pub log_level: String,
}

/// The port unless another one is chosen.
const PORT: u16 = 8080;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything wrong with the environment, one sentence each; never the value of a secret.
#[derive(Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has problems:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))?;
        write!(f, "\n`biovity --help` lists every variable")
    }
}

impl std::error::Error for Problems {}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// Lists every problem at once.
    pub fn from_env() -> Result<Self, Problems> {
        Self::read(environment::variable)
    }

    /// Reads the variables that `lookup` gives; an empty one counts as unset.
    ///
    /// # Errors
    /// Lists every problem at once.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Problems> {
        let mut env = Environment::new(lookup);
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
        let listen = env.parsed("LISTEN").unwrap_or(ListenAddress::Tcp(local));
        let base_url = env.parsed("BASE_URL").unwrap_or_else(|| BaseUrl::local(listen.port().unwrap_or(PORT)));
        let database = env.database_url("DATABASE_URL");
        env.all_or_none(&["TRUSTED_PROXIES", "CLIENT_IP_HEADER"]);
        let config = Self {
            database_direct: env.database_url("DATABASE_DIRECT_URL").or_else(|| database.clone()),
            database_replica: env.database_url("DATABASE_REPLICA_URL").map(DatabaseUrl::for_reading),
            connections: env.connections(),
            statement_cache: env.statement_cache(database.as_ref()),
            data_dir: env.data_dir(),
            pg_bin: env.value("BIOVITY_PG_BIN").map(PathBuf::from),
            secret_keys: env.secret_keys(),
            smtp_url: env.smtp_url(),
            mail_from: env.mail_from(),
            contact_email: env.parsed("CONTACT_EMAIL"),
            trusted_proxies: env.networks(),
            client_ip_header: env.header_name(),
            metrics_listen: env.loopback_or_address("METRICS_LISTEN"),
            webhook_allowed_hosts: env.hosts("WEBHOOK_ALLOWED_HOSTS"),
            providers: env.providers(base_url.is_https()),
            rate_limits: env.choice("RATE_LIMITS", &[("on", true), ("off", false)]),
            admins_need_second_factor: env.choice("ADMIN_SECOND_FACTOR", &[("optional", false), ("required", true)]),
            default_locale: env.choice("DEFAULT_LOCALE", &[("en", Locale::En), ("es", Locale::Es)]),
            log_format: env.choice("LOG_FORMAT", &[("text", LogFormat::Text), ("json", LogFormat::Json)]),
            log_level: env.log_level(),
            listen,
            base_url,
            database,
        };
        let (missing, contradictory) = (config.missing_in_production(&env), config.contradictions());
        let mut problems = env.problems;
        problems.extend(missing.into_iter().chain(contradictory));
        if problems.is_empty() { Ok(config) } else { Err(Problems(problems)) }
    }

    /// What may be generated on one machine must be given in production: replicas share it, and it must outlive a disk.
    fn missing_in_production(&self, env: &Environment<impl Fn(&str) -> Option<String>>) -> Vec<String> {
        if !self.is_production() {
            return Vec::new();
        }
        let required = ["DATABASE_URL", "SECRET_KEY", "SMTP_URL", "MAIL_FROM"].into_iter();
        let missing = required.filter(|name| env.value(name).is_none());
        let problem = |name| format!("{name} is required when BASE_URL is https{}", environment::expectation(name));
        missing.map(problem).collect()
    }

    fn contradictions(&self) -> Vec<String> {
        let relay = |is_so: fn(&SmtpUrl) -> bool| self.smtp_url.as_ref().is_some_and(is_so);
        let clear = "SMTP_URL would send its password in clear; use smtps:// or add ?tls=required";
        let half = "SMTP_URL names a user without a password, or a password without a user; give both or neither";
        let alone = "DATABASE_URL is required when DATABASE_REPLICA_URL, its standby, is set";
        let contradictions = [
            (self.is_production() && relay(SmtpUrl::exposes_password), clear, "SMTP_URL"),
            (relay(SmtpUrl::lacks_half_of_login), half, "SMTP_URL"),
            (self.database_replica.is_some() && self.database.is_none(), alone, "DATABASE_URL"),
        ];
        let told = contradictions.into_iter().filter(|(holds, ..)| *holds);
        told.map(|(_, problem, name)| format!("{problem}{}", environment::expectation(name))).collect()
    }

    /// Who answers people; nobody when it is an address that says that it takes no answers.
    #[must_use]
    pub fn contact(&self) -> Option<&Address> {
        let address = self.contact_email.as_ref().unwrap_or(&self.mail_from.email);
        // Every page asks.
        let letters = || address.user().bytes().filter(|byte| !b"-_.".contains(byte));
        let begins = |name: &str| letters().take(name.len()).map(|byte| byte.to_ascii_lowercase()).eq(name.bytes());
        let answers_nobody = ["noreply", "donotreply"].into_iter().any(begins);
        (!answers_nobody).then_some(address)
    }

    /// Whether visitors come by https: cookies are `Secure`, hosts are checked, nothing is generated.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.base_url.is_https()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, Problems> {
        let all = || variables.iter().chain(&[("HOME", "/home/ana")]);
        Config::read(|name| all().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let config = read(&[("HOME", "/home/ana"), ("LISTEN", "127.0.0.1:9000"), ("SMTP_URL", " ")]).unwrap();
        assert_eq!(config.base_url.origin(), "http://localhost:9000");
        assert!(config.database.is_none() && config.smtp_url.is_none() && config.rate_limits && config.statement_cache);
    }

    #[test]
    fn every_problem_is_told_at_once_and_no_secret() {
        let Problems(problems) = read(&[
            ("MAIL_FROM", "nobody"),
            ("SMTP_URL", "smtp://u:hunter2@relay?tls=maybe"),
            ("LISTEN", "localhost"),
            ("SECRET_KEY", "hunter2"),
            ("DATABASE_URL", "mysql://root:hunter2@db/x"),
            ("DATABASE_REPLICA_URL", "mysql://root:hunter2@standby/x"),
            ("DATA_DIR", "data"),
            ("RATE_LIMITS", "maybe"),
            ("TRUSTED_PROXIES", "10.0.0.0/8"),
            ("BASE_URL", "https://biovity.cl/app"),
            ("LOG_LEVEL", "verbose"),
        ])
        .unwrap_err();
        assert_eq!(problems.len(), 11, "{problems:?}");
        assert!(problems.concat().contains("BASE_URL is \"https://biovity.cl/app\""), "{problems:?}");
        assert!(problems.iter().all(|problem| !problem.contains("hunter2")));
    }

    fn tell_an_example(problems: &[String]) {
        let told = |it: &String| it.contains("\n      expected: ") && it.contains("\n      example:  ");
        assert!(problems.iter().all(told) && !problems.concat().contains("hunter2"), "{problems:?}");
    }

    #[test]
    fn a_mail_user_without_a_password_is_a_problem() {
        for url in ["smtp://u@relay", "smtps://u:@relay", "smtp://:hunter2@relay"] {
            let Problems(problems) = read(&[("SMTP_URL", url)]).unwrap_err();
            assert!(problems.len() == 1 && problems[0].contains("without a password"), "{problems:?}");
            tell_an_example(&problems);
        }
        assert!(read(&[("SMTP_URL", "smtp://u:p@relay")]).is_ok() && read(&[("SMTP_URL", "smtp://relay")]).is_ok());
    }

    #[test]
    fn half_of_a_provider_is_a_problem_and_its_secret_is_not_told() {
        for (half, missing) in [
            ([("OIDC_GOOGLE_CLIENT_SECRET", "hunter2")].as_slice(), ["OIDC_GOOGLE_CLIENT_ID"].as_slice()),
            (&[("OIDC_LINKEDIN_CLIENT_ID", "x")], &["OIDC_LINKEDIN_CLIENT_SECRET"]),
            (&[("OIDC_CLIENT_SECRET", "hunter2"), ("OIDC_NAME", "Our log-in")], &["OIDC_ISSUER", "OIDC_CLIENT_ID"]),
        ] {
            let Problems(problems) = read(half).unwrap_err();
            let names = problems.iter().map(|it| it.split(' ').next().unwrap());
            assert!(names.eq(missing.iter().copied()), "{problems:?}");
            tell_an_example(&problems);
        }
        let own = |issuer, base| {
            let own = [("OIDC_NAME", "Our log-in"), ("OIDC_CLIENT_ID", "x"), ("OIDC_CLIENT_SECRET", "hunter2")];
            let others = [("OIDC_ISSUER", issuer), ("BASE_URL", base)];
            read(&[own.as_slice(), others.as_slice()].concat())
        };
        for issuer in ["http://127.0.0.1:9000", "http://localhost:9000/realm", "https://login.example.cl"] {
            let config = own(issuer, "http://localhost:8080").unwrap();
            assert_eq!((config.providers[0].name, config.providers[0].issuers[0].as_str()), ("oidc", issuer));
            assert!(!format!("{config:?}").contains("hunter2"));
        }
        for issuer in ["http://login.example.cl", "login", "https://u:p@login.example.cl", "https://x.cl/?a=b"] {
            let Problems(problems) = own(issuer, "http://localhost:8080").unwrap_err();
            assert!(problems[0].starts_with("OIDC_ISSUER"), "{problems:?}");
        }
        let Problems(problems) = own("http://127.0.0.1:9000", "https://biovity.cl").unwrap_err();
        assert!(problems.iter().any(|problem| problem.starts_with("OIDC_ISSUER")), "{problems:?}");
    }

    #[test]
    fn production_generates_nothing() {
        let Problems(problems) = read(&[("BASE_URL", "https://biovity.cl")]).unwrap_err();
        let named = ["DATABASE_URL", "SECRET_KEY", "SMTP_URL", "MAIL_FROM"]
            .map(|name| problems.iter().any(|p| p.starts_with(name)));
        assert_eq!(named, [true; 4]);
    }

    #[test]
    fn people_are_answered_by_the_contact_or_the_sender_unless_it_takes_no_answers() {
        let contact = |variables: &[(&str, &str)]| read(variables).unwrap().contact().map(ToString::to_string);
        assert_eq!(contact(&[]), None);
        assert_eq!(contact(&[("MAIL_FROM", "Biovity <No_Reply@biovity.cl>")]), None);
        assert_eq!(contact(&[("MAIL_FROM", "hola@biovity.cl")]).as_deref(), Some("hola@biovity.cl"));
        assert_eq!(contact(&[("CONTACT_EMAIL", "ayuda@biovity.cl")]).as_deref(), Some("ayuda@biovity.cl"));
        assert!(read(&[("CONTACT_EMAIL", "ayuda")]).is_err());
    }

    #[test]
    fn a_standby_needs_a_database_and_its_password_does_not_print() {
        let replica = ("DATABASE_REPLICA_URL", "postgres://u:hunter2@standby/x");
        let Problems(problems) = read(&[replica]).unwrap_err();
        assert!(problems.len() == 1 && problems[0].starts_with("DATABASE_URL is required"), "{problems:?}");
        tell_an_example(&problems);
        let config = read(&[replica, ("DATABASE_URL", "postgres://u:hunter2@db/x")]).unwrap();
        assert!(config.database_replica.is_some() && !format!("{config:?}").contains("hunter2"));
    }
}
