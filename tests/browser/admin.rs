//! The admin's work as a person does it: without JavaScript, in both languages, to the account of somebody invited.

use std::io::Write;

use biovity::server::jobs;

use crate::PASSWORD;
use crate::browser::Browser;
use crate::support::TestSite;

#[tokio::test]
async fn an_admin_imports_invites_deletes_and_brings_back_in_english() {
    work("en-US").await;
}

#[tokio::test]
async fn una_administradora_importa_invita_elimina_y_recupera_en_español() {
    work("es-CL").await;
}

async fn work(language: &str) {
    let site = TestSite::start().await;
    site.admin("admin@example.cl").await;
    let browser = Browser::open(&site.base_url, language).await;
    log_in(&browser).await;
    imports_a_list(&browser).await;
    deletes_and_brings_back(&browser).await;
    invites(&site, &browser).await;
    browser.go("/admin/mail").await;
    browser.says("ana@example.cl").await;
    browser.go("/admin/audit").await;
    browser.says("admin").await;
    browser.click("form[action='/logout'] button").await;
    browser.is_at("/").await;
    comes_in(&site, &browser).await;
    browser.close().await;
}

async fn log_in(browser: &Browser) {
    browser.go("/login").await;
    browser.fill("email", "admin@example.cl").await;
    browser.fill("password", PASSWORD).await;
    browser.send("password").await;
    browser.is_at("/admin").await;
}

async fn imports_a_list(browser: &Browser) {
    let mut list = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    list.write_all(b"email,role\nana@example.cl,employee\nlab@example.cl,organization\nnobody,employee\n").unwrap();
    browser.go("/admin/waitlist").await;
    browser.click("a[href='/admin/waitlist/imports']").await;
    browser.attach("list", list.path().to_str().unwrap()).await;
    browser.click("label:has([value=confirmed])").await;
    browser.click("form[enctype] button").await;
    // The page comes back by itself until the list is checked, and until everything is added.
    browser.click("form[action$='/start'] button").await;
    browser.click("details:has([action$='/undo']) summary").await;
    browser.click("a[href$='/rejects.csv']").await;
    browser.go("/admin/waitlist?state=confirmed&q=example").await;
    browser.says("ana@example.cl").await;
    browser.says("lab@example.cl").await;
}

async fn deletes_and_brings_back(browser: &Browser) {
    browser.go("/admin/waitlist?q=lab").await;
    browser.click("input[name=id]").await;
    browser.click("button[value=delete]").await;
    browser.is_at("/admin/waitlist/bulk").await;
    browser.says("lab@example.cl").await;
    browser.click("main form[method=post] button").await;
    browser.click("main form[action*='/undo'] button").await;
    // Only when it is done is there a message.
    browser.click(".flash").await;
    browser.go("/admin/waitlist").await;
    browser.says("lab@example.cl").await;
}

async fn invites(site: &TestSite, browser: &Browser) {
    browser.go("/admin/waitlist/waves").await;
    browser.fill("employees", "1").await;
    browser.fill("organizations", "0").await;
    browser.click("form.filters button").await;
    browser.says("ana@example.cl").await;
    browser.click("main form[method=post] button").await;
    browser.click("progress").await;
    jobs::run_steps_once(&site.app).await.unwrap();
    site.deliver_mail().await;
    browser.go("/admin/waitlist?state=invited").await;
    browser.says("ana@example.cl").await;
}

/// Whoever was invited opens an account by the mail's link, with the address filled in and proved.
async fn comes_in(site: &TestSite, browser: &Browser) {
    browser.go(&site.mail("ana@example.cl").await.link()).await;
    browser.is_at("/signup/invited").await;
    assert_eq!(browser.value("username").await, "ana@example.cl");
    browser.fill("name", "Ana Rojas").await;
    browser.fill("profession", "Bioquímica").await;
    browser.fill("password", PASSWORD).await;
    browser.send("password").await;
    browser.is_at("/account").await;
    assert_eq!(site.database.values("signed_up_at IS NOT NULL", "waitlist WHERE email = 'ana@example.cl'"), ["true"]);
}

#[tokio::test]
async fn a_tick_moves_no_button_to_where_a_row_was() {
    const PLACE: &str = "return document.querySelector('.bulk').getBoundingClientRect().top";
    let site = TestSite::start().await;
    site.admin("admin@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role) \
         SELECT 'p' || n || '@example.cl', 'employee' FROM generate_series(1, 60) AS n",
    );
    let browser = Browser::open(&site.base_url, "en-US").await;
    log_in(&browser).await;
    for width in [1200, 390] {
        browser.resize(width).await;
        browser.go("/admin/waitlist").await;
        let before = browser.pixels(PLACE).await;
        browser.pixels("document.querySelector('.places input').click(); return 0").await;
        let after = browser.pixels(PLACE).await;
        assert!((before - after).abs() < 1.0, "{width}: {before} {after}");
    }
    browser.close().await;
}

#[tokio::test]
async fn the_steps_and_the_chart_of_the_overview_fit_a_telephone() {
    const STEPS: &str =
        "const table = document.querySelector('.scroll:has(.funnel)'); return table.scrollWidth - table.clientWidth";
    const CHART: &str = "const ends = [...document.querySelectorAll('.chart :is(line, rect, text)')].map((it) => it.getBoundingClientRect()); \
         return ends.length > 30 ? Math.max(...ends.map((it) => Math.max(-it.left, it.right - innerWidth))) : 1000";
    const LETTERS: &str = "return document.querySelector('.chart text').getBoundingClientRect().height";
    let site = TestSite::start().await;
    site.admin("admin@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, confirmed_at, created_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now(), now() - n % 30 * interval '1 day' FROM generate_series(1, 1200) AS n",
    );
    let browser = Browser::open(&site.base_url, "en-US").await;
    log_in(&browser).await;
    for (width, days) in [(390, 30), (320, 90)] {
        browser.resize(width).await;
        browser.go(&format!("/admin?days={days}")).await;
        assert!(width == 320 || browser.pixels(STEPS).await < 1.0, "{width}");
        let beyond = browser.pixels(CHART).await;
        assert!(beyond < 1.0, "{width}: {beyond}");
        assert!(browser.pixels(LETTERS).await >= 12.0);
    }
    browser.close().await;
}

#[tokio::test]
async fn opened_filters_stand_in_equal_columns_with_their_names_in_line() {
    // How far a name is from the line of the one before it, which stands to its left; and how many left edges all fields have.
    const APART: &str = "const names = [...document.querySelectorAll('.filters > details ~ .field > label')].map((it) => it.getBoundingClientRect()); \
         const apart = names.map((it, at) => at > 0 && it.left > names[at - 1].right ? Math.abs(it.top - names[at - 1].top) : 0); \
         return names.length < 3 ? 1000 : Math.max(...apart)";
    const EDGES: &str = "return new Set([...document.querySelectorAll('.filters > .field')].map((it) => Math.round(it.getBoundingClientRect().left))).size";
    let (_site, browser) = on_a_long_list("es-CL").await;
    for (width, columns) in [(800, 2.0), (1200, 4.0)] {
        browser.resize(width).await;
        for list in ["waitlist?from=x", "audit?from=x"] {
            browser.go(&format!("/admin/{list}")).await;
            let apart = browser.pixels(APART).await;
            assert!(apart < 1.0, "{width}, {list}: {apart}");
            let edges = browser.pixels(EDGES).await;
            assert!(edges <= columns, "{width}, {list}: {edges}");
        }
    }
    browser.close().await;
}

#[tokio::test]
async fn what_is_known_of_a_place_stands_beside_what_it_is_called_on_a_telephone() {
    const BELOW: &str = "const facts = [...document.querySelectorAll('.facts > div')].map((fact) => [...fact.children]); \
         const tops = facts.map((fact) => fact.map((it) => it.getBoundingClientRect().top)); \
         return tops.length > 1 ? tops.filter(([name, value]) => value > name + 9).length : -1";
    let (site, browser) = on_a_long_list("es-CL").await;
    let place = site.database.values("id", "waitlist ORDER BY id LIMIT 1").remove(0);
    for width in [390, 360] {
        browser.resize(width).await;
        browser.go(&format!("/admin/waitlist/entries/{place}")).await;
        assert!(browser.pixels(BELOW).await.abs() < 0.1, "{width}");
    }
    browser.close().await;
}

/// A list of several pages, looked at by an admin.
async fn on_a_long_list(language: &str) -> (TestSite, Browser) {
    let site = TestSite::start().await;
    site.admin("admin@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, confirmed_at) \
         SELECT 'p' || n || '@example.cl', 'employee', CASE WHEN n > 50 THEN now() END FROM generate_series(1, 60) AS n",
    );
    let browser = Browser::open(&site.base_url, language).await;
    log_in(&browser).await;
    (site, browser)
}

#[tokio::test]
async fn the_list_begins_high_on_a_desk_and_its_acts_take_one_row_of_a_telephone() {
    const FIRST_ROW: &str = "return document.querySelector('tbody tr').getBoundingClientRect().top";
    const ACTS: &str = "return document.querySelector('.bulk').getBoundingClientRect().height";
    for language in ["en-US", "es-CL"] {
        let (_site, browser) = on_a_long_list(language).await;
        browser.resize(1200).await;
        for list in ["waitlist", "waitlist?q=p&state=joined", "users", "audit"] {
            browser.go(&format!("/admin/{list}")).await;
            let top = browser.pixels(FIRST_ROW).await;
            assert!(top < 480.0, "{language}, {list}: {top}");
        }
        for (width, list) in [(390, ""), (390, "?ticked=all"), (320, "")] {
            browser.resize(width).await;
            browser.go(&format!("/admin/waitlist{list}")).await;
            let height = browser.pixels(ACTS).await;
            assert!(height <= 72.0, "{language}, {width}, {list}: {height}");
        }
        browser.close().await;
    }
}

#[tokio::test]
async fn the_ticked_are_counted_and_a_page_of_them_is_ticked_by_one_link() {
    const SHOWN: &str = "const counted = document.querySelectorAll('.places :checked').length; \
         const style = getComputedStyle(document.querySelector('.ticked'), '::before'); \
         return style.content.includes('counter(ticked)') ? counted : -1";
    let (_site, browser) = on_a_long_list("es-CL").await;
    browser.go("/admin/waitlist?state=joined").await;
    browser.click("input[name=id]").await;
    assert!((browser.pixels(SHOWN).await - 1.0).abs() < 0.1);
    browser.follow("Seleccionar toda la página").await;
    browser.says("Toda la página está seleccionada.").await;
    assert!((browser.pixels(SHOWN).await - 25.0).abs() < 0.1);
    browser.click("button[value=delete]").await;
    browser.is_at("/admin/waitlist/bulk").await;
    browser.says("25 lugares seleccionados").await;
    browser.close().await;
}

#[tokio::test]
async fn the_tab_of_the_page_is_in_sight_on_a_narrow_screen_and_lies_over_no_other() {
    const OVER: &str = "const ends = (tab) => tab.parentElement.getBoundingClientRect(); \
         const here = ends(document.querySelector('.tabs [aria-current]')); \
         const others = [...document.querySelectorAll('.tabs a:not([aria-current])')].map(ends); \
         return Math.max(-here.left, here.right - innerWidth, ...others.map((it) => Math.min(it.right, here.right) - Math.max(it.left, here.left)))";
    let (_site, browser) = on_a_long_list("es-CL").await;
    browser.resize(320).await;
    for page in ["waitlist/waves", "users", "mail", "webhooks", "audit"] {
        browser.go(&format!("/admin/{page}")).await;
        let over = browser.pixels(OVER).await;
        assert!(over < 1.0, "{page}: {over}");
    }
    browser.close().await;
}
