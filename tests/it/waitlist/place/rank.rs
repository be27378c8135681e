//! The number of a place.

use super::place::place;
use crate::support::TestSite;

#[tokio::test]
async fn a_place_has_its_honest_number_among_the_confirmed_of_its_role() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at, confirmed_at) \
         SELECT 'p' || n || '@example.cl', CASE WHEN n % 2 = 0 THEN 'professional' ELSE 'employee' END, \
           w.created_at - n * interval '1 hour', now() FROM generate_series(1, 1300) n, waitlist w; \
         INSERT INTO waitlist (email, role, created_at, confirmed_at) SELECT v.*, now() FROM waitlist w, \
         LATERAL (VALUES ('later@example.cl', 'employee', w.created_at + interval '1 second'), \
           ('firm@example.cl', 'organization', w.created_at - interval '1 day')) v \
         WHERE w.email = 'ana@example.cl'; \
         INSERT INTO waitlist (email, role, created_at) \
         SELECT 'unconfirmed@example.cl', 'employee', created_at - interval '1 day' FROM waitlist \
         WHERE email = 'ana@example.cl'; \
         UPDATE waitlist SET left_at = now() WHERE email IN ('p1@example.cl', 'p100@example.cl')",
    );
    ana.get(&place).await.says("You are number 1,299 among the people looking for work");
    biovity::waitlist::joining::totals::roll_up(&mut site.database.connect()).unwrap();
    ana.get(&place).await.says("You are number 1,299 among the people looking for work");
}

#[tokio::test]
async fn a_number_follows_those_who_confirm_leave_and_come_back_within_its_own_day_and_minute() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at, confirmed_at) \
         SELECT 'p' || n || '@example.cl', 'employee', w.created_at - n * interval '20 seconds', now() \
         FROM generate_series(1, 200) n, waitlist w",
    );
    let number = |words: &'static str| async { ana.get(&place).await.says(words) };
    number("You are number 201 among").await;
    site.database.execute("UPDATE waitlist SET left_at = now() WHERE email IN ('p1@example.cl', 'p199@example.cl')");
    number("You are number 199 among").await;
    biovity::waitlist::joining::totals::roll_up(&mut site.database.connect()).unwrap();
    number("You are number 199 among").await;
    site.database.execute("UPDATE waitlist SET left_at = NULL WHERE email = 'p199@example.cl'");
    site.database.execute("DELETE FROM waitlist WHERE email = 'p1@example.cl'");
    site.database.execute("UPDATE waitlist SET role = 'organization' WHERE email = 'p150@example.cl'");
    number("You are number 199 among").await;
    biovity::waitlist::joining::totals::roll_up(&mut site.database.connect()).unwrap();
    number("You are number 199 among").await;
    let sums = site.database.values("sum(entries)", "waitlist_turn_total WHERE role = 'employee'");
    assert_eq!(sums, ["199"]);
}
