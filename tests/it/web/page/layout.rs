//! What every page has, in both languages.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};

use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// Every page that a person can come to, with something of every status.
async fn pages(site: &TestSite, visitor: &Visitor, admin: &Visitor, name: &str) -> Vec<Page> {
    let mut pages = Vec::new();
    let public = ["/", "/waitlist", "/waitlist?role=employee", "/waitlist/joined", "/privacy", "/signup", "/nothing"];
    let accounts = ["/signup/employee", "/signup/organization", "/signup/check-email", "/verify-email", "/login"];
    let others = ["/verify-email/resend", "/waitlist/confirm", "/waitlist/place", "/verify-email?token=x"];
    for path in [&public[..], &accounts, &others].concat() {
        pages.push(visitor.get(path).await);
    }
    for path in ["/waitlist", "/signup/employee", "/signup/organization", "/login", "/verify-email/resend", "/language"]
    {
        pages.push(visitor.post(path, &[]).await);
    }
    let email = format!("{name}@example.cl");
    visitor.join(&email, "employee").await.redirects_to("/waitlist/joined");
    pages.push(visitor.join(&email, "employee").await.has_status(409));
    let link = site.mail(&email).await.link();
    pages.push(visitor.get(&link).await.has_status(200));
    let place = visitor.press(&link).await.has_status(303).header("location").to_owned();
    pages.push(visitor.get(&place).await.has_status(200));
    pages.push(visitor.log_in(&email, "wrong").await.has_status(401));
    visitor.sign_up("employee", &email).await.has_status(303);
    pages.push(visitor.log_in(&email, crate::support::PASSWORD).await.has_status(403));
    let link = site.mail(&email).await.link();
    pages.push(visitor.get(&link).await.has_status(200));
    visitor.press(&link).await.redirects_to("/account");
    for path in ["/account", "/account", "/", "/admin"] {
        pages.push(visitor.get(path).await);
    }
    for path in ["/admin?days=90", "/admin/mail", "/admin/mail?state=sent", "/admin/audit", "/admin/audit?who=x"] {
        pages.push(admin.get(path).await.has_status(200));
    }
    for path in ["/admin", "/admin/waitlist", "/admin/waitlist?role=organization", "/admin/waitlist?role=employee"] {
        pages.push(admin.get(path).await.has_status(200));
    }
    pages
}

struct Read<'a> {
    html: Html,
    page: &'a Page,
}

impl<'a> Read<'a> {
    fn of(page: &'a Page) -> Self {
        Self { html: Html::parse_document(&page.body), page }
    }

    fn all(&self, css: &str) -> Vec<ElementRef<'_>> {
        self.html.select(&Selector::parse(css).unwrap()).collect()
    }

    fn what(&self) -> String {
        format!("{} {}", self.page.status, self.page.texts("head title").join(" "))
    }

    fn has_the_frame(&self, lang: &str) {
        let langs: Vec<_> = self.all("html").iter().filter_map(|html| html.attr("lang")).collect();
        assert_eq!(langs, [lang], "{}", self.what());
        for (css, most) in [("h1", 1), ("main", 1), ("head title", 1), ("[role=status]", 1), ("meta[name=viewport]", 1)]
        {
            assert_eq!(self.all(css).len(), most, "{css} of {}", self.what());
        }
        let title = self.page.texts("head title").join("");
        assert!(title.ends_with(" · Biovity") && title.len() > 12, "{title:?}");
        assert!(!self.page.texts("h1")[0].is_empty(), "{}", self.what());
        assert!(self.page.body.starts_with("<!doctype html>"), "{}", self.what());
    }

    fn has_labels(&self) {
        for control in self.all("input:not([type=hidden]), select, textarea") {
            let id = control.attr("id").unwrap_or_default();
            let label = self.all(&format!("label[for={id:?}]")).len();
            let around =
                control.ancestors().filter_map(ElementRef::wrap).filter(|e| e.value().name() == "label").count();
            assert_eq!(label + around, 1, "#{id} of {}", self.what());
            assert!(control.attr("name").is_some() && control.attr("autocomplete") != Some(""), "#{id}");
        }
        for button in self.all("button") {
            assert!(!button.text().collect::<String>().trim().is_empty(), "a button of {}", self.what());
        }
    }

    fn ties_its_parts(&self) {
        let ids: Vec<_> = self.all("[id]").iter().map(|element| element.attr("id").unwrap().to_owned()).collect();
        let known: HashSet<_> = ids.iter().cloned().collect();
        assert_eq!(ids.len(), known.len(), "an id twice in {}: {ids:?}", self.what());
        for (css, name) in
            [("[for]", "for"), ("[aria-describedby]", "aria-describedby"), ("[aria-labelledby]", "aria-labelledby")]
        {
            let named = self.all(css).into_iter().flat_map(|e| e.attr(name).unwrap().split(' ').map(str::to_owned));
            named.for_each(|id| assert!(known.contains(&id), "{name}={id} of {}", self.what()));
        }
        for link in self.all("a[href^='#']") {
            let id = link.attr("href").unwrap().trim_start_matches('#');
            assert!(known.contains(id), "#{id} of {}", self.what());
        }
    }

    fn runs_nothing(&self) {
        // The name of the site, as data for search engines.
        let scripts = "script:not([type='application/ld+json'])";
        let active = self.all(&format!("{scripts}, style, iframe, object, embed, [style], base"));
        assert!(active.is_empty(), "{}", self.what());
        for element in self.all("*") {
            for (name, value) in element.value().attrs() {
                let value = value.trim().to_ascii_lowercase();
                assert!(!name.starts_with("on") && !value.starts_with("javascript:"), "{name} of {}", self.what());
            }
        }
        // Search engines want whole addresses.
        let links = "[href]:not([rel=canonical]):not([rel=alternate])";
        for (css, name) in [(links, "href"), ("[src]", "src"), ("[action]", "action")] {
            let elsewhere =
                self.all(css).into_iter().filter(|e| !e.attr(name).unwrap().starts_with(['/', '#'])).count();
            assert_eq!(elsewhere, 0, "{name} to elsewhere in {}", self.what());
        }
    }

    fn offers_both_languages(&self) {
        let choices = self.all(".language button").iter().map(|b| b.attr("value").unwrap()).collect::<Vec<_>>();
        assert_eq!(choices, ["es", "en"], "{}", self.what());
    }
}

fn check(pages: &[Page], lang: &str) {
    for page in pages {
        let read = Read::of(page);
        read.has_the_frame(lang);
        read.has_labels();
        read.ties_its_parts();
        read.runs_nothing();
        read.offers_both_languages();
    }
}

#[tokio::test]
async fn every_page_is_whole_in_english_and_in_spanish() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let admin = site.admin("admin@example.cl").await;
    let english = pages(&site, &site.visitor(), &admin, "ana").await;
    check(&english, "en");
    admin.post("/language", &[("lang", "es")]).await.redirects_to("/");
    let spanish = pages(&site, &site.spanish_visitor(), &admin, "eva").await;
    check(&spanish, "es");
    for (english, spanish) in english.iter().zip(&spanish) {
        assert_eq!(english.status, spanish.status);
        let titles = [english, spanish].map(|page| page.texts("head title").join(""));
        let own = ["Waitlist", "Ana Rojas"].iter().any(|name| titles[0].contains(name));
        assert!(own || titles[0] != titles[1], "{titles:?} is one language");
    }
}

#[tokio::test]
async fn what_a_page_shows_of_its_visitor_cannot_become_markup() {
    let site = TestSite::start().await;
    let evil = "\"><script>alert(1)</script><b x='";
    let typed =
        [("name", evil), ("email", evil), ("profession", evil), ("password", evil), ("role", evil), ("next", evil)];
    for path in ["/waitlist", "/signup/employee", "/signup/organization", "/login", "/verify-email/resend"] {
        let page = site.visitor().post(path, &typed).await.has_status(422);
        Read::of(&page).runs_nothing();
        assert_eq!(page.value("email"), evil, "{path} keeps what was typed");
        assert_eq!(page.value("password"), "", "{path}");
    }
    for path in ["/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "/waitlist?role=%22%3E%3Cscript%3E&\"><script>"] {
        Read::of(&site.visitor().get(path).await).runs_nothing();
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_above_the_form_and_beside_the_field() {
    let site = TestSite::start().await;
    for path in ["/waitlist", "/signup/employee", "/login", "/verify-email/resend"] {
        let page = site.visitor().post(path, &[]).await.has_status(422);
        let above = page.texts("#problem li a");
        assert!(!above.is_empty() && page.texts("head title")[0].starts_with("Error: "), "{path}");
        for words in above {
            assert!(page.texts(".error").contains(&format!("Error: {words}")), "{path}: {words}");
        }
        assert!(page.attribute("[aria-invalid=true], fieldset.invalid", "class").is_some(), "{path}");
        // With a fragment in its action, the page after a form that succeeded would have the address of its problem.
        assert!(!page.attribute("main form", "action").unwrap().contains('#'), "{path}");
        assert!(page.attribute("#problem", "autofocus").is_some(), "{path}");
    }
}

#[tokio::test]
async fn no_two_pages_have_one_title() {
    let site = TestSite::start().await;
    let visitors = [site.visitor(), site.employee("ana@example.cl").await];
    let others = [site.organization("firm@example.cl").await, site.admin("admin@example.cl").await];
    let visitors: Vec<_> = visitors.into_iter().chain(others).collect();
    let routes = crate::support::addresses::routes();
    let pages = routes.iter().filter(|route| route.method == "GET" && !route.pattern.contains('{'));
    for language in ["en", "es"] {
        let mut titles: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
        for (visitor, route) in visitors.iter().flat_map(|visitor| pages.clone().map(move |route| (visitor, route))) {
            visitor.post("/language", &[("lang", language)]).await;
            let page = visitor.get(&route.pattern).await;
            let title = page.texts("head > title").pop().filter(|_| page.status == 200);
            let Some(title) = title else { continue };
            let other = titles.insert(title.clone(), route.pattern.clone()).filter(|other| *other != route.pattern);
            assert_eq!(other, None, "{title:?} is the title of {} too", route.pattern);
        }
        assert!(titles.len() > 25, "{titles:?}");
    }
}

#[tokio::test]
async fn what_was_done_is_told_inside_the_main_part_of_the_next_page() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/account", &[("name", "Ana Rojas Díaz"), ("profession", "Biochemist")]).await.has_status(303);
    let page = ana.get("/account").await.has_status(200);
    assert_eq!(page.texts("main > [role=status] > .flash[autofocus][tabindex='-1']").len(), 1, "{}", page.text());
    assert!(ana.get("/account").await.texts(".flash").is_empty());
}

#[tokio::test]
async fn what_is_wrong_on_an_admin_page_stands_below_the_tabs() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    let lists =
        ["waitlist?from=x", "audit?from=x", "mail?state=x", "users?state=x", "waitlist/waves/rehearsal?employees=x"];
    let mut pages = Vec::new();
    for list in lists {
        pages.push(admin.get(&format!("/admin/{list}")).await);
    }
    for form in ["keys", "webhooks", "waitlist/imports"] {
        pages.push(admin.post(&format!("/admin/{form}"), &[]).await);
    }
    for page in pages {
        let body = page.has_status(422).body;
        let [tabs, problem, heading] = ["class=\"tabs\"", "id=\"problem\"", "<h1"].map(|part| body.find(part).unwrap());
        assert!(tabs < problem && problem < heading, "{body}");
    }
}
