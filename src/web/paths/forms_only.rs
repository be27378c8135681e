//! Paths that have no page: a link or a redirect back to one of them would lead nowhere.

use super::{accounts, mail, site, waitlist, webhook};
use crate::values::site_path::SitePath;

/// The paths that answer POST alone, each with the page of its form; where that is of one thing, of the same.
const FORMS_ONLY: &[(&str, &str)] = &[
    (site::LANGUAGE, site::HOME),
    (waitlist::RESEND, waitlist::PLACE),
    (waitlist::TO_SIGN_UP, waitlist::PLACE),
    (waitlist::LEAVE, waitlist::PLACE),
    (waitlist::ERASE, waitlist::PLACE),
    (accounts::LOG_OUT, site::HOME),
    (accounts::NOT_ME, accounts::VERIFY_EMAIL),
    (accounts::END_SESSION, accounts::SESSIONS),
    (accounts::END_OTHERS, accounts::SESSIONS),
    (accounts::RECOVERY_FILE, accounts::SECOND_FACTOR),
    (accounts::TRUSTED_DEVICES, accounts::SECOND_FACTOR),
    (accounts::EMAIL_CANCEL, accounts::EMAIL),
    (accounts::LEAVE, accounts::MANAGED_BY),
    (accounts::PROVIDER_CONNECT, accounts::PROVIDERS),
    (accounts::PROVIDER_DISCONNECT, accounts::PROVIDERS),
    (accounts::REMOVE_AVATAR, accounts::ACCOUNT),
    (accounts::MEMBER_DEACTIVATE, accounts::MEMBERS),
    (accounts::MEMBER_REACTIVATE, accounts::MEMBERS),
    (accounts::MEMBER_RELEASE, accounts::MEMBERS),
    (accounts::INVITATION_REVOKE, accounts::MEMBERS),
    (waitlist::API_WAVES, waitlist::WAVES),
    (waitlist::ENTRY_RESTORE, waitlist::ENTRY),
    (waitlist::ENTRY_CLEAR_BOUNCE, waitlist::ENTRY),
    (waitlist::ENTRY_REVIEW, waitlist::ENTRY),
    (waitlist::ENTRY_INVITE, waitlist::ENTRY),
    (waitlist::WAVE_PAUSE, waitlist::WAVE),
    (waitlist::WAVE_RESUME, waitlist::WAVE),
    (waitlist::DELETION_UNDO, waitlist::DELETION),
    (accounts::USER_DEACTIVATE, accounts::USER),
    (accounts::USER_REACTIVATE, accounts::USER),
    (accounts::USER_END_SESSIONS, accounts::USER),
    (accounts::USER_RESEND, accounts::USER),
    (accounts::USER_RESET, accounts::USER),
    (accounts::USER_SECOND_FACTOR, accounts::USER),
    (waitlist::IMPORT_START, waitlist::IMPORT),
    (waitlist::IMPORT_RESUME, waitlist::IMPORT),
    (waitlist::IMPORT_CANCEL, waitlist::IMPORT),
    (waitlist::IMPORT_UNDO, waitlist::IMPORT),
    (mail::QUEUE_PAUSE, mail::QUEUE),
    (mail::QUEUE_RESUME, mail::QUEUE),
    (mail::RETRY, mail::QUEUED_LETTER),
    (mail::CANCEL, mail::QUEUED_LETTER),
    (webhook::PROBE, webhook::ENDPOINT),
    (webhook::SWITCH_ON, webhook::ENDPOINT),
    (webhook::PAUSE, webhook::ENDPOINT),
    (webhook::REPLAY, webhook::ENDPOINT),
];

/// This path, if a browser can go there, else another.
#[must_use]
pub fn page_or<'a>(next: Option<&'a SitePath>, fallback: &'a str) -> &'a str {
    next.map(SitePath::as_str).filter(|next| has_page(next)).unwrap_or(fallback)
}

/// This path, if it is one of this site to which a browser can go.
#[must_use]
pub fn page(path: &str) -> Option<SitePath> {
    SitePath::parse(path).filter(|path| has_page(path.as_str()))
}

/// The page of the form that is sent to this path; the path itself, where that has a page.
#[must_use]
pub fn page_of_form(path: &str) -> String {
    let Some((pattern, page)) = form_of(path.trim_end_matches('/')) else { return path.to_owned() };
    let id = pattern.split('/').zip(path.split('/')).find(|(of, _)| *of == "{id}").map(|(_, part)| part);
    page.replace("{id}", id.unwrap_or_default())
}

/// Whether a browser can go to this path, with or without a query: it is none that answers POST alone, and none of the API.
fn has_page(path: &str) -> bool {
    !site::is_api(path) && form_of(path.split('?').next().unwrap_or_default().trim_end_matches('/')).is_none()
}

/// The pattern of a path that answers POST alone, with the page of its form.
fn form_of(path: &str) -> Option<(&'static str, &'static str)> {
    FORMS_ONLY.iter().find(|(pattern, _)| is_of(pattern, path)).copied()
}

/// Whether it is a path of this pattern. Every page asks it of its own path and all the patterns: most differ within a few
/// bytes.
fn is_of(pattern: &str, path: &str) -> bool {
    let same = pattern.bytes().zip(path.bytes()).take_while(|(of, byte)| of == byte && *of != b'{').count();
    let (of, rest) = (pattern.get(same..).unwrap_or_default(), path.get(same..).unwrap_or_default());
    let Some(behind) = of.strip_prefix("{id}") else { return of.is_empty() && rest.is_empty() };
    rest.strip_suffix(behind).is_some_and(|id| !id.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_without_a_page_is_known() {
        let routes = include_str!("../../server/routes.rs").split("act(").skip(1);
        let constants = routes.filter_map(|route| route.trim_start_matches("below(").strip_prefix("paths::"));
        let names = constants.filter_map(|path| path.split([')', ',']).next()?.rsplit("::").next());
        let known = include_str!("forms_only.rs");
        let names: Vec<_> = names.collect();
        assert_eq!(names.len(), FORMS_ONLY.len(), "{names:?}");
        for name in names {
            assert!(known.contains(&format!("::{name},")), "{name}");
        }
    }

    #[test]
    fn a_path_of_a_form_alone_has_no_page() {
        for path in ["/logout", "/logout/", "/logout?x=1", "/admin/users/018f/deactivate", "/account/sessions/7/end"] {
            assert!(!has_page(path), "{path}");
        }
        for path in ["/", "/account", "/admin/users/018f", "/admin/waitlist?q=logout", "/admin/users/018f/x/deactivate"]
        {
            assert!(has_page(path), "{path}");
        }
    }
}
