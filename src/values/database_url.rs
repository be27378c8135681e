//! `DATABASE_URL`: any libpq URL, direct or through a pooler, with several hosts or one.

use std::fmt;
use std::time::Duration;

use percent_encoding::percent_decode_str;

/// Seconds for a connection to each host, unless the operator set them. Of several hosts the first may be frozen while
/// another one leads: two seconds are the least that libpq takes, and are spent at each new connection.
const CONNECT_TIMEOUT: u64 = 5;
const CONNECT_TIMEOUT_OF_SEVERAL: u64 = 2;

/// The port of a host without one.
const PORT: u16 = 5432;

/// Added for libpq unless the operator set them: a vanished host is noticed in seconds, not in the kernel's minutes.
const DEFAULTS: [(&str, &str); 5] = [
    ("keepalives_idle", "10"),
    ("keepalives_interval", "3"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "10000"),
    ("application_name", "biovity"),
];

/// The parameters that name one thing for each host.
const LISTS: [&str; 3] = ["host", "hostaddr", "port"];

/// A connection URL. It may hold a password, so it prints as `DatabaseUrl(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Reads a `postgres://` or `postgresql://` URL; libpq itself judges the rest.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let known = text.starts_with("postgres://") || text.starts_with("postgresql://");
        (known && !text.chars().any(char::is_control)).then(|| Self(text.to_owned()))
    }

    /// Whether the URL looks like a pooler in transaction mode, which keeps no named prepared statements and no
    /// session state: port 6543 (Supabase), a host named `pooler.`, or `pgbouncer=true`.
    #[must_use]
    pub fn is_pooled(&self) -> bool {
        let hosts = self.hosts();
        let on_pooler = hosts.split(',').any(|host| host.ends_with(":6543") || host.contains("pooler."));
        on_pooler || self.parameters().any(|p| p == "pgbouncer=true" || p == "port=6543")
    }

    /// The URL for libpq: without `pgbouncer`, which it refuses to know, and with our defaults.
    #[must_use]
    pub fn for_libpq(&self) -> String {
        let mut parameters: Vec<_> =
            self.parameters().filter(|p| !p.starts_with("pgbouncer=")).map(str::to_owned).collect();
        let timeout = self.connect_timeout().to_string();
        for (name, value) in std::iter::once(("connect_timeout", timeout.as_str())).chain(DEFAULTS) {
            if !self.parameters().any(|p| p.split('=').next() == Some(name)) {
                parameters.push(format!("{name}={value}"));
            }
        }
        let address = self.0.split('?').next().unwrap_or_default();
        format!("{address}?{}", parameters.join("&"))
    }

    /// The same for each of its hosts but the first, alone. The last comes first: libpq, which goes through them in their order,
    /// has asked those before it. Unless the operator said which server is wanted, it has to take writes: a standby must not
    /// stand in for a leader that is only full.
    pub fn for_libpq_by_further_host(&self) -> impl Iterator<Item = String> {
        let count = self.count();
        (1..count).rev().map(move |number| self.of_host(number, count))
    }

    /// How long all of its hosts may take together, when each of them keeps a connection waiting.
    #[must_use]
    pub fn patience(&self) -> Duration {
        let own = self.parameters().filter_map(|p| p.strip_prefix("connect_timeout=")?.parse().ok()).next_back();
        // libpq waits for two seconds at least, and takes none for no limit, for which ours stands here.
        let each = own.filter(|seconds| *seconds > 0).unwrap_or(self.connect_timeout()).max(2);
        Duration::from_secs(each).saturating_mul(u32::try_from(self.count()).unwrap_or(u32::MAX))
    }

    /// What libpq refuses to match: there is one port for all hosts, or one for each, and one address for each.
    #[must_use]
    pub fn mismatch(&self) -> Option<String> {
        let [names, addresses, ports] = LISTS.map(|list| self.of_each(list).len());
        let hosts = if addresses > 0 { addresses } else { names };
        if names > 0 && names != hosts {
            let counts = format!("host: {names}, hostaddr: {addresses}");
            Some(format!("does not say which address belongs to which host ({counts}): give one address for each"))
        } else if hosts > 0 && ports > 1 && ports != hosts {
            let counts = format!("hosts: {hosts}, ports: {ports}");
            Some(format!(
                "does not say which port belongs to which host ({counts}): give one port for all, or one for each"
            ))
        } else {
            None
        }
    }

    /// For reading: any of its hosts serves, unless the operator said which server is wanted.
    #[must_use]
    pub fn for_reading(self) -> Self {
        if self.parameters().any(|p| p.starts_with("target_session_attrs=")) {
            return self;
        }
        let joint = if self.0.contains('?') { '&' } else { '?' };
        Self(format!("{}{joint}target_session_attrs=any", self.0))
    }

    /// Its host of this number among so many, with the port and the address that are its own.
    fn of_host(&self, number: usize, count: usize) -> String {
        let own = |list: &str| {
            let items = items(list);
            if items.len() == count { items.get(number).cloned().unwrap_or_default() } else { list.to_owned() }
        };
        let whole = self.for_libpq();
        let (address, query) = whole.split_once('?').unwrap_or((&whole, ""));
        let end = address.find("://").map_or(0, |scheme| scheme + "://".len()) + self.authority().len();
        let mut address = address.to_owned();
        address.replace_range(end - self.hosts().len()..end, &own(self.hosts()));
        let mut parameters: Vec<_> = query
            .split('&')
            .map(|p| match p.split_once('=') {
                Some((name, list)) if LISTS.contains(&name) => format!("{name}={}", own(list)),
                _ => p.to_owned(),
            })
            .collect();
        if !parameters.iter().any(|p| p.starts_with("target_session_attrs=")) {
            parameters.push("target_session_attrs=read-write".to_owned());
        }
        format!("{address}?{}", parameters.join("&"))
    }

    /// The text without what may be part of a password: libpq repeats the piece of a URL that it cannot read.
    #[must_use]
    pub fn without_secrets(&self, text: &str) -> String {
        let after_scheme = self.0.split_once("://").map_or("", |(_, rest)| rest);
        // A password may hold any of the characters that end it, so everything up to the last `@` counts.
        let user = after_scheme.rsplit_once('@').map_or("", |(user, _)| user);
        let password = user.split_once(':').map_or("", |(_, password)| password);
        let parameters = self.parameters().filter_map(|p| p.split_once('='));
        let mut secrets: Vec<_> =
            parameters.filter(|(name, _)| name.contains("password")).map(|(_, value)| value).collect();
        secrets.extend(password.split([':', '/', '?', '#', '@', '&', '=']));
        secrets.push(password);
        let decoded: Vec<_> = secrets.iter().map(|it| percent_decode_str(it).decode_utf8_lossy()).collect();
        let mut secrets: Vec<_> = secrets.into_iter().chain(decoded.iter().map(AsRef::as_ref)).collect();
        secrets.retain(|secret| !secret.is_empty());
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }

    /// The ports of its hosts: one that is left out is libpq's own.
    #[must_use]
    pub fn ports(&self) -> Vec<u16> {
        let named = self.parameters().find_map(|p| p.strip_prefix("port="));
        if let Some(named) = named.map(|ports| percent_decode_str(ports).decode_utf8_lossy()) {
            return named.split(',').map(|port| port.parse().unwrap_or(PORT)).collect();
        }
        let of_host = |host: &str| host.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        self.hosts().split(',').map(|host| of_host(host).unwrap_or(PORT)).collect()
    }

    /// Whether libpq goes on to another host where one does not answer.
    #[must_use]
    pub fn has_several_hosts(&self) -> bool {
        let is_list = |text: &str| text.contains(',') || text.contains("%2C") || text.contains("%2c");
        let names_hosts = |p: &&str| p.starts_with("host=") || p.starts_with("hostaddr=");
        is_list(self.hosts()) || self.parameters().filter(names_hosts).any(is_list)
    }

    /// How many hosts it names.
    fn count(&self) -> usize {
        let lists = self.parameters().filter_map(|p| p.split_once('=')).filter(|(name, _)| LISTS.contains(name));
        lists.map(|(_, list)| items(list).len()).chain([items(self.hosts()).len()]).max().unwrap_or(1)
    }

    fn connect_timeout(&self) -> u64 {
        if self.has_several_hosts() { CONNECT_TIMEOUT_OF_SEVERAL } else { CONNECT_TIMEOUT }
    }

    /// What it names of each host under this name; nothing where it leaves that to libpq. A parameter stands for what is before
    /// the `?`, as libpq has it.
    fn of_each(&self, name: &str) -> Vec<String> {
        let own = self.parameters().filter_map(|p| p.split_once('=')).rfind(|(known, _)| *known == name);
        let list = match (own, name) {
            (Some((_, list)), _) => list.to_owned(),
            (None, "host") => self.hosts().to_owned(),
            (None, "port") => {
                let port = |host: &str| host.rsplit_once(':').map_or("", |(_, port)| port).to_owned();
                self.hosts().split(',').map(port).collect::<Vec<_>>().join(",")
            }
            (None, _) => String::new(),
        };
        if list.is_empty() { Vec::new() } else { items(&list) }
    }

    fn parameters(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split_once('?').map_or("", |(_, query)| query).split('&').filter(|p| !p.is_empty())
    }

    /// `host:port,host:port`, without user and password.
    fn hosts(&self) -> &str {
        let authority = self.authority();
        authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts)
    }

    fn authority(&self) -> &str {
        let after_scheme = self.0.split_once("://").map_or("", |(_, rest)| rest);
        after_scheme.split(['/', '?']).next().unwrap_or_default()
    }
}

/// What stands between the commas, which may be encoded in a parameter.
fn items(list: &str) -> Vec<String> {
    list.replace("%2C", ",").replace("%2c", ",").split(',').map(str::to_owned).collect()
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

#[cfg(test)]
mod tests;
