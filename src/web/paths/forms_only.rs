//! Paths that have no page: a link or a redirect back to one of them would lead nowhere.

use super::{accounts, mail, site, waitlist};
use crate::values::site_path::SitePath;

/// The paths that answer POST alone.
const FORMS_ONLY: &[&str] = &[
    site::LANGUAGE,
    waitlist::LEAVE,
    waitlist::ERASE,
    accounts::LOG_OUT,
    accounts::NOT_ME,
    accounts::END_SESSION,
    accounts::END_OTHERS,
    accounts::EMAIL_CANCEL,
    accounts::LEAVE,
    accounts::REMOVE_AVATAR,
    accounts::MEMBER_DEACTIVATE,
    accounts::MEMBER_REACTIVATE,
    accounts::MEMBER_RELEASE,
    accounts::INVITATION_REVOKE,
    waitlist::API,
    waitlist::ENTRY_RESTORE,
    waitlist::ENTRY_CLEAR_BOUNCE,
    waitlist::ENTRY_INVITE,
    waitlist::WAVE_PAUSE,
    waitlist::WAVE_RESUME,
    waitlist::DELETION_UNDO,
    accounts::USER_DEACTIVATE,
    accounts::USER_REACTIVATE,
    accounts::USER_END_SESSIONS,
    accounts::USER_RESEND,
    accounts::USER_RESET,
    waitlist::IMPORT_START,
    waitlist::IMPORT_RESUME,
    waitlist::IMPORT_CANCEL,
    waitlist::IMPORT_UNDO,
    mail::QUEUE_PAUSE,
    mail::QUEUE_RESUME,
    mail::RETRY,
    mail::CANCEL,
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

/// Whether a browser can go to this path, with or without a query: it is none that answers POST alone.
fn has_page(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default().trim_end_matches('/');
    let is_of = |pattern: &str| {
        let is_same = |(part, of): (&str, &str)| part == of || of == "{id}";
        path.split('/').count() == pattern.split('/').count() && path.split('/').zip(pattern.split('/')).all(is_same)
    };
    !FORMS_ONLY.iter().any(|pattern| is_of(pattern))
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
