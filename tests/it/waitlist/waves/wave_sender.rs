//! How a wave's letters go out, and what becomes of them.

use std::time::Duration;

use biovity::server;
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;

use super::{go_on, invited, site_with, start, states, wave, wave_that_skips_six};
use crate::support::smtp::Script;

#[tokio::test]
async fn whoever_the_relay_took_the_letter_for_is_invited_in_their_language() {
    let (site, admin) = site_with(2, 0).await;
    let page = start(&admin, 2, 0).await;
    let shown = admin.get(&page).await.has_status(200).says("Sending").says("0 of 2 people").says("every ten seconds");
    assert_eq!(shown.texts("title"), ["Wave no. 1: Sending · Biovity"], "tabs of several waves are told apart");
    assert_eq!(shown.texts("h1"), ["Wave no. 1"], "when it was started is said once, below");
    assert!(shown.attribute("meta[http-equiv=refresh]", "content").is_some());
    let still = admin.get(&shown.attribute("a[href$='refresh=off']", "href").unwrap()).await.has_status(200);
    let still = still.says("This page does not update itself.").does_not_say("every ten seconds");
    assert_eq!(still.attribute("meta[http-equiv=refresh]", "content"), None);
    assert_eq!(still.texts(&format!("main .hint a[href='{page}']")), ["Start updating again"]);
    go_on(&site, 1).await;
    let mail = site.mail("e1@example.cl").await;
    assert_eq!(mail.subject, "Es tu turno: crea tu cuenta en Biovity");
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("/waitlist/place?token=") && part.contains("/waitlist/unsubscribe?token="), "{part}");
        assert!(!part.contains("[["), "{part}");
    }
    assert!(mail.html.contains("Crear mi cuenta") && mail.html.contains("No recibir más estos correos"));
    assert!(mail.raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{}", mail.raw);
    assert!(!mail.html.contains("<img"), "nothing is tracked");
    let english = site.mail("e2@example.cl").await;
    assert!(english.subject.contains("It’s your turn") && english.html.contains("Stop these emails"));
    assert_eq!(site.database.values("invited_at IS NOT NULL", "waitlist"), ["true", "true"]);
    go_on(&site, 1).await;
    let done = admin.get(&page).await.says("Done").says("2 of 2 people").does_not_say("every ten seconds");
    assert_eq!(done.attribute("meta[http-equiv]", "content"), None);
    assert_eq!(wave(&site), "done");
    let events = site.database.values("concat(action, details)", "audit_event WHERE action LIKE 'wave%'");
    assert_eq!(events, [r#"wave_started{"wave": 1, "employees": 2, "organizations": 0}"#]);
}

#[tokio::test]
async fn while_the_relay_is_down_nobody_is_invited_and_then_everybody_once() {
    let (site, admin) = site_with(3, 0).await;
    site.smtp.play(Script { greeting: "421 closing".into(), ..Script::default() });
    let page = start(&admin, 3, 0).await;
    go_on(&site, 3).await;
    assert_eq!(site.database.values("count(*)", "waitlist WHERE invited_at IS NULL"), ["3"]);
    assert_eq!(states(&site), ["queued 3"]);
    let told = admin.get(&page).await.says("Sending").says("0 of 3");
    let told =
        told.says("The mail server has been refusing our email since").says("on hold until email goes out again");
    assert_eq!(told.attribute(".notice a", "href").as_deref(), Some("/admin/mail"));
    site.smtp.play(Script { recipient: "451 later".into(), ..Script::default() });
    go_on(&site, 1).await;
    assert_eq!(site.database.values("count(*)", "waitlist WHERE invited_at IS NULL"), ["3"]);
    site.smtp.play(Script::default());
    site.app.clock.advance(TimeDelta::minutes(1));
    go_on(&site, 2).await;
    assert_eq!(invited(&site), ["e1@example.cl", "e2@example.cl", "e3@example.cl"]);
    assert_eq!(site.database.values("count(*)", "waitlist WHERE invited_at IS NOT NULL"), ["3"]);
    assert_eq!(wave(&site), "done");
}

#[tokio::test]
async fn what_somebody_waits_for_goes_before_the_letters_of_a_wave() {
    let (site, admin) = site_with(20, 0).await;
    start(&admin, 20, 0).await;
    site.app.clock.advance(TimeDelta::minutes(1));
    for _ in 0..3 {
        server::jobs::run_steps_once(&site.app).await.unwrap();
    }
    let queued: usize = site.database.values("count(*)", "outbox_letter WHERE status = 'queued'")[0].parse().unwrap();
    assert!(queued > 4, "{queued}");
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.visitor().sign_up("employee", "bea@example.cl").await.redirects_to("/signup/check-email");
    site.deliver_once().await;
    let first: Vec<_> = site.smtp.mails().into_iter().map(|mail| mail.to).collect();
    assert!(["ana@example.cl", "bea@example.cl"].iter().all(|to| first.iter().any(|at| at == to)), "{first:?}");
}

#[tokio::test]
async fn letters_go_out_at_a_pace_and_few_wait_in_the_outbox() {
    let (site, admin) = site_with(100, 0).await;
    start(&admin, 100, 0).await;
    let written =
        || site.database.values("count(*)", "outbox_letter WHERE kind = 'waitlist-invitation'")[0].parse::<i64>();
    // After an outage of an hour no burst follows.
    site.app.clock.advance(TimeDelta::hours(1));
    for _ in 0..4 {
        server::jobs::run_steps_once(&site.app).await.unwrap();
    }
    assert!(written().unwrap() <= 20, "{written:?}", written = written());
    for _ in 0..6 {
        site.app.clock.advance(TimeDelta::seconds(5));
        server::jobs::run_steps_once(&site.app).await.unwrap();
    }
    assert_eq!(written().unwrap(), 20, "no more than the outbox has room for");
    assert_eq!(states(&site), ["queued 20", "waiting 80"]);
}

#[tokio::test]
async fn letters_that_the_relay_put_off_hold_up_no_others() {
    let (site, admin) = site_with(26, 0).await;
    site.smtp.play(Script { recipient: "450 4.2.0 later".into(), ..Script::default() });
    start(&admin, 26, 0).await;
    go_on(&site, 2).await;
    site.smtp.play(Script {
        recipient: "450 4.2.0 later".into(),
        only_for: "e1@example.cl".into(),
        ..Script::default()
    });
    go_on(&site, 2).await;
    assert!(invited(&site).contains(&"e26@example.cl".to_owned()), "{:?}", states(&site));
}

#[tokio::test]
async fn of_many_processes_each_letter_is_written_once() {
    let (site, admin) = site_with(60, 0).await;
    start(&admin, 60, 0).await;
    for _ in 0..12 {
        site.app.clock.advance(TimeDelta::seconds(5));
        let beats = (0..8).map(|_| {
            let app = site.app.clone();
            tokio::spawn(async move { server::jobs::run_steps_once(&app).await })
        });
        for job in beats.collect::<Vec<_>>() {
            job.await.unwrap().unwrap();
        }
        let queued = site.database.values("count(*)", "waitlist_invitation WHERE state = 'queued'");
        assert!(queued[0].parse::<u32>().unwrap() <= 20, "{queued:?}");
        site.deliver_mail().await;
    }
    assert_eq!(invited(&site).len(), 60);
    assert_eq!(site.database.values("count(DISTINCT recipient)", "outbox_letter"), ["60"]);
}

#[tokio::test]
async fn whoever_left_bounced_was_erased_or_has_an_account_meanwhile_gets_no_mail() {
    let (site, admin, page) = wave_that_skips_six().await;
    assert_eq!(invited(&site), ["e7@example.cl"]);
    assert_eq!(states(&site), ["sent 1", "skipped 6"]);
    assert_eq!(wave(&site), "done");
    admin.get(&page).await.has_status(200).says("7 of 7");
}

#[tokio::test]
async fn a_letter_that_ends_without_the_relays_word_ends_its_invitation() {
    let (site, admin) = site_with(3, 0).await;
    start(&admin, 3, 0).await;
    site.app.clock.advance(TimeDelta::seconds(5));
    server::jobs::run_steps_once(&site.app).await.unwrap();
    for (n, status) in [(1, "cancelled"), (2, "dead"), (3, "expired")] {
        site.database
            .execute(&format!("UPDATE outbox_letter SET status = '{status}' WHERE recipient = 'e{n}@example.cl'"));
    }
    go_on(&site, 2).await;
    assert_eq!(states(&site), ["bounced 1", "skipped 2"]);
    assert_eq!(site.database.values("count(*)", "waitlist WHERE invited_at IS NOT NULL"), ["0"]);
    assert_eq!(wave(&site), "done");
}

#[tokio::test]
async fn a_wave_that_somebody_holds_locked_keeps_no_page_from_anybody() {
    let (site, admin) = site_with(9, 0).await;
    start(&admin, 9, 0).await;
    site.app.clock.advance(TimeDelta::seconds(5));
    server::jobs::run_steps_once(&site.app).await.unwrap();
    let mut holder = site.database.connect();
    holder.batch_execute("BEGIN; SELECT FROM waitlist_wave FOR UPDATE").unwrap();
    let visit = async {
        for number in 0..50 {
            site.visitor().get("/readyz").await.has_status(200);
            site.visitor().join(&format!("new{number}@example.cl"), "employee").await.redirects_to("/waitlist/joined");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        holder.batch_execute("COMMIT").unwrap();
    };
    // What became of the letters is recorded meanwhile, and waits for the wave.
    tokio::join!(visit, site.deliver_once());
}

#[tokio::test]
async fn a_place_that_somebody_holds_locked_keeps_none_of_the_others_waiting() {
    let (site, admin) = site_with(3, 0).await;
    start(&admin, 3, 0).await;
    let step = async || {
        site.app.clock.advance(TimeDelta::seconds(5));
        server::jobs::run_steps_once(&site.app).await.unwrap();
    };
    let mut holder = site.database.connect();
    let mut hold = |email: &str| {
        let place = format!("SELECT FROM waitlist WHERE email = '{email}' FOR UPDATE");
        holder.batch_execute(&format!("COMMIT; BEGIN; {place}")).unwrap();
    };
    hold("e1@example.cl");
    step().await;
    assert_eq!(states(&site), ["queued 2", "waiting 1"]);
    hold("nobody");
    step().await;
    assert_eq!(states(&site), ["queued 3"]);
    // A process that was killed recorded nothing of what the relay took.
    site.database.execute("UPDATE outbox_letter SET status = 'sent', sent_at = now()");
    hold("e2@example.cl");
    step().await;
    assert_eq!(states(&site), ["queued 1", "sent 2"]);
    hold("nobody");
    step().await;
    assert_eq!((states(&site), wave(&site)), (vec!["sent 3".to_owned()], "done".to_owned()));
}

#[tokio::test]
async fn a_wave_whose_next_place_somebody_holds_locked_holds_up_no_other_wave_and_not_its_own_rest() {
    let (site, admin) = site_with(30, 0).await;
    start(&admin, 25, 0).await;
    start(&admin, 5, 0).await;
    let mut holder = site.database.connect();
    // More than are due at once.
    holder.batch_execute("BEGIN; SELECT FROM waitlist WHERE id <= 24 FOR UPDATE").unwrap();
    for _ in 0..8 {
        site.app.clock.advance(TimeDelta::seconds(1));
        server::jobs::run_steps_once(&site.app).await.unwrap();
    }
    let of_wave = |wave: usize| {
        site.database
            .values("entry_id", &format!("waitlist_invitation WHERE wave_id = {wave} AND state = 'queued' ORDER BY id"))
    };
    assert_eq!(of_wave(1), ["25"]);
    assert_eq!(of_wave(2).len(), 5);
    holder.batch_execute("COMMIT").unwrap();
}

#[tokio::test]
async fn a_place_tells_how_many_of_its_kind_were_invited_lately() {
    let (site, admin) = site_with(3, 2).await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let place = ana.press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    ana.get(&place)
        .await
        .says("You are number 4 among")
        .says("In the last seven days we invited nobody looking for work");
    start(&admin, 0, 1).await;
    go_on(&site, 3).await;
    ana.get(&place).await.says("In the last seven days we invited nobody looking for work");
    start(&admin, 2, 0).await;
    go_on(&site, 3).await;
    let page = ana.get(&place).await.says("You are number 2 among");
    page.says("2 people looking for work were invited in the last seven days");
    // It counts when each was invited: a wave that was stopped may go on weeks after it was made.
    site.database.execute("UPDATE waitlist_wave SET made_at = made_at - interval '9 days'");
    ana.get(&place).await.says("2 people looking for work were invited in the last seven days");
    site.later(TimeDelta::days(8)).await;
    ana.get(&place).await.says("In the last seven days we invited nobody looking for work");
}

#[tokio::test]
async fn a_place_leads_with_its_invitation_while_that_works() {
    let (site, admin) = site_with(0, 0).await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let place = ana.press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    ana.get(&place).await.says("You don’t have to wait");
    start(&admin, 1, 0).await;
    go_on(&site, 3).await;
    ana.get(&place).await.says("we sent an invitation to your email").does_not_say("You don’t have to wait");
    site.later(TimeDelta::days(60)).await;
    let page = ana.get(&place).await.says("The link of our invitation no longer works");
    ana.send(&page.form("/waitlist/sign-up")).await.redirects_to("/signup/employee?correct=yes");
}
