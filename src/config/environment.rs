//! Reading the environment, one variable at a time. Problems are collected, and reported at the end.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use ipnet::IpNet;
use lettre::Address;
use lettre::message::Mailbox;
use url::Host;

use super::variables::{VARIABLES, Variable};
use crate::values::database_url::DatabaseUrl;
use crate::values::secret_key::SecretKeys;
use crate::values::smtp_url::SmtpUrl;

/// Variables whose value no message repeats: a key, and addresses that may have a password in them.
const MAY_HOLD_A_SECRET: [&str; 6] =
    ["DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_REPLICA_URL", "BASE_URL", "SECRET_KEY", "SMTP_URL"];
/// How many connections to the database may be chosen.
const CONNECTIONS: RangeInclusive<u32> = 4..=100;
/// Characters of a wrong value that are shown.
const LONGEST_SHOWN: usize = 100;

/// Reads a variable of this process.
#[expect(clippy::disallowed_methods, reason = "one of the readers of the environment")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Variables of this process that look like ours and are none: a log-in whose variable is misspelled is simply not there.
#[expect(clippy::disallowed_methods, reason = "one of the readers of the environment")]
#[must_use]
pub fn unknown_variables() -> Vec<String> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter(|name| name.starts_with("OIDC_") && VARIABLES.iter().all(|known| known.name != name)).collect()
}

/// What is expected of a variable, and an example: two more lines of its problem.
pub(super) fn expectation(name: &str) -> String {
    let known = VARIABLES.iter().find(|variable| variable.name == name);
    let lines = |known: &Variable| format!("\n      expected: {}\n      example:  {}", known.about, known.example);
    known.map(lines).unwrap_or_default()
}

/// The variables, and the problems found so far.
pub(super) struct Environment<F> {
    lookup: F,
    pub(super) problems: Vec<String>,
}

impl<F: Fn(&str) -> Option<String>> Environment<F> {
    /// Reads variables through `lookup`; no problem is known yet.
    pub(super) fn new(lookup: F) -> Self {
        Self { lookup, problems: Vec::new() }
    }

    /// The value of a variable, unless it is unset or empty.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Adds the problem of a variable that is wrong: its value unless that may hold a secret, what is expected, and an example.
    fn refuse(&mut self, name: &str, value: &str) {
        let is_with_password = value.contains("://") && value.contains(['@', '?', '#']);
        let may_hold = is_with_password || name != "BASE_URL" && MAY_HOLD_A_SECRET.contains(&name);
        let shown = if may_hold {
            "has a value that is not valid (it is not shown, since it may hold a secret)".to_owned()
        } else {
            format!("is {:?}, which is not valid", value.chars().take(LONGEST_SHOWN).collect::<String>())
        };
        self.problems.push(format!("{name} {shown}{}", expectation(name)));
    }

    /// The value read by `read`; a wrong one becomes a problem.
    pub(super) fn read<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let value = self.value(name)?;
        let parsed = read(&value);
        if parsed.is_none() {
            self.refuse(name, &value);
        }
        parsed
    }

    /// The value in the form that its type reads.
    pub(super) fn parsed<T: FromStr>(&mut self, name: &str) -> Option<T> {
        self.read(name, |value| value.parse().ok())
    }

    /// An address with a port; a port alone is one of this machine, which no network reaches.
    pub(super) fn loopback_or_address(&mut self, name: &str) -> Option<SocketAddr> {
        let local = |value: &str| value.parse().ok().map(|port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        self.read(name, |value| value.parse().ok().or_else(|| local(value)))
    }

    /// One of a few words; the first is the default.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> T {
        let find =
            |value: &str| words.iter().find(|(word, _)| word.eq_ignore_ascii_case(value)).map(|(_, meaning)| *meaning);
        self.read(name, find).unwrap_or(words[0].1)
    }

    /// A variable that holds the address of a database. What libpq can never connect by is told here: later it would look like a
    /// database that is away.
    pub(super) fn database_url(&mut self, name: &str) -> Option<DatabaseUrl> {
        let url = self.read(name, DatabaseUrl::parse)?;
        if let Some(mismatch) = url.mismatch() {
            let hidden = "its value is not shown, since it may hold a secret";
            self.problems.push(format!("{name} {mismatch} ({hidden}){}", expectation(name)));
        }
        Some(url)
    }

    /// How many connections the process opens at most: fewer leave no request one of its own, and more than a server has.
    pub(super) fn connections(&mut self) -> u32 {
        let number = |value: &str| value.parse().ok().filter(|number| CONNECTIONS.contains(number));
        self.read("DB_CONNECTIONS", number).unwrap_or(10)
    }

    /// Whether statements are prepared by name; by default not over a pooler, which hands a connection to many clients.
    pub(super) fn statement_cache(&mut self, database: Option<&DatabaseUrl>) -> bool {
        let chosen = self.choice("DB_STATEMENT_CACHE", &[("auto", None), ("on", Some(true)), ("off", Some(false))]);
        chosen.unwrap_or_else(|| !database.is_some_and(DatabaseUrl::is_pooled))
    }

    /// The folder of everything that Biovity keeps on this machine.
    pub(super) fn data_dir(&mut self) -> PathBuf {
        let absolute = |value: &str| Some(PathBuf::from(value)).filter(|path| path.is_absolute());
        if let Some(chosen) = self.read("DATA_DIR", absolute) {
            return chosen;
        }
        if nix::unistd::geteuid().is_root() {
            return PathBuf::from("/var/lib/biovity");
        }
        let home = || self.value("HOME").map(|home| PathBuf::from(home).join(".local/share"));
        let data = self.value("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute()).or_else(home);
        if data.is_none() {
            let required = "DATA_DIR is required when neither XDG_DATA_HOME nor HOME is set";
            self.problems.push(format!("{required}{}", expectation("DATA_DIR")));
        }
        data.unwrap_or_default().join("biovity")
    }

    /// The keys, the current one first; nothing when they are to be generated.
    pub(super) fn secret_keys(&mut self) -> Option<SecretKeys> {
        self.read("SECRET_KEY", SecretKeys::parse)
    }

    /// The mail relay; nothing for the development mailbox.
    pub(super) fn smtp_url(&mut self) -> Option<SmtpUrl> {
        self.read("SMTP_URL", SmtpUrl::parse)
    }

    /// The sender of every mail.
    pub(super) fn mail_from(&mut self) -> Mailbox {
        let local = || Mailbox::new(Some("Biovity".to_owned()), Address::new_dangerous("no-reply", "localhost"));
        self.parsed("MAIL_FROM").unwrap_or_else(local)
    }

    /// The networks of the proxies that may name the client; an address alone is a network of one.
    pub(super) fn networks(&mut self) -> Vec<IpNet> {
        let network = |text: &str| text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        let all = |value: &str| value.split(',').map(|text| network(text.trim())).collect();
        self.read("TRUSTED_PROXIES", all).unwrap_or_default()
    }

    /// Names and addresses of hosts, without ports, as they stand in a URL.
    pub(super) fn hosts(&mut self, name: &str) -> Vec<String> {
        // No address has any other name, so that a pattern, or two names without a comma between them, would match nothing.
        let is_known = |c: char| c.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&c);
        let can_be_met = |host: &Host| !matches!(host, Host::Domain(name) if !name.chars().all(is_known));
        let host = |text: &str| Some(Host::parse(text.trim()).ok().filter(can_be_met)?.to_string());
        self.read(name, |value| value.split(',').map(host).collect()).unwrap_or_default()
    }

    /// The header in which those proxies name the client, in lower case.
    pub(super) fn header_name(&mut self) -> Option<String> {
        let name = |value: &str| {
            value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-').then(|| value.to_ascii_lowercase())
        };
        self.read("CLIENT_IP_HEADER", name)
    }

    /// What is logged, as a filter of `tracing`.
    pub(super) fn log_level(&mut self) -> String {
        // A single word is a level: as a filter, any other would be the name of a part that says nothing.
        let is_level = |value: &str| value.parse::<tracing_subscriber::filter::LevelFilter>().is_ok();
        let filter = |value: &str| {
            let is_one_word = value.chars().all(char::is_alphabetic);
            let is_valid =
                if is_one_word { is_level(value) } else { value.parse::<tracing_subscriber::EnvFilter>().is_ok() };
            is_valid.then(|| value.to_owned())
        };
        self.read("LOG_LEVEL", filter).unwrap_or_else(|| "info".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{Config, Problems};

    fn env<'a>(variables: &'a [(&str, &str)]) -> Environment<impl Fn(&str) -> Option<String> + 'a> {
        let of =
            move |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Environment::new(of)
    }

    #[test]
    fn a_pooler_turns_the_statement_cache_off() {
        let pooled = DatabaseUrl::parse("postgres://u@db:6543/x");
        assert!(!env(&[]).statement_cache(pooled.as_ref()));
        assert!(env(&[("DB_STATEMENT_CACHE", "on")]).statement_cache(pooled.as_ref()));
    }

    #[test]
    fn a_database_url_whose_ports_belong_to_no_host_is_a_problem_and_is_not_told() {
        for name in ["DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_REPLICA_URL"] {
            let variables = [(name, "postgres://u:hunter2@/x?host=A,B&port=1,2,3")];
            let mut env = env(&variables);
            assert!(env.database_url(name).is_some());
            let problem = env.problems.concat();
            let told =
                format!("{name} does not say which port belongs to which host (hosts: 2, ports: 3): give one port");
            assert!(env.problems.len() == 1 && problem.starts_with(&told), "{problem}");
            assert!(problem.contains("\n      expected: ") && problem.contains("\n      example:  postgresql://"));
            assert!(!problem.contains("hunter2") && !problem.contains("host=A"), "{problem}");
        }
    }

    #[test]
    fn allowed_hosts_are_names_and_addresses_that_can_be_met() {
        let typed = "hooks.internal, HOOKS_2.internal.,10.0.0.7 ,[::1], nandú.cl, 0x7f.1";
        let read = ["hooks.internal", "hooks_2.internal.", "10.0.0.7", "[::1]", "xn--nand-tra.cl", "127.0.0.1"];
        assert_eq!(env(&[("WEBHOOK_ALLOWED_HOSTS", typed)]).hosts("WEBHOOK_ALLOWED_HOSTS"), read);
        let wrong =
            "*.internal|hooks.internal;x|hooks.internal x|a.cl,,b.cl|http://a.cl|a.cl:80|10.0.0.0/8|::1|a'b.cl|a+b";
        for wrong in wrong.split('|') {
            let variables = [("WEBHOOK_ALLOWED_HOSTS", wrong)];
            let mut env = env(&variables);
            assert_eq!((env.hosts("WEBHOOK_ALLOWED_HOSTS").len(), env.problems.len()), (0, 1), "{wrong}");
        }
    }

    #[test]
    fn connections_are_ten_or_a_number_that_leaves_one_to_requests() {
        assert_eq!((env(&[]).connections(), env(&[("DB_CONNECTIONS", "8")]).connections()), (10, 8));
        for wrong in ["3", "101", "-1", "many"] {
            let variables = [("DB_CONNECTIONS", wrong)];
            let mut env = env(&variables);
            env.connections();
            assert_eq!(env.problems.len(), 1, "{wrong}");
        }
    }

    #[test]
    fn a_password_in_the_address_of_a_provider_is_not_told() {
        let variables = [("OIDC_ISSUER", "https://ana:hunter2@login.example.cl")];
        let mut env = env(&variables);
        assert_eq!(env.read("OIDC_ISSUER", |_| None::<()>), None);
        assert!(env.problems.len() == 1 && !env.problems[0].contains("hunter2"), "{:?}", env.problems);
    }

    #[test]
    fn half_of_the_proxy_settings_is_a_problem_and_one_that_is_wrong_is_one_problem() {
        for (half, problem) in [
            ([("TRUSTED_PROXIES", "10.0.0.1")].as_slice(), "CLIENT_IP_HEADER is missing beside TRUSTED_PROXIES"),
            (&[("TRUSTED_PROXIES", "nowhere"), ("CLIENT_IP_HEADER", "x-a")], "TRUSTED_PROXIES is "),
        ] {
            let read = |name: &str| env(half).value(name).or_else(|| (name == "HOME").then(|| "/home/ana".to_owned()));
            let Problems(problems) = Config::read(read).unwrap_err();
            assert!(problems.len() == 1 && problems[0].starts_with(problem), "{problems:?}");
            assert!(
                problems[0].contains("\n      expected: ") && problems[0].contains("\n      example:  "),
                "{problems:?}"
            );
        }
    }
}
