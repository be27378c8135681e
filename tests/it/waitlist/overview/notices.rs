//! What the admin's overview says first.

use std::collections::BTreeSet;

use biovity::db::{Error, Queue};
use biovity::server::jobs::sweep_once;

use crate::support::TestSite;
use crate::webhook::endpoint_page::add;
use crate::webhook::receiver::Receiver;

#[tokio::test]
async fn the_start_page_says_that_sending_is_stopped_and_leads_there() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let admin = site.admin("admin@example.cl").await;
    admin.get("/admin").await.has_status(200).does_not_say("No email has been sent since");
    admin.post("/admin/mail/pause", &[]).await.redirects_to("/admin/mail");
    let page =
        admin.get("/admin").await.says("No email has been sent since").says("Emails are waiting and nothing is lost");
    assert_eq!(page.attribute(".notice.warning a", "href").as_deref(), Some("/admin/mail"));
    admin.post("/admin/mail/resume", &[]).await.redirects_to("/admin/mail");
    admin.get("/admin").await.does_not_say("No email has been sent since");
}

#[tokio::test]
async fn the_start_page_says_that_a_background_job_failed_last() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let admin = site.admin("admin@example.cl").await;
    let jobs = site.app.metrics.jobs();
    jobs.run("trial", &site.app.clock, async { Err::<(), _>(Error::Busy(Queue::Connections)) }).await.unwrap_err();
    let page = admin.get("/admin").await.says("The background job “trial” of ");
    page.says(&format!("({}) has been failing since ", std::process::id()))
        .says("too many requests wait for their turn");
    jobs.run("trial", &site.app.clock, async { Ok(()) }).await.unwrap();
    admin.get("/admin").await.does_not_say("trial");
}

#[tokio::test]
async fn a_background_job_that_fails_is_named_by_what_it_does() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let admin = site.admin("admin@example.cl").await;
    sweep_once(&site.app).await;
    let swept = site.app.metrics.jobs().all().into_iter().map(|(name, _)| name);
    let all: BTreeSet<_> = swept.chain(["steps", "search_index", "abuse_counts", "webhook_joins"]).collect();
    let all: Vec<_> = all.into_iter().collect();
    assert!(all.len() >= 25, "{all:?}");
    // Those of another process: in this one the next run may succeed. No more are read at once.
    for jobs in all.chunks(20) {
        site.database.execute(&format!(
            "DELETE FROM failing_job; INSERT INTO failing_job (job, process, failing_since, failed_at, reason, told_at) \
             SELECT unnest('{{{}}}'::text[]), 'web-2 (7)', now(), now(), 'gone', now()",
            jobs.join(",")
        ));
        for (language, of) in [("en", "web-2 (7) has been failing"), ("es", "web-2 (7) falla desde")] {
            admin.post("/language", &[("lang", language)]).await.has_status(303);
            let told = admin.get("/admin").await.says(of).text();
            for job in jobs {
                // Without words of its own it would stand in quotes.
                assert!(told.contains(&format!("” ({job})")) && !told.contains(&format!("“{job}”")), "{job}: {told}");
            }
        }
    }
    admin.get("/admin").await.says("“avisar a los webhooks quién se unió” (webhook_joins)");
}

#[tokio::test]
async fn the_start_page_says_what_waits_for_a_decision() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    admin.get("/admin").await.does_not_say(" stopped after").does_not_say("has been checked");
    site.database.execute(
        "INSERT INTO waitlist_wave (state, paused_by, made_at, next_at, counted_from) \
         VALUES ('paused', 'bounces', now(), now(), now())",
    );
    // A wave without anybody left would be done.
    site.database
        .execute("INSERT INTO waitlist (email, role, confirmed_at) VALUES ('ana@example.cl', 'employee', now())");
    site.database.execute(
        "INSERT INTO waitlist_invitation (wave_id, entry_id, role) SELECT waitlist_wave.id, waitlist.id, role \
         FROM waitlist_wave, waitlist",
    );
    site.database.execute(
        "INSERT INTO waitlist_import (id, state, made_at, locale, are_confirmed, lines, done, reached, fresh, duplicate, \
           invalid, opted_out, added, removed) VALUES ('i', 'checked', now(), 'es', false, 1, 1, 1, 1, 0, 0, 0, 0, 0)",
    );
    let wave = site.database.values("id", "waitlist_wave").remove(0);
    let page =
        admin.get("/admin").await.says(&format!("Wave no. {wave} stopped")).says(" has been checked: add or cancel");
    assert_eq!(page.texts(".notice.warning li > a.button"), ["See the wave", "See the import"]);
    for path in [&format!("/admin/waitlist/waves/{wave}"), "/admin/waitlist/imports/i"] {
        assert!(page.attribute(&format!(".notice.warning a[href='{path}']"), "href").is_some(), "{}", page.body);
    }
    assert_eq!(page.texts(".notice.warning h2"), ["Needs your attention"], "in one list");
    site.database.execute("UPDATE waitlist_wave SET paused_by = 'admin'; UPDATE waitlist_import SET state = 'added'");
    admin.get("/admin").await.does_not_say(" stopped after").does_not_say("has been checked");
}

#[tokio::test]
async fn the_start_page_says_which_webhooks_fail_for_long_or_were_switched_off() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let (endpoint, _) = add(&admin, &receiver, &["waitlist.joined"]).await;
    let name = receiver.url.trim_start_matches("http://");
    let fails_since = |since: &str| site.database.execute(&format!("UPDATE webhook SET failing_since = {since}"));
    fails_since("now() - interval '9 minutes'");
    let quiet = admin.get("/admin").await.has_status(200);
    assert!(quiet.texts(".notice.warning").is_empty(), "it may just be starting again");
    fails_since("now() - interval '11 minutes'");
    let page = admin.get("/admin").await.says("A webhook has been failing since ");
    assert_eq!(page.texts(".notice.warning code"), [name]);
    assert_eq!(page.attribute(".notice.warning a", "href").unwrap(), endpoint);

    receiver.answers("410 Gone", "");
    fails_since("NULL");
    site.visitor().join("ana@example.cl", "employee").await;
    site.deliver_webhooks().await;
    let page = admin.get("/admin").await.says("A webhook was switched off on ");
    assert_eq!(page.texts(".notice.warning code"), [name]);
    admin.post("/language", &[("lang", "es")]).await.has_status(303);
    admin.get("/admin").await.says("Se desactivó un webhook el ").says("Ver el webhook");
    site.database.execute("UPDATE webhook SET off_at = NULL");
    let page = admin.get("/admin").await.says("Se desactivó un webhook:");
    assert_eq!(page.texts(".notice.warning code"), [name]);
    site.database.execute("UPDATE webhook SET state = 'paused'");
    assert!(admin.get("/admin").await.texts(".notice.warning").is_empty());
}
