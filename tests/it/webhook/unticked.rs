//! Events that are no longer ticked while much of them waits.

use biovity::audit::event::Actor;
use biovity::server;
use biovity::values::clock::Stopwatch;
use biovity::values::id::WebhookId;
use biovity::webhook::delivery::answer::Answer;
use biovity::webhook::delivery::claim::{Due, claim};
use biovity::webhook::delivery::record::{Attempt, Lease};
use biovity::webhook::endpoint::{Choice, Endpoint};
use biovity::webhook::endpoint_control::{Act, Control, Outcome};
use biovity::webhook::event::Event;
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryResult};

use super::endpoint_page::add;
use super::receiver::Receiver;
use crate::support::TestSite;
use crate::support::database::rows_read;

/// An endpoint that is paused while so many joins and confirmations wait; gives its id.
async fn paused(site: &TestSite, joins: usize, confirmations: usize) -> WebhookId {
    let receiver = Receiver::start().await;
    let admin = site.admin("admin@example.cl").await;
    let page = add(&admin, &receiver, &["waitlist.joined", "waitlist.confirmed"]).await.0;
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    let join = format!("FROM generate_series(1, {joins}) AS n");
    let join = format!(
        "INSERT INTO waitlist (email, role, created_at) SELECT 'p' || n || '@example.cl', 'employee', now() {join}"
    );
    site.database.execute(&join);
    site.make_join_deliveries();
    // In another transaction: at another time.
    site.database.execute(&format!("UPDATE waitlist SET confirmed_at = now() WHERE id <= {confirmations}"));
    WebhookId::from(page.rsplit('/').next().unwrap().to_owned())
}

const WAITING: &str = "webhook_delivery WHERE state = 'waiting'";

/// So many people of a name join together.
fn join(site: &TestSite, name: &str, people: usize) {
    site.database.execute(&format!(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT '{name}' || n || '@example.cl', 'employee', now() FROM generate_series(1, {people}) AS n"
    ));
}

fn act(endpoint: &WebhookId, act: Act) -> Control {
    Control { endpoint: endpoint.clone(), actor: Actor::operator(), ahead: TimeDelta::zero(), act }
}

fn choice(events: &[Event], with_address: bool) -> Act {
    Act::Choose { choice: Choice { events: events.to_vec(), with_address }, seen: None }
}

/// A call that is under way: that ana@example.cl joined, with the address.
struct UnderWay {
    conn: diesel::PgConnection,
    endpoint: WebhookId,
    lease: Lease,
    due: Due,
}

impl UnderWay {
    async fn start() -> (TestSite, Self) {
        let (site, receiver) = (TestSite::start().await, Receiver::start().await);
        let admin = site.admin("admin@example.cl").await;
        let page = add(&admin, &receiver, &["waitlist.joined"]).await.0;
        let endpoint = WebhookId::from(page.rsplit('/').next().unwrap().to_owned());
        let (mut conn, now) = (site.database.connect(), site.app.clock.now());
        act(&endpoint, choice(&[Event::Joined], true)).apply(&mut conn, now).unwrap();
        site.database
            .execute("INSERT INTO waitlist (email, role, created_at) VALUES ('ana@example.cl', 'employee', now())");
        site.make_join_deliveries();
        let mut batch = claim(&mut conn, TimeDelta::zero(), &[]).unwrap().remove(0);
        let lease = Lease { endpoint: batch.endpoint.id, token: batch.token, since: Stopwatch::start() };
        (site, Self { conn, endpoint, lease, due: batch.deliveries.remove(0) })
    }

    fn choose(&mut self, site: &TestSite, events: &[Event], with_address: bool) {
        let choice = act(&self.endpoint, choice(events, with_address));
        choice.apply(&mut self.conn, site.app.clock.now()).unwrap();
    }

    fn end(&mut self, answer: Answer) {
        let Self { conn, lease, due, .. } = self;
        let attempt = Attempt { delivery: due.id, attempts: due.attempts, had_address: due.has_address(), answer };
        lease.record(conn, TimeDelta::zero(), &[attempt]).unwrap();
    }
}

#[tokio::test]
async fn what_is_under_way_when_its_event_is_unticked_is_not_tried_again_although_it_is_ticked_again() {
    let (site, mut call) = UnderWay::start().await;
    call.choose(&site, &[Event::Left], false);
    call.choose(&site, &[Event::Joined], false);
    server::jobs::sweep_once(&site.app).await;
    call.end(Answer { status: Some(500), ..Answer::default() });
    assert_eq!(site.database.values("count(*)", WAITING), ["1"], "the call failed");
    server::jobs::sweep_once(&site.app).await;
    assert_eq!(site.database.values("count(*)", WAITING), ["0"]);
    assert_eq!(site.database.values("concat(forgets_after, unticked)", "webhook"), ["{}"]);
}

#[tokio::test]
async fn what_an_earlier_version_left_remembered_is_forgotten_too() {
    let site = TestSite::start().await;
    let endpoint = paused(&site, 3, 0).await;
    let (mut conn, now) = (site.database.connect(), site.app.clock.now());
    for events in [&[Event::Left][..], &[Event::Joined, Event::Confirmed]] {
        act(&endpoint, choice(events, false)).apply(&mut conn, now).unwrap();
    }
    // It ends its sweep without knowing what was unticked.
    site.database.execute("UPDATE webhook SET forgets_after = NULL");
    server::jobs::sweep_once(&site.app).await;
    assert_eq!(site.database.values("concat(forgets_after, unticked)", "webhook"), ["{}"]);
}

#[tokio::test]
async fn an_answer_that_repeats_the_address_after_it_was_unticked_is_not_kept() {
    let (site, mut call) = UnderWay::start().await;
    call.choose(&site, &[Event::Joined], false);
    server::jobs::sweep_once(&site.app).await;
    call.choose(&site, &[Event::Joined], true);
    call.end(Answer { status: Some(200), text: "welcome, ANA@example.cl".to_owned(), ..Answer::default() });
    server::jobs::sweep_once(&site.app).await;
    let kept = site
        .database
        .values("state || data::text || coalesce(answer, '')", "webhook_delivery WHERE event LIKE '%joined'");
    assert!(kept.len() == 1 && kept[0].starts_with("delivered") && !kept[0].contains("example.cl"), "{kept:?}");
}

#[tokio::test]
async fn what_is_forgotten_in_batches_takes_back_nothing_that_another_admin_saves_meanwhile() {
    let site = TestSite::start().await;
    let endpoint = paused(&site, 1_500, 0).await;
    let (mut conn, now) = (site.database.connect(), site.app.clock.now());
    let first = act(&endpoint, choice(&[Event::Confirmed], true));
    let outcome = first.apply(&mut conn, now).unwrap();
    let mut rest = first.rest(&outcome);
    assert!(rest.is_some(), "{outcome:?}");
    act(&endpoint, choice(&[Event::Confirmed, Event::Left], false)).apply(&mut conn, now).unwrap();
    while let Some(next) = rest {
        let outcome = next.apply(&mut conn, now).unwrap();
        rest = next.rest(&outcome);
    }
    let chosen = Endpoint::find(&mut conn, &endpoint).unwrap().unwrap().choice();
    assert_eq!(chosen, Choice { events: vec![Event::Confirmed, Event::Left], with_address: false });
    assert_eq!(site.database.values("count(*)", "webhook_delivery WHERE state = 'waiting'"), ["0"]);
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'webhook_changed'"), ["2"]);
}

#[tokio::test]
async fn a_batch_goes_on_where_the_one_before_ended_and_nothing_is_walked_where_nothing_is_unticked() {
    let site = TestSite::start().await;
    let endpoint = paused(&site, 6_000, 2_100).await;
    site.database.execute("ANALYZE webhook_delivery");
    let (mut conn, now) = (site.database.connect(), site.app.clock.now());
    let both = [Event::Joined, Event::Confirmed];
    let ticked_more = act(&endpoint, choice(&[both[0], both[1], Event::Left], false));
    let outcome = ticked_more.apply(&mut conn, now).unwrap();
    assert!(matches!(outcome, Outcome::Chosen), "{outcome:?}");
    let first = act(&endpoint, choice(&[Event::Joined], false));
    let outcome = first.apply(&mut conn, now).unwrap();
    let second = first.rest(&outcome).unwrap();
    let outcome = second.apply(&mut conn, now).unwrap();
    assert_eq!(site.database.values("count(*)", "webhook_delivery WHERE event = 'waitlist.confirmed'"), ["1100"]);
    conn.batch_execute("SET enable_seqscan = off; SET enable_bitmapscan = off").unwrap();
    let third = second.rest(&outcome).unwrap();
    let read = conn.transaction(|conn| {
        // What the session read before and has not reported yet is counted too.
        let before = rows_read(conn, "webhook_delivery");
        third.apply(conn, now)?;
        QueryResult::Ok(rows_read(conn, "webhook_delivery") - before)
    });
    let read = read.unwrap();
    assert!(read < 5_000, "{read} rows were read for 1,000");
}

#[tokio::test]
async fn all_that_waits_for_a_later_time_is_sent_when_the_endpoint_is_switched_on() {
    let site = TestSite::start().await;
    let endpoint = paused(&site, 2_300, 0).await;
    site.database
        .execute("UPDATE webhook_delivery SET next_attempt_at = now() + interval '1 day' WHERE state = 'waiting'");
    let admin = site.visitor();
    admin.log_in("admin@example.cl", crate::support::PASSWORD).await.redirects_to("/admin");
    let page = format!("/admin/webhooks/{endpoint}");
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    admin.get(&page).await.says("The webhook is on");
    let late = "webhook_delivery WHERE state = 'waiting' AND next_attempt_at > now()";
    assert_eq!(site.database.values("count(*)", late), ["0"]);
}

#[tokio::test]
async fn the_address_is_forgotten_in_all_that_is_kept_once_it_is_no_longer_ticked() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let page = add(&admin, &receiver, &["waitlist.joined"]).await.0;
    let ticked = [("event", "waitlist.joined"), ("with_address", "on")];
    admin.post(&page, &ticked).await.redirects_to(&page);
    receiver.sends("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nwelcome, ana@example.cl".to_owned());
    site.visitor().join("ana@example.cl", "employee").await;
    site.deliver_webhooks().await;
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() FROM generate_series(1, 2200) AS n",
    );
    site.make_join_deliveries();
    let named = || site.database.values("count(*)", "webhook_delivery WHERE (data::text || answer) LIKE '%@%'");
    let kept = || site.database.values("count(*)", "webhook_delivery");
    let (all, before) = (kept(), site.database.values("count(*)", "webhook_delivery WHERE data ? 'email'"));
    assert_eq!((before, named()), (vec!["2201".to_owned()], vec!["1".to_owned()]));
    server::jobs::sweep_once(&site.app).await;
    assert_eq!(named(), ["1"], "it is ticked");
    admin.post(&page, &[("event", "waitlist.joined")]).await.redirects_to(&page);
    // One that is held, as by an erasure, has its turn with the next sweep.
    let mut holder = site.database.connect();
    let hold = "BEGIN; SELECT FROM webhook_delivery WHERE data ->> 'email' = 'p7@example.cl' FOR UPDATE";
    holder.batch_execute(hold).unwrap();
    server::jobs::sweep_once(&site.app).await;
    assert_ne!(site.database.values("forgets_after IS NULL", "webhook"), ["true"]);
    holder.batch_execute("COMMIT").unwrap();
    server::jobs::sweep_once(&site.app).await;
    let left = site.database.values("count(*)", "webhook_delivery WHERE data::text || coalesce(answer, '') LIKE '%@%'");
    assert_eq!((left, kept()), (vec!["0".to_owned()], all));
    assert_eq!(site.database.values("forgets_after IS NULL", "webhook"), ["true"]);
}

#[tokio::test]
async fn an_admin_who_unticks_what_a_huge_backlog_is_of_waits_for_a_part_of_it_and_the_rest_is_swept() {
    let site = TestSite::start().await;
    let endpoint = paused(&site, 9_500, 0).await;
    let admin = site.visitor();
    admin.log_in("admin@example.cl", crate::support::PASSWORD).await.redirects_to("/admin");
    let page = format!("/admin/webhooks/{endpoint}");
    admin.post(&page, &[("event", "waitlist.left")]).await.redirects_to(&page);
    let waiting = || site.database.values("count(*)", "webhook_delivery WHERE state = 'waiting'");
    assert_eq!(waiting(), ["1500"]);
    server::jobs::sweep_once(&site.app).await;
    assert_eq!(waiting(), ["0"]);
}

#[tokio::test]
async fn what_waits_when_an_event_is_unticked_is_forgotten_for_good_although_it_is_ticked_again_at_once() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let page = add(&admin, &receiver, &["waitlist.joined", "waitlist.left"]).await.0;
    let endpoint = WebhookId::from(page.rsplit('/').next().unwrap().to_owned());
    admin.get(&page).await.says("are deleted, even if you tick it again.");
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    join(&site, "made", 50);
    site.make_join_deliveries();
    join(&site, "promised", 50);
    // Before a batch of it is forgotten.
    let (mut conn, now) = (site.database.connect(), site.app.clock.now());
    for events in [&[Event::Left][..], &[Event::Joined, Event::Left]] {
        act(&endpoint, choice(events, false)).apply(&mut conn, now).unwrap();
    }
    join(&site, "new", 1);
    assert_eq!(site.database.values("count(*)", WAITING), ["50"]);
    let seen = site.database.values("id", &format!("{WAITING} ORDER BY id LIMIT 1")).concat();
    admin.post(&format!("{page}/replay"), &[("delivery", &seen)]).await.has_status(409);
    admin.post(&format!("{page}/on"), &[]).await.redirects_to(&page);
    site.deliver_webhooks().await;
    assert_eq!(receiver.messages().len(), 2, "the probe, and who joined since");
    server::jobs::sweep_once(&site.app).await;
    assert_eq!(site.database.values("count(*)", WAITING), ["0"]);
    assert_eq!(site.database.values("concat(forgets_after, unticked)", "webhook"), ["{}"], "nothing is left to forget");
}

#[tokio::test]
async fn what_was_unticked_is_remembered_until_those_who_joined_before_are_looked_at() {
    let site = TestSite::start().await;
    let endpoint = paused(&site, 50, 0).await;
    join(&site, "promised", 3);
    let (mut conn, now) = (site.database.connect(), site.app.clock.now());
    for events in [&[Event::Left][..], &[Event::Joined, Event::Confirmed]] {
        act(&endpoint, choice(events, false)).apply(&mut conn, now).unwrap();
    }
    server::jobs::sweep_once(&site.app).await;
    assert_eq!(site.database.values("count(*)", WAITING), ["0"]);
    site.make_join_deliveries();
    assert_eq!(site.database.values("count(*)", WAITING), ["0"]);
    server::jobs::sweep_once(&site.app).await;
    join(&site, "new", 2);
    site.make_join_deliveries();
    assert_eq!(site.database.values("count(*)", WAITING), ["2"]);
    assert_eq!(site.database.values("concat(forgets_after, unticked)", "webhook"), ["{}"]);
}

#[tokio::test]
async fn the_address_of_what_waits_is_forgotten_for_good_although_it_is_ticked_again_at_once() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let page = add(&admin, &receiver, &["waitlist.joined"]).await.0;
    let (without, with) = ([("event", "waitlist.joined")], [("event", "waitlist.joined"), ("with_address", "on")]);
    admin.post(&page, &with).await.redirects_to(&page);
    join(&site, "made", 2);
    site.make_join_deliveries();
    join(&site, "promised", 2);
    admin.post(&page, &without).await.redirects_to(&page);
    admin.post(&page, &with).await.redirects_to(&page);
    join(&site, "new", 2);
    site.deliver_webhooks().await;
    let told = receiver.messages().split_off(1);
    let named: Vec<_> = told.iter().filter(|message| message.body.contains('@')).collect();
    assert_eq!(told.len(), 6);
    assert!(named.len() == 2 && named.iter().all(|message| message.body.contains("new")), "{named:?}");
    server::jobs::sweep_once(&site.app).await;
    assert_eq!(site.database.values("count(*)", "webhook_delivery WHERE data ? 'email'"), ["2"]);
}

#[tokio::test]
async fn a_delivery_that_somebody_holds_keeps_no_other_endpoint_from_forgetting() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let admin = site.admin("admin@example.cl").await;
    let mut pages = Vec::new();
    for _ in 0..2 {
        let page = add(&admin, &receiver, &["waitlist.joined"]).await.0;
        admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
        pages.push(page);
    }
    join(&site, "p", 3);
    site.make_join_deliveries();
    let mut holder = site.database.connect();
    let first = "webhook_id = (SELECT min(id) FROM webhook) AND state = 'waiting'";
    holder.batch_execute(&format!("BEGIN; SELECT FROM webhook_delivery WHERE {first} FOR UPDATE")).unwrap();
    for page in &pages {
        admin.post(page, &[("event", "waitlist.left")]).await.redirects_to(page);
    }
    // As if its page had been left before anything of it was forgotten.
    let again = "INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at) \
                 SELECT max(id), 'waitlist.joined', 'entry:0', '{}', now() FROM webhook";
    site.database.execute(again);
    server::jobs::sweep_once(&site.app).await;
    let left = || site.database.values("webhook_id = (SELECT min(id) FROM webhook)", WAITING);
    assert_eq!(left(), ["true"; 3], "what is held");
    assert_eq!(site.database.values("count(*)", "webhook WHERE forgets_after IS NULL"), ["1"]);
    holder.batch_execute("COMMIT").unwrap();
    server::jobs::sweep_once(&site.app).await;
    assert_eq!(left(), [""; 0]);
}
