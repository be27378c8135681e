//! Forms: whatever their fields hold, the answer is a page and nothing breaks.

use std::cell::RefCell;
use std::collections::BTreeMap;

use diesel::PgConnection;

use crate::support::database::contents;
use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite, addresses};

/// Who sends a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    Guest,
    Employee,
    Organization,
}

/// A form and fields that it takes.
struct FormRoute {
    sender: Sender,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
}

const fn guest(path: &'static str, fields: &'static [(&'static str, &'static str)]) -> FormRoute {
    FormRoute { sender: Sender::Guest, path, fields }
}

const fn employee(path: &'static str, fields: &'static [(&'static str, &'static str)]) -> FormRoute {
    FormRoute { sender: Sender::Employee, path, fields }
}

const fn organization(path: &'static str, fields: &'static [(&'static str, &'static str)]) -> FormRoute {
    FormRoute { sender: Sender::Organization, path, fields }
}

const TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const PERSON: &[(&str, &str)] = &[
    ("name", "Ana Rojas"),
    ("email", "ana@example.cl"),
    ("profession", "Biochemist"),
    ("password", PASSWORD),
    ("leave_empty", ""),
];
const FORMS: &[FormRoute] = &[
    guest("/waitlist", &[("email", "ana@example.cl"), ("role", "employee"), ("leave_empty", "")]),
    guest("/waitlist/confirm", &[("token", TOKEN)]),
    guest("/waitlist/place", &[("token", TOKEN), ("role", "employee")]),
    guest("/waitlist/resend", &[("token", TOKEN)]),
    guest("/waitlist/sign-up", &[("token", TOKEN)]),
    guest("/waitlist/leave", &[("token", TOKEN)]),
    guest("/waitlist/erase", &[("token", TOKEN)]),
    guest("/signup/employee", PERSON),
    guest("/signup/organization", PERSON),
    guest(
        "/signup/invited",
        &[("token", TOKEN), ("name", "Ana Rojas"), ("profession", "Biochemist"), ("password", PASSWORD)],
    ),
    guest("/verify-email", &[("token", TOKEN)]),
    guest("/verify-email/not-me", &[("token", TOKEN)]),
    guest("/verify-email/resend", &[("email", "ana@example.cl")]),
    guest("/login", &[("email", "ana@example.cl"), ("password", PASSWORD), ("next", "/account")]),
    guest("/password/forgot", &[("email", "ana@example.cl")]),
    guest("/password/reset", &[("token", TOKEN), ("password", PASSWORD)]),
    guest("/account/secure", &[("token", TOKEN)]),
    guest("/account/email/confirm", &[("token", TOKEN)]),
    guest("/account/email/undo", &[("token", TOKEN)]),
    guest("/account/delete/cancel", &[("token", TOKEN)]),
    employee("/account/delete", &[("email", "ana@example.cl"), ("password", PASSWORD)]),
    guest("/language", &[("lang", "es"), ("next", "/waitlist")]),
    employee("/reauth", &[("password", PASSWORD), ("next", "/account"), ("waiting", "?a=b")]),
    employee("/account/password", &[("current_password", "not mine at all"), ("password", PASSWORD)]),
    employee("/account/email", &[("email", "ana@example.cl"), ("current_password", PASSWORD)]),
    employee("/account/second-factor", &[("secret", "x"), ("code", "000000")]),
    employee("/account", &[("name", "Ana Rojas"), ("profession", "Biochemist")]),
    organization("/organization/members", &[("email", "eva@example.cl")]),
    guest(
        "/organization/invitation",
        &[("token", TOKEN), ("answer", "accept"), ("name", "Ana"), ("profession", "x"), ("password", PASSWORD)],
    ),
    // Take no field and read none.
    guest("/waitlist/unsubscribe", &[]),
    organization("/organization/members/x/deactivate", &[]),
    organization("/organization/members/x/reactivate", &[]),
    organization("/organization/members/x/release", &[]),
    organization("/organization/invitations/x/revoke", &[]),
    employee("/account/organization/leave", &[]),
    guest("/logout", &[]),
    guest("/login/code", &[]),
    guest("/signup/finish", &[]),
    employee("/account/providers/x/confirm", &[]),
    employee("/account/providers/x/connect", &[]),
    employee("/account/providers/x/disconnect", &[]),
    employee("/account/second-factor/codes", &[]),
    employee("/account/second-factor/file", &[]),
    employee("/account/second-factor/devices", &[]),
    employee("/account/second-factor/move", &[("secret", "x"), ("new_code", "000000")]),
    employee("/account/second-factor/off", &[]),
    employee("/account/sessions/x/end", &[]),
    employee("/account/sessions/end-others", &[]),
    employee("/account/email/cancel", &[]),
    employee("/account/avatar/remove", &[]),
    employee("/admin/waitlist/waves", &[]),
    employee("/admin/waitlist/waves/x/pause", &[]),
    employee("/admin/waitlist/waves/x/resume", &[]),
    employee("/admin/waitlist/waves/x/cancel", &[]),
    employee("/admin/keys", &[]),
    employee("/admin/keys/x/revoke", &[]),
    employee("/admin/users/x/deactivate", &[]),
    employee("/admin/users/x/reactivate", &[]),
    employee("/admin/users/x/end-sessions", &[]),
    employee("/admin/users/x/resend-verification", &[]),
    employee("/admin/users/x/reset-password", &[]),
    employee("/admin/waitlist/bulk", &[]),
    employee("/admin/waitlist/deletions/x/undo", &[]),
    employee("/admin/waitlist/entries/x/restore", &[]),
    employee("/admin/waitlist/entries/x/clear", &[]),
    employee("/admin/waitlist/entries/x/review", &[]),
    employee("/admin/waitlist/entries/x/invite", &[]),
    // Takes a file, and has tests of its own.
    employee("/admin/waitlist/imports", &[]),
    employee("/admin/waitlist/imports/x/start", &[]),
    employee("/admin/waitlist/imports/x/resume", &[]),
    employee("/admin/waitlist/imports/x/cancel", &[]),
    employee("/admin/waitlist/imports/x/undo", &[]),
    employee("/admin/users/x/remove-second-factor", &[]),
    employee("/admin/webhooks", &[]),
    employee("/admin/webhooks/x", &[]),
    employee("/admin/webhooks/x/probe", &[]),
    employee("/admin/webhooks/x/on", &[]),
    employee("/admin/webhooks/x/pause", &[]),
    employee("/admin/webhooks/x/rotate", &[]),
    employee("/admin/webhooks/x/replay", &[]),
    employee("/admin/webhooks/x/delete", &[]),
    employee("/admin/mail/pause", &[]),
    employee("/admin/mail/resume", &[]),
    employee("/admin/mail/x/retry", &[]),
    employee("/admin/mail/x/cancel", &[]),
];

/// Values as they stand in a body. Text that two readers could read differently is refused whatever field it is in.
const NO_TEXT: &[&[u8]] =
    &[b"%00", b"a%00b", b"\0", b"%ff", b"\xff", b"%c3%28", b"\xc3\x28", b"%ED%A0%80", b"\xfe\xff"];
const ODD_TEXT: &[&[u8]] = &[
    b"",
    b"+",
    b"%E2%80%AEana%E2%81%A6",
    b"a%0D%0ABcc:+x@example.cl",
    b"a\r\nBcc: x@example.cl",
    b"%EF%BF%BD",
    b"%25_%5C'%22;--",
    b"=cmd%7C'/c+calc'!A1",
    b"%3Cscript%3Ealert(1)%3C/script%3E",
    b"%",
    b"%zz",
    b"{{7*7}}${7*7}",
    b"//evil.example",
    b"[object+Object]",
    b"true",
    b"9223372036854775808",
];

impl FormRoute {
    /// The body with this in the place of one field's value.
    fn body_with(&self, field: &str, value: &[u8]) -> Vec<u8> {
        self.body(|name| if name == field { vec![(name.to_owned(), value.to_vec())] } else { vec![] })
    }

    /// The body with the pairs that `replace` gives for a field; none leave it as it is.
    fn body(&self, replace: impl Fn(&str) -> Vec<(String, Vec<u8>)>) -> Vec<u8> {
        let pairs = self.fields.iter().flat_map(|(name, value)| {
            let ordinary = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string();
            let replaced = replace(name);
            if replaced.is_empty() { vec![((*name).to_owned(), ordinary.into_bytes())] } else { replaced }
        });
        let pairs: Vec<_> = pairs.map(|(name, value)| [name.as_bytes(), b"=", &value].concat()).collect();
        pairs.join(&b'&')
    }
}

/// A site and what its tables held before.
struct Watched {
    site: TestSite,
    guest: Visitor,
    employee: Visitor,
    organization: Visitor,
    conn: RefCell<PgConnection>,
    held: RefCell<BTreeMap<String, String>>,
}

impl Watched {
    async fn start() -> Self {
        let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
        let (guest, employee) = (site.visitor(), site.employee("employee@example.cl").await);
        let organization = site.organization("organization@example.cl").await;
        let mut conn = site.database.connect();
        let held = contents(&mut conn).into();
        Self { site, guest, employee, organization, conn: conn.into(), held }
    }

    /// Sends the form. A refusal is a page and leaves every table as it was; anything else goes on to a page.
    async fn answer(&self, route: &FormRoute, content_type: Option<&str>, body: Vec<u8>) -> u16 {
        let path = route.path;
        let what = format!("{path} {content_type:?} {:?}", String::from_utf8_lossy(&body[..body.len().min(200)]));
        let sender = match route.sender {
            Sender::Guest => &self.guest,
            Sender::Employee => &self.employee,
            Sender::Organization => &self.organization,
        };
        let mut request = sender.request("POST", path).header("sec-fetch-site", "same-origin").body(body);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let page = send(request).await;
        let status = page.status.as_u16();
        let held = contents(&mut self.conn.borrow_mut());
        if status == 303 {
            assert!(page.header("location").starts_with('/') && !page.header("location").starts_with("//"), "{what}");
        } else {
            assert!((400..500).contains(&status), "{status} for {what}");
            // An address that is on the waitlist and not confirmed is asked once more.
            let asks_again = status == 409 && path == "/waitlist";
            let changed: Vec<_> = held.iter().filter(|&(table, rows)| self.held.borrow()[table] != *rows).collect();
            assert!(asks_again || changed.is_empty(), "{status} for {what}, but now it is {changed:?}");
            page.leads_on();
        }
        self.held.replace(held);
        status
    }

    async fn post(&self, route: &FormRoute, body: Vec<u8>) -> u16 {
        self.answer(route, Some("application/x-www-form-urlencoded"), body).await
    }

    async fn still_works(&self) {
        let eva = self.site.visitor();
        eva.get("/").await.has_status(200);
        eva.join("eva@example.cl", "employee").await.redirects_to("/waitlist/joined");
    }
}

fn with_fields() -> impl Iterator<Item = (&'static FormRoute, &'static str)> {
    FORMS.iter().flat_map(|route| route.fields.iter().map(move |(field, _)| (route, *field)))
}

#[tokio::test]
async fn every_route_that_takes_a_form_is_in_these_tests() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    for address in addresses::all() {
        let page = admin.post(&address.path, &[]).await;
        let known = ["/api/waitlist", "/api/waves"].contains(&address.path.as_str())
            || FORMS.iter().any(|route| route.path == address.path);
        assert_eq!(page.status != 405, known, "{address:?} answers {}", page.status);
        if address.path == "/logout" {
            admin.log_in("admin@example.cl", PASSWORD).await.redirects_to("/admin");
        }
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused_in_every_field() {
    let watched = Watched::start().await;
    for (route, field) in with_fields() {
        for value in NO_TEXT {
            assert_eq!(
                watched.post(route, route.body_with(field, value)).await,
                400,
                "{} {field} {value:?}",
                route.path
            );
        }
    }
    watched.still_works().await;
}

#[tokio::test]
async fn odd_text_in_any_field_is_taken_or_refused_with_a_page() {
    let watched = Watched::start().await;
    for (route, field) in with_fields() {
        for value in ODD_TEXT {
            watched.post(route, route.body_with(field, value)).await;
        }
        watched.post(route, route.body_with(field, &b"x".repeat(12 * 1024))).await;
        watched.post(route, route.body_with(field, "ñ".repeat(4 * 1024).as_bytes())).await;
    }
    watched.still_works().await;
}

#[tokio::test]
async fn a_field_sent_twice_is_refused() {
    let watched = Watched::start().await;
    for (route, field) in with_fields().filter(|(_, field)| *field != "leave_empty") {
        let twice = route.body(|name| if name == field { pairs(&[name, name]) } else { vec![] });
        assert_eq!(watched.post(route, twice).await, 400, "{} {field}", route.path);
    }
    watched.still_works().await;
}

#[tokio::test]
async fn names_that_look_like_lists_are_other_fields() {
    let watched = Watched::start().await;
    for (route, field) in with_fields() {
        let named = |form: &str| form.replace("email", field);
        for name in ["email[]", "email[0]", "email.x", "email[email]", " email", "EMAIL", "email%00", "__proto__"] {
            let body = route.body(|known| if known == field { pairs(&[&named(name)]) } else { vec![] });
            watched.post(route, body).await;
        }
        let both = route
            .body(|known| if known == field { pairs(&[field, &named("email[]"), &named("email[]")]) } else { vec![] });
        watched.post(route, both).await;
    }
    watched.still_works().await;
}

fn pairs(names: &[&str]) -> Vec<(String, Vec<u8>)> {
    names.iter().map(|name| ((*name).to_owned(), b"a".to_vec())).collect()
}

#[tokio::test]
async fn a_body_without_fields_is_refused() {
    let watched = Watched::start().await;
    let fields = FORMS.iter().filter(|route| !route.fields.is_empty());
    for route in fields {
        for body in ["", "&", "&&&==&", "=", "x", "{}", "[]", "\u{feff}email=a"] {
            let status = watched.post(route, body.as_bytes().to_vec()).await;
            assert!((400..500).contains(&status), "{} {body:?}: {status}", route.path);
        }
        watched.post(route, "&a=".repeat(5_000).into_bytes()).await;
        watched.post(route, b"a[".repeat(5_000)).await;
    }
    watched.still_works().await;
}

#[tokio::test]
async fn a_megabyte_of_text_is_too_much_for_every_field() {
    let watched = Watched::start().await;
    for (route, field) in with_fields() {
        let body = route.body_with(field, &b"x".repeat(1 << 20));
        assert_eq!(watched.post(route, body).await, 413, "{} {field}", route.path);
    }
    watched.still_works().await;
}

#[tokio::test]
async fn the_largest_body_is_16_kib() {
    let watched = Watched::start().await;
    let route = &FORMS[0];
    let filled = |bytes: usize| {
        let mut body = route.body_with("leave_empty", b"");
        let rest = bytes - body.len();
        body.extend(std::iter::repeat_n(b'x', rest));
        body
    };
    assert_eq!(watched.post(route, filled(16 * 1024 + 1)).await, 413);
    assert_eq!(watched.post(route, filled(16 * 1024)).await, 303);
}

#[tokio::test]
async fn only_the_content_type_of_forms_is_read() {
    let watched = Watched::start().await;
    let other =
        ["application/json", "text/plain", "multipart/form-data; boundary=x", "application/xml", "*/*", "", "x"];
    for route in FORMS.iter().filter(|route| !route.fields.is_empty()) {
        let ordinary = || route.body(|_| vec![]);
        for content_type in other.into_iter().map(Some).chain([None]) {
            let status = watched.answer(route, content_type, ordinary()).await;
            // That page reads files too, but these bytes are none of a multipart body.
            let takes_it = route.path == "/account" && content_type.is_some_and(|it| it.starts_with("multipart/"));
            assert_eq!(status, if takes_it { 400 } else { 415 }, "{} {content_type:?}", route.path);
        }
        let nested = ["[".repeat(8_000), "{\"a\":".repeat(3_000), "{\"email\":\"ana@example.cl\"}".to_owned()];
        for json in nested {
            assert_eq!(watched.answer(route, Some("application/json"), json.into_bytes()).await, 415);
        }
    }
    let form = "Application/X-WWW-Form-Urlencoded ; charset=UTF-8";
    assert_eq!(watched.answer(&FORMS[0], Some(form), FORMS[0].body(|_| vec![])).await, 303);
}
