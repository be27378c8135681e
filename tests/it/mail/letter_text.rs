//! Texts that are the same for every reader are stored once, and stay as they were while a letter needs them.

use biovity::mail::letter::Letter;
use biovity::mail::link::Link;
use biovity::mail::outbox;
use biovity::values::clock::Timestamp;
use biovity::values::email_address::EmailAddress;
use chrono::TimeDelta;
use diesel::Connection;
use diesel::pg::PgConnection;

use super::{join, row, rows};
use crate::support::TestSite;
use crate::support::smtp::Script;

/// A letter to everybody, in this edition.
pub(super) struct Notice(pub(super) &'static str);

impl Letter for Notice {
    fn kind(&self) -> &'static str {
        "notice"
    }

    fn subject(&self) -> &'static str {
        "News"
    }

    fn text(&self) -> askama::Result<String> {
        Ok(format!("There are news: {}", self.0))
    }

    fn html(&self) -> askama::Result<String> {
        Ok(format!("<p>{}</p>", self.0))
    }

    fn link(&self) -> Option<&Link> {
        None
    }

    fn edition(&self) -> Option<String> {
        Some(self.0.to_owned())
    }
}

fn write(conn: &mut PgConnection, now: Timestamp, edition: &'static str) {
    outbox::enqueue(conn, now, &EmailAddress::parse("ana@example.cl").unwrap(), &Notice(edition)).unwrap();
}

#[tokio::test]
async fn what_everybody_gets_is_stored_once_and_names_nobody() {
    let site = TestSite::start().await;
    for number in 0..5 {
        join(&site, &format!("ana{number}@example.cl")).await;
    }
    site.spanish_visitor().join("bea@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let texts = site.database.values("text_body || html_body", "outbox_text");
    assert_eq!(texts.len(), 2, "one of each language");
    assert!(!texts.iter().any(|text| text.contains("example.cl") || text.contains("ana0")));
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE text_body || html_body <> ''"), ["0"]);
    site.visitor().sign_up("employee", "cleo@example.cl").await.redirects_to("/signup/check-email");
    assert!(!row(&site, "cleo@example.cl").text_body.is_empty(), "a text about one person stays in its row");
    let mail = site.mail("ana3@example.cl").await;
    assert!(mail.text.contains("Confirm your place") && mail.html.contains(&mail.link()), "{}", mail.text);
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE text_id IS NOT NULL"), ["0"], "sent");
}

#[tokio::test]
async fn a_retry_is_the_same_mail_also_after_the_program_writes_another() {
    let site = TestSite::start().await;
    join(&site, "ana@example.cl").await;
    site.database.execute(
        "WITH old AS (SELECT 'As it was: [[base-url]]/waitlist/confirm?token=[[link-token]]' AS text, '<p>old</p>' AS html), \
         made AS (INSERT INTO outbox_text SELECT sha256(int8send(length(text)) || convert_to(text || html, 'UTF8')), \
           text, html, now() + interval '60 days' FROM old RETURNING id) \
         UPDATE outbox_letter SET text_id = made.id FROM made",
    );
    site.smtp.play(Script { silent_after_data: true, ..Script::default() });
    site.deliver_once().await;
    site.smtp.play(Script::default());
    site.app.clock.advance(TimeDelta::seconds(31));
    site.deliver_mail().await;
    let raw: Vec<_> = site.smtp.mails().into_iter().map(|mail| mail.raw).collect();
    assert!(raw.len() == 2 && raw[0] == raw[1] && raw[0].contains("As it was"), "{raw:?}");
}

#[tokio::test]
async fn a_text_is_kept_as_long_as_a_letter_that_names_it_may_be_sent() {
    let site = TestSite::start().await;
    let (mut conn, now) = (site.database.connect(), site.app.clock.now());
    write(&mut conn, now, "kept");
    write(&mut conn, now + TimeDelta::days(2), "kept");
    let texts = || site.database.values("count(*)", "outbox_text");
    outbox::sweep(&mut conn, now + TimeDelta::days(5)).unwrap();
    assert_eq!(texts(), ["1"], "the second letter may be sent for another moment");
    outbox::sweep(&mut conn, now + TimeDelta::days(60)).unwrap();
    assert_eq!(texts(), ["1"], "what the letter is about may have been deleted, and come back");
    outbox::sweep(&mut conn, now + TimeDelta::days(100)).unwrap();
    assert_eq!(texts(), ["0"]);
    write(&mut conn, now + TimeDelta::days(100), "kept");
    assert_eq!(texts(), ["1"], "written anew");
}

#[tokio::test]
async fn a_text_is_not_swept_away_below_a_letter_that_is_being_written() {
    let site = TestSite::start().await;
    let (mut conn, now) = (site.database.connect(), site.app.clock.now());
    write(&mut conn, now - TimeDelta::days(120), "swept");
    let mut sweeper = site.database.connect();
    let swept = conn
        .transaction(|conn| {
            write(conn, now, "swept");
            let swept = std::thread::spawn(move || outbox::sweep(&mut sweeper, now));
            while site.database.values("1", "pg_stat_activity WHERE wait_event_type = 'Lock'").is_empty() {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            diesel::QueryResult::Ok(swept)
        })
        .unwrap();
    swept.join().unwrap().unwrap();
    site.deliver_mail().await;
    assert_eq!(rows(&site, "ana@example.cl").last().unwrap().status, "sent");
}

#[tokio::test]
async fn a_letter_whose_text_is_gone_waits_and_says_so() {
    let site = TestSite::start().await;
    write(&mut site.database.connect(), site.app.clock.now(), "gone");
    site.database.execute("DELETE FROM outbox_text");
    site.deliver_once().await;
    let letter = row(&site, "ana@example.cl");
    assert_eq!(letter.status, "queued");
    assert!(letter.last_reply.unwrap().contains("text of this letter"), "a fault of ours");
}
