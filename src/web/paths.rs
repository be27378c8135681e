//! Every path of the site, used by routes, templates, mails and tests: no other place spells one.

use crate::values::secret_token::SecretToken;
use crate::values::site_path::SitePath;

/// What Biovity is, with the waitlist form.
pub const HOME: &str = "/";
/// Chooses the language.
pub const LANGUAGE: &str = "/language";
/// What we hold and why.
pub const PRIVACY: &str = "/privacy";
/// Where the static files are.
pub const STATIC_FOLDER: &str = "/static/";
/// One of them; `{name}` is a route's parameter.
pub const STATIC: &str = "/static/{name}";
/// The icon that browsers ask for unasked.
pub const FAVICON: &str = "/favicon.ico";
/// For crawlers.
pub const ROBOTS: &str = "/robots.txt";
/// For crawlers.
pub const SITEMAP: &str = "/sitemap.xml";
/// The process is alive.
pub const HEALTHZ: &str = "/healthz";
/// The process can serve.
pub const READYZ: &str = "/readyz";

/// Where only forms go: nobody can come back to them.
pub const FORMS_ONLY: [&str; 3] = [LANGUAGE, accounts::LOG_OUT, accounts::NOT_ME];

/// Paths of the waitlist.
pub mod waitlist {
    /// The form.
    pub const JOIN: &str = "/waitlist";
    /// The thank-you page.
    pub const JOINED: &str = "/waitlist/joined";
    /// The link that confirms a place.
    pub const CONFIRM: &str = "/waitlist/confirm";
    /// A person's own place.
    pub const PLACE: &str = "/waitlist/place";
    /// The form as JSON.
    pub const API: &str = "/api/waitlist";
}

/// Paths of accounts.
pub mod accounts {
    use super::{SitePath, form_urlencoded_pair};

    /// The choice between the two kinds of accounts.
    pub const SIGN_UP: &str = "/signup";
    /// Sign-up of people who look for work.
    pub const SIGN_UP_EMPLOYEE: &str = "/signup/employee";
    /// Sign-up of companies.
    pub const SIGN_UP_ORGANIZATION: &str = "/signup/organization";
    /// What to do after signing up.
    pub const CHECK_EMAIL: &str = "/signup/check-email";
    /// The link that verifies an address.
    pub const VERIFY_EMAIL: &str = "/verify-email";
    /// "It wasn't me": removes the unverified account.
    pub const NOT_ME: &str = "/verify-email/not-me";
    /// Asks for another verification mail.
    pub const RESEND: &str = "/verify-email/resend";
    /// Log in.
    pub const LOG_IN: &str = "/login";
    /// Log out.
    pub const LOG_OUT: &str = "/logout";
    /// The account of who is signed in.
    pub const ACCOUNT: &str = "/account";

    /// The log-in page that goes on to `next`.
    #[must_use]
    pub fn log_in_then(next: Option<&SitePath>) -> String {
        next.map_or_else(
            || LOG_IN.to_owned(),
            |next| format!("{LOG_IN}?{}", form_urlencoded_pair("next", next.as_str())),
        )
    }
}

/// Paths of the admin pages; every route below `/admin` refuses guests and plain users.
pub mod admin {
    /// The overview.
    pub const OVERVIEW: &str = "/admin";
    /// Who joined the waitlist.
    pub const WAITLIST: &str = "/admin/waitlist";

    /// A view of the list: its filter and its page, as pairs of parameter and value. Empty ones are left out.
    #[must_use]
    pub fn waitlist(view: &[(&str, &str)]) -> String {
        let given = view.iter().filter(|(_, value)| !value.is_empty());
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        if query.is_empty() { WAITLIST.to_owned() } else { format!("{WAITLIST}?{query}") }
    }
}

/// Paths of the mail room.
pub mod mail {
    /// The development mailbox; only without an SMTP server.
    pub const MAILBOX: &str = "/dev/mailbox";
    /// One mail of it.
    pub const MAILBOX_LETTER: &str = "/dev/mailbox/{id}";

    /// The page of one mail.
    #[must_use]
    pub fn mailbox_letter(id: &str) -> String {
        MAILBOX_LETTER.replace("{id}", id)
    }
}

/// A path with the token of a link.
#[must_use]
pub fn with_token(path: &str, token: &SecretToken) -> String {
    format!("{path}?token={}", token.reveal())
}

fn form_urlencoded_pair(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}
