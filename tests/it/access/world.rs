//! Somebody of each kind, and something behind each address with a parameter.

use biovity::web::paths;
use chrono::TimeDelta;
use reqwest::multipart::Form;

use crate::accounts::second_factor::switch_on;
use crate::support::addresses::Route;
use crate::support::database::TestDatabase;
use crate::support::issuer::Issuer;
use crate::support::page::Page;
use crate::support::pictures::png;
use crate::support::visitor::{self, Visitor};
use crate::support::{PASSWORD, TestSite};

/// The kinds of visitors, as the table's columns.
pub const ROLES: [&str; 8] = ["guest", "half", "employee", "organization", "member", "inactive", "admin", "late"];

/// What ends something that others act on comes after everything else, in this order.
const LAST: [&str; 8] = [
    "/admin/waitlist/imports/{id}/start",
    "/admin/waitlist/imports/{id}/cancel",
    "/admin/waitlist/waves/{id}/cancel",
    "/admin/webhooks/{id}/delete",
    "/account/providers/{id}/disconnect",
    "/account/sessions/end-others",
    "/account/organization/leave",
    "/logout",
];

/// Where a form comes in parts, since it can hold a file.
const IN_PARTS: [&str; 2] = ["/account", "/admin/waitlist/imports"];

/// Enough places that no wave ends before the test does.
const PLACES: u32 = 600;

/// Without limits: everybody comes from one network.
const UNLIMITED: [(&str, &str); 1] = [("RATE_LIMITS", "off")];

/// A site where all of it exists.
pub struct World {
    pub site: TestSite,
    /// With whom people log in.
    pub(super) issuer: Issuer,
    visitor: Visitor,
    /// What a visitor of each role sends as its cookie.
    cookies: Vec<(&'static str, String)>,
    /// What stands for a parameter below each of these addresses; the longest that fits counts.
    ids: Vec<(&'static str, String)>,
}

pub fn comes_last(pattern: &str) -> Option<usize> {
    LAST.iter().position(|last| *last == pattern)
}

impl World {
    pub async fn new() -> Self {
        let issuer = Issuer::start();
        let site = TestSite::with_provider_on(TestDatabase::migrated(), &issuer.url, &UNLIMITED).await;
        Self::on(site, issuer).await
    }

    /// The same, whose statements are recorded.
    pub async fn recorded() -> Self {
        let issuer = Issuer::start();
        Self::on(TestSite::recorded_with_provider(&issuer.url, &UNLIMITED).await, issuer).await
    }

    async fn on(site: TestSite, issuer: Issuer) -> Self {
        site.make_admin("late@example.cl", PASSWORD);
        let late = cookie(&site, "late@example.cl").await;
        site.later(TimeDelta::minutes(61)).await;
        let admin = site.admin("admin@example.cl").await;
        let (ids, visitor) = (Self::ids(&site, &admin).await, site.visitor());
        switch_on(&site, &site.employee("half@example.cl").await).await;
        let half = site.visitor().log_in("half@example.cl", PASSWORD).await.redirects_to("/login/code").cookie();
        let mut cookies = vec![("guest", "none=none".to_owned()), ("late", late), ("half", half.unwrap())];
        for role in ["employee", "organization", "member", "inactive", "admin"] {
            cookies.push((role, cookie(&site, &format!("{role}@example.cl")).await));
        }
        let inactive = format!("/admin/users/{}/deactivate", user(&site, "inactive"));
        admin.post(&inactive, &[]).await.has_status(303);
        Self { site, issuer, visitor, cookies, ids }
    }

    /// Makes everybody and everything.
    async fn ids(site: &TestSite, admin: &Visitor) -> Vec<(&'static str, String)> {
        let employee = site.employee("employee@example.cl").await;
        let fields = [("name", "Ana Rojas"), ("profession", "Biochemist")];
        employee.upload("/account", &fields, ("avatar", png(300, 300))).await.redirects_to("/account");
        site.employee("inactive@example.cl").await;
        site.employee("person@example.cl").await;
        site.visitor().sign_up("employee", "waiting@example.cl").await.redirects_to("/signup/check-email");
        Self::organize(site).await;
        let stylesheet = admin.get("/").await.attribute("link[rel=stylesheet]", "href").unwrap();
        let mut ids = vec![
            ("/static/", last(&stylesheet)),
            ("/login/with/", "oidc".to_owned()),
            ("/account/providers/", "oidc".to_owned()),
            ("/account/providers/{id}/confirm", "google".to_owned()),
            ("/avatar/", one(site, "id", "avatar")),
            ("/dev/mailbox/", "x".to_owned()),
            ("/account/sessions/", one(site, "id", &session_of("employee"))),
            ("/organization/members/", user(site, "other")),
            ("/organization/invitations/", invitation(site)),
            ("/admin/users/", user(site, "person")),
            ("/admin/users/{id}/resend-verification", user(site, "waiting")),
        ];
        ids.extend(Self::waitlist(site, admin).await);
        ids.extend(Self::letters(site).await);
        // Nothing answers there.
        let endpoint = [("url", "http://127.0.0.1:9/"), ("event", "waitlist.joined")];
        ids.push(("/admin/webhooks/", last(new(&admin.post("/admin/webhooks", &endpoint).await))));
        ids
    }

    /// An organization with two members and an invitation that nobody answered.
    async fn organize(site: &TestSite) {
        let organization = site.organization("organization@example.cl").await;
        for name in ["member", "other", "invited"] {
            let email = format!("{name}@example.cl");
            organization.post("/organization/members", &[("email", &email)]).await.has_status(303);
            if name != "invited" {
                let token = site.mail(&email).await.token();
                let fields = [("token", &*token), ("name", name), ("profession", "Biochemist"), ("password", PASSWORD)];
                site.visitor().post("/organization/invitation", &fields).await.redirects_to("/account");
            }
        }
    }

    /// Places, one of them confirmed, a deletion, an import that waits for its start, and a wave that is being sent.
    async fn waitlist(site: &TestSite, admin: &Visitor) -> Vec<(&'static str, String)> {
        site.database.execute(&format!(
            "INSERT INTO waitlist (email, role, created_at, confirmed_at, locale) \
             SELECT 'place' || n || '@example.cl', 'employee', now() - interval '9 days', now() - interval '1 day', 'en' \
             FROM generate_series(1, {PLACES}) AS n"
        ));
        let entry = one(site, "id", "waitlist WHERE email = 'place1@example.cl'");
        let delete = [("act", "delete-all"), ("q", "place2@"), ("expected", "1")];
        let deletion = admin.post("/admin/waitlist/bulk", &delete).await;
        let fields = [("language", "es"), ("confirmation", "ask")];
        let list = ("list", b"email,role\nnew@example.cl,employee\nbroken,employee\n".to_vec());
        let import = admin.upload("/admin/waitlist/imports", &fields, list).await;
        let rehearsal = admin.get("/admin/waitlist/waves/rehearsal?employees=500&organizations=0").await;
        let wave = admin.send(&rehearsal.form("/admin/waitlist/waves")).await;
        site.key(admin, "write").await;
        vec![
            ("/admin/keys/", one(site, "id", "api_key")),
            ("/admin/keys/new/", "AAAA".to_owned()),
            ("/api/waitlist/", entry.clone()),
            ("/admin/waitlist/entries/", entry),
            ("/admin/waitlist/deletions/", last(new(&deletion))),
            ("/admin/waitlist/imports/", last(new(&import))),
            ("/admin/waitlist/waves/", last(new(&wave))),
        ]
    }

    /// A letter that waits, and one that was refused.
    async fn letters(site: &TestSite) -> Vec<(&'static str, String)> {
        site.visitor().join("waits@example.cl", "employee").await.redirects_to("/waitlist/joined");
        site.visitor().join("refused@example.cl", "employee").await.redirects_to("/waitlist/joined");
        site.database.execute("UPDATE outbox_letter SET status = 'dead' WHERE recipient = 'refused@example.cl'");
        let letter = |recipient| one(site, "id", &format!("outbox_letter WHERE recipient = '{recipient}@example.cl'"));
        vec![("/admin/mail/", letter("waits")), ("/admin/mail/{id}/retry", letter("refused"))]
    }

    /// What somebody of this role gets, in a form that is the same every time.
    pub async fn answer(&self, role: &str, route: &Route) -> String {
        let id = self.id(&route.pattern);
        let path = route.pattern.replace("{id}", id).replace("{name}", id);
        let brought = self.brought(role, &route.pattern, &path).await;
        let cookies = [&[self.cookie(role).to_owned()], brought.cookies.as_slice()].concat().join("; ");
        let request = self.visitor.request(route.method, &brought.path).header("cookie", cookies);
        let request = match (route.method, route.pattern.as_str()) {
            ("GET", _) => request,
            (_, "/api/waitlist") => request.header("content-type", "application/json").body("{}"),
            (_, pattern) if IN_PARTS.contains(&pattern) => request.multipart(Form::new().text("none", "")),
            _ => request.form(&[("none", "")]),
        };
        let page = visitor::send(request.header("sec-fetch-site", "same-origin")).await;
        assert_eq!(page.forms_without_key(), Vec::<String>::new(), "{} for {role}", route.pattern);
        let location = page.header("location").trim_start_matches(&self.site.base_url);
        if location.starts_with(&self.issuer.url) {
            return format!("{} the provider", page.status.as_u16());
        }
        let next =
            |page: &str| format!("next={}", form_urlencoded::byte_serialize(page.as_bytes()).collect::<String>());
        let own = [next(&path), next(&paths::page_of_form(&path))];
        let location = own.iter().fold(location.to_owned(), |location, own| location.replace(own, "next=…"));
        let location = if id.is_empty() { location } else { location.replace(id, "{id}") };
        format!("{} {location}", page.status.as_u16()).trim_end().to_owned()
    }

    /// What a visitor of this role sends.
    pub(super) fn cookie(&self, role: &str) -> &str {
        self.cookies.iter().find(|(known, _)| *known == role).map(|(_, cookie)| cookie).unwrap()
    }

    fn id(&self, pattern: &str) -> &str {
        if !pattern.contains('{') {
            return "";
        }
        let fitting = self.ids.iter().filter(|(below, _)| pattern.starts_with(below));
        let id = fitting.max_by_key(|(below, _)| below.len()).map(|(_, id)| id.as_str());
        id.unwrap_or_else(|| panic!("{pattern} needs something that exists: make it in tests/it/access/world.rs"))
    }
}

/// The cookie of somebody who logs in.
async fn cookie(site: &TestSite, email: &str) -> String {
    site.visitor().log_in(email, PASSWORD).await.has_status(303).cookie().unwrap()
}

fn one(site: &TestSite, expression: &str, rows: &str) -> String {
    site.database.values(expression, rows).pop().unwrap_or_else(|| panic!("no {rows}"))
}

fn user(site: &TestSite, name: &str) -> String {
    one(site, "id", &format!("\"user\" WHERE email = '{name}@example.cl'"))
}

fn session_of(name: &str) -> String {
    format!("session WHERE user_id = (SELECT id FROM \"user\" WHERE email = '{name}@example.cl')")
}

/// The invitation that waits for an answer.
fn invitation(site: &TestSite) -> String {
    one(site, "id", "verification WHERE identifier LIKE 'organization-invitation:%' ORDER BY \"createdAt\"")
}

/// Where something new is.
#[track_caller]
fn new(page: &Page) -> &str {
    assert_eq!(page.status.as_u16(), 303, "{}", page.text());
    page.header("location")
}

fn last(path: &str) -> String {
    path.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned()
}
