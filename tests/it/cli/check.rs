//! `biovity check`.

use biovity::web::metrics::failing_job;

use super::{Home, KEY_BYTE};
use crate::support::TestSite;
use crate::support::database::TestDatabase;
use crate::support::database::standby::StandbyServer;
use crate::support::fault_proxy::{Cut, Fault, FaultProxy, Moment};
use crate::support::issuer::Issuer;
use crate::support::oidc_provider;
use crate::support::smtp::{Script, SmtpServer};
use crate::webhook::endpoint_page::add;
use crate::webhook::receiver::Receiver;

#[tokio::test]
async fn it_says_of_each_part_what_it_found() {
    let (home, database, smtp) = (Home::new(), TestDatabase::migrated(), SmtpServer::start().await);
    let well = home.command_on(&database, &["check"], &[("SMTP_URL", &smtp.url())]).ended().await.succeeded();
    let lines: Vec<_> = well.out.lines().collect();
    assert!(lines[0].starts_with("ok      configuration: every variable makes sense; the site is http://"), "{well:?}");
    assert_eq!(lines[1], "ok      database and schema: that of DATABASE_URL answers and has every migration");
    assert_eq!(lines[2], "ok      background jobs: no process reports a failing one");
    assert_eq!(lines[3], "ok      email: the relay of SMTP_URL answers and accepts our email");
    assert!(lines[4].starts_with("note    contact: nobody reads no-reply@localhost; set CONTACT_EMAIL"), "{well:?}");
    assert_eq!(lines[5..], ["Nothing is wrong."]);
    let smtp_url = smtp.url();
    let variables = [("SMTP_URL", smtp_url.as_str()), ("CONTACT_EMAIL", "hola@biovity.cl")];
    let known = home.command_on(&database, &["check"], &variables).ended().await.succeeded();
    assert!(!known.out.contains("contact"), "{known:?}");
}

#[tokio::test]
async fn where_there_is_no_database_it_makes_none_and_migrating_names_the_one_it_made() {
    let home = Home::new();
    let folder = home.path("").to_str().unwrap().trim_end_matches('/').to_owned();
    let why = format!("DATABASE_URL is not set, and there is no database in {folder}");
    let checked = home.command(&["check"]).ended().await.failed();
    let told = format!("failed  database and schema: {why}\n        next: give this command the settings of the site");
    assert!(checked.out.contains(&told), "{checked:?}");
    let missing = home.command(&["migrate", "--check"]).ended().await.failed();
    assert!(missing.err.contains(&why), "{missing:?}");
    assert!(!home.path("").exists(), "both only look");
    let made = home.command(&["migrate"]).ended().await.succeeded();
    assert!(made.out.ends_with(&format!("\nthe embedded database in {folder} is up to date\n")), "{made:?}");
    let checked = home.command(&["check"]).ended().await.succeeded();
    assert!(checked.out.contains(&format!("the embedded one in {folder} answers")), "{checked:?}");
}

#[tokio::test]
async fn it_notes_that_a_newer_version_has_migrated_the_database() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let checked = home.command_on(&database, &["check"], &[]).ended().await.succeeded();
    assert!(!checked.out.contains("note    schema"), "{checked:?}");
    database.execute("INSERT INTO migrations VALUES (9000000000000, '999_later')");
    let checked = home.command_on(&database, &["check"], &[]).ended().await.succeeded();
    assert!(checked.out.contains("note    schema: the database has migration 999_later, which a newer"), "{checked:?}");
}

#[tokio::test]
async fn it_asks_each_provider_that_people_may_log_in_with() {
    let (home, database, smtp) = (Home::new(), TestDatabase::migrated(), SmtpServer::start().await);
    let (issuer, smtp_url) = (Issuer::start(), smtp.url());
    let own = [("OIDC_NAME", "Our log-in"), ("OIDC_CLIENT_ID", "biovity"), ("OIDC_CLIENT_SECRET", "hidden")];
    let with = |issuer: &str| {
        let variables = [own.as_slice(), &[("SMTP_URL", &smtp_url), ("OIDC_ISSUER", issuer)]].concat();
        home.command_on(&database, &["check"], &variables)
    };
    let well = with(&issuer.url).ended().await.succeeded();
    let told = "ok      log-in with Our log-in: it answers; the address to enter there is ";
    assert!(well.out.contains(told) && well.out.contains("/login/with/oidc/back ("), "{well:?}");
    let slash = with(&format!("{}/", issuer.url)).ended().await.failed();
    assert!(slash.out.contains(&format!("next: set OIDC_ISSUER={}, as the provider", issuer.url)), "{slash:?}");
    let away = with("http://127.0.0.1:9").ended().await.failed();
    assert!(away.out.contains("failed  log-in with Our log-in: no answer: "), "{away:?}");
    let advice = "next: check that this machine reaches http://127.0.0.1:9 ";
    assert!(away.out.contains(advice) && !away.out.contains("hidden"), "{away:?}");
    assert!(!format!("{away:?}").contains("a log-in failed"), "nobody logged in: {away:?}");
    let misspelled = home.command_on(&database, &["check"], &[("SMTP_URL", &smtp_url), ("OIDC_GOOGLE_ID", "x")]);
    let misspelled = misspelled.ended().await.succeeded();
    assert!(misspelled.out.contains("note    configuration: OIDC_GOOGLE_ID is set"), "{misspelled:?}");
}

#[tokio::test]
async fn it_says_how_far_behind_the_standby_is_or_why_it_is_of_no_use() {
    let (home, database, smtp) = (Home::new(), TestDatabase::alone(), SmtpServer::start().await);
    let (standby, smtp_url) = (StandbyServer::of(&database), smtp.url());
    let with =
        |url: &str| home.command_on(&database, &["check"], &[("SMTP_URL", &smtp_url), ("DATABASE_REPLICA_URL", url)]);
    let well = with(&standby.text()).ended().await.succeeded();
    assert!(well.out.contains("ok      standby: it is at most "), "{well:?}");
    let foreign = with(&TestDatabase::empty().text()).ended().await.failed();
    assert!(foreign.out.contains("failed  standby: it has another database\n        next: check that "), "{foreign:?}");
    let away = with("postgresql://u:hunter2@127.0.0.1:9/x").ended().await.failed();
    assert!(away.out.contains("failed  standby: the database cannot be reached: "), "{away:?}");
    assert!(!away.out.contains("hunter2") && !away.err.contains("hunter2"), "{away:?}");
    let may_ask = |change: &str| database.execute_as_superuser(&format!("{change} PUBLIC"));
    may_ask("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM");
    let unknown = with(&standby.text()).ended().await.failed();
    let why = "failed  standby: DATABASE_URL does not say how far its log has come: a query failed: permission denied";
    assert!(unknown.out.contains(why), "{unknown:?}");
    may_ask("GRANT EXECUTE ON FUNCTION pg_control_system() TO");
    standby.execute("SELECT pg_promote()");
    let promoted = with(&standby.text()).ended().await.failed();
    assert!(promoted.out.contains("failed  standby: it takes writes itself"), "{promoted:?}");
}

#[tokio::test]
async fn it_tells_of_each_part_what_is_wrong() {
    let (home, database, smtp) = (Home::new(), TestDatabase::migrated(), SmtpServer::start().await);
    let smtp_url = smtp.url();
    let mail = [("SMTP_URL", smtp_url.as_str())];
    smtp.play(Script { greeting: "554 5.7.1 not you".into(), ..Script::default() });
    let refused = home.command_on(&database, &["check"], &mail).ended().await.failed();
    assert!(
        refused.out.contains("ok      database")
            && refused.out.contains("failed  email: 554 5.7.1 not you\n        next: biovity mail test "),
        "{refused:?}"
    );

    smtp.play(Script::default());
    database.execute(
        "INSERT INTO outbox_breaker (is_open, opened_at, tries, next_try_at, reply) \
         VALUES (true, '2026-11-23T12:00Z', 0, now(), '554 5.7.1 Client host blocked')",
    );
    let blocked = home.command_on(&database, &["check"], &mail).ended().await.failed();
    let told =
        "failed  email: the mail server has refused our email since 2026-11-23T12:00Z: 554 5.7.1 Client host blocked";
    assert!(blocked.out.contains(told), "{blocked:?}");

    database.execute(
        "DELETE FROM outbox_breaker; \
         INSERT INTO outbox_letter (id, kind, recipient, subject, text_body, html_body, next_attempt_at, last_reply, deferral_cause) \
         VALUES ('l', 'test', 'ana@example.cl', '', '', '', now(), 'no key made the link', 'letter')",
    );
    let unbuilt = home.command_on(&database, &["check"], &mail).ended().await.failed();
    let told = "failed  email: some emails cannot be sent: no key made the link; `biovity mail list";
    assert!(unbuilt.out.contains(told), "{unbuilt:?}");

    let behind = home.command_on(&TestDatabase::empty(), &["check"], &[]).ended().await.failed();
    assert!(
        behind.out.contains("failed  database and schema: ") && behind.out.contains("biovity migrate"),
        "{behind:?}"
    );
    assert!(behind.out.contains("ok      email"), "{behind:?}");

    database.go_away();
    let away = home.command_on(&database, &["check"], &[]).ended().await.failed();
    assert!(away.out.contains("failed  database and schema: the database cannot be reached"), "{away:?}");
    database.come_back();
}

#[tokio::test]
async fn it_names_the_background_jobs_of_which_a_process_told_lately_that_they_fail() {
    let (home, database, smtp) = (Home::new(), TestDatabase::migrated(), SmtpServer::start().await);
    let smtp_url = smtp.url();
    let check = || home.command_on(&database, &["check"], &[("SMTP_URL", smtp_url.as_str())]).ended();
    database.execute(
        "INSERT INTO failing_job (job, process, failing_since, failed_at, reason, told_at) VALUES \
         ('steps', 'web-1 (7)', '2026-11-23T12:00Z', '2026-11-23T12:30Z', 'a query failed', now()), \
         ('letters', 'web-2 (8)', '2026-11-23T12:00Z', '2026-11-23T12:30Z', 'a query failed', now() - interval '3 minutes')",
    );
    let failed = check().await.failed();
    let told = "failed  background jobs: steps in web-1 (7) has failed since 2026-11-23T12:00Z, the last time at \
                2026-11-23T12:30Z: a query failed\n        next: ";
    assert!(failed.out.contains(told) && !failed.out.contains("letters"), "{failed:?}");
    assert_eq!(failing_job::sweep(&mut database.connect()).unwrap(), 1, "what is old goes");
    database.execute("DELETE FROM failing_job WHERE job = 'steps'");
    check().await.succeeded();
}

#[tokio::test]
async fn it_names_an_id_sequence_that_stands_behind_its_table_and_migrating_sets_it_right() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    database.execute("INSERT INTO waitlist (id, email, role) OVERRIDING SYSTEM VALUE VALUES (7, 'a@x.cl', 'employee')");
    let behind = home.command_on(&database, &["check"], &[]).ended().await.failed();
    assert!(behind.out.contains("waitlist_id_seq; run `biovity migrate`"), "{behind:?}");
    home.command_on(&database, &["migrate"], &[]).ended().await.succeeded();
    home.command_on(&database, &["check"], &[]).ended().await.succeeded();
}

#[tokio::test]
async fn it_says_whether_a_provider_takes_identifier_and_secret() {
    let (home, database, smtp) = (Home::new(), TestDatabase::migrated(), SmtpServer::start().await);
    let smtp_url = smtp.url();
    for (id, secret, is_taken) in [("biovity", "hidden", true), ("biovity", "wrong", false), ("other", "hidden", false)]
    {
        let variables = [
            ("SMTP_URL", smtp_url.as_str()),
            ("OIDC_NAME", "Our log-in"),
            ("OIDC_ISSUER", oidc_provider::url()),
            ("OIDC_CLIENT_ID", id),
            ("OIDC_CLIENT_SECRET", secret),
        ];
        let checked = home.command_on(&database, &["check"], &variables).ended().await;
        if is_taken {
            let told =
                "ok      log-in with Our log-in: it answers, and accepts the identifier and the secret; the address";
            assert!(checked.succeeded().out.contains(told));
        } else {
            let refused = checked.failed();
            let told = "failed  log-in with Our log-in: it does not take the identifier and the secret: invalid_client";
            assert!(refused.out.contains(told), "{refused:?}");
            let advice = "next: OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be those of the client";
            assert!(refused.out.contains(advice) && !refused.out.contains("hidden"), "{refused:?}");
        }
    }
}

#[tokio::test]
async fn it_says_of_which_webhook_the_secret_can_be_made_no_more() {
    let (home, site, receiver) = (Home::new(), TestSite::start().await, Receiver::start().await);
    let (smtp_url, own, new) = (site.smtp.url(), KEY_BYTE.repeat(64), "a1".repeat(64));
    let with =
        |keys: &str| home.command_on(&site.database, &["check"], &[("SMTP_URL", &smtp_url), ("SECRET_KEY", keys)]);
    let none = with(&own).ended().await.succeeded();
    assert!(!none.out.contains("webhooks"), "{none:?}");
    add(&site.admin("admin@example.cl").await, &receiver, &["waitlist.joined"]).await;
    for keys in [own.clone(), format!("{new},{own}")] {
        let well = with(&keys).ended().await.succeeded();
        assert!(well.out.contains("ok      webhooks: SECRET_KEY can make all the secrets (1)\n"), "{well:?}");
    }
    let lost = with(&new).ended().await.failed();
    let id = site.database.values("id", "webhook").concat();
    let told =
        format!("failed  webhooks: no key of SECRET_KEY made the secret of 127.0.0.1 ({id})\n        next: put ");
    assert!(lost.out.contains(&told), "{lost:?}");
}

#[tokio::test]
async fn it_notes_each_webhook_that_was_switched_off_or_has_been_failing_for_long() {
    let (home, site, receiver) = (Home::new(), TestSite::start().await, Receiver::start().await);
    let (smtp_url, key) = (site.smtp.url(), KEY_BYTE.repeat(64));
    let check =
        || home.command_on(&site.database, &["check"], &[("SMTP_URL", &smtp_url), ("SECRET_KEY", &key)]).ended();
    let (page, _) = add(&site.admin("admin@example.cl").await, &receiver, &["waitlist.joined"]).await;
    let id = page.rsplit('/').next().unwrap();
    receiver.answers("503 Busy", "");
    site.visitor().join("ana@example.cl", "employee").await;
    site.deliver_webhooks().await;
    let just_failed = check().await.succeeded();
    assert!(!just_failed.out.contains("note    webhooks") && just_failed.out.ends_with("Nothing is wrong.\n"));
    site.database.execute("UPDATE webhook SET failing_since = now() - interval '11 minutes'");
    let failing = check().await.succeeded();
    let note = format!("note    webhooks: 127.0.0.1 ({id}); failing since ");
    assert!(failing.out.contains(&note) && failing.out.contains("; messages that wait: 1; "), "{failing:?}");
    assert!(
        failing.out.ends_with("some webhooks are off, paused or failing: see the lines that begin with “note”.\n"),
        "{failing:?}"
    );

    receiver.answers("410 Gone", "");
    site.database.execute("UPDATE webhook SET rests_until = NULL; UPDATE webhook_delivery SET next_attempt_at = now()");
    site.deliver_webhooks().await;
    let off = check().await.succeeded();
    assert!(off.out.contains("switched off at ") && off.out.contains(" after: 410; messages that wait: "), "{off:?}");
    let next = format!("; `biovity webhook probe {id}` tries it; http://");
    assert!(off.out.contains(&next) && off.out.contains(&format!("{page} switches it on when")), "{off:?}");
    site.database.execute("UPDATE webhook SET off_at = NULL");
    let undated = check().await.succeeded();
    assert!(undated.out.contains("; switched off; messages that wait: "), "{undated:?}");

    site.database.execute("ALTER TABLE webhook_delivery RENAME COLUMN event TO kind");
    let unread = check().await.failed();
    assert!(unread.out.contains("failed  webhooks: ") && !unread.out.contains("are off, paused"), "{unread:?}");
}

#[tokio::test]
async fn webhooks_that_cannot_be_read_are_one_problem_which_is_not_that_of_the_key() {
    let (home, site, receiver) = (Home::new(), TestSite::start().await, Receiver::start().await);
    let (smtp_url, key) = (site.smtp.url(), KEY_BYTE.repeat(64));
    add(&site.admin("admin@example.cl").await, &receiver, &["waitlist.joined"]).await;
    site.database.execute("ALTER TABLE webhook RENAME COLUMN url TO address");
    let checked = home.command_on(&site.database, &["check"], &[("SMTP_URL", &smtp_url), ("SECRET_KEY", &key)]);
    let checked = checked.ended().await.failed();
    assert_eq!(checked.out.matches("failed  webhooks").count(), 1, "{checked:?}");
    assert!(!checked.out.contains("SECRET_KEY"), "{checked:?}");
}

#[tokio::test]
async fn it_notes_each_webhook_that_was_paused_while_messages_have_been_waiting_for_long() {
    let (home, site, receiver) = (Home::new(), TestSite::start().await, Receiver::start().await);
    let (smtp_url, key) = (site.smtp.url(), KEY_BYTE.repeat(64));
    let check =
        || home.command_on(&site.database, &["check"], &[("SMTP_URL", &smtp_url), ("SECRET_KEY", &key)]).ended();
    let admin = site.admin("admin@example.cl").await;
    let (page, _) = add(&admin, &receiver, &["waitlist.joined"]).await;
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    site.visitor().join("ana@example.cl", "employee").await;
    site.make_join_deliveries();
    let just_paused = check().await.succeeded();
    assert!(just_paused.out.ends_with("Nothing is wrong.\n"), "{just_paused:?}");
    site.database.execute("UPDATE webhook_delivery SET happened_at = '2026-11-01 10:20Z' WHERE state = 'waiting'");
    let forgotten = check().await.succeeded();
    let id = page.rsplit('/').next().unwrap();
    let note = format!(
        "note    webhooks: 127.0.0.1 ({id}); paused; messages that wait: 1, the first since 2026-11-01 10:20 UTC, each for \
         30 days at most; http://"
    );
    assert!(forgotten.out.contains(&note), "{forgotten:?}");
    assert!(forgotten.out.contains(&format!("{page} switches it on, or deletes it\n")), "{forgotten:?}");
    assert!(forgotten.out.contains("some webhooks are off, paused or failing"), "{forgotten:?}");
}

#[tokio::test]
async fn it_asks_all_on_one_connection_and_goes_on_with_another_when_that_breaks() {
    let (home, database, smtp) = (Home::new(), TestDatabase::migrated(), SmtpServer::start().await);
    let proxy = FaultProxy::to_socket(TestDatabase::socket()).await;
    let (url, smtp_url) = (format!("postgresql://biovity@{}/{}", proxy.address, database.name()), smtp.url());
    let variables = [("DATABASE_URL", url.as_str()), ("SMTP_URL", &smtp_url)];
    let check = || home.command_on(&database, &["check"], &variables).ended();
    check().await.succeeded();
    assert_eq!(proxy.connections(), 1);
    proxy.play(Fault::CutOnce(Cut { mark: b"failing_job".to_vec(), at: b"failing_job", moment: Moment::Before }));
    let broken = check().await.failed();
    assert!(broken.out.contains("failed  background jobs: ") && broken.out.contains("ok      email: "), "{broken:?}");
    assert_eq!((proxy.cuts(), proxy.connections()), (1, 1 + 2));
}
