//! Waves of invitations.

use biovity::server;
use chrono::TimeDelta;

use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

mod people_list;
mod rehearsal;
mod signed_up;
mod wave_control;
mod wave_sender;

const WAVES: &str = "/admin/waitlist/waves";
const REHEARSAL: &str = "/admin/waitlist/waves/rehearsal";

/// A site with an admin and this many confirmed places of each role: `e1@example.cl`, who joined first, and so on.
async fn site_with(employees: u32, organizations: u32) -> (TestSite, Visitor) {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let admin = site.admin("admin@example.cl").await;
    for (role, count) in [("employee", employees), ("organization", organizations)] {
        site.database.execute(&format!(
            "INSERT INTO waitlist (email, role, created_at, confirmed_at, locale) \
             SELECT concat(left('{role}', 1), n, '@example.cl'), '{role}', now() - interval '9 days' + n * interval '1 minute', \
               now() - interval '1 day', CASE n % 2 WHEN 0 THEN 'en' ELSE 'es' END \
             FROM generate_series(1, {count}) AS n"
        ));
    }
    (site, admin)
}

/// Presses the button of a rehearsal.
async fn press(admin: &Visitor, rehearsal: &Page) -> Page {
    admin.send(&rehearsal.form(WAVES)).await
}

async fn rehearse(admin: &Visitor, employees: &str, organizations: &str) -> Page {
    admin.get(&format!("{REHEARSAL}?employees={employees}&organizations={organizations}")).await
}

/// Starts a wave; the path of its page.
async fn start(admin: &Visitor, employees: u32, organizations: u32) -> String {
    let rehearsal = rehearse(admin, &employees.to_string(), &organizations.to_string()).await.has_status(200);
    press(admin, &rehearsal).await.has_status(303).header("location").to_owned()
}

/// Lets so many times five seconds pass, and sends what is written.
async fn go_on(site: &TestSite, times: usize) {
    for _ in 0..times {
        site.app.clock.advance(TimeDelta::seconds(5));
        server::jobs::run_steps_once(&site.app).await.unwrap();
        site.deliver_mail().await;
    }
}

/// A wave of seven that is done: of them one left, one bounced, one was deleted, one signed up and one was erased meanwhile, and
/// one had an account before. With the admin, and the path of its page.
async fn wave_that_skips_six() -> (TestSite, Visitor, String) {
    let (site, admin) = site_with(7, 0).await;
    let _old = site.employee("e6@example.cl").await;
    site.database.execute("UPDATE waitlist SET signed_up_at = NULL");
    let page = start(&admin, 7, 0).await;
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    for (n, change) in [(1, "left_at"), (2, "bounced_at"), (3, "deleted_at"), (4, "signed_up_at")] {
        site.database.execute(&format!("UPDATE waitlist SET {change} = now() WHERE email = 'e{n}@example.cl'"));
    }
    site.database.execute("DELETE FROM waitlist WHERE email = 'e5@example.cl'");
    admin.post(&format!("{page}/resume"), &[]).await.redirects_to(&page);
    go_on(&site, 3).await;
    (site, admin, page)
}

/// How many invitations arrived for whom.
fn invited(site: &TestSite) -> Vec<String> {
    let mut mails: Vec<_> = site
        .smtp
        .mails()
        .into_iter()
        .filter(|mail| mail.text.contains("/signup/invited"))
        .map(|mail| mail.to)
        .collect();
    mails.sort();
    mails
}

fn states(site: &TestSite) -> Vec<String> {
    site.database.values("concat(state, ' ', count(*))", "waitlist_invitation GROUP BY state ORDER BY state")
}

fn wave(site: &TestSite) -> String {
    site.database.values("concat(state, ' ', paused_by)", "waitlist_wave ORDER BY id DESC LIMIT 1")[0].trim().to_owned()
}
