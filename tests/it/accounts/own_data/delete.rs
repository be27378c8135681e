//! Deleting one's account: what it takes, what it ends, and what a log-in meets until the account is erased.

use chrono::TimeDelta;

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const DELETE: &str = "/account/delete";
const MEMBERS: &str = "/organization/members";
const INVITATION: &str = "/organization/invitation";
const REFUSED: &str = "/login?next=%2Faccount";

async fn delete(visitor: &Visitor, email: &str, password: &str) -> Page {
    visitor.post(DELETE, &[("email", email), ("password", password)]).await
}

/// When the account is erased, as its row has it.
fn purge_at(site: &TestSite, email: &str) -> String {
    site.database.values("purge_at", &format!(r#""user" WHERE email = '{email}'"#)).concat()
}

fn actions(site: &TestSite, action: &str) -> Vec<String> {
    site.database.values("count(*)", &format!("audit_event WHERE action = '{action}'"))
}

/// Invites somebody; the token of the mail.
async fn invite(site: &TestSite, lab: &Visitor, email: &str) -> String {
    lab.post(MEMBERS, &[("email", email)]).await.redirects_to(MEMBERS);
    site.mail(email).await.token()
}

/// Opens the account of a member.
async fn join(visitor: &Visitor, token: &str) -> Page {
    let fields = [("token", token), ("name", "Ana Rojas"), ("profession", "Biochemist"), ("password", PASSWORD)];
    visitor.post(INVITATION, &fields).await
}

#[tokio::test]
async fn the_address_to_be_typed_is_not_filled_in_by_the_browser() {
    let site = TestSite::start().await;
    let page = site.employee("ana@example.cl").await.get(DELETE).await.has_status(200);
    let typed = page.attribute("#email", "autocomplete");
    assert_eq!((typed.as_deref(), page.value("email").as_str()), (Some("off"), ""));
    assert_eq!(page.attribute("[autocomplete=username]", "value").as_deref(), Some("ana@example.cl"));
}

#[tokio::test]
async fn the_page_says_what_goes_and_when() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get(DELETE).await.has_status(200).says("erased 7 days later").says("Your place on the waitlist");
    assert!(page.attribute(r#"main a[href="/account/export"]"#, "href").is_some());
    assert_eq!(page.value("email"), "", "the address is typed, or it proves nothing");
    assert_eq!(page.texts("h1"), ["Delete your account?"]);
    assert_eq!(page.attribute("main form .button", "class").as_deref(), Some("button danger whole"));
    ana.post("/language", &[("lang", "es"), ("next", DELETE)]).await.redirects_to(DELETE);
    ana.get(DELETE).await.says("¿Eliminar tu cuenta?").says("A los 7 días, para siempre").does_not_say("waitlist");
}

#[tokio::test]
async fn the_page_asks_for_the_password_again_when_the_log_in_is_old() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.later(TimeDelta::minutes(11)).await;
    ana.get(DELETE).await.redirects_to("/reauth?next=%2Faccount%2Fdelete");
    site.visitor().get(DELETE).await.redirects_to("/login?next=%2Faccount%2Fdelete");
    delete(&site.visitor(), "ana@example.cl", PASSWORD).await.was_sent_too_late(DELETE);
    // The form carries the password itself, so that nobody who read the page slowly has to start again.
    delete(&ana, "ana@example.cl", PASSWORD).await.redirects_to("/");
}

#[tokio::test]
async fn a_wrong_address_or_password_comes_back_and_changes_nothing() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.employee("eva@example.cl").await;
    let before = site.database.contents();
    let cases = [
        ("", "", vec!["Enter your email address", "Enter your password"]),
        ("ana", PASSWORD, vec!["Enter an email address like name@example.com"]),
        ("eva@example.cl", PASSWORD, vec!["This is not the email of this account"]),
        ("ana@example.cl", "wrong", vec!["This is not your password"]),
        ("ana@example.cl", "", vec!["Enter your password"]),
    ];
    for (email, password, problems) in cases {
        let page = delete(&ana, email, password).await.has_status(422);
        assert_eq!(page.texts(".notice.problem li"), problems);
        assert_eq!((page.value("email").as_str(), page.value("password").as_str()), (email, ""));
    }
    assert_eq!(site.database.contents(), before);
    ana.get("/account").await.has_status(200);
    ana.post("/language", &[("lang", "es"), ("next", "/")]).await.has_status(303);
    delete(&ana, "eva@example.cl", PASSWORD).await.has_status(422).says("Este no es el correo de esta cuenta");
    delete(&ana, "ana@example.cl", "wrong").await.has_status(422).says("Esta no es tu contraseña");
}

#[tokio::test]
async fn extra_fields_change_nothing() {
    let site = TestSite::start().await;
    let (ana, _) = (site.employee("ana@example.cl").await, site.employee("eva@example.cl").await);
    let eva = site.database.values("id", r#""user" WHERE email = 'eva@example.cl'"#).concat();
    let fields = [("email", "ana@example.cl"), ("password", PASSWORD), ("id", &eva), ("purge_at", "2020-01-01")];
    ana.post(DELETE, &fields).await.redirects_to("/");
    assert_eq!(purge_at(&site, "eva@example.cl"), "NULL");
    let lasts =
        site.database.values("extract(epoch FROM purge_at - \"updatedAt\")::int", "\"user\" WHERE purge_at > now()");
    assert_eq!(lasts, ["604800"]);
}

#[tokio::test]
async fn the_address_may_be_typed_as_people_type_it() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.database.execute(r#"UPDATE "user" SET email = 'Ana@Example.CL'"#);
    delete(&ana, " ANA@example.cl ", PASSWORD).await.redirects_to("/");
    assert_ne!(purge_at(&site, "Ana@Example.CL"), "NULL");
}

#[tokio::test]
async fn a_deleted_account_is_closed_at_once_on_every_device() {
    let site = TestSite::start().await;
    let (ana, phone) = (site.employee("ana@example.cl").await, site.visitor());
    let stolen = phone.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    delete(&ana, "ana@example.cl", PASSWORD).await.redirects_to("/");
    ana.get("/").await.says("Your account is closed and will be erased on").says("keep it with the link in our email");
    ana.get("/").await.does_not_say("Your account is closed");
    for visitor in [&ana, &phone] {
        visitor.get("/account").await.redirects_to(REFUSED);
    }
    site.visitor().get_with("/account", &stolen).await.redirects_to(REFUSED);
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
    assert_eq!(actions(&site, "deletion_requested"), ["1"]);
}

#[tokio::test]
async fn its_owner_is_told_by_mail_and_in_their_language() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    delete(&ana, "ana@example.cl", PASSWORD).await.redirects_to("/");
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, "Your account will be erased");
    assert!(mail.text.contains("Keep my account") && mail.text.contains("Will be erased"), "{}", mail.text);
    assert!(mail.link().starts_with("/account/delete/cancel?token="), "{}", mail.link());
    site.employee("eva@example.cl").await;
    let eva = site.spanish_visitor();
    eva.log_in("eva@example.cl", PASSWORD).await.redirects_to("/account");
    eva.post("/language", &[("lang", "es")]).await.has_status(303);
    delete(&eva, "eva@example.cl", PASSWORD).await.redirects_to("/");
    eva.get("/").await.says("Tu cuenta está cerrada y se borrará el");
    let mails = site.mails("eva@example.cl").await;
    let mail = mails.iter().find(|mail| mail.subject == "Tu cuenta se borrará").unwrap();
    assert!(mail.text.contains("Se borrará:") && mail.text.contains("Conservar mi cuenta"), "{}", mail.text);
}

#[tokio::test]
async fn a_log_in_meanwhile_says_when_it_is_erased_and_only_to_who_knows_the_password() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    delete(&ana, "ana@example.cl", PASSWORD).await.redirects_to("/");
    site.visitor().log_in("ana@example.cl", "wrong").await.has_status(401).says("Email or password is incorrect");
    let page = site.visitor().log_in("ana@example.cl", PASSWORD).await.has_status(403).leads_on();
    let page = page.says("This account is about to be erased").says("ana@example.cl");
    assert!(page.cookie().is_none(), "nobody is signed in");
    let spanish = site.spanish_visitor().log_in("ana@example.cl", PASSWORD).await.has_status(403);
    spanish.says("Esta cuenta está por borrarse").says("Se borrará el");
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
}

#[tokio::test]
async fn the_link_is_mailed_again_at_a_log_in_but_not_more_than_once_an_hour() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    delete(&ana, "ana@example.cl", PASSWORD).await.redirects_to("/");
    let before = site.mails("ana@example.cl").await.len();
    for _ in 0..3 {
        ana.log_in("ana@example.cl", PASSWORD).await.has_status(403);
    }
    ana.log_in("ana@example.cl", "wrong").await.has_status(401);
    assert_eq!(site.mails("ana@example.cl").await.len(), before, "the first mail is not an hour old");
    site.later(TimeDelta::minutes(61)).await;
    let (one, two) = (site.visitor(), site.visitor());
    let both = tokio::join!(one.log_in("ana@example.cl", PASSWORD), two.log_in("ana@example.cl", PASSWORD));
    assert_eq!([both.0.status.as_u16(), both.1.status.as_u16()], [403, 403]);
    let mails = site.mails("ana@example.cl").await;
    assert_eq!(mails.len(), before + 1);
    ana.press(&mails.last().unwrap().link()).await.redirects_to("/login");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn the_grace_is_not_made_longer_by_logging_in() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    delete(&ana, "ana@example.cl", PASSWORD).await.redirects_to("/");
    let first = purge_at(&site, "ana@example.cl");
    site.later(TimeDelta::days(3)).await;
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403);
    assert_eq!(purge_at(&site, "ana@example.cl"), first);
    site.later(TimeDelta::days(4)).await;
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(401).says("Email or password is incorrect");
}

#[tokio::test]
async fn a_log_in_and_a_deletion_at_once_leave_nobody_signed_in() {
    let site = TestSite::start().await;
    let (ana, phone) = (site.employee("ana@example.cl").await, site.visitor());
    let (deleted, _) = tokio::join!(delete(&ana, "ana@example.cl", PASSWORD), phone.log_in("ana@example.cl", PASSWORD));
    deleted.redirects_to("/");
    phone.get("/account").await.redirects_to(REFUSED);
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
}

#[tokio::test]
async fn of_two_deletions_at_once_one_counts() {
    let site = TestSite::start().await;
    let (ana, phone) = (site.employee("ana@example.cl").await, site.visitor());
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    tokio::join!(delete(&ana, "ana@example.cl", PASSWORD), delete(&phone, "ana@example.cl", PASSWORD));
    assert_eq!(actions(&site, "deletion_requested"), ["1"]);
    assert_eq!(site.database.values("count(*)", "verification WHERE identifier LIKE 'deletion-cancel:%'"), ["1"]);
}

#[tokio::test]
async fn links_that_wait_for_the_account_end_with_it() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.visitor().post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    let reset = site.mail("ana@example.cl").await.link();
    change_address(&ana, "new@example.cl").await;
    let change = site.mail("new@example.cl").await.link();
    for link in [&reset, &change] {
        site.visitor().get(link).await.has_status(200);
    }
    delete(&ana, "ana@example.cl", PASSWORD).await.redirects_to("/");
    for link in [&reset, &change] {
        site.visitor().get(link).await.has_status(410);
    }
}

async fn change_address(visitor: &Visitor, to: &str) {
    let fields = [("email", to), ("current_password", PASSWORD)];
    visitor.post("/account/email", &fields).await.redirects_to("/account/email");
}

#[tokio::test]
async fn a_thief_who_deletes_the_account_does_not_take_its_undoing_away() {
    let site = TestSite::start().await;
    let thief = site.employee("ana@example.cl").await;
    change_address(&thief, "eve@example.cl").await;
    thief.press(&site.mail("eve@example.cl").await.link()).await.redirects_to("/account");
    let undo = site.mail("ana@example.cl").await.link();
    delete(&thief, "eve@example.cl", PASSWORD).await.redirects_to("/");
    let ana = site.visitor();
    ana.press(&undo).await.redirects_to("/password/forgot/sent");
    let token = site.mail("ana@example.cl").await.token();
    let new = "araucaria en la niebla 9";
    ana.post("/password/reset", &[("token", &token), ("password", new)]).await.redirects_to("/login");
    site.later(TimeDelta::hours(1)).await;
    ana.log_in("ana@example.cl", new).await.has_status(403).says("about to be erased");
    let mails = site.mails("ana@example.cl").await;
    let keep = mails.iter().find(|mail| mail.subject == "Your account will be erased").unwrap();
    ana.press(&keep.link()).await.redirects_to("/login");
    ana.log_in("ana@example.cl", new).await.redirects_to("/account");
}

#[tokio::test]
async fn an_organization_that_manages_accounts_is_led_to_its_members_first() {
    let site = TestSite::start().await;
    let (lab, ana) = (site.organization("lab@example.cl").await, site.visitor());
    join(&ana, &invite(&site, &lab, "ana@example.cl").await).await.redirects_to("/account");
    let page = lab.get(DELETE).await.has_status(200).says("Your organization still manages accounts");
    assert_eq!(page.texts("main a[href='/account']"), ["← Your account"]);
    assert!(page.attribute("main form", "action").is_none());
    let page = delete(&lab, "lab@example.cl", PASSWORD).await.has_status(409).leads_on();
    assert!(page.attribute(r#"main a[href="/organization/members"]"#, "href").is_some());
    assert_eq!(purge_at(&site, "lab@example.cl"), "NULL");
    lab.get("/account").await.has_status(200);
    lab.post("/language", &[("lang", "es"), ("next", "/")]).await.has_status(303);
    delete(&lab, "lab@example.cl", PASSWORD).await.has_status(409).says("aún administra cuentas");
    ana.post("/account/organization/leave", &[]).await.has_status(303);
    delete(&lab, "lab@example.cl", PASSWORD).await.redirects_to("/");
    ana.get("/account").await.has_status(200);
}

#[tokio::test]
async fn invitations_end_with_the_organization_and_do_not_come_back_with_it() {
    let site = TestSite::start().await;
    let lab = site.organization("lab@example.cl").await;
    let invitation = format!("{INVITATION}?token={}", invite(&site, &lab, "ana@example.cl").await);
    site.visitor().get(&invitation).await.has_status(200);
    delete(&lab, "lab@example.cl", PASSWORD).await.redirects_to("/");
    site.visitor().get(&invitation).await.has_status(410);
    lab.press(&site.mail("lab@example.cl").await.link()).await.redirects_to("/login");
    site.visitor().get(&invitation).await.has_status(410);
}

#[tokio::test]
async fn somebody_who_joins_while_the_organization_leaves_is_not_left_behind() {
    let site = TestSite::start().await;
    let (lab, ana) = (site.organization("lab@example.cl").await, site.visitor());
    let token = invite(&site, &lab, "ana@example.cl").await;
    let (left, joined) = tokio::join!(delete(&lab, "lab@example.cl", PASSWORD), join(&ana, &token));
    let both = (left.status.as_u16(), joined.status.as_u16());
    assert!([(303, 410), (409, 303)].contains(&both), "{both:?}");
}

#[tokio::test]
async fn the_last_admin_stays() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    boss.get(DELETE).await.has_status(200).says("You are the only admin");
    delete(&boss, "boss@example.cl", PASSWORD).await.has_status(409).leads_on().says("You are the only admin");
    site.employee("ana@example.cl").await;
    delete(&boss, "boss@example.cl", PASSWORD).await.has_status(409);
    site.admin("vice@example.cl").await;
    delete(&boss, "boss@example.cl", PASSWORD).await.redirects_to("/");
    let vice = site.visitor();
    vice.log_in("vice@example.cl", PASSWORD).await.redirects_to("/admin");
    delete(&vice, "vice@example.cl", PASSWORD).await.has_status(409);
}

#[tokio::test]
async fn of_two_last_admins_who_leave_at_once_one_stays() {
    let site = TestSite::start().await;
    let (one, two) = (site.admin("one@example.cl").await, site.admin("two@example.cl").await);
    let both = tokio::join!(delete(&one, "one@example.cl", PASSWORD), delete(&two, "two@example.cl", PASSWORD));
    let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_deletes_nothing() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    // Ends the session after the form was let in, just before it takes effect.
    let end = "CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql
               AS $$ BEGIN DELETE FROM session; RETURN NEW; END $$;
               CREATE TRIGGER end_session AFTER INSERT OR UPDATE ON rate_limit
               FOR EACH ROW EXECUTE FUNCTION end_session()";
    site.database.execute(end);
    delete(&ana, "ana@example.cl", PASSWORD).await.was_sent_too_late(DELETE);
    assert_eq!(purge_at(&site, "ana@example.cl"), "NULL");
    assert_eq!(actions(&site, "deletion_requested"), ["0"]);
}
