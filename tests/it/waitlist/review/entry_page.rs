//! One place's page, and what admins can do from there.

use biovity::server;
use biovity::waitlist::place::removal::{prune_deleted, prune_unanswered};
use chrono::TimeDelta;

use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::smtp::Script;
use crate::support::visitor::Visitor;

async fn joined(email: &str) -> (TestSite, Visitor, String) {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.visitor().join(email, "employee").await.redirects_to("/waitlist/joined");
    let page = format!("/admin/waitlist/entries/{}", id(&site, email));
    (site, admin, page)
}

fn id(site: &TestSite, email: &str) -> String {
    site.database.values("id", &format!("waitlist WHERE email = '{email}'")).remove(0)
}

fn state(site: &TestSite, email: &str) -> String {
    let state = "waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at)";
    site.database.values(state, &format!("waitlist WHERE email = '{email}'")).remove(0)
}

/// Deletes one place from its page; the page of the deletion.
async fn delete(site: &TestSite, admin: &Visitor, email: &str) -> String {
    let fields = [("act", "delete"), ("expected", "1"), ("id", &id(site, email))];
    admin.post("/admin/waitlist/bulk", &fields).await.has_status(303).header("location").to_owned()
}

/// Presses the button with these words.
async fn press(admin: &Visitor, page: &str, act: &str, words: &str) -> Page {
    admin.get(page).await.has_status(200).says(words);
    admin.post(&format!("{page}/{act}"), &[]).await
}

#[tokio::test]
async fn the_form_that_deleted_a_place_deletes_it_again_when_it_was_restored_by_itself() {
    let (site, admin, page) = joined("ana@example.cl").await;
    let asked = admin.get(&format!("/admin/waitlist/bulk?act=delete&id={}", id(&site, "ana@example.cl"))).await;
    let form = asked.form("/admin/waitlist/bulk");
    let first = admin.send(&form).await.has_status(303).header("location").to_owned();
    admin.send(&form).await.redirects_to(&first);
    press(&admin, &page, "restore", "Restore this place").await.redirects_to(&page);
    assert_eq!(state(&site, "ana@example.cl"), "joined");
    let again = admin.send(&form).await.has_status(303).header("location").to_owned();
    assert_ne!(again, first, "a deletion of its own");
    assert_eq!(state(&site, "ana@example.cl"), "deleted");
}

async fn steps(site: &TestSite) {
    site.app.clock.advance(TimeDelta::seconds(5));
    server::jobs::run_steps_once(&site.app).await.unwrap();
    site.deliver_mail().await;
}

#[tokio::test]
async fn a_deleted_place_is_restored_from_its_page_and_its_link_works_again() {
    let (site, admin, page) = joined("ana@example.cl").await;
    let link = site.mail("ana@example.cl").await.link();
    let deletion = delete(&site, &admin, "ana@example.cl").await;
    site.visitor().get(&link).await.has_status(410);
    let shown = admin.get(&page).await.says("Restore this place").does_not_say("Delete this place");
    assert_eq!(shown.texts(".row > h1 + p .badge.step"), ["Deleted"]);
    assert_eq!(shown.texts(".row + .row:has([action$='/restore']) + .facts").len(), 1, "the acts before the facts");
    let deleted = admin.get("/admin/waitlist?state=deleted").await.says("ana@example.cl").says("Each can be undone");
    assert_eq!(deleted.attribute(".places [type=checkbox]", "name"), None, "nothing is left to do with them here");
    deleted.does_not_say("Delete selected").does_not_say("Resend confirmation");
    press(&admin, &page, "restore", "See the deletion").await.redirects_to(&page);
    admin.get(&page).await.says("The place is back").says("Place restored").says("Place deleted");
    admin.post(&format!("{page}/restore"), &[]).await.has_status(409).says("has changed since").leads_on();
    site.visitor().press(&link).await.has_status(303);
    assert_eq!(state(&site, "ana@example.cl"), "confirmed");
    let gone = admin.get(&deletion).await.has_status(200).says("Nothing is left to undo");
    assert_eq!(gone.attribute("main form", "action"), None);
    admin.get("/admin/waitlist/deletions").await.says("Nothing is left to undo").does_not_say("You can undo it");
    admin.post(&format!("{deletion}/undo"), &[]).await.redirects_to("/admin/waitlist");
    admin.get("/admin/waitlist").await.says("0 of 1 place restored");
}

#[tokio::test]
async fn a_place_that_was_erased_while_its_page_was_open_is_told_of_with_the_way_to_the_list() {
    let (site, admin, page) = joined("ana@example.cl").await;
    site.database.execute("DELETE FROM waitlist");
    let filtered = format!("{page}?state=joined&sort=oldest");
    for act in ["restore", "clear", "review"] {
        let gone = admin.post(&filtered.replace('?', &format!("/{act}?")), &[]).await.has_status(404);
        let gone = gone.says("This place is no longer here").says("they have a new place").leads_on();
        assert_eq!(
            gone.attribute("main a.button", "href").as_deref(),
            Some("/admin/waitlist?state=joined&sort=oldest")
        );
    }
    admin.get(&page).await.has_status(404).says("This place is no longer here").leads_on();
    admin.post("/language", &[("lang", "es")]).await.has_status(303);
    admin.get(&page).await.has_status(404).says("Este lugar ya no está aquí");
}

#[tokio::test]
async fn the_button_that_restores_a_place_may_be_pressed_fifty_times() {
    let (site, admin, page) = joined("ana@example.cl").await;
    delete(&site, &admin, "ana@example.cl").await;
    let form = admin.get(&page).await.form(&format!("{page}/restore"));
    for answer in admin.send_fifty_at_once(&form).await {
        answer.redirects_to(&page);
    }
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'entries_restored'"), ["1"]);
}

#[tokio::test]
async fn a_deletion_is_found_again_in_the_list_and_what_comes_back_is_not_pruned_at_once() {
    let (site, admin, page) = joined("ana@example.cl").await;
    let link = site.mail("ana@example.cl").await.link();
    let deletion = delete(&site, &admin, "ana@example.cl").await;
    site.later(TimeDelta::days(20)).await;
    let now = site.app.clock.now();
    let mut conn = site.database.connect();
    assert_eq!((prune_unanswered(&mut conn, now), prune_deleted(&mut conn, now)), (Ok(0), Ok(0)));
    biovity::mail::link::Link::sweep(&mut conn, now).unwrap();
    let other = site.admin("other@example.cl").await;
    other.get("/admin/waitlist").await.says("Deletions");
    let list = other.get("/admin/waitlist/deletions").await.has_status(200).says("1 place deleted");
    let list = list.says("admin@example.cl").says("You can undo it until");
    assert_eq!(list.attribute("td a", "href").as_deref(), Some(deletion.as_str()));
    let undo = other.get(&deletion).await.attribute("main form", "action").unwrap();
    other.post(&undo, &[]).await.redirects_to("/admin/waitlist");
    other.get("/admin/waitlist/deletions").await.says("This was undone on");
    assert_eq!(prune_unanswered(&mut conn, now + TimeDelta::days(13)), Ok(0), "it has as long as a new place");
    other.get(&page).await.says("Resend confirmation email").says("Can be invited once the email is confirmed.");
    site.visitor().press(&link).await.has_status(303);
    assert_eq!(state(&site, "ana@example.cl"), "confirmed");
}

#[tokio::test]
async fn a_restored_place_that_nobody_confirms_is_pruned_14_days_after_the_restoring() {
    let (site, admin, page) = joined("ana@example.cl").await;
    delete(&site, &admin, "ana@example.cl").await;
    press(&admin, &page, "restore", "Restore").await.has_status(303);
    let mut conn = site.database.connect();
    let after = site.app.clock.now() + TimeDelta::days(14);
    assert_eq!(prune_unanswered(&mut conn, after - TimeDelta::minutes(1)), Ok(0));
    assert_eq!(prune_unanswered(&mut conn, after + TimeDelta::minutes(1)), Ok(1));
}

#[tokio::test]
async fn a_place_that_is_forgotten_while_deleted_leaves_no_link_behind() {
    let (site, admin, _) = joined("ana@example.cl").await;
    delete(&site, &admin, "ana@example.cl").await;
    let mut conn = site.database.connect();
    assert_eq!(prune_deleted(&mut conn, site.app.clock.now() + TimeDelta::days(31)), Ok(1));
    assert!(site.database.values("1", "verification").is_empty());
}

#[tokio::test]
async fn a_dead_wave_mail_has_a_way_back_by_clearing_the_bounce_and_inviting_again() {
    let (site, admin, page) = joined("ana@example.cl").await;
    site.visitor().press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    site.smtp.play(Script { recipient: "550 5.1.1 no such user".into(), ..Script::default() });
    press(&admin, &page, "invite", "Invite now").await.redirects_to(&page);
    admin.get(&page).await.says("on its way").says("waiting to be sent").does_not_say("Invite now");
    assert_eq!(admin.get(&page).await.texts("h1 + p .badge")[..2], ["Confirmed", "Invitation waiting to be sent"]);
    admin.post(&format!("{page}/invite"), &[]).await.has_status(409).says("cannot be invited").leads_on();
    steps(&site).await;
    assert_eq!(state(&site, "ana@example.cl"), "bounced");
    admin.get(&page).await.does_not_say("Invitation waiting to be sent");
    let wave = admin.get(&page).await.says("refused").attribute("a[href*='/waves/']", "href").unwrap();
    let wave = admin.get(&wave).await.says("550 5.1.1");
    let place = wave.attribute("td.address a", "href").unwrap();
    assert!(place.starts_with(&format!("{page}?opened-from=")), "the way to the place, and back: {place}");
    site.smtp.play(Script::default());
    press(&admin, &page, "clear", "Clear the bounce").await.redirects_to(&page);
    admin.post(&format!("{page}/clear"), &[]).await.has_status(409).leads_on();
    press(&admin, &page, "invite", "Invite now").await.redirects_to(&page);
    steps(&site).await;
    assert_eq!(state(&site, "ana@example.cl"), "invited");
    let link = site.mail("ana@example.cl").await.link();
    site.visitor().get(&link).await.has_status(200);
    admin.get(&page).await.does_not_say("Invite again").says("Bounce cleared").says("Person invited");
}

#[tokio::test]
async fn what_a_paused_wave_holds_is_on_hold_and_what_was_deleted_is_not_about_to_be_invited() {
    let (site, admin, page) = joined("ana@example.cl").await;
    site.visitor().press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    press(&admin, &page, "invite", "Invite now").await.redirects_to(&page);
    admin.post("/admin/waitlist/waves/1/pause", &[]).await.has_status(303);
    let held = admin
        .get(&page)
        .await
        .says("on hold until the wave is resumed")
        .says("This place is in a wave that is paused or stopped. Resume or cancel the wave: Wave no. 1")
        .does_not_say("Invite now");
    assert_eq!(held.texts("h1 + p .badge")[0], "Confirmed");
    held.does_not_say("Invitation waiting to be sent");
    admin.post("/admin/waitlist/waves/1/resume", &[]).await.has_status(303);
    admin.get(&page).await.says("Invitation waiting to be sent").does_not_say("on hold");
    delete(&site, &admin, "ana@example.cl").await;
    admin.get(&page).await.says("Deleted").does_not_say("Invitation waiting to be sent");
}

#[tokio::test]
async fn the_list_is_kept_through_an_invitation_a_deletion_and_the_same_mailbox() {
    let (site, admin, page) = joined("ana@gmail.com").await;
    site.visitor().press(&site.mail("ana@gmail.com").await.link()).await.has_status(303);
    site.visitor().join("a.na@gmail.com", "employee").await.redirects_to("/waitlist/joined");
    let (list, place) = ("/admin/waitlist?q=gmail&sort=oldest", format!("{page}?q=gmail&sort=oldest"));
    let shown = admin.get(&place).await.has_status(200);
    let other = format!("/admin/waitlist/entries/{}?q=gmail&sort=oldest", id(&site, "a.na@gmail.com"));
    assert_eq!(shown.attribute("main li a.address", "href"), Some(other), "the same mailbox");
    let invite = shown.form(&place.replace('?', "/invite?"));
    admin.send(&invite).await.redirects_to(&place);
    let refused = admin.post(&place.replace('?', "/invite?"), &[]).await.has_status(409);
    assert_eq!(refused.attribute("main a.button", "href").as_deref(), Some(place.as_str()));
    let deletion = delete(&site, &admin, "ana@gmail.com").await;
    let deletion = format!("{deletion}?q=gmail&sort=oldest");
    let link = admin.get(&place).await.attribute("main a[href*='/deletions/']", "href");
    assert_eq!(link, Some(deletion.clone()));
    assert_eq!(admin.get(&deletion).await.attribute("main p > a", "href").as_deref(), Some(list));
}

#[tokio::test]
async fn a_place_tells_from_which_role_to_which_it_was_changed_and_by_whom() {
    let (site, admin, page) = joined("ana@example.cl").await;
    let place = site.visitor().press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    let token = place.split_once("token=").unwrap().1;
    site.visitor().post("/waitlist/place", &[("token", token), ("role", "organization")]).await.redirects_to(&place);
    let told = admin.get(&page).await.has_status(200).texts("main li");
    let change = told.iter().find(|event| event.starts_with("Role on the waitlist changed")).unwrap();
    assert!(change.starts_with("Role on the waitlist changed: job seeker → organization "), "{change}");
    assert!(change.ends_with("by its owner"), "{change}");
    admin.get("/admin/search?q=ana%40example.cl").await.says("job seeker → organization by its owner");
    let jefa = site.spanish_visitor();
    jefa.log_in("admin@example.cl", crate::support::PASSWORD).await.redirects_to("/admin");
    jefa.get(&page).await.says("profesional → organización").says("por su titular");
}

#[tokio::test]
async fn an_invitation_that_ran_out_is_sent_again() {
    let (site, admin, page) = joined("ana@example.cl").await;
    site.visitor().press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    press(&admin, &page, "invite", "Invite now").await.redirects_to(&page);
    steps(&site).await;
    let old = site.mail("ana@example.cl").await.link();
    admin.post(&format!("{page}/invite"), &[]).await.has_status(409).says("its invitation still works");
    site.later(TimeDelta::days(31)).await;
    site.visitor().get(&old).await.has_status(410);
    let admin = site.admin("other@example.cl").await;
    press(&admin, &page, "invite", "Invite again").await.redirects_to(&page);
    steps(&site).await;
    let new = site.mail("ana@example.cl").await.link();
    assert_ne!(old, new);
    site.visitor().get(&new).await.has_status(200);
    assert_eq!(state(&site, "ana@example.cl"), "invited");
}

#[tokio::test]
async fn a_second_invitation_that_is_refused_or_cancelled_can_be_repeated() {
    let (site, admin, page) = joined("ana@example.cl").await;
    site.visitor().press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    press(&admin, &page, "invite", "Invite now").await.redirects_to(&page);
    steps(&site).await;
    site.later(TimeDelta::days(31)).await;
    let admin = site.admin("other@example.cl").await;
    site.smtp.play(Script { recipient: "552 5.2.2 mailbox full".into(), ..Script::default() });
    press(&admin, &page, "invite", "Invite again").await.redirects_to(&page);
    steps(&site).await;
    press(&admin, &page, "clear", "Clear the bounce").await.redirects_to(&page);
    site.smtp.play(Script { recipient: "450 4.2.0 later".into(), ..Script::default() });
    press(&admin, &page, "invite", "Invite again").await.redirects_to(&page);
    steps(&site).await;
    let letter = site.database.values("id", "outbox_letter WHERE status = 'queued'").remove(0);
    admin.post(&format!("/admin/mail/{letter}/cancel"), &[]).await.has_status(303);
    site.smtp.play(Script::default());
    steps(&site).await;
    press(&admin, &page, "invite", "Invite again").await.redirects_to(&page);
    steps(&site).await;
    site.visitor().get(&site.mail("ana@example.cl").await.link()).await.has_status(200);
    admin.get(&page).await.does_not_say("Invite again");
}

/// Deletes the place while its mail waits for another attempt, lets the mail fall due, and restores the place after so long.
async fn restored_after(site: &TestSite, page: &str, days: i64) {
    let deletion = delete(site, &site.admin("second@example.cl").await, "ana@example.cl").await;
    for after in [TimeDelta::hours(6), TimeDelta::days(days)] {
        site.later(after).await;
        site.smtp.play(Script::default());
        steps(site).await;
        server::jobs::sweep_once(&site.app).await;
    }
    assert_ne!(site.database.values("count(*)", "outbox_text"), ["0"], "the text of the mail that waits");
    let admin = site.admin("third@example.cl").await;
    admin.get(page).await.says("Restore this place");
    admin.post(&format!("{deletion}/undo"), &[]).await.redirects_to("/admin/waitlist");
}

#[tokio::test]
async fn a_mail_that_was_on_its_way_when_its_place_was_deleted_arrives_after_the_undo() {
    let site = TestSite::start().await;
    site.smtp.play(Script { recipient: "450 4.2.0 later".into(), ..Script::default() });
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.deliver_mail().await;
    let page = format!("/admin/waitlist/entries/{}", id(&site, "ana@example.cl"));
    restored_after(&site, &page, 20).await;
    let link = site.mail("ana@example.cl").await.link();
    site.visitor().press(&link).await.has_status(303);
    assert_eq!(state(&site, "ana@example.cl"), "confirmed");
}

#[tokio::test]
async fn an_invitation_that_was_on_its_way_when_its_place_was_deleted_arrives_after_the_undo() {
    let (site, admin, page) = joined("ana@example.cl").await;
    site.visitor().press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    site.smtp.play(Script { recipient: "450 4.2.0 later".into(), ..Script::default() });
    press(&admin, &page, "invite", "Invite now").await.redirects_to(&page);
    steps(&site).await;
    restored_after(&site, &page, 1).await;
    site.visitor().get(&site.mail("ana@example.cl").await.link()).await.has_status(200);
    assert_eq!(state(&site, "ana@example.cl"), "invited");
}

#[tokio::test]
async fn who_left_can_neither_be_invited_nor_asked_nor_cleared() {
    let (site, admin, page) = joined("ana@example.cl").await;
    site.database.execute("UPDATE waitlist SET left_at = now(), bounced_at = now()");
    let shown = admin.get(&page).await.has_status(200).says("Delete this place");
    shown.does_not_say("Invite").does_not_say("Clear the bounce").does_not_say("Resend confirmation email");
    for act in ["restore", "clear", "invite"] {
        admin.post(&format!("{page}/{act}"), &[]).await.has_status(409).leads_on();
        admin.post(&format!("/admin/waitlist/entries/x/{act}"), &[]).await.has_status(404);
    }
}

#[tokio::test]
async fn a_place_shows_its_number_and_the_number_that_its_owner_is_told() {
    let (site, admin, _) = joined("first@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist (id, email, role, created_at) OVERRIDING SYSTEM VALUE \
         VALUES (700, 'old@example.cl', 'employee', now())",
    );
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let place = site.visitor().press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    site.visitor().get(&place).await.says("You are number 1 among");
    let number = id(&site, "ana@example.cl");
    let page = format!("/admin/waitlist/entries/{number}");
    let facts = admin.get(&page).await.has_status(200).texts("main .facts div");
    assert_eq!(facts[..2], [format!("Place no.{number}"), "Number in line1".to_owned()], "{facts:?}");
    let first = admin.get("/admin/waitlist/entries/700").await.has_status(200);
    first.says("Place no. 700").does_not_say("Number in line");
    admin.get("/admin/search?q=700").await.says("Place no. 700 · Joined").says("number in line");
    let mails = admin.get(&page).await.attribute("main a[href*='/admin/mail/']", "href").unwrap();
    admin.get(&mails).await.has_status(200).says("Confirm your place");
}
