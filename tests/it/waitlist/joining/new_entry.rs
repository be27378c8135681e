//! Taking a place: anew, once more, and what speaks for a machine.

use biovity::values::email_address::EmailAddress;
use biovity::values::locale::Locale;
use biovity::waitlist::joining::new_entry::NewEntry;
use biovity::waitlist::joining::role::Role;
use biovity::web::Submission;
use chrono::TimeDelta;
use diesel::connection::{Connection, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tokio::task::JoinSet;

use crate::support::TestSite;
use crate::waitlist::place::place::place;

#[derive(QueryableByName)]
struct Scans {
    #[diesel(sql_type = BigInt)]
    seq_scan: i64,
}

#[derive(QueryableByName)]
struct Plans {
    #[diesel(sql_type = BigInt)]
    custom_plans: i64,
    #[diesel(sql_type = BigInt)]
    generic_plans: i64,
}

/// The entry of an address that comes by the form.
fn new(site: &TestSite, address: &str) -> NewEntry {
    let now = site.app.clock.now();
    NewEntry {
        at: now,
        email: EmailAddress::parse(address).unwrap(),
        role: Role::Employee,
        locale: Locale::En,
        signals: Vec::new(),
        source: None,
        submission: Submission::unique(&site.app.keys, now),
    }
}

#[tokio::test]
async fn a_join_alone_is_not_planned_anew() {
    let site = TestSite::start().await;
    let (now, keys) = (site.app.clock.now(), site.app.keys.clone());
    let entries: Vec<_> = (0..8).map(|number| new(&site, &format!("ana{number}@example.cl"))).collect();
    let plans = site.app.db.write(move |conn| {
        for entry in &entries {
            entry.join(conn, now, &keys)?;
        }
        let statement = "SELECT custom_plans, generic_plans FROM pg_prepared_statements \
                         WHERE statement LIKE '%INSERT INTO waitlist (email%'";
        diesel::sql_query(statement).get_result::<Plans>(conn)
    });
    let Plans { custom_plans, generic_plans } = plans.await.unwrap();
    assert_eq!((custom_plans, generic_plans), (0, 8));
}

#[tokio::test]
async fn capitals_of_the_old_application_are_the_same_address() {
    let site = TestSite::start().await;
    site.database.execute("INSERT INTO waitlist (email, role) VALUES ('Ana@Example.cl', 'professional')");
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.has_status(409);
    ana.join("ANA@example.cl", "employee").await.has_status(409);
    assert_eq!(site.database.values("email", "waitlist"), ["Ana@Example.cl"]);
}

#[tokio::test]
async fn a_plan_that_is_made_while_the_list_is_short_does_not_scan_it() {
    let site = TestSite::start().await;
    let (mut conn, now, keys) = (site.database.connect(), site.app.clock.now(), site.app.keys.clone());
    conn.batch_execute(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() FROM generate_series(1, 60) AS n; ANALYZE waitlist",
    )
    .unwrap();
    for number in 0..8 {
        let entry = new(&site, &format!("ana{number}@example.cl"));
        let scans: Scans = conn
            .transaction(|conn| {
                entry.join(conn, now, &keys)?;
                let scans = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'waitlist'";
                diesel::sql_query(scans).get_result(conn)
            })
            .unwrap();
        assert_eq!(scans.seq_scan, 0, "join {number}");
    }
}

#[tokio::test]
async fn who_joins_again_before_confirming_is_asked_again_three_times_a_day() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let first = site.mail("ana@example.cl").await.link();
    for number in [2, 3, 3, 3] {
        ana.join("ana@example.cl", "organization").await.has_status(409).does_not_say("employee");
        assert_eq!(site.mails("ana@example.cl").await.len(), number);
    }
    ana.get(&first).await.has_status(410);
    site.later(TimeDelta::days(1) + TimeDelta::minutes(1)).await;
    ana.join("ana@example.cl", "employee").await.has_status(409);
    ana.press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    site.later(TimeDelta::days(1) + TimeDelta::minutes(1)).await;
    ana.join("ana@example.cl", "employee").await.has_status(409);
    assert_eq!(site.mails("ana@example.cl").await.len(), 4, "a confirmed place is not asked");
}

#[tokio::test]
async fn who_left_or_was_deleted_gets_a_new_place_and_old_links_end() {
    for column in ["left_at", "deleted_at"] {
        let site = TestSite::start().await;
        let ana = site.visitor();
        let old = place(&site, &ana, "employee").await;
        site.database.execute(&format!("UPDATE waitlist SET {column} = now()"));
        ana.join("ana@example.cl", "organization").await.redirects_to("/waitlist/joined");
        let rows = site.database.values("role || (confirmed_at IS NULL) || (left_at IS NULL)", "waitlist");
        assert_eq!(rows, ["organizationtruetrue"], "{column}");
        ana.get(&old).await.has_status(410).leads_on();
        ana.press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    }
}

#[tokio::test]
async fn of_fifty_who_come_back_at_once_one_joins() {
    let site = TestSite::start().await;
    place(&site, &site.visitor(), "employee").await;
    site.database.execute("UPDATE waitlist SET left_at = now()");
    let mut crowd = JoinSet::new();
    for _ in 0..50 {
        let ana = site.visitor();
        crowd.spawn(async move { ana.join("ana@example.cl", "employee").await.status.as_u16() });
    }
    let statuses = crowd.join_all().await;
    let count = |status: u16| statuses.iter().filter(|known| **known == status).count();
    assert_eq!((count(303), count(409)), (1, 49), "{statuses:?}");
    assert_eq!(site.database.values("1", "waitlist").len(), 1);
}

#[tokio::test]
async fn what_speaks_for_a_machine_is_noted_and_blocks_nobody() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let rendered = ana.get("/waitlist").await.value("rendered");
    let join = |email: &'static str, rendered: &str| {
        let rendered = rendered.to_owned();
        let ana = ana.clone();
        async move {
            let fields = [("email", email), ("role", "employee"), ("rendered", rendered.as_str())];
            ana.post("/waitlist", &fields).await.redirects_to("/waitlist/joined");
        }
    };
    join("ana@mailinator.com", &rendered).await;
    join("ana.rojas+bio@gmail.com", "1.forged").await;
    site.later(TimeDelta::minutes(1)).await;
    join("eva@example.cl", &rendered).await;
    join("anarojas@googlemail.com", &rendered).await;
    site.later(TimeDelta::days(2)).await;
    join("ada@example.cl", &rendered).await;
    let noted = site.database.values("email || ' ' || array_to_string(signals, ' ')", "waitlist ORDER BY id");
    let expected = [
        "ana@mailinator.com disposable fast",
        "ana.rojas+bio@gmail.com unsigned",
        "eva@example.cl ",
        "anarojas@googlemail.com twin",
        "ada@example.cl stale",
    ];
    assert_eq!(noted, expected);
}
