//! Paths of the rooms of `accounts`; those below `/admin` are in `directory`.

use super::parameters::{with_id, with_query};
use crate::values::account_kind::AccountKind;
use crate::values::id::UserId;
use crate::values::site_path::SitePath;

/// The choice between the two kinds of accounts.
pub const SIGN_UP: &str = "/signup";
/// Sign-up of people who look for work.
pub const SIGN_UP_EMPLOYEE: &str = "/signup/employee";
/// Sign-up of companies.
pub const SIGN_UP_ORGANIZATION: &str = "/signup/organization";
/// Sign-up by the invitation of somebody on the waitlist.
pub const SIGN_UP_INVITED: &str = "/signup/invited";
/// The page after signing up, which asks to open the mail.
pub const CHECK_EMAIL: &str = "/signup/check-email";
/// The link that verifies an address.
pub const VERIFY_EMAIL: &str = "/verify-email";
/// Removes the unverified account, by the link "It wasn't me" of its mail.
pub const NOT_ME: &str = "/verify-email/not-me";
/// Asks for another verification mail.
pub const RESEND: &str = "/verify-email/resend";
/// Log in.
pub const LOG_IN: &str = "/login";
/// The second step of a log-in, which asks for a code.
pub const LOG_IN_CODE: &str = "/login/code";
/// Logs in with the provider of this name.
pub const LOG_IN_WITH: &str = "/login/with/{id}";
/// Where that provider sends the browser back to.
pub const LOG_IN_BACK: &str = "/login/with/{id}/back";
/// Why a log-in with that provider led nowhere, to be read in another language.
pub const LOG_IN_PROBLEM: &str = "/login/with/{id}/problem";
/// Finishes signing up with a provider.
pub const SIGN_UP_FINISH: &str = "/signup/finish";
/// The providers that open the account.
pub const PROVIDERS: &str = "/account/providers";
/// Lets a provider open the account.
pub const PROVIDER_CONNECT: &str = "/account/providers/{id}/connect";
/// Connects the provider that asked to log in first.
pub const PROVIDER_CONFIRM: &str = "/account/providers/{id}/confirm";
/// Lets it open the account no more.
pub const PROVIDER_DISCONNECT: &str = "/account/providers/{id}/disconnect";
/// Log out.
pub const LOG_OUT: &str = "/logout";
/// Asks for the link that sets a new password.
pub const FORGOT: &str = "/password/forgot";
/// The page after asking for that link.
pub const FORGOT_SENT: &str = "/password/forgot/sent";
/// The link that sets a new password.
pub const RESET: &str = "/password/reset";
/// Asks for the password again before a sensitive page.
pub const REAUTH: &str = "/reauth";
/// The account of who is signed in: the profile.
pub const ACCOUNT: &str = "/account";
/// A person's picture; its `{id}` changes with each upload.
pub const AVATAR: &str = "/avatar/{id}";
/// Removes the picture, so that the generated one is shown.
pub const REMOVE_AVATAR: &str = "/account/avatar/remove";
/// Changes the password.
pub const PASSWORD: &str = "/account/password";
/// The second factor: its state, and switching it on.
pub const SECOND_FACTOR: &str = "/account/second-factor";
/// Makes new recovery codes.
pub const RECOVERY_CODES: &str = "/account/second-factor/codes";
/// The recovery codes as a file.
pub const RECOVERY_FILE: &str = "/account/second-factor/file";
/// Lets another app make the codes.
pub const SECOND_FACTOR_MOVE: &str = "/account/second-factor/move";
/// Asks for a code on every device again.
pub const TRUSTED_DEVICES: &str = "/account/second-factor/devices";
/// Switches the second factor off.
pub const SECOND_FACTOR_OFF: &str = "/account/second-factor/off";
/// The link of a security notice: ends every session and starts a reset.
pub const SECURE: &str = "/account/secure";
/// Changes the address.
pub const EMAIL: &str = "/account/email";
/// Cancels a change of the address that is not confirmed yet.
pub const EMAIL_CANCEL: &str = "/account/email/cancel";
/// The link that makes a new address the account's.
pub const EMAIL_CONFIRM: &str = "/account/email/confirm";
/// The link that gives an account its former address back.
pub const EMAIL_UNDO: &str = "/account/email/undo";
/// The list of one's sessions.
pub const SESSIONS: &str = "/account/sessions";
/// Ends one of the sessions.
pub const END_SESSION: &str = "/account/sessions/{id}/end";
/// Ends every session but this one.
pub const END_OTHERS: &str = "/account/sessions/end-others";
/// What happened to the account lately.
pub const ACTIVITY: &str = "/account/activity";
/// Everything that is held about the account.
pub const EXPORT: &str = "/account/export";
/// Asks for the account to be deleted, after a grace period.
pub const DELETE: &str = "/account/delete";
/// The link that cancels the deletion of an account.
pub const CANCEL_DELETE: &str = "/account/delete/cancel";
/// The page about the organization that manages the account.
pub const MANAGED_BY: &str = "/account/organization";
/// Leaves the organization that manages the account.
pub const LEAVE: &str = "/account/organization/leave";
/// The accounts that the organization manages, and its invitations.
pub const MEMBERS: &str = "/organization/members";
/// Deactivates a member's account.
pub const MEMBER_DEACTIVATE: &str = "/organization/members/{id}/deactivate";
/// Reactivates a member's account.
pub const MEMBER_REACTIVATE: &str = "/organization/members/{id}/reactivate";
/// Releases a member: the organization no longer manages the account.
pub const MEMBER_RELEASE: &str = "/organization/members/{id}/release";
/// Revokes an invitation.
pub const INVITATION_REVOKE: &str = "/organization/invitations/{id}/revoke";
/// The link of an invitation.
pub const INVITATION: &str = "/organization/invitation";
/// The admin's list of accounts.
pub const USERS: &str = "/admin/users";
/// The admin's page of one account.
pub const USER: &str = "/admin/users/{id}";
/// Deactivates an account.
pub const USER_DEACTIVATE: &str = "/admin/users/{id}/deactivate";
/// Reactivates an account.
pub const USER_REACTIVATE: &str = "/admin/users/{id}/reactivate";
/// Ends all sessions of an account.
pub const USER_END_SESSIONS: &str = "/admin/users/{id}/end-sessions";
/// Sends an account's verification mail again.
pub const USER_RESEND: &str = "/admin/users/{id}/resend-verification";
/// Sends an account the link that sets a new password.
pub const USER_RESET: &str = "/admin/users/{id}/reset-password";
/// Removes the second factor of an account.
pub const USER_SECOND_FACTOR: &str = "/admin/users/{id}/remove-second-factor";

/// The log-in page that goes on to `next`.
#[must_use]
pub fn log_in_then(next: Option<&SitePath>) -> String {
    with_next(LOG_IN, next)
}

/// The same for who sent a form after the session had ended: the page says that nothing was saved.
#[must_use]
pub fn log_in_after_end(next: Option<&SitePath>) -> String {
    with_query(LOG_IN, &[("next", next.map_or("", SitePath::as_str)), ("ended", "yes")])
}

/// Logs in with this provider and goes on to `next`.
#[must_use]
pub fn log_in_with(provider: &str, next: Option<&SitePath>) -> String {
    with_next(&with_id(LOG_IN_WITH, provider), next)
}

/// Logs in with this provider, which asks once more who it is, and goes on to `next`.
#[must_use]
pub fn log_in_again_with(provider: &str, next: Option<&SitePath>) -> String {
    let next = next.map_or("", SitePath::as_str);
    with_query(&with_id(LOG_IN_WITH, provider), &[("again", "yes"), ("next", next)])
}

/// Signs up with this provider, for an account of this kind.
#[must_use]
pub fn sign_up_with(provider: &str, kind: AccountKind) -> String {
    with_query(&with_id(LOG_IN_WITH, provider), &[("role", kind.as_str())])
}

/// Finishes signing up with a provider, where the kind may be chosen already, and goes on to `next`.
#[must_use]
pub fn sign_up_finish(kind: Option<AccountKind>, next: Option<&SitePath>) -> String {
    let next = next.map_or("", SitePath::as_str);
    with_query(SIGN_UP_FINISH, &[("role", kind.map_or("", AccountKind::as_str)), ("next", next)])
}

/// The page that says why a log-in with this provider led nowhere.
#[must_use]
pub fn log_in_problem(provider: &str, why: &str) -> String {
    with_query(&with_id(LOG_IN_PROBLEM, provider), &[("why", why)])
}

/// The page that asks for the password again and goes on to `next`.
#[must_use]
pub fn reauth_then(next: Option<&SitePath>) -> String {
    with_next(REAUTH, next)
}

fn with_next(path: &str, next: Option<&SitePath>) -> String {
    with_query(path, &[("next", next.map_or("", SitePath::as_str))])
}

/// The page of the members that follows this one.
#[must_use]
pub fn members_after(id: &UserId) -> String {
    with_query(MEMBERS, &[("after", id.as_str())])
}
