//! The outbox's page: what admins see of it, and what they can do.

use biovity::mail::delivery::claim;
use biovity::mail::outbox;
use biovity::server;
use biovity::values::secret_key::{SecretKey, SecretKeys};
use chrono::TimeDelta;

use super::{arrived, join, row, rows};
use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::smtp::Script;
use crate::support::visitor::Visitor;

/// The page of the only letter for an address.
fn page_of(site: &TestSite, address: &str) -> String {
    format!("/admin/mail/{}", row(site, address).id)
}

fn refuses(reply: &str) -> Script {
    Script { recipient: reply.to_owned(), ..Script::default() }
}

/// The numbers of the page by state.
fn figures(page: &Page) -> Vec<(String, String)> {
    page.texts(".figure a").into_iter().zip(page.texts(".figure b")).collect()
}

/// Every page of a list from its first one on, by the links to older ones.
async fn walk(admin: &Visitor, first: &str) -> Vec<String> {
    let (mut found, mut path) = (Vec::new(), Some(first.to_owned()));
    while let Some(at) = path {
        let page = admin.get(&at).await.has_status(200);
        found.extend(page.texts(".letters td.address"));
        path = page.attribute("[rel=next]", "href");
    }
    found
}

#[tokio::test]
async fn pausing_stops_all_mail_and_loses_none() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.deliver_mail().await;
    admin
        .get("/admin/mail")
        .await
        .has_status(200)
        .says("No email is due right now.")
        .does_not_say("No email has been sent since");
    admin.post("/admin/mail/pause", &[]).await.redirects_to("/admin/mail");
    admin.get("/admin/mail").await.says("Email is paused").says("No email has been sent since").says("paused by boss");
    for number in 0..3 {
        join(&site, &format!("ana{number}@example.cl")).await;
    }
    let before = site.smtp.mails().len();
    site.app.clock.advance(TimeDelta::minutes(50));
    site.deliver_mail().await;
    assert_eq!(site.smtp.mails().len(), before);
    let page = admin.get("/admin/mail").await.has_status(200).says("is late by 50 min");
    assert_eq!(figures(&page)[0], ("Waiting".to_owned(), "3".to_owned()));
    admin.get("/admin").await.says("Sending is paused.").says("Waiting: 3, the most overdue is late by 50 min");
    admin.post("/admin/mail/pause", &[]).await.redirects_to("/admin/mail");
    admin.post("/admin/mail/resume", &[]).await.redirects_to("/admin/mail");
    admin.post("/admin/mail/resume", &[]).await.redirects_to("/admin/mail");
    site.deliver_mail().await;
    for number in 0..3 {
        assert_eq!(arrived(&site, &format!("ana{number}@example.cl")), 1);
    }
    let acts = "audit_event WHERE action IN ('mail_paused', 'mail_resumed') ORDER BY id";
    assert_eq!(site.database.values("action", acts), ["mail_paused", "mail_resumed"], "what changed nothing is no act");
}

#[tokio::test]
async fn a_refused_letter_that_is_tried_again_arrives() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    join(&site, "ana@example.cl").await;
    site.smtp.play(refuses("550 5.2.1 not today"));
    site.deliver_mail().await;
    let page = admin.get("/admin/mail").await.has_status(200);
    assert_eq!(page.texts(".replies td")[..3], ["ana@example.cl", "550 5.2.1 not today", "Refused"]);
    let path = page_of(&site, "ana@example.cl");
    assert_eq!(page.attribute(".replies a", "href"), Some(path.clone()));
    let page = admin.get(&path).await.has_status(200).says("550 5.2.1 not today").says("Refused");
    assert!(page.text().contains("?token=…") && !page.body.contains("[["), "no link works from here: {}", page.text());
    site.smtp.play(Script::default());
    site.deliver_mail().await;
    assert_eq!(arrived(&site, "ana@example.cl"), 0, "not by itself");
    admin.post(&format!("{path}/retry"), &[]).await.redirects_to(&path);
    admin.get(&path).await.says("The email will be sent next.").says("Waiting");
    let link = site.mail("ana@example.cl").await.link();
    site.visitor().press(&link).await.has_status(303);
    let letter = row(&site, "ana@example.cl");
    assert_eq!((letter.status.as_str(), letter.attempts, letter.text_body.as_str()), ("sent", 1, ""));
    admin.post(&format!("{path}/retry"), &[]).await.has_status(409).says("In the meantime").leads_on();
    assert_eq!(arrived(&site, "ana@example.cl"), 1);
    let told =
        admin.get("/admin/audit?action=letter_retried").await.has_status(200).says("Type: confirmation of a place");
    assert_eq!(told.texts("tbody tr").len(), 1);
    told.does_not_say("ana@example.cl");
}

#[tokio::test]
async fn a_letter_is_tried_again_once_for_one_form_that_is_sent_twice() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    join(&site, "ana@example.cl").await;
    site.smtp.play(refuses("451 later"));
    site.deliver_mail().await;
    let path = page_of(&site, "ana@example.cl");
    let form = admin.get(&path).await.form(&format!("{path}/retry"));
    for _ in 0..2 {
        admin.send(&form).await.redirects_to(&path);
    }
    let acts = "audit_event WHERE action = 'letter_retried'";
    assert_eq!(site.database.values("count(*)", acts), ["1"]);
    let next = admin.get(&path).await.form(&format!("{path}/retry"));
    admin.send(&next).await.redirects_to(&path);
    assert_eq!(site.database.values("count(*)", acts), ["2"], "another form is another act");
}

#[tokio::test]
async fn the_state_of_the_list_is_kept_through_an_act_and_back() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    join(&site, "ana@example.cl").await;
    site.smtp.play(refuses("451 later"));
    site.deliver_mail().await;
    let (list, page) = ("/admin/mail?state=waiting", page_of(&site, "ana@example.cl"));
    let path = admin.get(list).await.attribute(".letters tbody a", "href").unwrap();
    assert_eq!(path, format!("{page}?state=waiting"));
    let deep = admin.get(&format!("{list}&after=x")).await.attribute(".letters tbody a", "href");
    assert_eq!(deep, Some(format!("{page}?state=waiting&after=x")));
    let shown = admin.get(&path).await.has_status(200);
    assert_eq!(shown.attribute("main p > a", "href").as_deref(), Some(list));
    admin.send(&shown.form(&format!("{page}/retry?state=waiting"))).await.redirects_to(&path);
    let stop = admin.get(list).await.form("/admin/mail/pause?state=waiting");
    admin.send(&stop).await.redirects_to(list);
}

#[tokio::test]
async fn a_waiting_letter_says_when_no_email_is_sent() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    join(&site, "ana@example.cl").await;
    let path = page_of(&site, "ana@example.cl");
    admin.get(&path).await.says("confirmation of a place").does_not_say("No email is being sent at the moment");
    admin.post("/admin/mail/pause", &[]).await.has_status(303);
    admin.get(&path).await.says("No email is being sent at the moment, this one included.").leads_on();
}

#[tokio::test]
async fn a_refused_letter_whose_link_has_ended_is_emptied_and_stays_where_it_is() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    site.smtp.play(refuses("550 no such user"));
    site.deliver_mail().await;
    site.app.clock.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
    let (admin, path) = (site.admin("boss@example.cl").await, page_of(&site, "ana@example.cl"));
    admin.get(&path).await.has_status(200).says("nothing left to do");
    admin.post(&format!("{path}/retry"), &[]).await.has_status(409);
    let now = site.app.clock.now();
    assert_eq!(site.app.db.write(move |conn| outbox::sweep(conn, now)).await.unwrap(), 1);
    assert_eq!(site.app.db.write(move |conn| outbox::sweep(conn, now)).await.unwrap(), 0);
    let letter = row(&site, "ana@example.cl");
    assert_eq!((letter.status.as_str(), letter.text_body.as_str(), letter.html_body.as_str()), ("dead", "", ""));
    assert_eq!(letter.last_reply.as_deref(), Some("550 no such user"));
}

#[tokio::test]
async fn a_letter_that_cannot_be_built_is_told_as_our_fault_and_not_as_the_mail_servers() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.deliver_mail().await;
    join(&site, "ana@example.cl").await;
    let other = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![] };
    let config = site.app.config.as_ref().clone();
    let replica = server::assemble(config, site.database.url(), other, site.app.clock.clone());
    server::worker(&replica).unwrap().round().await.unwrap();
    let told = admin.get("/admin/mail").await.has_status(200).says("Biovity itself cannot send some emails");
    told.says("add the former key").says("No mail server has refused");
    let letter = admin.get(&page_of(&site, "ana@example.cl")).await.has_status(200);
    letter.says("Why Biovity cannot send it").does_not_say("Server’s reply");
    site.app.clock.advance(TimeDelta::minutes(1));
    site.deliver_mail().await;
    admin.get("/admin/mail").await.does_not_say("Biovity itself");
    assert_eq!(arrived(&site, "ana@example.cl"), 1);
}

#[tokio::test]
async fn a_letter_that_waits_is_tried_at_once_or_given_up() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    for address in ["ana@example.cl", "bea@example.cl"] {
        join(&site, address).await;
    }
    site.smtp.play(refuses("451 later"));
    site.deliver_mail().await;
    site.smtp.play(Script::default());
    let (ana, bea) = (page_of(&site, "ana@example.cl"), page_of(&site, "bea@example.cl"));
    admin.get(&bea).await.has_status(200).says("It will not be sent").says("451 later");
    admin.post(&format!("{ana}/retry"), &[]).await.redirects_to(&ana);
    admin.post(&format!("{bea}/cancel"), &[]).await.redirects_to(&bea);
    site.app.clock.advance(TimeDelta::minutes(1));
    site.deliver_mail().await;
    assert_eq!((arrived(&site, "ana@example.cl"), arrived(&site, "bea@example.cl")), (1, 0));
    let letter = row(&site, "bea@example.cl");
    assert_eq!((letter.status.as_str(), letter.text_body.as_str(), letter.html_body.as_str()), ("cancelled", "", ""));
    for act in ["retry", "cancel"] {
        admin.post(&format!("{bea}/{act}"), &[]).await.has_status(409);
        admin.post(&format!("/admin/mail/0190a0a0-0000-7000-8000-000000000000/{act}"), &[]).await.has_status(404);
    }
    admin.get("/admin/mail/0190a0a0-0000-7000-8000-000000000000").await.has_status(404);
}

#[tokio::test]
async fn a_letter_that_is_being_sent_is_nobody_elses() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.deliver_mail().await;
    join(&site, "ana@example.cl").await;
    let ahead = site.app.clock.ahead();
    site.app.db.write(move |conn| claim::claim(conn, ahead, 4)).await.unwrap();
    let path = page_of(&site, "ana@example.cl");
    for act in ["retry", "cancel"] {
        admin.post(&format!("{path}/{act}"), &[]).await.has_status(409).says("This was not done");
    }
    assert_eq!(row(&site, "ana@example.cl").status, "sending");
}

#[tokio::test]
async fn a_state_page_or_filter_that_is_chosen_leads_to_the_list_and_is_marked() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.database.execute(
        "INSERT INTO outbox_letter (id, kind, recipient, subject, text_body, html_body, status, next_attempt_at) \
         SELECT 'l' || n, 'test', 'a' || n || '@example.cl', 'S', '', '', 'queued', now() + interval '1 minute' \
         FROM generate_series(1, 60) n",
    );
    let page = admin.get("/admin/mail").await.has_status(200);
    assert!(page.texts(".figure [aria-current]").is_empty());
    assert_eq!(page.attribute("form.filters", "action").as_deref(), Some("/admin/mail#letters"));
    let waiting = page.attribute(".figure a", "href").unwrap();
    assert_eq!(waiting, "/admin/mail?state=waiting#letters");
    let page = admin.get(&waiting).await.has_status(200);
    assert_eq!(page.texts(".figure [aria-current]"), ["Waiting"]);
    assert_eq!(page.attribute("form.filters a", "href").as_deref(), Some("/admin/mail#letters"));
    let next = page.texts(".letters td:nth-child(3) > .badge + p");
    assert!(next.len() == 25 && next.iter().all(|next| next.starts_with("Next attempt ")), "{next:?}");
    let older = page.attribute("[rel=next]", "href").unwrap();
    let newer = admin.get(&older).await.has_status(200).attribute("[rel=prev]", "href").unwrap();
    assert!([older, newer].iter().all(|path| path.ends_with("#letters")));
}

#[tokio::test]
async fn the_list_is_complete_page_by_page_in_every_state() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    admin.get("/admin/mail").await.has_status(200).says("No email yet").says("No mail server has refused");
    // Several of the same moment, as a wave writes them; ids in the order of time, as UUIDv7 are.
    let many = "INSERT INTO outbox_letter (id, kind, recipient, subject, text_body, html_body, status, next_attempt_at, created_at) \
                SELECT 'l' || lpad((200 - n)::text, 3, '0'), 'test', 'a' || n || '@example.cl', 'S', '', '', \
                  (ARRAY['queued', 'sent', 'dead', 'expired', 'cancelled', 'sending'])[1 + n % 6], now(), \
                  now() - make_interval(days => 1 + n / 40) FROM generate_series(1, 120) n";
    site.database.execute(many);
    let order = "outbox_letter ORDER BY created_at DESC, id DESC";
    assert_eq!(walk(&admin, "/admin/mail").await, site.database.values("recipient", order));
    for (state, column) in [("waiting", "queued"), ("refused", "dead"), ("cancelled", "cancelled"), ("sent", "sent")] {
        let order = format!("outbox_letter WHERE status = '{column}' ORDER BY created_at DESC, id DESC");
        let found = walk(&admin, &format!("/admin/mail?state={state}")).await;
        assert_eq!(found, site.database.values("recipient", &order), "{state}");
        assert_eq!(found.len(), 20);
    }
    let page = admin.get("/admin/mail").await;
    assert_eq!(page.texts(".figure b"), ["20"; 6]);
    assert_eq!(
        page.texts(".letters td .badge")[..6],
        ["Sent", "Refused", "Expired", "Cancelled", "Being sent", "Waiting"]
    );
    let second = admin.get(&page.attribute("[rel=next]", "href").unwrap()).await.has_status(200);
    let back = admin.get(&second.attribute("[rel=prev]", "href").unwrap()).await.has_status(200);
    assert_eq!(back.texts(".letters td.address"), page.texts(".letters td.address"));
    for odd in ["?state=", "?after=x&before=y", "?after=____________________________", "?after=x&after=x"] {
        admin.get(&format!("/admin/mail{odd}")).await.has_status(200);
    }
    for odd in ["?state=x", "?state=%27", "?state=sent&state=sent"] {
        let page = admin.get(&format!("/admin/mail{odd}")).await.has_status(422).leads_on();
        assert_eq!((page.texts("tbody tr").len(), page.texts("#state-error").len()), (0, 1), "{odd}");
    }
    site.database.execute("DELETE FROM outbox_letter WHERE status = 'sent'");
    admin.get("/admin/mail?state=sent").await.says("No email in this state");
}

#[tokio::test]
async fn the_pages_speak_spanish() {
    let site = TestSite::start().await;
    site.make_admin("boss@example.cl", crate::support::PASSWORD);
    let admin = site.spanish_visitor();
    admin.log_in("boss@example.cl", crate::support::PASSWORD).await.redirects_to("/admin");
    join(&site, "ana@example.cl").await;
    admin.get("/admin/mail").await.has_status(200).says("En espera").says("Pausar el envío de correo");
    let path = page_of(&site, "ana@example.cl");
    admin.get(&path).await.has_status(200).says("Sí, cancelarlo");
    admin.post(&format!("{path}/cancel"), &[]).await.redirects_to(&path);
    admin.get(&path).await.says("El correo está cancelado.").says("No queda nada por hacer");
    assert_eq!(rows(&site, "ana@example.cl")[0].status, "cancelled");
    admin.get("/admin/audit").await.says("Correo cancelado").says("Tipo: confirmación de un lugar");
}
