//! A reply is judged by whom it is about: what becomes of the mail, of the person, and of the worker.

use biovity::mail::delivery::transport::Transport;
use biovity::mail::delivery::{Progress, SendResult};
use biovity::mail::reply::Reply;
use chrono::TimeDelta;

use crate::mail::{arrived, join, row};
use crate::support::TestSite;
use crate::support::smtp::Script;

/// The replies with their stage, whom they are about, and what becomes of the mail and the person.
const CASES: &str = include_str!("../../data/mail-replies.tsv");

/// More of them, as relays say them.
const MORE_CASES: &str = "\
RCPT\t550 user unknown <ana@relay.cl>\trecipient\tdead\tbounced
RCPT\t550 user unknown: ana@authority.cl\trecipient\tdead\tbounced
RCPT\t550 <user@example.cl> is blocked\trelay\tqueued, backs off; three recipients in a row: worker paused\tunchanged
RCPT\t451 4.3.0 Temporary lookup failure\trelay\tqueued, backs off; three recipients in a row: worker paused\tunchanged";

/// Since when and why the relay takes no letters; none when it does.
fn paused(site: &TestSite) -> Option<String> {
    site.database.values("reply", "outbox_breaker").pop()
}

fn bounced(site: &TestSite, address: &str) -> bool {
    let place = format!("waitlist WHERE email = '{address}'");
    site.database.values("bounced_at IS NOT NULL", &place) == ["true"]
}

/// A relay that replies so at this stage.
fn at_stage(stage: &str, reply: &str) -> Script {
    let (reply, mut script) = (reply.to_owned(), Script::default());
    match stage {
        "CONNECT" => script.greeting = reply,
        "MAIL" => script.sender = reply,
        "RCPT" => script.recipient = reply,
        "DATA" => script.data = reply,
        other => panic!("{other} is no stage"),
    }
    script
}

/// Somebody joined, and the letter was tried once.
async fn tried(site: &TestSite, address: &str) {
    join(site, address).await;
    site.deliver_once().await;
}

fn waits(site: &TestSite, address: &str, reply: &str) {
    assert_eq!((row(site, address).status.as_str(), bounced(site, address)), ("queued", false), "{reply}");
    assert_eq!(arrived(site, address), 0, "{reply}");
}

fn backs_off(site: &TestSite, address: &str) -> bool {
    (row(site, address).next_attempt_at - site.app.clock.now()).num_seconds() >= 10
}

#[tokio::test]
async fn each_reply_is_about_us_or_the_relay_or_the_recipient_and_only_the_recipient_bounces() {
    let cases = CASES.lines().skip(1).chain(MORE_CASES.lines());
    for line in cases.filter(|line| !line.starts_with("KEPT")) {
        let [stage, reply, _, mail, person] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let site = TestSite::start().await;
        site.smtp.play(at_stage(stage, reply));
        tried(&site, "ana@example.cl").await;
        assert_eq!(bounced(&site, "ana@example.cl"), person == "bounced", "{line}");
        match mail {
            "dead" => {
                assert_eq!((row(&site, "ana@example.cl").status.as_str(), paused(&site)), ("dead", None), "{line}");
            }
            "queued" => {
                waits(&site, "ana@example.cl", reply);
                assert_eq!(paused(&site), None, "{line}");
            }
            "queued, worker paused" | "queued, reconnects" => {
                waits(&site, "ana@example.cl", reply);
                assert_eq!(paused(&site).as_deref(), Some(reply), "{line}");
                tried(&site, "bea@example.cl").await;
                assert_eq!(row(&site, "bea@example.cl").attempts, 0, "nothing is tried meanwhile");
            }
            "queued, backs off; three recipients in a row: worker paused" => {
                waits(&site, "ana@example.cl", reply);
                assert!(backs_off(&site, "ana@example.cl") && paused(&site).is_none(), "{line}");
                tried(&site, "bea@example.cl").await;
                assert_eq!(paused(&site), None, "{line}");
                tried(&site, "cleo@example.cl").await;
                waits(&site, "cleo@example.cl", reply);
                assert_eq!(paused(&site), Some(Reply::new(reply).to_string()), "{line}");
            }
            other => panic!("{other}: what is that?"),
        }
        site.smtp.play(Script::default());
        for pause in [TimeDelta::minutes(6), TimeDelta::seconds(1)] {
            site.app.clock.advance(pause);
            site.deliver_mail().await;
        }
        let comes = usize::from(mail != "dead");
        assert_eq!((arrived(&site, "ana@example.cl"), paused(&site)), (comes, None), "{line}");
    }
}

#[tokio::test]
async fn a_kept_connection_that_the_relay_closes_costs_no_letter_a_moment() {
    let case = CASES.lines().find_map(|line| line.strip_prefix("KEPT CONNECTION\t")).unwrap();
    let reply = case.split('\t').next().unwrap();
    for verb in ["EHLO", "MAIL", "RCPT", "DATA"] {
        let site = TestSite::start().await;
        // One connection takes both, as when letters follow each other.
        let transport = Transport::of(&site.app.config).unwrap();
        let message = |to: &str| {
            let from = site.app.config.mail_from.clone();
            lettre::Message::builder().from(from).to(to.parse().unwrap()).body("Hola".to_owned()).unwrap()
        };
        assert_eq!(transport.send("1", &message("ana@example.cl"), &Progress::default()).await, SendResult::Sent);
        site.smtp.play(Script { on_kept: Some((verb, reply)), ..Script::default() });
        assert_eq!(
            transport.send("2", &message("bea@example.cl"), &Progress::default()).await,
            SendResult::Sent,
            "{verb}"
        );
        assert_eq!((site.smtp.mails().len(), arrived(&site, "bea@example.cl")), (2, 1), "{verb}");
    }
}

#[tokio::test]
async fn a_relay_that_takes_nothing_from_us_is_told_to_the_admin_and_tried_with_one_mail_at_a_time() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.smtp.play(at_stage("RCPT", "554 5.7.1 Client host blocked"));
    for number in 0..6 {
        join(&site, &format!("ana{number}@example.cl")).await;
    }
    site.deliver_mail().await;
    let refused = "outbox_letter WHERE attempts > 0";
    assert_eq!(site.database.values("count(*)", refused), ["4"], "as many as were under way, and no more");
    admin.get("/admin").await.says("The mail server refuses our email.").does_not_say("go out as they are written");
    let told = admin.get("/admin/mail").await.has_status(200).says("The mail server has been refusing our email since");
    told.says("554 5.7.1 Client host blocked").says("nothing is lost");
    for tried in ["5", "6"] {
        site.app.clock.advance(TimeDelta::seconds(if tried == "5" { 6 } else { 11 }));
        site.deliver_mail().await;
        assert_eq!(site.database.values("count(*)", refused), [tried], "one at a time");
    }
    site.smtp.play(Script::default());
    site.app.clock.advance(TimeDelta::minutes(1));
    site.deliver_mail().await;
    admin.get("/admin/mail").await.has_status(200).does_not_say("refused our email");
    admin.get("/admin").await.says("Emails go out as they are written.");
    site.app.clock.advance(TimeDelta::minutes(1));
    site.deliver_mail().await;
    let sent = "outbox_letter WHERE status = 'sent' AND kind = 'waitlist-confirm'";
    assert_eq!(site.database.values("count(*)", sent), ["6"]);
    assert_eq!(site.database.values("count(*)", "waitlist WHERE bounced_at IS NOT NULL"), ["0"]);
}

#[tokio::test]
async fn what_a_relay_refused_for_hours_goes_on_as_soon_as_it_takes_mail_again() {
    let site = TestSite::start().await;
    site.smtp.play(at_stage("RCPT", "554 5.7.1 Client host blocked"));
    for number in 0..3 {
        join(&site, &format!("ana{number}@example.cl")).await;
    }
    for _ in 0..20 {
        site.deliver_mail().await;
        site.app.clock.advance(TimeDelta::hours(1));
    }
    let least = "min(attempts) > 5";
    assert_eq!(site.database.values(least, "outbox_letter"), ["true"], "one of them is tried again and again");
    site.smtp.play(Script::default());
    for _ in 0..2 {
        site.deliver_mail().await;
        site.app.clock.advance(TimeDelta::seconds(1));
    }
    let done = "status = 'sent' AND attempts <= 1 + 7";
    assert_eq!(site.database.values("count(*)", &format!("outbox_letter WHERE {done}")), ["3"]);
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE attempts = 1"), ["2"], "refusals count no more");
}

#[tokio::test]
async fn an_admin_who_has_a_mail_tried_again_has_the_relay_tried_at_once() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.deliver_mail().await;
    site.smtp.play(at_stage("CONNECT", "421 4.3.2 closing"));
    join(&site, "ana@example.cl").await;
    site.deliver_mail().await;
    site.smtp.play(Script::default());
    site.deliver_mail().await;
    assert_eq!(arrived(&site, "ana@example.cl"), 0, "left alone for a moment");
    admin.post(&format!("/admin/mail/{}/retry", row(&site, "ana@example.cl").id), &[]).await.has_status(303);
    site.app.clock.advance(TimeDelta::seconds(1));
    site.deliver_mail().await;
    assert_eq!((arrived(&site, "ana@example.cl"), paused(&site)), (1, None));
}

#[tokio::test]
async fn a_mail_that_arrives_when_it_is_tried_again_clears_the_bounce_of_the_place() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.smtp.play(at_stage("RCPT", "550 5.2.1 Mailbox disabled"));
    join(&site, "ana@example.cl").await;
    site.deliver_mail().await;
    assert!(bounced(&site, "ana@example.cl"));
    site.smtp.play(Script::default());
    let path = format!("/admin/mail/{}/retry", row(&site, "ana@example.cl").id);
    admin.post(&path, &[]).await.has_status(303);
    let link = site.mail("ana@example.cl").await.link();
    assert!(!bounced(&site, "ana@example.cl"));
    site.visitor().press(&link).await.has_status(303);
    assert_eq!(site.database.values("confirmed_at IS NOT NULL", "waitlist"), ["true"]);
}
