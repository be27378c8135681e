//! What the admin's start page says first.

use crate::support::TestSite;

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
    jobs.run("trial", &site.app.clock, async { Err::<(), ()>(()) }).await.unwrap_err();
    admin.get("/admin").await.says("The last run of a background job failed").says("trial (");
    jobs.run("trial", &site.app.clock, async { Ok::<(), ()>(()) }).await.unwrap();
    admin.get("/admin").await.does_not_say("trial (");
}

#[tokio::test]
async fn the_start_page_says_what_waits_for_a_decision() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    admin.get("/admin").await.does_not_say("wave of invitations stopped").does_not_say("checked import");
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
    let page = admin.get("/admin").await.says("wave of invitations stopped").says("A checked import waits for you");
    assert_eq!(page.texts(".notice.warning a"), ["See the waves", "See the imports"]);
    site.database.execute("UPDATE waitlist_wave SET paused_by = 'admin'; UPDATE waitlist_import SET state = 'added'");
    admin.get("/admin").await.does_not_say("wave of invitations stopped").does_not_say("checked import");
}
