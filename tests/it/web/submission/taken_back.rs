//! A form that is sent again after what it did was taken back: it does that anew, or the page says what is true now.

use super::{NO_COOKIE, form_of, logged_in, site};
use crate::support::PASSWORD;
use crate::support::pictures::png;

const NEW: &str = "otra-Frase larga 2026";

#[tokio::test]
async fn an_account_that_was_kept_is_deleted_anew() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/account/delete", "/account/delete").await;
    let form = form.with("email", "ana@example.cl").with("password", PASSWORD);
    ana.send(&form).await.redirects_to("/");
    let keep = site.mail("ana@example.cl").await.link();
    let keep_form = form_of(&ana, &keep, "/account/delete/cancel").await;
    ana.send(&keep_form).await.redirects_to("/login");
    ana.send(&keep_form).await.redirects_to("/login");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.send(&form).await.redirects_to("/");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("will be erased");
    // The link of before does not say that the account stays.
    ana.get(&keep).await.has_status(410).does_not_say("Your account stays");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/login");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn a_password_that_was_reset_is_changed_anew() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/account/password", "/account/password").await;
    let form = form.with("current_password", PASSWORD).with("password", NEW);
    ana.send(&form).await.redirects_to("/account");
    ana.send(&form).await.redirects_to("/account");
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    let token = site.mail("ana@example.cl").await.token();
    ana.post("/password/reset", &[("token", &token), ("password", PASSWORD)]).await.redirects_to("/login");
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.send(&form).await.redirects_to("/account");
    site.visitor().log_in("ana@example.cl", NEW).await.redirects_to("/account");
    let back = form_of(&ana, "/account/password", "/account/password").await;
    ana.send(&back.with("current_password", NEW).with("password", PASSWORD)).await.redirects_to("/account");
    ana.send(&form).await.redirects_to("/account");
    site.visitor().log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn a_link_that_was_used_or_cancelled_is_sent_anew() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/account/email", "/account/email").await;
    let form = form.with("email", "nueva@example.cl").with("current_password", PASSWORD);
    ana.send(&form).await.redirects_to("/account/email");
    ana.send(&form).await.redirects_to("/account/email");
    assert_eq!(site.mails("nueva@example.cl").await.len(), 1);
    let cancel = form_of(&ana, "/account/email", "/account/email/cancel").await;
    ana.send(&cancel).await.redirects_to("/account/email");
    ana.send(&form).await.redirects_to("/account/email");
    ana.get("/account/email").await.says("A change is waiting for you");
    assert_eq!(site.mails("nueva@example.cl").await.len(), 2);
    ana.send(&cancel).await.redirects_to("/account/email");
    ana.get("/account/email").await.does_not_say("A change is waiting for you");

    let forgot = form_of(&ana, "/password/forgot", "/password/forgot").await.with("email", "ana@example.cl");
    let before = site.mails("ana@example.cl").await.len();
    ana.send(&forgot).await.redirects_to("/password/forgot/sent");
    ana.send(&forgot).await.redirects_to("/password/forgot/sent");
    assert_eq!(site.mails("ana@example.cl").await.len(), before + 1);
    let token = site.mail("ana@example.cl").await.token();
    ana.post("/password/reset", &[("token", &token), ("password", NEW)]).await.redirects_to("/login");
    ana.send(&forgot).await.redirects_to("/password/forgot/sent");
    let token = site.mail("ana@example.cl").await.token();
    ana.post("/password/reset", &[("token", &token), ("password", PASSWORD)]).await.redirects_to("/login");
}

#[tokio::test]
async fn the_link_of_a_change_of_address_that_was_undone_does_not_say_that_it_was_changed() {
    let site = site().await;
    let ana = site.employee("ana@example.cl").await;
    let fields = [("email", "nueva@example.cl"), ("current_password", PASSWORD)];
    ana.post("/account/email", &fields).await.redirects_to("/account/email");
    let confirm = site.mail("nueva@example.cl").await.link();
    ana.press(&confirm).await.redirects_to("/account");
    ana.get(&confirm).await.has_status(410).says("Your email was changed");
    ana.press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    ana.get(&confirm).await.has_status(410).does_not_say("was changed");
}

#[tokio::test]
async fn forms_of_links_whose_effect_was_taken_back_do_not_say_that_it_holds() {
    let site = site().await;
    let ana = site.employee("ana@example.cl").await;
    let fields = [("email", "nueva@example.cl"), ("current_password", PASSWORD)];
    ana.post("/account/email", &fields).await.redirects_to("/account/email");
    let confirm = form_of(&ana, &site.mail("nueva@example.cl").await.link(), "/account/email/confirm").await;
    ana.send(&confirm).await.redirects_to("/account");
    // Asking for another change takes nothing back.
    let other = [("email", "otra@example.cl"), ("current_password", PASSWORD)];
    ana.post("/account/email", &other).await.redirects_to("/account/email");
    ana.send(&confirm).await.redirects_to("/account");
    let undo = form_of(&ana, &site.mail("ana@example.cl").await.link(), "/account/email/undo").await;
    ana.send(&undo).await.redirects_to("/password/forgot/sent");
    ana.send(&confirm).await.has_status(410);

    let ana = site.visitor();
    let reset = form_of(&ana, &site.mail("ana@example.cl").await.link(), "/password/reset").await;
    let reset = reset.with("password", NEW);
    ana.send(&reset).await.redirects_to("/login");
    ana.send(&reset).await.redirects_to("/login");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/password/forgot/sent");
    ana.send(&reset).await.has_status(410).does_not_say("password was changed");
    let token = site.mail("ana@example.cl").await.token();
    ana.post("/password/reset", &[("token", &token), ("password", PASSWORD)]).await.redirects_to("/login");

    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.post("/account/email", &fields).await.redirects_to("/account/email");
    ana.press(&site.mail("nueva@example.cl").await.link()).await.redirects_to("/account");
    ana.send(&undo).await.has_status(410);
}

#[tokio::test]
async fn a_deletion_that_was_asked_for_again_is_not_said_to_be_cancelled() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let delete = async || {
        let (ana, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
        let fields = [("email", "ana@example.cl"), ("password", PASSWORD)];
        ana.post("/account/delete", &fields).await.redirects_to("/");
    };
    delete().await;
    let ana = site.visitor();
    let keep = form_of(&ana, &site.mail("ana@example.cl").await.link(), "/account/delete/cancel").await;
    ana.send(&keep).await.redirects_to("/login");
    delete().await;
    ana.send(&keep).await.has_status(410);
}

#[tokio::test]
async fn a_member_who_signed_up_and_left_does_not_read_that_the_organization_was_joined() {
    let site = site().await;
    let lab = site.organization("lab@example.cl").await;
    lab.post("/organization/members", &[("email", "ana@example.cl")]).await.has_status(303);
    let ana = site.visitor();
    let join = form_of(&ana, &site.mail("ana@example.cl").await.link(), "/organization/invitation").await;
    let join = join.with("name", "Ana").with("profession", "x").with("password", PASSWORD);
    ana.send(&join).await.redirects_to("/account");
    ana.send(&join).await.redirects_to("/account");
    ana.post("/account/organization/leave", &[]).await.redirects_to("/account/organization");
    ana.send(&join).await.has_status(410);
}

#[tokio::test]
async fn a_sign_up_that_its_owner_rejected_is_made_anew() {
    let site = site().await;
    let ana = site.visitor();
    let form = form_of(&ana, "/signup/employee", "/signup/employee").await.with("name", "Ana");
    let form = form.with("email", "ana@example.cl").with("profession", "x").with("password", PASSWORD);
    ana.send(&form).await.redirects_to("/signup/check-email");
    ana.send(&form).await.redirects_to("/signup/check-email");
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
    let not_me = form_of(&ana, &site.mail("ana@example.cl").await.link(), "/verify-email/not-me").await;
    ana.send(&not_me).await.redirects_to("/");
    ana.send(&form).await.redirects_to("/signup/check-email");
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
}

#[tokio::test]
async fn an_invitation_that_was_taken_back_or_declined_is_sent_anew() {
    let site = site().await;
    let lab = site.organization("lab@example.cl").await;
    let form = form_of(&lab, "/organization/members", "/organization/members").await.with("email", "ana@example.cl");
    lab.send(&form).await.redirects_to("/organization/members");
    lab.send(&form).await.redirects_to("/organization/members");
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
    let revoke = lab.get("/organization/members").await.attribute("#pending form", "action").unwrap();
    lab.post(&revoke, &[]).await.has_status(303);
    lab.send(&form).await.redirects_to("/organization/members");
    assert_eq!(site.mails("ana@example.cl").await.len(), 2);
    let token = site.mail("ana@example.cl").await.token();
    let decline = [("token", token.as_str()), ("answer", "decline")];
    site.visitor().post("/organization/invitation", &decline).await.redirects_to("/");
    lab.send(&form).await.redirects_to("/organization/members");
    assert_eq!(site.mails("ana@example.cl").await.len(), 3);
    lab.get("/organization/members").await.says("ana@example.cl");
}

#[tokio::test]
async fn a_member_who_left_does_not_read_that_the_organization_was_joined() {
    let site = site().await;
    let lab = site.organization("lab@example.cl").await;
    let ana = site.employee("ana@example.cl").await;
    lab.post("/organization/members", &[("email", "ana@example.cl")]).await.has_status(303);
    let link = site.mail("ana@example.cl").await.link();
    let accept = form_of(&ana, &link, "/organization/invitation").await;
    ana.send(&accept).await.redirects_to("/account/organization");
    ana.send(&accept).await.redirects_to("/account/organization");
    ana.post("/account/organization/leave", &[]).await.redirects_to("/account/organization");
    ana.send(&accept).await.has_status(410);
}

#[tokio::test]
async fn a_profile_that_was_changed_again_is_changed_back() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let first = form_of(&ana, "/account", "/account").await.with("name", "Ana María");
    let fields = first.fields.iter().filter(|(name, _)| name != "avatar");
    let fields: Vec<_> = fields.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let save = || ana.upload("/account", &fields, ("avatar", png(20, 20)));
    save().await.redirects_to("/account");
    save().await.redirects_to("/account");
    let pictures = || site.database.values("count(*)", "audit_event WHERE action = 'picture_changed'");
    assert_eq!(pictures(), ["1"]);
    ana.post("/account", &[("name", "Ana"), ("profession", "x")]).await.redirects_to("/account");
    save().await.redirects_to("/account");
    assert_eq!(site.database.values("name", "\"user\""), ["Ana María"]);
    let remove = form_of(&ana, "/account", "/account/avatar/remove").await;
    ana.send(&remove).await.redirects_to("/account");
    save().await.redirects_to("/account");
    ana.send(&remove).await.redirects_to("/account");
    assert_eq!(site.database.values("count(*)", "avatar"), ["0"]);
}

#[tokio::test]
async fn what_an_admin_took_back_is_done_anew() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    site.make_admin("boss@example.cl", PASSWORD);
    let (boss, _) = logged_in(&site, "boss@example.cl", PASSWORD).await;
    let pause = form_of(&boss, "/admin/mail", "/admin/mail/pause").await;
    boss.send(&pause).await.redirects_to("/admin/mail");
    boss.send(&form_of(&boss, "/admin/mail", "/admin/mail/resume").await).await.redirects_to("/admin/mail");
    boss.send(&pause).await.redirects_to("/admin/mail");
    form_of(&boss, "/admin/mail", "/admin/mail/resume").await;

    let id = site.database.values("id", "\"user\" WHERE type = 'employee'").remove(0);
    let page = format!("/admin/users/{id}");
    let deactivate = form_of(&boss, &page, &format!("{page}/deactivate")).await;
    for form in [&deactivate, &deactivate] {
        boss.send(form).await.redirects_to(&page);
    }
    boss.send(&form_of(&boss, &page, &format!("{page}/reactivate")).await).await.redirects_to(&page);
    boss.send(&deactivate).await.redirects_to(&page);
    site.visitor().log_in("ana@example.cl", PASSWORD).await.has_status(403);
}

#[tokio::test]
async fn places_that_were_brought_back_are_deleted_anew() {
    let site = site().await;
    site.make_admin("boss@example.cl", PASSWORD);
    let (boss, _) = logged_in(&site, "boss@example.cl", PASSWORD).await;
    site.visitor().join("ana@example.cl", "employee").await.has_status(303);
    let form = form_of(&boss, "/admin/waitlist/bulk?act=delete-all", "/admin/waitlist/bulk").await;
    let deletion = boss.send(&form).await.has_status(303).header("location").to_owned();
    boss.send(&form).await.redirects_to(&deletion);
    let undo = form_of(&boss, &deletion, &format!("{deletion}/undo")).await;
    boss.send(&undo).await.redirects_to("/admin/waitlist");
    boss.send(&undo).await.redirects_to("/admin/waitlist");
    let again = boss.send(&form).await.has_status(303).header("location").to_owned();
    assert_ne!(again, deletion);
    assert_eq!(site.database.values("count(*)", "waitlist WHERE deleted_at IS NULL"), ["0"]);
    boss.send(&undo).await.has_status(409);
}

#[tokio::test]
async fn an_answer_that_was_changed_back_is_changed_anew() {
    let site = site().await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.has_status(303);
    let place = ana.press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    let form = form_of(&ana, &place, "/waitlist/place").await;
    let [one, other] = ["employee", "organization"].map(|role| form.clone().with("role", role));
    for (form, role) in
        [(&other, "organization"), (&other, "organization"), (&one, "employee"), (&other, "organization")]
    {
        ana.send(form).await.redirects_to(&place);
        assert_eq!(site.database.values("role", "waitlist"), [role]);
    }
}

#[tokio::test]
async fn other_sessions_that_began_since_are_ended_too() {
    let site = site().await;
    site.employee("ana@example.cl").await;
    let (ana, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    let form = form_of(&ana, "/account/sessions", "/account/sessions/end-others").await;
    ana.send(&form).await.redirects_to("/account/sessions");
    let (phone, _) = logged_in(&site, "ana@example.cl", PASSWORD).await;
    ana.send(&form).await.redirects_to("/account/sessions");
    phone.get("/account/sessions").await.redirects_to("/login?next=%2Faccount%2Fsessions");
}

#[tokio::test]
async fn an_equal_form_of_another_browser_gets_no_session_of_the_first() {
    let site = site().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.has_status(303);
    let verify = form_of(&ana, &site.mail("ana@example.cl").await.link(), "/verify-email").await;
    ana.send(&verify).await.redirects_to("/account");
    let page = site.visitor().send(&verify).await.has_status(410).says("a moment ago");
    assert!(page.cookie().is_none());
    ana.send(&verify).await.redirects_to("/account");

    let form = form_of(&site.visitor(), "/login", "/login").await;
    let form = form.with("email", "ana@example.cl").with("password", PASSWORD);
    let pages = ana.send_at_once(&form, NO_COOKIE, 2).await;
    for page in pages {
        page.redirects_to("/account");
    }
    let sessions = || site.database.values("count(*)", "session");
    assert_eq!(sessions(), ["2"]);
    site.visitor_from("127.0.0.9").send(&form).await.redirects_to("/account");
    assert_eq!(sessions(), ["3"], "a log-in of its own");
}
