//! A tour of all that sends statements: every page and form, every job and what the commands do beyond them.

use std::collections::BTreeSet;

use biovity::accounts::directory::admin as admins;
use biovity::mail::queue::queued_letter;
use biovity::server;
use biovity::values::email_address::EmailAddress;
use biovity::waitlist::joining::totals;
use chrono::TimeDelta;

use crate::access::world::{ROLES, World, comes_last};
use crate::support::page::Page;
use crate::support::smtp::Script;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite, addresses, pictures, statements};

mod limits;
mod second_factor;
mod webhooks;

const NEW_PASSWORD: &str = "quillay bajo el volcán 9";
const WAITLIST: &str = "/admin/waitlist";
const MEMBERS: &str = "/organization/members";

/// What the lists of admins are asked for: each kind of filter, order and position.
const LISTS: [&str; 32] = [
    "/admin/search?q=place5@example.cl",
    "/admin/search?q=place5",
    "/admin/waitlist?sort=oldest",
    "/admin/waitlist?role=employee&state=confirmed",
    "/admin/waitlist?from=2020-01-01&to=2030-01-01",
    "/admin/waitlist?q=place5&sort=oldest",
    "/admin/waitlist?q=^place5",
    "/admin/waitlist?q=@example.cl&role=employee&from=2020-01-01",
    "/admin/waitlist?q=zz",
    "/admin/waitlist.csv?q=place5",
    "/admin/waitlist.csv?role=employee",
    "/admin/waitlist/bulk?act=delete-all&q=place5",
    "/admin/waitlist/bulk?act=ask-all",
    "/admin/waitlist/bulk?act=ask-all&q=waits",
    "/admin/users?q=person",
    "/admin/users?q=@example.cl&kind=employee",
    "/admin/users?q=zz&state=active",
    "/admin/users?kind=admin",
    "/admin/users?state=unverified",
    "/admin/mail?state=waiting",
    "/admin/mail?state=sent",
    "/admin/mail?state=refused",
    "/admin/audit?action=logged_in",
    "/admin/audit?who=person@example.cl",
    "/admin/audit?who=place5@example.cl",
    "/admin/audit?who=admin@example.cl&action=logged_in",
    "/admin/audit?who=adm",
    "/admin/audit?from=2020-01-01&to=2030-01-01",
    "/admin/waitlist/waves",
    "/admin/waitlist/waves?people=several",
    "/admin/waitlist/deletions",
    "/admin/waitlist/imports",
];

/// Everything that was sent, once with and once without limits.
pub async fn statements() -> BTreeSet<String> {
    let world = World::recorded().await;
    walk(&world).await;
    let site = &world.site;
    lists(&admin(site).await).await;
    join(site, &admin(site).await).await;
    sign_up(site).await;
    recover(site).await;
    move_address(site).await;
    organize(site).await;
    administer(site, &admin(site).await).await;
    bulk(site, &admin(site).await).await;
    import(site, &admin(site).await).await;
    invite(site, &admin(site).await).await;
    webhooks::tell(site, &admin(site).await).await;
    erase(site).await;
    command(site);
    let mut sent = statements::recorded(site.database.name());
    sent.extend(limits::statements().await);
    sent.extend(second_factor::statements().await);
    sent
}

/// Signed in just now: the tour moves the clock.
async fn admin(site: &TestSite) -> Visitor {
    let admin = site.visitor();
    admin.log_in("admin@example.cl", PASSWORD).await.redirects_to("/admin");
    admin
}

/// Every address, asked for by each kind of visitor.
async fn walk(world: &World) {
    let mut routes = addresses::routes();
    routes.sort_by_key(|route| (comes_last(&route.pattern), route.method));
    for route in &routes {
        for role in ROLES.into_iter().filter(|role| route.pattern.starts_with("/admin") == ["admin"].contains(role)) {
            world.answer(role, route).await;
        }
    }
}

async fn lists(admin: &Visitor) {
    for list in LISTS {
        let page = admin.get(list).await.has_status(200);
        for direction in ["after", "before"] {
            if let Some(link) = page.attribute(&format!("a[href*='{direction}=']"), "href") {
                admin.get(&link).await.has_status(200);
            }
        }
    }
    for list in ["/admin/waitlist", "/admin/users", "/admin/mail", "/admin/audit"] {
        for link in ["after", "before"] {
            admin.get(&format!("{list}?{link}=x")).await;
        }
    }
}

async fn join(site: &TestSite, admin: &Visitor) {
    let ana = site.visitor();
    for _ in 0..2 {
        ana.join("ana@example.cl", "employee").await;
    }
    ana.join("Ana+twice@gmail.com", "employee").await;
    let place =
        ana.press(&site.mail("ana@example.cl").await.link()).await.has_status(303).header("location").to_owned();
    let token = place.split_once("token=").unwrap().1;
    ana.get(&place).await.has_status(200);
    site.database.execute("UPDATE waitlist SET bounced_at = now() WHERE email = 'ana@example.cl'");
    ana.get(&place).await.has_status(200);
    for act in ["resend", "sign-up"] {
        ana.post(&format!("/waitlist/{act}"), &[("token", token)]).await.has_status(303);
    }
    site.database.execute("UPDATE waitlist SET bounced_at = NULL WHERE email = 'ana@example.cl'");
    ana.get(&format!("/waitlist/place.json?token={token}")).await.has_status(200);
    ana.post("/waitlist/place", &[("token", token), ("role", "organization")]).await.has_status(303);
    let entry = site.database.values("id", "waitlist WHERE email = 'ana@example.cl'").concat();
    let entry = format!("{WAITLIST}/entries/{entry}");
    admin.get(&entry).await.has_status(200);
    ana.get(&format!("/waitlist/unsubscribe?token={token}")).await;
    ana.post(&format!("/waitlist/unsubscribe?token={token}"), &[]).await;
    ana.post("/waitlist/leave", &[("token", token)]).await;
    admin.get(&entry).await.has_status(200);
    ana.join("ana@example.cl", "employee").await.has_status(303);
    let place =
        ana.press(&site.mail("ana@example.cl").await.link()).await.has_status(303).header("location").to_owned();
    ana.post("/waitlist/erase", &[("token", place.split_once("token=").unwrap().1)]).await.has_status(303);
    let json = ana.request("POST", "/api/waitlist").header("sec-fetch-site", "same-origin");
    json.json(&serde_json::json!({ "email": "json@example.cl", "role": "employee" })).send().await.unwrap();
}

async fn sign_up(site: &TestSite) {
    let eva = site.employee("eva@example.cl").await;
    eva.sign_up("employee", "eva@example.cl").await.has_status(303);
    let other = site.visitor();
    for _ in 0..2 {
        other.sign_up("organization", "other@lab.cl").await.has_status(303);
        other.post("/verify-email/resend", &[("email", "other@lab.cl")]).await;
        site.later(TimeDelta::minutes(2)).await;
    }
    let link = site.mail("other@lab.cl").await.link();
    site.visitor().verify(&link, "wrong").await;
    site.visitor().verify(&link, PASSWORD).await.has_status(303);
    site.visitor().sign_up("employee", "stranger@example.cl").await.has_status(303);
    let token = site.mail("stranger@example.cl").await.token();
    site.visitor().post("/verify-email/not-me", &[("token", &token)]).await;
    eva.upload("/account", &[("name", "Eva Rojas"), ("profession", "Chemist")], ("avatar", pictures::png(300, 300)))
        .await;
    eva.post("/account", &[("name", "Eva Soto"), ("profession", "Chemist")]).await;
    let phone = site.visitor();
    phone.log_in("eva@example.cl", "wrong").await.has_status(401);
    phone.log_in("eva@example.cl", PASSWORD).await.has_status(303);
    phone.post("/reauth", &[("password", PASSWORD), ("next", "/account/email")]).await;
    for page in ["/account/export", "/account/activity", "/account/sessions"] {
        phone.get(page).await.has_status(200);
    }
    let session = eva.get("/account/sessions").await.attribute("form[action$='/end']", "action");
    eva.post(&session.unwrap(), &[]).await.has_status(303);
    phone.log_in("eva@example.cl", PASSWORD).await.has_status(303);
    phone.post("/account/sessions/end-others", &[]).await.has_status(303);
    site.later(TimeDelta::days(2)).await;
    phone.get("/account/sessions").await.has_status(200);
    phone.log_out().await;
}

async fn recover(site: &TestSite) {
    let visitor = site.visitor();
    visitor.post("/password/forgot", &[("email", "eva@example.cl")]).await.has_status(303);
    let link = site.mail("eva@example.cl").await.link();
    visitor.get(&link).await.has_status(200);
    let token = link.split_once("token=").unwrap().1;
    visitor.post("/password/reset", &[("token", token), ("password", NEW_PASSWORD)]).await.has_status(303);
    visitor.get(&link).await.has_status(410);
    visitor.log_in("eva@example.cl", NEW_PASSWORD).await.has_status(303);
    let fields = [("current_password", NEW_PASSWORD), ("password", PASSWORD)];
    visitor.post("/account/password", &fields).await.has_status(303);
    let link = site.mail("eva@example.cl").await.link();
    visitor.get(&link).await.has_status(200);
    visitor.post("/account/secure", &[("token", link.split_once("token=").unwrap().1)]).await.has_status(303);
}

async fn move_address(site: &TestSite) {
    let visitor = site.employee("old@example.cl").await;
    for email in ["wrong@example.cl", "new@example.cl"] {
        let fields = [("email", email), ("current_password", PASSWORD)];
        visitor.post("/account/email", &fields).await.has_status(303);
        visitor.get("/account/email").await.has_status(200);
        if email.starts_with("wrong") {
            visitor.post("/account/email/cancel", &[("email", email)]).await.has_status(303);
        }
    }
    visitor.press(&site.mail("new@example.cl").await.link()).await.has_status(303);
    visitor.press(&site.mail("old@example.cl").await.link()).await.has_status(303);
}

async fn organize(site: &TestSite) {
    let lab = site.visitor();
    lab.log_in("other@lab.cl", PASSWORD).await.has_status(303);
    site.employee("person1@lab.cl").await;
    for email in ["person1@lab.cl", "person2@lab.cl", "person3@lab.cl", "person4@lab.cl"] {
        lab.post(MEMBERS, &[("email", email)]).await.has_status(303);
    }
    lab.get(MEMBERS).await.has_status(200);
    let revoke = lab.get(MEMBERS).await.attribute("form[action$='/revoke']", "action").unwrap();
    lab.post(&revoke, &[]).await.has_status(303);
    for (email, answer) in [("person1@lab.cl", ""), ("person2@lab.cl", ""), ("person3@lab.cl", "decline")] {
        let visitor = site.visitor();
        visitor.log_in(email, PASSWORD).await;
        let link = site.mail(email).await.link();
        visitor.get(&link).await;
        let token = link.split_once("token=").unwrap().1;
        let fields =
            [("token", token), ("answer", answer), ("name", "Ana"), ("profession", "Chemist"), ("password", PASSWORD)];
        visitor.post("/organization/invitation", &fields).await;
        visitor.get("/account/organization").await;
    }
    for act in ["deactivate", "reactivate", "release"] {
        let action = lab.get(MEMBERS).await.attribute(&format!("form[action$='/{act}']"), "action");
        lab.post(&action.unwrap_or_default(), &[]).await;
    }
}

async fn administer(site: &TestSite, admin: &Visitor) {
    for email in ["eva@example.cl", "waiting@example.cl", "other@lab.cl"] {
        let id = site.database.values("id", &format!("\"user\" WHERE email = '{email}'")).concat();
        admin.get(&format!("/admin/users/{id}")).await;
        for act in ["resend-verification", "reset-password", "end-sessions", "deactivate", "reactivate"] {
            admin.post(&format!("/admin/users/{id}/{act}"), &[]).await;
        }
    }
    site.smtp.play(Script {
        recipient: "550 5.1.1 no such user".into(),
        only_for: "gone@example.cl".into(),
        ..Script::default()
    });
    site.visitor().join("gone@example.cl", "employee").await.has_status(303);
    site.visitor().join("late@example.cl", "employee").await.has_status(303);
    for act in ["cancel", "retry"] {
        let letter = site.database.values("id", "outbox_letter WHERE recipient = 'late@example.cl'").concat();
        admin.post(&format!("/admin/mail/{letter}/{act}"), &[]).await;
    }
    for act in ["pause", "resume"] {
        admin.post(&format!("/admin/mail/{act}"), &[]).await.has_status(303);
    }
    site.deliver_mail().await;
    site.smtp.play(Script { recipient: "451 later".into(), ..Script::default() });
    site.visitor().join("later@example.cl", "employee").await.has_status(303);
    site.deliver_once().await;
    site.smtp.play(Script { data: "451 4.3.0 failure".into(), ..Script::default() });
    site.visitor().join("latest@example.cl", "employee").await.has_status(303);
    site.deliver_once().await;
    site.smtp.play(Script::default());
    let letter = site.database.values("id", "outbox_letter WHERE recipient = 'latest@example.cl'").concat();
    admin.post(&format!("/admin/mail/{letter}/retry"), &[]).await.has_status(303);
    site.deliver_mail().await;
    let entry = site.database.values("id", "waitlist WHERE email = 'gone@example.cl'").concat();
    admin.get(&format!("{WAITLIST}/entries/{entry}")).await.has_status(200);
    admin.post(&format!("{WAITLIST}/entries/{entry}/clear"), &[]).await;
    review(site, admin).await;
}

async fn review(site: &TestSite, admin: &Visitor) {
    admin.get(&format!("{WAITLIST}?state=review")).await.has_status(200);
    site.visitor().join("twin@mailinator.com", "employee").await;
    let entry = site.database.values("id", "waitlist WHERE email = 'twin@mailinator.com'").concat();
    admin.post(&format!("{WAITLIST}/entries/{entry}/review"), &[]).await.has_status(303);
}

async fn bulk(site: &TestSite, admin: &Visitor) {
    let chosen =
        site.database.values("id", "waitlist WHERE email IN ('place7@example.cl', 'late@example.cl') ORDER BY id");
    for act in ["ask", "delete"] {
        let query = format!("{WAITLIST}/bulk?act={act}&id={}&id={}", chosen[0], chosen[1]);
        agree(admin, &admin.get(&query).await.has_status(200)).await;
    }
    admin.post(&format!("{WAITLIST}/entries/{}/restore", chosen[0]), &[]).await;
    for filter in ["act=delete-all&q=place8", "act=delete-all&from=2031-01-01", "act=ask-all&q=waits", "act=ask-all"] {
        let done = agree(admin, &admin.get(&format!("{WAITLIST}/bulk?{filter}")).await).await;
        let deletion = done.header("location").to_owned();
        if deletion.contains("/deletions/") {
            admin.get(&deletion).await;
            admin.post(&deletion.replace('?', "/undo?"), &[]).await;
        }
    }
}

/// Sends the form of a confirmation, if there is one.
async fn agree(admin: &Visitor, page: &Page) -> Page {
    let action = format!("{WAITLIST}/bulk");
    if page.attribute(&format!("form[method=post][action='{action}']"), "action").is_none() {
        return page.clone();
    }
    admin.send(&page.form(&action)).await
}

async fn import(site: &TestSite, admin: &Visitor) {
    let list = "email,role\nimported@example.cl,employee\nwaits@example.cl,employee\nbroken,employee\n\
                imported@example.cl,employee\nx@mailinator.com,employee\n";
    for confirmation in ["ask", "confirmed"] {
        let fields = [("language", "es"), ("confirmation", confirmation)];
        let page = admin.upload(&format!("{WAITLIST}/imports"), &fields, ("list", list.into())).await.has_status(303);
        let import = page.header("location").to_owned();
        site.lists_are_staged().await;
        for act in ["", "start", "rejects.csv", "undo"] {
            settle(site).await;
            match act {
                "start" | "undo" => admin.post(&format!("{import}/{act}"), &[]).await,
                "" => admin.get(&import).await,
                page => admin.get(&format!("{import}/{page}")).await,
            };
        }
        settle(site).await;
    }
}

/// Lets waves and imports do what is due.
async fn settle(site: &TestSite) {
    for _ in 0..4 {
        site.app.clock.advance(TimeDelta::seconds(5));
        server::jobs::run_steps_once(&site.app).await.unwrap();
        site.deliver_mail().await;
    }
}

async fn invite(site: &TestSite, admin: &Visitor) {
    let wave = format!("{WAITLIST}/waves");
    let rehearsal = admin.get(&format!("{wave}/rehearsal?employees=20&organizations=5")).await.has_status(200);
    let path = admin.send(&rehearsal.form(&wave)).await.has_status(303).header("location").to_owned();
    settle(site).await;
    for act in ["pause", "resume"] {
        admin.post(&format!("{path}/{act}"), &[]).await;
        admin.get(&path).await.has_status(200);
        settle(site).await;
    }
    admin.get(&format!("{path}/cancel")).await;
    let place = site.database.values("id", "waitlist WHERE email = 'place500@example.cl'").concat();
    admin.post(&format!("{WAITLIST}/entries/{place}/invite"), &[]).await;
    settle(site).await;
    let invited = site.smtp.mails().into_iter().find(|mail| mail.text.contains("/signup/invited")).unwrap();
    let visitor = site.visitor();
    visitor.get(&invited.link()).await.has_status(200);
    let token = invited.token();
    let fields = [("token", &*token), ("name", "Ana"), ("profession", "Chemist"), ("password", PASSWORD)];
    visitor.post("/signup/invited", &fields).await;
    admin.post(&format!("{path}/cancel"), &[]).await;
    settle(site).await;
}

/// Deletes accounts, and lets all that is kept for a while run out.
async fn erase(site: &TestSite) {
    for email in ["leaving@example.cl", "staying@example.cl"] {
        site.visitor().join(email, "employee").await;
        let visitor = site.employee(email).await;
        visitor.post("/account/delete", &[("email", email), ("password", PASSWORD)]).await.has_status(303);
        site.visitor().log_in(email, PASSWORD).await;
        if email.starts_with("staying") {
            visitor.press(&site.mail(email).await.link()).await;
        }
    }
    site.visitor().sign_up("employee", "never@example.cl").await;
    for days in [0, 8, 15, 32, 100, 400] {
        site.app.clock.advance(TimeDelta::days(days));
        server::jobs::sweep_once(&site.app).await;
        settle(site).await;
    }
}

/// What the commands do beyond what the pages do.
fn command(site: &TestSite) {
    let (mut conn, now) = (server::connect(&site.database.url()).unwrap(), site.app.clock.now());
    admins::exists(&mut conn).unwrap();
    totals::recount(&mut conn).unwrap();
    queued_letter::retry_refused(&mut conn, now).unwrap();
    site.make_admin("second@example.cl", PASSWORD);
    admins::revoke(&mut conn, now, &EmailAddress::parse("second@example.cl").unwrap()).unwrap();
}
