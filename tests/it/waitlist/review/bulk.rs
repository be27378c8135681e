//! What an admin does to many places at once.

use std::time::Duration;

use diesel::connection::SimpleConnection;

use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// A site with places `p1`, `p2`, … that nobody confirmed.
async fn with_places(places: usize) -> (TestSite, Visitor) {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.database.execute(&format!(
        "INSERT INTO waitlist (email, role, created_at, locale)
         SELECT 'p' || n || '@udd.cl', 'employee', now() - n * interval '1 hour', 'en' FROM generate_series(1, {places}) n"
    ));
    (site, admin)
}

/// Sends the form of a confirmation.
async fn agree(admin: &Visitor, page: &Page) -> Page {
    let names = ["act", "expected", "q", "role", "state", "from", "to"];
    let mut fields: Vec<(&str, String)> = Vec::new();
    for name in names {
        if let Some(value) = page.attribute(&format!("form [name={name}]"), "value") {
            fields.push((name, value));
        }
    }
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    admin.post("/admin/waitlist/bulk", &fields).await
}

fn live(site: &TestSite) -> usize {
    site.database.values("email", "waitlist WHERE deleted_at IS NULL").len()
}

#[tokio::test]
async fn the_page_of_a_deletion_names_whom_it_deleted_below_the_pages_of_admins() {
    let (_site, admin) = with_places(12).await;
    let asked = admin.get("/admin/waitlist/bulk?act=delete-all").await.has_status(200);
    assert_eq!(asked.texts("main [aria-current=page]"), ["Waitlist"]);
    let deletion = agree(&admin, &asked).await.has_status(303).header("location").to_owned();
    let page = admin.get(&deletion).await.has_status(200).says("12 places deleted");
    assert_eq!(page.texts("main [aria-current=page]"), ["Waitlist"]);
    assert_eq!(page.texts("main li.address").len(), 10);
    admin.post(&page.attribute("main form", "action").unwrap(), &[]).await.has_status(303);
    assert_eq!(admin.get(&deletion).await.has_status(200).texts("main li.address").len(), 0, "nobody is deleted by it");
}

#[tokio::test]
async fn the_page_that_confirms_says_that_accounts_stay() {
    const SEVERAL: &str = "Accounts stay: whoever has one loses only the place.";
    let (site, admin) = with_places(3).await;
    let _p1 = site.employee("p1@udd.cl").await;
    let asked = async |act: &str| admin.get(&format!("/admin/waitlist/bulk?act={act}")).await.has_status(200);
    let id = |email: &str| site.database.values("id", &format!("waitlist WHERE email = '{email}'")).remove(0);
    let one = asked(&format!("delete&id={}", id("p1@udd.cl"))).await;
    one.says("This address has an account, which stays: only the place is deleted.").does_not_say(SEVERAL);
    let other = id("p2@udd.cl");
    let page =
        asked(&format!("delete&id={other}&role=employee")).await.does_not_say("account, which").does_not_say(SEVERAL);
    let page = page.says("Delete the place of p2@udd.cl?").does_not_say("Among them").does_not_say("selected place");
    assert_eq!(page.texts("main form button:not([name])"), ["Delete this place"]);
    let back = format!("main form a[href='/admin/waitlist/entries/{other}?role=employee']");
    assert_eq!(page.texts(&back), ["Back to the place"]);
    asked("delete-all").await.says(SEVERAL);
    asked("ask-all").await.does_not_say(SEVERAL);
}

#[tokio::test]
async fn the_ticked_are_no_filter_and_all_of_them_are_not_among_them() {
    let (site, admin) = with_places(15).await;
    let asked = async |act: &str, count: usize| {
        let live = format!("waitlist WHERE deleted_at IS NULL ORDER BY id LIMIT {count}");
        let ids = site.database.values("id", &live).join("&id=");
        admin.get(&format!("/admin/waitlist/bulk?act={act}&id={ids}")).await.has_status(200)
    };
    let three = asked("delete", 3).await.says("3 selected places").does_not_say("Filter").does_not_say("Among them");
    assert_eq!(three.texts("main li.address").len(), 3);
    let deletion = admin.send(&three.form("/admin/waitlist/bulk")).await.header("location").to_owned();
    admin.get(&deletion).await.says("3 places deleted").does_not_say("Among them");
    admin.get("/admin/waitlist/bulk?act=delete&id=5&id=5&id=6").await.says("2 selected places");
    asked("delete", 11).await.says("Among them").says("11 selected places");
    site.database.execute("UPDATE waitlist SET confirmed_at = now() WHERE deleted_at IS NULL AND email = 'p4@udd.cl'");
    let left_out = asked("ask", 5).await.says(" of 5 get it. Left out").does_not_say("Among them");
    assert_eq!(left_out.texts("h1 ~ p strong").len(), 0);
    admin.get("/admin/waitlist/bulk?act=delete-all").await.says("Filter").does_not_say("selected place");
}

#[tokio::test]
async fn all_that_match_are_deleted_and_brought_back_by_whoever_undoes_it() {
    let (site, admin) = with_places(60).await;
    let page = admin.get("/admin/waitlist/bulk?act=delete-all&q=p1").await.has_status(200);
    let page = page.says("Delete 11 places?").says("Search: p1").says("p10@udd.cl");
    assert_eq!(page.texts("li.address").len(), 10);
    assert_eq!(live(&site), 60, "looking changes nothing");
    let done = agree(&admin, &page).await.has_status(303);
    assert_eq!(live(&site), 49);
    let deletion = done.header("location").to_owned();
    let other = site.admin("other@example.cl").await;
    let undoable = other.get(&deletion).await.has_status(200).says("11 places deleted").says("Undo");
    assert_eq!(undoable.texts("main p > a"), ["← Back to the list", "Deletions"]);
    site.database.execute("DELETE FROM waitlist WHERE email = 'p1@udd.cl'");
    let undo = deletion.replace('?', "/undo?");
    other.post(&undo, &[]).await.redirects_to("/admin/waitlist?q=p1");
    other.get("/admin/waitlist").await.says("10 of 11 places restored");
    assert_eq!(live(&site), 59);
    let undone =
        other.post(&undo, &[]).await.has_status(409).says("This was undone on").says("10 of 11 places restored");
    assert_eq!(undone.attribute("main p > a", "href").as_deref(), Some("/admin/waitlist?q=p1"));
    other.post("/admin/waitlist/deletions/none/undo", &[]).await.has_status(404);
    let events = site.database.values("details ->> 'count'", "audit_event WHERE action LIKE 'entries_%' ORDER BY id");
    assert_eq!(events, ["11", "10"], "one event for each act");
}

#[tokio::test]
async fn undoing_a_deletion_tells_how_many_came_back_and_who_does_not() {
    let (site, admin) = with_places(3).await;
    let page = admin.get("/admin/waitlist/bulk?act=delete-all").await.says("Delete 3 places?");
    let deletion = agree(&admin, &page).await.has_status(303).header("location").to_owned();
    site.visitor().join("p1@udd.cl", "employee").await.redirects_to("/waitlist/joined");
    admin.post(&format!("{deletion}/undo"), &[]).await.redirects_to("/admin/waitlist");
    let told = "2 of 3 places restored. Not restored: anyone who joined again, was erased or came with an import";
    admin.get("/admin/waitlist").await.says(told);
    admin.get(&deletion).await.says("This was undone on").says(told);
    assert_eq!(live(&site), 3);
}

#[tokio::test]
async fn undoing_a_deletion_locks_the_places_before_the_deletion() {
    let (site, admin) = with_places(2).await;
    let page = admin.get("/admin/waitlist/bulk?act=delete-all").await.says("Delete 2 places?");
    let deletion = agree(&admin, &page).await.has_status(303).header("location").to_owned();
    // As whoever erases the place does.
    let mut erasing = site.database.connect();
    erasing.batch_execute("BEGIN; SELECT FROM waitlist WHERE id = 1 FOR UPDATE").unwrap();
    let undo = format!("{deletion}/undo");
    let (done, ()) = tokio::join!(admin.post(&undo, &[]), async {
        while site.database.values("count(*)", "pg_locks WHERE NOT granted") == ["0"] {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        erasing.batch_execute("SET lock_timeout = '100ms'; UPDATE waitlist_deletion SET filter = ''; COMMIT").unwrap();
    });
    done.redirects_to("/admin/waitlist");
    assert_eq!(live(&site), 2);
}

#[tokio::test]
async fn the_story_of_each_place_tells_what_was_done_to_several_at_once() {
    let (site, admin) = with_places(3).await;
    let ids = site.database.values("id", "waitlist ORDER BY id");
    let ticked = |act| [("act", act), ("expected", "2"), ("id", ids[0].as_str()), ("id", ids[1].as_str())];
    admin.post("/admin/waitlist/bulk", &ticked("ask")).await.has_status(303);
    let deletion = admin.post("/admin/waitlist/bulk", &ticked("delete")).await.has_status(303);
    let deletion = deletion.header("location").to_owned();
    admin.post(&format!("{deletion}/undo"), &[]).await.redirects_to("/admin/waitlist");
    for (id, is_chosen) in ids.iter().zip([true, true, false]) {
        let page = admin.get(&format!("/admin/waitlist/entries/{id}")).await.has_status(200);
        for done in ["Confirmation email resent", "Place deleted", "Place restored"] {
            assert_eq!(page.text().contains(done), is_chosen, "{id} {done}");
        }
    }
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action LIKE 'entries_%'"), ["3"]);
}

#[tokio::test]
async fn a_bulk_deletion_locks_places_in_the_order_of_their_ids() {
    let (site, admin) = with_places(2).await;
    // The first now lies behind the second.
    site.database.execute("UPDATE waitlist SET locale = 'es' WHERE id = 1");
    let mut first = site.database.connect();
    first.batch_execute("BEGIN; SELECT FROM waitlist WHERE id = 1 FOR UPDATE").unwrap();
    let fields = [("act", "delete-all"), ("expected", "2")];
    let (done, ()) = tokio::join!(admin.post("/admin/waitlist/bulk", &fields), async {
        while site.database.values("count(*)", "pg_locks WHERE NOT granted") == ["0"] {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let second = "BEGIN; SELECT FROM waitlist WHERE id = 2 FOR UPDATE NOWAIT; COMMIT";
        site.database.connect().batch_execute(second).unwrap();
        first.batch_execute("COMMIT").unwrap();
    });
    done.has_status(303);
    assert_eq!(live(&site), 0);
}

#[tokio::test]
async fn a_count_that_moved_stops_the_act() {
    let (site, admin) = with_places(5).await;
    let page = admin.get("/admin/waitlist/bulk?act=delete-all&role=employee").await.says("Delete 5 places?");
    site.visitor().join("late@udd.cl", "employee").await.redirects_to("/waitlist/joined");
    let again = agree(&admin, &page).await.has_status(409).says("Delete 6 places?").says("has changed since");
    assert_eq!(live(&site), 6);
    agree(&admin, &again).await.has_status(303);
    assert_eq!(live(&site), 0);
}

#[tokio::test]
async fn an_act_that_was_refused_is_not_done_by_choosing_a_language() {
    let (site, admin) = with_places(5).await;
    let page = admin.get("/admin/waitlist/bulk?act=delete-all&role=employee").await;
    site.visitor().join("late@udd.cl", "employee").await.redirects_to("/waitlist/joined");
    let refused = agree(&admin, &page).await.has_status(409);
    // The count is as it was again, so that the same form would have its effect.
    site.database.execute("UPDATE waitlist SET left_at = now(), role = 'organization' WHERE email = 'late@udd.cl'");
    admin.send(&refused.language("es")).await.redirects_to("/admin/waitlist?role=employee");
    assert_eq!(site.database.values("count(*)", "waitlist WHERE deleted_at IS NOT NULL"), ["0"]);
}

#[tokio::test]
async fn who_ticks_nothing_does_nothing() {
    let (site, admin) = with_places(3).await;
    for query in ["act=delete", "act=delete&id=x", "act=ask"] {
        admin.get(&format!("/admin/waitlist/bulk?{query}")).await.has_status(200).says("No place is selected");
    }
    admin.post("/admin/waitlist/bulk", &[("act", "delete"), ("expected", "3")]).await.has_status(409);
    for act in ["burn", "", "-all"] {
        admin.post("/admin/waitlist/bulk", &[("act", act), ("expected", "3")]).await.has_status(422).leads_on();
        admin.get(&format!("/admin/waitlist/bulk?act={act}&id=1")).await.has_status(422).leads_on();
    }
    admin.get("/admin/waitlist/bulk").await.has_status(422).leads_on();
    assert_eq!(live(&site), 3);
}

#[tokio::test]
async fn the_ticked_are_asked_again_and_their_deletion_ends_the_link() {
    let (site, admin) = with_places(3).await;
    let id = site.database.values("id", "waitlist WHERE email = 'p2@udd.cl'").remove(0);
    let page = admin
        .get(&format!("/admin/waitlist/bulk?act=ask&id={id}"))
        .await
        .says("Resend the confirmation email to p2@udd.cl?");
    admin
        .post("/admin/waitlist/bulk", &[("act", "ask"), ("expected", "1"), ("id", &id)])
        .await
        .redirects_to("/admin/waitlist");
    drop(page);
    let link = site.mail("p2@udd.cl").await.link();
    assert!(site.mails("p1@udd.cl").await.is_empty());
    admin.post("/admin/waitlist/bulk", &[("act", "delete"), ("expected", "1"), ("id", &id)]).await.has_status(303);
    assert_eq!(live(&site), 2);
    site.visitor().get(&link).await.has_status(410);
    let page =
        admin.get(&format!("/admin/waitlist/entries/{id}")).await.has_status(200).says("p2@udd.cl").says("Deleted");
    page.says("Confirm your place").does_not_say("p1@udd.cl");
    admin.get("/admin/waitlist/entries/999999").await.has_status(404);
}

#[tokio::test]
async fn a_thousand_are_asked_again_in_a_few_statements() {
    let (site, admin) = with_places(1_000).await;
    biovity::waitlist::joining::totals::roll_up(&mut site.database.connect()).unwrap();
    let page =
        admin.get("/admin/waitlist/bulk?act=ask-all").await.says("Resend the confirmation email to 1,000 people?");
    agree(&admin, &page).await.redirects_to("/admin/waitlist");
    admin.get("/admin/waitlist").await.says("Confirmation resent to 1,000 people");
    assert_eq!(site.database.values("count(*)", "waitlist WHERE asked_at IS NOT NULL"), ["1000"]);
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE kind = 'waitlist-confirm'"), ["1000"]);
    assert_eq!(site.database.values("count(*)", "verification WHERE identifier LIKE 'waitlist-%'"), ["1000"]);
    let changes: usize = site.database.values("count(*)", "waitlist_change")[0].parse().unwrap();
    // Each statement that writes places adds two rows for each day on which they joined.
    assert!(changes <= 2 * 43, "{changes}");
    let none = "Nothing was sent: each address already got three of these emails within a day.";
    for times in ["resent to 1,000 people", "resent to 1,000 people", none] {
        let page = admin.get("/admin/waitlist/bulk?act=ask-all").await;
        agree(&admin, &page).await.redirects_to("/admin/waitlist");
        admin.get("/admin/waitlist").await.says(times);
    }
    let links = site.database.values("count(*)", "verification WHERE identifier LIKE 'waitlist-%'");
    assert_eq!(links, ["1000"], "former links that confirm have ended");
}

#[tokio::test]
async fn more_than_an_act_is_done_to_is_not_counted_to_the_end() {
    let (site, admin) = with_places(1_100).await;
    let page = admin.get("/admin/waitlist/bulk?act=ask-all").await.has_status(200).says("to more than 1,000 people?");
    assert_eq!(page.attribute("main form", "action"), None, "it cannot be confirmed");
    assert_eq!(page.says("at most 1,000 places at once").texts("li.address").len(), 10);
    let fields = [("act", "ask-all"), ("expected", "1000")];
    admin.post("/admin/waitlist/bulk", &fields).await.has_status(409).says("has changed since");
    admin.get("/admin/waitlist/bulk?act=delete-all").await.says("Delete 1,100 places?");
    admin.post("/admin/waitlist/bulk", &[("act", "delete-all"), ("expected", "7")]).await.has_status(409);
    assert_eq!(live(&site), 1_100);
    for nobody in ["act=ask-all&state=invited", "act=delete-all&state=deleted", "act=delete-all&q=nobody-at-all"] {
        admin.get(&format!("/admin/waitlist/bulk?{nobody}")).await.has_status(200).says("Nothing is left to do");
    }
}

#[tokio::test]
async fn a_deletion_that_is_confirmed_fifty_times_is_one_and_is_answered_alike() {
    let (site, admin) = with_places(20).await;
    let form = admin.get("/admin/waitlist/bulk?act=delete-all&q=p1").await.has_status(200).form("/admin/waitlist/bulk");
    let pages = admin.send_fifty_at_once(&form).await;
    let deletion = pages[0].header("location").to_owned();
    assert!(deletion.starts_with("/admin/waitlist/deletions/"), "{deletion}");
    for page in pages {
        page.redirects_to(&deletion);
    }
    admin.send(&form).await.redirects_to(&deletion);
    assert_eq!((live(&site), site.database.values("id", "waitlist_deletion").len()), (9, 1));
    let undo = admin.get(&deletion).await.has_status(200).form(&deletion.replace('?', "/undo?"));
    for page in admin.send_fifty_at_once(&undo).await {
        page.redirects_to("/admin/waitlist?q=p1");
    }
    assert_eq!(live(&site), 20);
}

#[tokio::test]
async fn a_confirmation_says_who_is_left_out_and_why() {
    let (site, admin) = with_places(6).await;
    site.database.execute("UPDATE waitlist SET confirmed_at = now() WHERE email IN ('p1@udd.cl', 'p2@udd.cl')");
    site.database.execute("UPDATE waitlist SET left_at = now() WHERE email = 'p3@udd.cl'");
    let all = admin.get("/admin/waitlist/bulk?act=ask-all").await.says("Resend the confirmation email to 3 people?");
    all.says("3 of 6 get it. Left out: Confirmed (2), Left (1).");
    admin.get("/admin/waitlist?ticked=all").await.says("Resend confirmation");
    admin.get("/admin/waitlist?ticked=all&state=confirmed").await.does_not_say("Resend confirmation");
    let ids = site.database.values("id", "waitlist WHERE email IN ('p1@udd.cl', 'p4@udd.cl')");
    let ticked = admin.get(&format!("/admin/waitlist/bulk?act=ask&id={}&id={}", ids[0], ids[1])).await;
    ticked.says("Resend the confirmation email to p4@udd.cl?").says("1 of 2 gets it. Left out: Confirmed (1).");
    let confirmed = site.database.values("id", "waitlist WHERE email = 'p1@udd.cl'").remove(0);
    let page = admin.get(&format!("/admin/waitlist/bulk?act=ask&id={confirmed}")).await.says("Nothing to do");
    page.says("Left out: Confirmed (1).");
    site.database.execute("UPDATE waitlist SET bounced_at = now() WHERE email IN ('p1@udd.cl', 'p4@udd.cl')");
    let all = admin.get("/admin/waitlist/bulk?act=ask-all").await.says("3 of 6 get it.").says("p4@udd.cl");
    all.says("Left out: Confirmed (1), Left (1), Bounced after confirming (1).");
}

#[tokio::test]
async fn the_filter_of_the_list_is_kept_through_a_place_and_its_acts() {
    let (site, admin) = with_places(3).await;
    site.database.execute("UPDATE waitlist SET bounced_at = now() WHERE email = 'p2@udd.cl'");
    let list = "/admin/waitlist?q=udd&state=bounced&sort=oldest";
    let place = admin.get(list).await.attribute("td.address a", "href").unwrap();
    let page = admin.get(&place).await.has_status(200);
    assert_eq!(page.attribute("main p > a", "href").as_deref(), Some(list));
    let delete = page.attribute("a[href*='act=delete']", "href").unwrap();
    let form = admin.get(&delete).await.has_status(200).form("/admin/waitlist/bulk");
    let deletion = admin.send(&form).await.header("location").to_owned();
    let undo = admin.get(&deletion).await.form(&deletion.replace('?', "/undo?"));
    admin.send(&undo).await.redirects_to(list);
    let clear = page.form(&place.replace('?', "/clear?"));
    admin.send(&clear).await.redirects_to(&place);
}

#[tokio::test]
async fn the_page_of_the_list_is_kept_through_a_place_and_its_acts() {
    let (_site, admin) = with_places(30).await;
    let second = admin.get("/admin/waitlist?q=udd").await.attribute("[rel=next]", "href").unwrap();
    let list = admin.get(&second).await.has_status(200);
    let place = list.attribute("td.address a", "href").unwrap();
    assert!(place.contains("?q=udd&after="), "{place}");
    let page = admin.get(&place).await.has_status(200);
    assert_eq!(page.attribute("main p > a", "href").as_deref(), Some(second.as_str()));
    let ask = page.attribute("a[href*='act=ask']", "href").unwrap();
    let asking = admin.get(&ask).await.has_status(200);
    assert_eq!(asking.attribute("main form > a", "href").as_deref(), Some(place.as_str()));
    assert_eq!(asking.attribute("main form > a:last-of-type", "href").as_deref(), Some(second.as_str()));
    admin.send(&asking.form("/admin/waitlist/bulk")).await.redirects_to(&second);
    let kept = list.attribute("main form:not([role=search]) [name=after]", "value").unwrap();
    assert!(second.ends_with(&kept), "{kept}");
}

#[tokio::test]
async fn asking_again_tells_how_many_were_left_out_and_why() {
    let (site, admin) = with_places(4).await;
    let ids = site.database.values("id", "waitlist ORDER BY id");
    let ask = async |ids: &[String]| {
        let expected = ids.len().to_string();
        let ids = ids.iter().map(|id| ("id", id.as_str()));
        let fields: Vec<_> = [("act", "ask"), ("expected", &*expected)].into_iter().chain(ids).collect();
        admin.post("/admin/waitlist/bulk", &fields).await.redirects_to("/admin/waitlist");
        admin.get("/admin/waitlist").await
    };
    for _ in 0..3 {
        ask(&ids[..1]).await.says("Confirmation resent to 1 person");
    }
    ask(&ids[..1]).await.says("Nothing was sent: this address already got three of these emails within a day.");
    ask(&ids[..3]).await.says("resent to 2 of 3 people. The other already got three of these emails within a day.");
    for _ in 0..2 {
        ask(&ids[1..2]).await.says("Confirmation resent to 1 person");
    }
    ask(&ids[..]).await.says("resent to 2 of 4 people. The others already got three of these emails within a day.");
}

#[tokio::test]
async fn asking_those_who_were_just_asked_is_no_event() {
    let (site, admin) = with_places(1).await;
    let id = site.database.values("id", "waitlist").remove(0);
    let ask = [("act", "ask"), ("expected", "1"), ("id", id.as_str())];
    for _ in 0..6 {
        admin.post("/admin/waitlist/bulk", &ask).await.redirects_to("/admin/waitlist");
    }
    let asked = site.database.values("details ->> 'count'", "audit_event WHERE action = 'entries_asked' ORDER BY id");
    assert!(!asked.is_empty() && asked.iter().all(|count| count == "1"), "{asked:?}");
    assert!(asked.len() < 6, "the test proves nothing");
}
