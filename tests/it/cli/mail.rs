//! `biovity mail`.

use super::{Ended, Home};
use crate::support::TestSite;
use crate::support::database::TestDatabase;
use crate::support::smtp::Script;
use crate::support::unused_address;

async fn mail(database: &TestDatabase, smtp_url: &str, arguments: &[&str]) -> Ended {
    let more = [("SMTP_URL", smtp_url), ("MAIL_FROM", "Biovity <no-reply@biovity.test>")];
    Home::new().command_on(database, &[&["mail"], arguments].concat(), &more).ended().await
}

#[tokio::test]
async fn a_test_letter_goes_out_at_once_and_tells_what_the_relay_said() {
    let site = TestSite::start().await;
    let done = mail(&site.database, &site.smtp.url(), &["test", " Ana@Example.CL "]).await.succeeded();
    assert_eq!(done.out, "the mail server accepted the email to ana@example.cl\n");
    let [letter] = &site.smtp.mails()[..] else { panic!("one mail") };
    assert_eq!((letter.to.as_str(), letter.subject.is_empty()), ("ana@example.cl", false));
    assert!(letter.text.contains(&letter.subject) && letter.html.contains(&letter.subject));
    assert_eq!(site.database.values("count(*)", "outbox_letter"), ["0"]);
    for (reply, told) in [
        ("550 5.1.1 nobody", "refused the recipient: 550 5.1.1 nobody"),
        ("550 5.7.1 no relay", "refuses email from us: 550 5.7.1 no relay"),
        ("451 busy", "put the email off: 451 busy"),
    ] {
        site.smtp.play(Script { recipient: reply.into(), ..Script::default() });
        let failed = mail(&site.database, &site.smtp.url(), &["test", "ana@example.cl"]).await.failed();
        assert!(failed.err.contains(told), "{failed:?}");
    }
    let place = unused_address();
    let failed = mail(&site.database, &format!("smtp://{place}"), &["test", "ana@example.cl"]).await.failed();
    assert!(failed.err.contains("the mail server accepts no email"), "{failed:?}");
    let strange = mail(&site.database, &site.smtp.url(), &["test", "ana"]).await.failed();
    assert!(strange.err.contains("`ana` is not an email address"), "{strange:?}");
}

#[tokio::test]
async fn letters_are_listed_and_tried_again_on_the_record() {
    let site = TestSite::start().await;
    let empty = mail(&site.database, &site.smtp.url(), &["list"]).await.succeeded();
    assert_eq!(empty.out, "there is no such email\n");
    site.smtp.play(Script { recipient: "550 no such user".into(), ..Script::default() });
    for address in ["ana@example.cl", "bea@example.cl", "cleo@example.cl"] {
        site.visitor().join(address, "employee").await.redirects_to("/waitlist/joined");
    }
    site.deliver_mail().await;
    let list = mail(&site.database, &site.smtp.url(), &["list", "--state", "refused"]).await.succeeded();
    assert_eq!(list.out.lines().count(), 3);
    let line = list.out.lines().find(|line| line.contains("ana@example.cl")).unwrap();
    assert!(
        line.contains("refused") && line.contains("waitlist-confirm") && line.ends_with("550 no such user"),
        "{line}"
    );
    let none = mail(&site.database, &site.smtp.url(), &["list", "--state", "sent"]).await.succeeded();
    assert_eq!(none.out, "there is no such email\n");
    let id = line.split_whitespace().next().unwrap();
    let done = mail(&site.database, &site.smtp.url(), &["retry", id]).await.succeeded();
    assert_eq!(done.out, format!("the email {id} is tried again\n"));
    let done = mail(&site.database, &site.smtp.url(), &["retry", "--all"]).await.succeeded();
    assert_eq!(done.out, "emails that are tried again: 2\n");
    site.smtp.play(Script::default());
    site.deliver_mail().await;
    assert_eq!(site.smtp.mails().len(), 3);
    let failed = mail(&site.database, &site.smtp.url(), &["retry", id]).await.failed();
    assert!(failed.err.contains("there is no email"), "{failed:?}");
    let acts = "audit_event WHERE action = 'letter_retried' ORDER BY id";
    assert_eq!(
        site.database.values("details - 'letter'", acts),
        ["{\"kind\": \"waitlist-confirm\"}", "{\"letters\": 2}"]
    );
    let failed = mail(&site.database, &site.smtp.url(), &["list", "--state", "x"]).await.failed();
    assert!(failed.err.contains("waiting, sending, sent, refused, expired, cancelled"), "{failed:?}");
    for incomplete in [&["retry"][..], &["test"], &[], &["retry", "x", "--all"]] {
        assert_eq!(mail(&site.database, &site.smtp.url(), incomplete).await.code, Some(2), "{incomplete:?}");
    }
}
