//! Every environment variable with its default: what `--help`, the README and `.env.example` say.

/// One environment variable.
#[derive(Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What holds when it is unset.
    pub default: &'static str,
    /// A value as it should look, shown when the given one is wrong.
    pub example: &'static str,
    /// What it is for.
    pub about: &'static str,
}

const fn variable(name: &'static str, default: &'static str, example: &'static str, about: &'static str) -> Variable {
    Variable { name, default, example, about }
}

/// The variables, in the order in which an operator meets them.
pub const VARIABLES: &[Variable] = &[
    variable(
        "DATABASE_URL",
        "a private PostgreSQL cluster in DATA_DIR",
        "postgresql://user:password@host:5432/biovity",
        "Any libpq URL, direct or through a pooler in transaction mode",
    ),
    variable(
        "DATABASE_DIRECT_URL",
        "DATABASE_URL",
        "postgresql://user:password@host:5432/biovity",
        "Any libpq URL: for migrations, when DATABASE_URL goes through a pooler",
    ),
    variable(
        "DATABASE_REPLICA_URL",
        "none",
        "postgresql://user:password@standby:5432/biovity",
        "The libpq URL of a streaming standby of DATABASE_URL: admins' lists, their export and the overview are read there \
         while it is at most ten seconds behind",
    ),
    variable(
        "DB_CONNECTIONS",
        "10",
        "8",
        "The most connections that the process opens to the database, from 4 to 100; to a standby, one less",
    ),
    variable(
        "DB_STATEMENT_CACHE",
        "auto",
        "auto, on or off",
        "auto, on or off: named prepared statements; auto turns them off for port 6543, a `pooler.` host and pgbouncer=true",
    ),
    variable(
        "DATA_DIR",
        "$XDG_DATA_HOME/biovity or ~/.local/share/biovity; /var/lib/biovity as root",
        "/var/lib/biovity",
        "An absolute path: holds the embedded cluster, the generated secret and the development mailbox",
    ),
    variable(
        "BIOVITY_PG_BIN",
        "found on the machine",
        "/usr/lib/postgresql/17/bin",
        "Folder of PostgreSQL's server programs, for the embedded cluster",
    ),
    variable(
        "LISTEN",
        "127.0.0.1:8080",
        "127.0.0.1:8080",
        "Address and port to listen on, a port alone being one of 127.0.0.1; or the path of a Unix socket, whose proxy counts \
         as 127.0.0.1; a socket that the service manager hands over (LISTEN_FDS) comes first",
    ),
    variable(
        "METRICS_LISTEN",
        "none",
        "127.0.0.1:9464",
        "Address and port of the metrics page for Prometheus, apart from the site; a port alone is one of 127.0.0.1",
    ),
    variable(
        "BASE_URL",
        "http://localhost:<port of LISTEN>",
        "https://biovity.cl",
        "Where visitors find the site: http or https, host and port, without a path; https means production and requires DATABASE_URL, SECRET_KEY, SMTP_URL and MAIL_FROM",
    ),
    variable(
        "SECRET_KEY",
        "generated and kept in DATA_DIR",
        "the output of `openssl rand -base64 64 | tr -d '\\n'`",
        "At least 64 bytes in base64 or hexadecimal; several, separated by commas, to rotate (the first one signs)",
    ),
    variable(
        "SMTP_URL",
        "development mailbox at /dev/mailbox",
        "smtps://user:password@host:465",
        "The mail relay: smtps://…:465, or smtp://…:587?tls=required",
    ),
    variable(
        "MAIL_FROM",
        "Biovity <no-reply@localhost>",
        "Biovity <no-reply@biovity.cl>",
        "Sender of every email: an address, with a name before it if you like",
    ),
    variable(
        "CONTACT_EMAIL",
        "the address of MAIL_FROM",
        "hola@biovity.cl",
        "An address, without a name: replies to emails go there, and the footer and the privacy page name it",
    ),
    variable(
        "TRUSTED_PROXIES",
        "none",
        "10.0.0.0/8, 192.0.2.7",
        "Networks of the proxies whose CLIENT_IP_HEADER is believed",
    ),
    variable(
        "CLIENT_IP_HEADER",
        "none",
        "x-forwarded-for",
        "The name of the one header in which those proxies name the client",
    ),
    variable(
        "WEBHOOK_ALLOWED_HOSTS",
        "none",
        "hooks.internal, 10.0.0.7",
        "Hosts that webhooks may reach although they are private or have no https: names or addresses, without scheme, port or *",
    ),
    variable(
        "OIDC_GOOGLE_CLIENT_ID",
        "none",
        "1234-abcd.apps.googleusercontent.com",
        "Log-in with Google: the client that you registered there; set together with its secret",
    ),
    variable("OIDC_GOOGLE_CLIENT_SECRET", "none", "GOCSPX-…", "The secret of that client"),
    variable(
        "OIDC_LINKEDIN_CLIENT_ID",
        "none",
        "78abcdefghijkl",
        "Log-in with LinkedIn: the app that you registered there; set together with its secret",
    ),
    variable("OIDC_LINKEDIN_CLIENT_SECRET", "none", "WPL_AP1.…", "The secret of that app"),
    variable(
        "OIDC_NAME",
        "none",
        "Our log-in",
        "Log-in with your own OpenID provider: its name on the pages, at most 40 characters; all four are set together",
    ),
    variable(
        "OIDC_ISSUER",
        "none",
        "https://login.example.cl/realms/biovity",
        "The issuer of that provider, as its discovery names it; https, or http on this machine while BASE_URL is http",
    ),
    variable("OIDC_CLIENT_ID", "none", "biovity", "The client that you registered there"),
    variable("OIDC_CLIENT_SECRET", "none", "the secret that it shows", "The secret of that client"),
    variable("RATE_LIMITS", "on", "on or off", "on; off only for load tests"),
    variable(
        "ADMIN_SECOND_FACTOR",
        "optional",
        "optional or required",
        "required: admins set up two-step verification before they see the admin pages; optional: each decides",
    ),
    variable("DEFAULT_LOCALE", "en", "es or en", "es or en: the language of a visitor whose browser asks for neither"),
    variable("LOG_FORMAT", "text", "text or json", "Log lines for people (text) or for machines (json)"),
    variable("LOG_LEVEL", "info", "info", "error, warn, info, debug, trace, or a filter such as info,biovity=debug"),
];
