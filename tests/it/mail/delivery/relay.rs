//! Whatever a relay does to a letter, the letter comes to the end it should.

use biovity::mail::delivery::transport::Transport;
use biovity::server;
use chrono::TimeDelta;

use crate::mail::{arrived, join, row};
use crate::support::TestSite;
use crate::support::smtp::{Fault, Script, SmtpServer};
use crate::support::unused_address;

fn greets(greeting: &str) -> Script {
    Script { greeting: greeting.to_owned(), ..Script::default() }
}

fn breaks_off(fault: Fault) -> Script {
    Script { fault: Some(fault), ..Script::default() }
}

#[tokio::test]
async fn a_relay_that_is_down_costs_a_letter_nothing_but_time() {
    let site = TestSite::start().await;
    let down = [greets("421 4.3.2 closing"), greets("554 5.7.1 not you"), breaks_off(Fault::HangsUp)];
    for (number, script) in down.into_iter().enumerate() {
        let address = format!("ana{number}@example.cl");
        join(&site, &address).await;
        site.smtp.play(script);
        for _ in 0..6 {
            assert_eq!(site.deliver_once().await, 0, "nothing was settled");
        }
        let letter = row(&site, &address);
        assert_eq!((letter.status.as_str(), letter.attempts, letter.claims), ("queued", 0, 0));
        site.smtp.play(Script::default());
        site.app.clock.advance(TimeDelta::seconds(6));
        site.deliver_mail().await;
        assert_eq!((arrived(&site, &address), row(&site, &address).status.as_str()), (1, "sent"));
    }
}

#[tokio::test]
async fn letters_wait_for_a_relay_that_refuses_connections() {
    let address = unused_address();
    let site = TestSite::with(&[("SMTP_URL", &format!("smtp://{address}"))]).await;
    join(&site, "ana@example.cl").await;
    site.visitor().sign_up("employee", "bea@example.cl").await.redirects_to("/signup/check-email");
    assert_eq!(site.deliver_once().await, 0);
    assert_eq!((row(&site, "ana@example.cl").attempts, row(&site, "bea@example.cl").attempts), (0, 0));
    site.visitor().get("/readyz").await.has_status(200);
    let relay = SmtpServer::start_at(address).await;
    site.app.clock.advance(TimeDelta::seconds(6));
    site.deliver_mail().await;
    let mut reached: Vec<_> = relay.mails().into_iter().map(|mail| mail.to).collect();
    reached.sort();
    assert_eq!(reached, ["ana@example.cl", "bea@example.cl"]);
}

#[tokio::test]
async fn a_letter_that_is_put_off_comes_later_and_less_and_less_often() {
    let site = TestSite::start().await;
    let later =
        |recipient: &str, data: &str| Script { recipient: recipient.into(), data: data.into(), ..Script::default() };
    let scripts = [
        later("450 4.2.0 grey", ""),
        later("451 4.7.1 later", ""),
        later("", "452 4.2.2 full"),
        breaks_off(Fault::CutsData),
    ];
    join(&site, "ana@example.cl").await;
    for (attempts, (script, longest)) in (1..).zip(scripts.into_iter().zip([30, 120, 480, 1_800])) {
        site.smtp.play(script);
        let before = site.app.clock.now();
        assert_eq!(site.deliver_once().await, 1);
        assert_eq!(site.deliver_once().await, 0, "not at once again");
        let letter = row(&site, "ana@example.cl");
        assert_eq!((letter.status.as_str(), letter.attempts, letter.claims), ("queued", attempts, 0));
        let pause = (letter.next_attempt_at - before).num_seconds();
        assert!((0..=longest + 1).contains(&pause), "{pause} s after attempt {attempts}");
        assert!(letter.last_reply.is_some_and(|reply| !reply.is_empty()));
        site.app.clock.advance(TimeDelta::seconds(longest + 1));
    }
    site.smtp.play(Script::default());
    site.deliver_mail().await;
    assert_eq!((arrived(&site, "ana@example.cl"), row(&site, "ana@example.cl").status.as_str()), (1, "sent"));
}

#[tokio::test]
async fn a_letter_that_is_put_off_is_tried_every_12_hours_in_the_end_until_its_link_expires() {
    let site = TestSite::start().await;
    join(&site, "ana@example.cl").await;
    site.smtp.play(Script { recipient: "451 4.7.1 later".into(), ..Script::default() });
    for attempts in 1..=26 {
        site.deliver_mail().await;
        let letter = row(&site, "ana@example.cl");
        assert_eq!((letter.status.as_str(), letter.attempts), ("queued", attempts));
        if attempts > 7 {
            let pause = letter.next_attempt_at - site.app.clock.now();
            assert!((6 * 3_600 - 5..=12 * 3_600).contains(&pause.num_seconds()), "{pause}");
        }
        site.app.clock.advance(TimeDelta::hours(12));
    }
    assert_eq!(row(&site, "ana@example.cl").last_reply.as_deref(), Some("451 4.7.1 later"));
    site.app.clock.advance(TimeDelta::hours(25));
    site.deliver_mail().await;
    assert_eq!(row(&site, "ana@example.cl").status, "expired");
}

#[tokio::test]
async fn a_refused_recipient_is_dead_with_the_reply_and_the_other_letters_go_on() {
    let site = TestSite::start().await;
    let refused = "550 5.1.1 <nobody@example.cl> no such user";
    site.smtp.play(Script { recipient: refused.into(), only_for: "nobody@example.cl".into(), ..Script::default() });
    join(&site, "nobody@example.cl").await;
    for number in 0..9 {
        join(&site, &format!("ana{number}@example.cl")).await;
    }
    site.deliver_mail().await;
    let letter = row(&site, "nobody@example.cl");
    assert_eq!((letter.status.as_str(), letter.attempts), ("dead", 1));
    assert_eq!(letter.last_reply.as_deref(), Some("550 5.1.1 … no such user"));
    let kept = "outbox_letter WHERE status = 'dead' AND text_id IS NOT NULL";
    assert_eq!(site.database.values("count(*)", kept), ["1"], "an admin may have it tried again");
    assert_eq!(site.smtp.mails().len(), 9);
}

#[tokio::test]
async fn a_letter_whose_answer_was_lost_is_sent_again_as_the_same_mail() {
    let site = TestSite::start().await;
    join(&site, "ana@example.cl").await;
    site.smtp.play(Script { silent_after_data: true, ..Script::default() });
    assert_eq!(site.deliver_once().await, 1);
    assert_eq!(row(&site, "ana@example.cl").status, "queued");
    site.smtp.play(Script::default());
    site.app.clock.advance(TimeDelta::seconds(31));
    site.deliver_mail().await;
    let mails = site.smtp.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].message_id, mails[1].message_id);
    assert_eq!(mails[0].raw, mails[1].raw, "byte for byte, Date and all");
    assert_eq!(row(&site, "ana@example.cl").status, "sent");
}

#[tokio::test]
async fn a_worker_says_what_is_wrong_with_its_relay() {
    let site = TestSite::start().await;
    site.smtp.play(greets("554 5.7.1 not you"));
    let transport = Transport::of(&site.app.config).unwrap();
    assert_eq!(transport.check().await.unwrap_err().to_string(), "554 5.7.1 not you");
    site.smtp.play(Script::default());
    assert!(transport.check().await.is_ok());
    assert!(server::worker(&site.app).is_ok());
}

/// What a relay with these keywords was told by somebody who only connects.
async fn told(url: &str, keywords: &[&'static str]) -> Vec<String> {
    let relay = SmtpServer::start().await;
    relay.play(Script { keywords: keywords.to_vec(), ..Script::default() });
    let url = url.replace("HOST", &relay.address.to_string());
    let site = TestSite::with(&[("SMTP_URL", &url), ("BASE_URL", "http://biovity.test:8080")]).await;
    let _ = Transport::of(&site.app.config).unwrap().check().await;
    relay.commands()
}

#[tokio::test]
async fn ehlo_names_the_host_of_the_site() {
    assert_eq!(told("smtp://HOST", &[]).await[0], "EHLO biovity.test");
    assert_eq!(told("smtp://HOST/mx.biovity.test", &[]).await[0], "EHLO mx.biovity.test");
}

#[tokio::test]
async fn what_a_relay_offers_is_understood_in_any_case_and_with_an_equals_sign() {
    for (keyword, command) in [("AUTH=LOGIN", "AUTH LOGIN"), ("auth login", "AUTH LOGIN"), ("Auth Plain", "AUTH PLAIN")]
    {
        let commands = told("smtp://u:p@HOST", &[keyword]).await;
        assert!(commands.iter().any(|said| said.starts_with(command)), "{keyword}: {commands:?}");
    }
    let commands = told("smtp://HOST?tls=required", &["8bitmime", "starttls"]).await;
    assert!(commands.iter().any(|said| said == "STARTTLS"), "{commands:?}");
}
