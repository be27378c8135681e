//! Every path of the site, used by routes, templates, mails and tests: no other place spells one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::values::site_path::SitePath;

/// Begins an id that could not stand in a path as it is.
const ENCODED: char = '~';

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
/// Where the pictures of people are.
pub const AVATAR_FOLDER: &str = "/avatar/";
/// The icon that browsers ask for unasked.
pub const FAVICON: &str = "/favicon.ico";
/// For crawlers.
pub const ROBOTS: &str = "/robots.txt";
/// For crawlers.
pub const SITEMAP: &str = "/sitemap.xml";
/// Where password managers look for the page that changes a password (W3C "A Well-Known URL for Changing Passwords").
pub const WELL_KNOWN_PASSWORD: &str = "/.well-known/change-password";
/// The process is alive.
pub const HEALTHZ: &str = "/healthz";
/// The process can serve.
pub const READYZ: &str = "/readyz";

/// Where only forms go: nobody can come back to them.
pub const FORMS_ONLY: &[&str] = &[
    LANGUAGE,
    waitlist::LEAVE,
    waitlist::ERASE,
    accounts::LOG_OUT,
    accounts::NOT_ME,
    accounts::END_SESSION,
    accounts::END_OTHERS,
    accounts::EMAIL_CANCEL,
    accounts::LEAVE,
    accounts::REMOVE_AVATAR,
    organization::DEACTIVATE,
    organization::REACTIVATE,
    organization::RELEASE,
    organization::REVOKE,
    admin::WAVE_PAUSE,
    admin::WAVE_RESUME,
    admin::DELETION_UNDO,
    admin::USER_DEACTIVATE,
    admin::USER_REACTIVATE,
    admin::USER_END_SESSIONS,
    admin::USER_RESEND,
    admin::USER_RESET,
    admin::IMPORT_START,
    admin::IMPORT_CANCEL,
    admin::IMPORT_UNDO,
    admin::MAIL_PAUSE,
    admin::MAIL_RESUME,
    admin::MAIL_RETRY,
    admin::MAIL_CANCEL,
];

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
    /// Leaves the waitlist.
    pub const LEAVE: &str = "/waitlist/leave";
    /// What is held about a place, as a file.
    pub const DOWNLOAD: &str = "/waitlist/place.json";
    /// Erases what is held about it.
    pub const ERASE: &str = "/waitlist/erase";
    /// Stops mail about it, with one click (RFC 8058).
    pub const UNSUBSCRIBE: &str = "/waitlist/unsubscribe";
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
    /// Sign-up by the invitation of somebody on the waitlist.
    pub const SIGN_UP_INVITED: &str = "/signup/invited";
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
    /// Asks for the link that sets a new password.
    pub const FORGOT: &str = "/password/forgot";
    /// What to do after asking for it.
    pub const FORGOT_SENT: &str = "/password/forgot/sent";
    /// The link that sets a new password.
    pub const RESET: &str = "/password/reset";
    /// Asks for the password again before a sensitive page.
    pub const REAUTH: &str = "/reauth";
    /// The account of who is signed in: the profile.
    pub const ACCOUNT: &str = "/account";
    /// Where the pictures are; `{id}` changes with each upload.
    pub const AVATAR: &str = "/avatar/{id}";
    /// Goes back to the generated picture.
    pub const REMOVE_AVATAR: &str = "/account/avatar/remove";
    /// Changes the password.
    pub const PASSWORD: &str = "/account/password";
    /// The link of a notice: ends every session and starts a reset.
    pub const SECURE: &str = "/account/secure";
    /// Changes the address.
    pub const EMAIL: &str = "/account/email";
    /// Lets a change of the address wait no longer.
    pub const EMAIL_CANCEL: &str = "/account/email/cancel";
    /// The link that makes a new address the account's.
    pub const EMAIL_CONFIRM: &str = "/account/email/confirm";
    /// The link that gives an account its former address back.
    pub const EMAIL_UNDO: &str = "/account/email/undo";
    /// Where somebody is signed in.
    pub const SESSIONS: &str = "/account/sessions";
    /// Ends one of the sessions.
    pub const END_SESSION: &str = "/account/sessions/{id}/end";
    /// Ends every session but this one.
    pub const END_OTHERS: &str = "/account/sessions/end-others";
    /// What happened to the account.
    pub const ACTIVITY: &str = "/account/activity";
    /// Everything that is held about the account.
    pub const EXPORT: &str = "/account/export";
    /// Deletes the account, after a grace.
    pub const DELETE: &str = "/account/delete";
    /// The link that keeps an account which was to be deleted.
    pub const CANCEL_DELETE: &str = "/account/delete/cancel";
    /// Who manages the account.
    pub const MANAGED_BY: &str = "/account/organization";
    /// Leaves the organization that manages the account.
    pub const LEAVE: &str = "/account/organization/leave";

    /// The log-in page that goes on to `next`.
    #[must_use]
    pub fn log_in_then(next: Option<&SitePath>) -> String {
        with_next(LOG_IN, next)
    }

    /// The page that asks for the password again and goes on to `next`.
    #[must_use]
    pub fn reauth_then(next: Option<&SitePath>) -> String {
        with_next(REAUTH, next)
    }

    fn with_next(path: &str, next: Option<&SitePath>) -> String {
        next.map_or_else(|| path.to_owned(), |next| format!("{path}?{}", form_urlencoded_pair("next", next.as_str())))
    }
}

/// Paths of organizations and of who they invite.
pub mod organization {
    use super::{UserId, form_urlencoded_pair};

    /// The accounts that the organization manages, and its invitations.
    pub const MEMBERS: &str = "/organization/members";
    /// Deactivates one of them.
    pub const DEACTIVATE: &str = "/organization/members/{id}/deactivate";
    /// Reactivates one of them.
    pub const REACTIVATE: &str = "/organization/members/{id}/reactivate";
    /// Manages one of them no more.
    pub const RELEASE: &str = "/organization/members/{id}/release";
    /// Takes an invitation back.
    pub const REVOKE: &str = "/organization/invitations/{id}/revoke";
    /// The link of an invitation.
    pub const INVITATION: &str = "/organization/invitation";

    /// The page of the members that follows this one.
    #[must_use]
    pub fn members_after(id: &UserId) -> String {
        format!("{MEMBERS}?{}", form_urlencoded_pair("after", id.as_str()))
    }
}

pub mod admin;

/// Paths of the mail room.
pub mod mail {
    /// The development mailbox; only without an SMTP server.
    pub const MAILBOX: &str = "/dev/mailbox";
    /// One mail of it.
    pub const MAILBOX_LETTER: &str = "/dev/mailbox/{id}";

    /// The page of one mail.
    #[must_use]
    pub fn mailbox_letter(id: &str) -> String {
        super::with_id(MAILBOX_LETTER, id)
    }
}

/// One of a kind of pages: `{id}` of its pattern, filled in. Ids of the old application may be any text, and no address
/// of ours has an escape: such a one stands there in other letters.
#[must_use]
pub fn with_id(pattern: &str, id: &str) -> String {
    let is_plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let written = if is_plain { id.to_owned() } else { format!("{ENCODED}{}", URL_SAFE_NO_PAD.encode(id)) };
    pattern.replace("{id}", &written)
}

/// The id that [`with_id`] wrote; nothing for what it never writes.
#[must_use]
pub fn id_in(segment: &str) -> Option<String> {
    let id = match segment.strip_prefix(ENCODED) {
        Some(encoded) => String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?,
        None => segment.to_owned(),
    };
    // PostgreSQL takes no NUL in a text.
    (!id.contains('\0') && with_id("{id}", &id) == segment).then_some(id)
}

/// A path with what is given of these parameters: a view of a list is its filter and its page.
#[must_use]
pub fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A path with the token of a link.
#[must_use]
pub fn with_token(path: &str, token: &SecretToken) -> String {
    format!("{path}?token={}", token.reveal())
}

fn form_urlencoded_pair(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

#[cfg(test)]
mod tests;
