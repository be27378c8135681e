//! `DATABASE_URL`: any libpq URL, direct or through a pooler, with several hosts or one.

use std::fmt;

use percent_encoding::percent_decode_str;

/// Seconds for a connection to each host, unless the operator set them. Of several hosts the first may be frozen while
/// another one leads: two seconds are the least that libpq takes, and are spent at each new connection.
const CONNECT_TIMEOUT: &str = "5";
const CONNECT_TIMEOUT_OF_SEVERAL: &str = "2";

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
        let timeout = if self.has_several_hosts() { CONNECT_TIMEOUT_OF_SEVERAL } else { CONNECT_TIMEOUT };
        for (name, value) in std::iter::once(("connect_timeout", timeout)).chain(DEFAULTS) {
            if !self.parameters().any(|p| p.split('=').next() == Some(name)) {
                parameters.push(format!("{name}={value}"));
            }
        }
        let address = self.0.split('?').next().unwrap_or_default();
        format!("{address}?{}", parameters.join("&"))
    }

    /// The same for each of its hosts but the first, alone. Unless the operator said which server is wanted, it has to take
    /// writes: a standby must not stand in for a leader that is only full.
    pub fn for_libpq_by_further_host(&self) -> impl Iterator<Item = String> {
        let lists = self.parameters().filter_map(|p| p.split_once('=')).filter(|(name, _)| LISTS.contains(name));
        let count = lists.map(|(_, list)| items(list).len()).chain([items(self.hosts()).len()]).max().unwrap_or(1);
        (1..count).map(move |number| self.of_host(number, count))
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

    fn parameters(&self) -> impl Iterator<Item = &str> {
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
mod tests {
    use super::*;

    fn url(text: &str) -> DatabaseUrl {
        DatabaseUrl::parse(text).unwrap()
    }

    #[test]
    fn poolers_are_recognized() {
        for text in [
            "postgres://u:p@aws-0-sa-east-1.pooler.supabase.com:6543/postgres",
            "postgresql://u@db:6543/x",
            "postgresql://u@bouncer/x?pgbouncer=true",
            "postgresql:///x?host=db&port=6543",
        ] {
            assert!(url(text).is_pooled(), "{text}");
        }
        assert!(!url("postgresql://pooler.:6543@db:5432/x").is_pooled());
        assert!(!url("postgresql:///biovity?host=%2Frun&user=biovity").is_pooled());
    }

    #[test]
    fn libpq_gets_what_it_knows() {
        let text =
            url("postgresql://a,b/x?pgbouncer=true&target_session_attrs=read-write&connect_timeout=2").for_libpq();
        assert!(
            text.starts_with("postgresql://a,b/x?target_session_attrs=read-write&connect_timeout=2&keepalives_idle=10")
        );
        assert_eq!(text.matches("connect_timeout").count(), 1);
    }

    #[test]
    fn each_further_host_is_named_alone_with_what_is_its_own() {
        let further = |text: &str| -> Vec<_> {
            let urls: Vec<_> = url(text).for_libpq_by_further_host().collect();
            assert!(urls.iter().all(|url| url.matches("target_session_attrs=").count() == 1), "{urls:?}");
            assert!(urls.iter().all(|url| url.contains("connect_timeout=2")), "{urls:?}");
            let own = |p: &&str| ["host=", "port=", "hostaddr="].iter().any(|name| p.starts_with(name));
            let short = |url: &String| {
                let (address, query) = url.split_once('?').unwrap();
                [address].into_iter().chain(query.split('&').filter(own)).collect::<Vec<_>>().join(" ")
            };
            urls.iter().map(short).collect()
        };
        assert_eq!(
            further("postgres://a,b:pw@a,b:2,c/x?options=a,b"),
            ["postgres://a,b:pw@b:2/x", "postgres://a,b:pw@c/x"]
        );
        assert_eq!(further("postgres://u@a,b/x?port=1,2"), ["postgres://u@b/x port=2"]);
        assert_eq!(further("postgres://u@a,b/x?port=1"), ["postgres://u@b/x port=1"]);
        assert_eq!(
            further("postgres://u@a,b/x?hostaddr=10.0.0.1%2C10.0.0.2&port=1%2c2"),
            ["postgres://u@b/x hostaddr=10.0.0.2 port=2"]
        );
        assert_eq!(further("postgres:///x?host=a,b"), ["postgres:///x host=b"]);
        assert_eq!(further("postgres://u@a,b/x?target_session_attrs=any"), ["postgres://u@b/x"]);
        for text in ["postgres://u@a", "postgres:///x?host=a", "postgres://"] {
            assert_eq!(url(text).for_libpq_by_further_host().count(), 0, "{text}");
        }
    }

    #[test]
    fn ports_are_those_of_the_hosts() {
        assert_eq!(url("postgres://u:p@a:1,[::1]:2/x").ports(), [1, 2]);
        assert_eq!(url("postgres:///x?host=a,b&port=3,4").ports(), [3, 4]);
        assert_eq!(url("postgres://u:p@a,b/x").ports(), [5432, 5432]);
        assert_eq!(url("postgres://u@a,b:6000/x").ports(), [5432, 6000]);
        assert_eq!(url("postgres:///x?host=a%2Cb&port=5432%2C5433").ports(), [5432, 5433]);
    }

    #[test]
    fn of_several_hosts_none_keeps_a_connection_waiting_for_long() {
        for text in ["postgres://u:p@a,b/x", "postgres://u@a:1,b:2/x?sslmode=require", "postgres:///x?host=a%2Cb"] {
            assert!(url(text).for_libpq().contains("connect_timeout=2&"), "{text}");
        }
        for text in ["postgres://u:p,q@a/x", "postgres:///x?host=db&application_name=a,b"] {
            assert!(url(text).for_libpq().contains("connect_timeout=5&"), "{text}");
        }
        assert!(url("postgres://a,b/x?connect_timeout=9").for_libpq().contains("connect_timeout=9&"));
    }

    #[test]
    fn any_host_serves_where_it_is_only_read() {
        let further = |url: DatabaseUrl| url.for_libpq_by_further_host().next().unwrap();
        assert!(further(url("postgres://a,b/x")).ends_with("target_session_attrs=read-write"));
        for text in ["postgres://a,b/x", "postgres:///x?host=a,b"] {
            let further = further(url(text).for_reading());
            assert!(further.contains("target_session_attrs=any") && !further.contains("read-write"), "{further}");
        }
        assert_eq!(
            url("postgres://a,b/x?target_session_attrs=standby").for_reading().0,
            "postgres://a,b/x?target_session_attrs=standby"
        );
    }

    #[test]
    fn no_piece_of_a_password_is_left_in_what_libpq_says() {
        let said =
            "invalid port: \"hun/ter\" hun ter pa%ss pa ss x y@z y%40z in \"postgres://u:hun/ter@db/x\" of u at db";
        for (text, left) in [
            (
                "postgres://u:hun/ter@db/x",
                "invalid port: \"…\" … … pa%ss pa ss x y@z y%40z in \"postgres://u:…@db/x\" of u at db",
            ),
            (
                "postgres://u@db/x?password=y%40z",
                "invalid port: \"hun/ter\" hun ter pa%ss pa ss x … … in \"postgres://u:hun/ter@db/x\" of u at db",
            ),
            ("postgres://u@db/x", said),
        ] {
            assert_eq!(url(text).without_secrets(said), left);
        }
    }

    #[test]
    fn the_password_never_prints() {
        assert_eq!(format!("{:?}", url("postgres://u:secret@db/x")), "DatabaseUrl(…)");
        assert!(DatabaseUrl::parse("mysql://db/x").is_none());
    }
}
