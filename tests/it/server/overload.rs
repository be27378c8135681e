//! More requests than there are places: what cannot be served soon is refused at once, and all is well right after.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use futures_util::future::join_all;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::cli::Home;
use crate::support::database::TestDatabase;
use crate::support::page::Page;
use crate::support::torture::{memory, report, threads};
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Requests of the short run, and of the long one: places and waiting places together are 107.
const FEW: u32 = 450;
const MANY: u32 = 6_000;
/// Between two requests.
const PACE: Duration = Duration::from_millis(4);
/// What the process may grow by, in MiB, and in threads: one for each connection to the database, and those of the runtime.
const GROWTH: u64 = 64;
const MORE_THREADS: usize = 24;

/// Sends log-ins at a steady pace to a database that answers none of them, then lets it answer.
async fn shed(requests: u32) {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let mut server = home.command_on(&database, &["serve"], &[("RATE_LIMITS", "off"), ("LOG_LEVEL", "error")]);
    server.says("Biovity is at").await;
    let visitor = home.visitor();
    visitor.log_in("nobody@example.cl", "wrong").await.has_status(401);
    let (before, threads_before) = (memory(server.id()), threads(server.id()));
    let mut holder = database.connect();
    holder.batch_execute("BEGIN; LOCK TABLE \"user\" IN ACCESS EXCLUSIVE MODE").unwrap();
    let pressed = press(&visitor, requests).await;
    let more_threads = threads(server.id()).saturating_sub(threads_before);
    holder.batch_execute("COMMIT").unwrap();
    let back = Instant::now();
    while visitor.log_in("nobody@example.cl", "wrong").await.status != 401 {
        assert!(back.elapsed() < Duration::from_secs(5), "no answer 5 s later");
        sleep(Duration::from_millis(20)).await;
    }
    let back = back.elapsed();
    let (mut refusals, done) = (refusals(pressed).await, format!("{requests} requests at 250 a second for 107 places"));
    refusals.sort_unstable();
    let (refused, after) = (refusals.len(), memory(server.id()));
    let [median, most] = [refused / 2, refused * 4 / 5].map(|at| refusals[at]);
    let figure = format!("{refused} refused, half within {median:.1?}, four fifths within {most:.1?}");
    report("overload is refused quickly", &done, figure, "100 ms");
    report("normal again soon", &done, format!("{back:.1?}"), "5 s");
    report("memory has a bound", &done, format!("{after} MiB after {before} MiB"), "+64 MiB");
    report("threads have a bound", &done, format!("{more_threads} more than before"), "+24");
    assert!(refused > requests as usize / 3, "{refused} of {requests} were refused");
    assert!(median < Duration::from_millis(100), "{median:?}");
    // Alone on its machine, as `make torture` runs it: a few wait for a place first, and are refused when they got none.
    assert!(requests < MANY || most < Duration::from_millis(100), "{most:?}");
    assert!(more_threads <= MORE_THREADS, "{more_threads} threads more");
    assert!(after < before + GROWTH, "{before} MiB became {after} MiB");
    server.stop().await;
}

/// Sends log-ins at a steady pace, whatever becomes of those before; each with how long its answer took.
async fn press(visitor: &Visitor, requests: u32) -> Vec<JoinHandle<(Page, Duration)>> {
    let mut pressed = Vec::new();
    for number in 0..requests {
        let visitor = visitor.clone();
        pressed.push(tokio::spawn(async move {
            let since = Instant::now();
            let page = visitor.log_in(&format!("nobody{number}@example.cl"), "wrong").await;
            (page, since.elapsed())
        }));
        sleep(PACE).await;
    }
    pressed
}

/// How long it took to refuse those that were refused. Nobody waited past the deadline.
async fn refusals(pressed: Vec<JoinHandle<(Page, Duration)>>) -> Vec<Duration> {
    let mut refusals = Vec::new();
    for answer in pressed {
        let (page, took) = answer.await.unwrap();
        assert!(took < Duration::from_secs(11), "{took:?}");
        assert!([401, 503].contains(&page.status.as_u16()), "{}", page.text());
        if page.status == 503 {
            assert!(page.headers.contains_key("retry-after"));
            refusals.push(took);
        }
    }
    refusals
}

#[tokio::test]
async fn requests_beyond_all_places_are_refused_at_once_and_all_is_well_right_after() {
    shed(FEW).await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn thousands_of_requests_beyond_all_places_are_refused_at_once() {
    shed(MANY).await;
}

#[tokio::test]
async fn pages_that_need_a_locked_table_leave_connections_to_all_others() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let visitor = site.visitor();
    visitor.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let link = site.mail("ana@example.cl").await.link();
    visitor.log_in("nobody@example.cl", "wrong").await.has_status(401);
    let mut holder = site.database.connect();
    holder.batch_execute("BEGIN; LOCK TABLE waitlist IN ACCESS EXCLUSIVE MODE").unwrap();
    let (guest, path) = (visitor.clone(), link.clone());
    let asking = tokio::spawn(async move {
        let mut asked = Vec::new();
        for _ in 0..80 {
            let (guest, path) = (guest.clone(), path.clone());
            asked.push(tokio::spawn(async move { guest.get(&path).await }));
            sleep(Duration::from_millis(125)).await;
        }
        asked
    });
    let (since, mut longest) = (Instant::now(), Duration::ZERO);
    while since.elapsed() < Duration::from_secs(10) {
        let start = Instant::now();
        visitor.log_in("nobody@example.cl", "wrong").await.has_status(401);
        longest = longest.max(start.elapsed());
        sleep(Duration::from_millis(200)).await;
    }
    holder.batch_execute("COMMIT").unwrap();
    let mut refused = 0;
    for page in asking.await.unwrap() {
        let page = page.await.unwrap();
        refused += u32::from(page.status == 503 && page.headers.contains_key("retry-after"));
    }
    assert!(refused > 60, "{refused} of 80 refused: the table was not locked");
    assert!(site.app.metrics.overloads().all().iter().any(|(reason, _)| *reason == "locked_route"));
    visitor.get(&link).await.has_status(200);
    report(
        "a locked table takes no other page",
        "8 requests a second for it, log-ins beside",
        format!("{longest:.1?}"),
        "4 s",
    );
    assert!(longest < Duration::from_secs(4), "{longest:?}");
}

/// How many connections wait for a lock at the same time at most, and not only for a moment.
async fn most_waiting(site: &TestSite, until: Instant) -> usize {
    let waiting = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' \
                   AND clock_timestamp() - query_start > interval '500 milliseconds'";
    let mut most = 0;
    while Instant::now() < until {
        most = most.max(site.database.values("pid", waiting).len());
        sleep(Duration::from_millis(50)).await;
    }
    most
}

#[tokio::test]
async fn an_account_that_somebody_keeps_locked_takes_two_connections_and_no_log_in_of_others() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("held@example.cl").await;
    site.employee("free@example.cl").await;
    let mut holder = site.database.connect();
    holder.batch_execute("BEGIN; SELECT FROM \"user\" WHERE email = 'held@example.cl' FOR UPDATE").unwrap();
    let until = Instant::now() + Duration::from_secs(8);
    let press = || async {
        let mut pressed = 0_u64;
        while Instant::now() < until {
            let held = site.visitor().log_in("held@example.cl", PASSWORD).await.has_status(503);
            assert!(!held.header("retry-after").is_empty());
            pressed += 1;
            sleep(Duration::from_millis(500)).await;
        }
        pressed
    };
    let other = || async {
        while Instant::now() < until {
            let page = site.visitor().log_in("free@example.cl", PASSWORD).await;
            // On a busy machine a hash may find no core in time.
            if page.status != 503 {
                page.redirects_to("/account");
            }
            sleep(Duration::from_millis(200)).await;
        }
    };
    let (pressed, others) = (join_all((0..10).map(|_| press())), join_all((0..4).map(|_| other())));
    let (pressed, _, most) = tokio::join!(pressed, others, most_waiting(&site, until));
    report("a locked account takes no log-in of others", "10 press its log-in", format!("{most} connections"), "2");
    assert!((1..=2).contains(&most), "{most} connections wait");
    let pressed: u64 = pressed.into_iter().sum();
    for (reason, refused) in site.app.metrics.overloads().all() {
        let is_of_held = reason == "database_fails" && refused <= pressed;
        assert!(is_of_held || reason == "queue_of_hashes", "{refused} refused: {reason}");
    }
    holder.batch_execute("ROLLBACK").unwrap();
    sleep(Duration::from_secs(3)).await;
    site.visitor().log_in("held@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn a_network_whose_count_somebody_keeps_locked_takes_two_connections_and_no_page_of_others() {
    let site = TestSite::start().await;
    let held = site.visitor_from("127.0.1.1");
    held.log_in("nobody@example.cl", "wrong").await.has_status(401);
    let mut holder = site.database.connect();
    holder.batch_execute("BEGIN; SELECT FROM rate_limit FOR UPDATE").unwrap();
    let until = Instant::now() + Duration::from_secs(4);
    let pressed = join_all((0..10).map(|_| async { held.log_in("nobody@example.cl", "wrong").await.has_status(503) }));
    let others = async {
        let mut number = 0;
        while Instant::now() < until {
            let (other, start) = (site.visitor_from(&format!("127.0.2.{number}")), Instant::now());
            other.log_in(&format!("nobody{number}@example.cl"), "wrong").await.has_status(401);
            assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
            number += 1;
            sleep(Duration::from_millis(100)).await;
        }
    };
    let (_, (), most) = tokio::join!(pressed, others, most_waiting(&site, until));
    assert!((1..=2).contains(&most), "{most} connections wait");
    holder.batch_execute("ROLLBACK").unwrap();
}

/// Saves an account again and again; how often that was done, and how often refused.
async fn save(owner: &Visitor, until: Instant) -> (u64, u64) {
    let (mut saved, mut refused) = (0, 0);
    while Instant::now() < until {
        let (start, name) = (Instant::now(), format!("Bea {saved}"));
        let page = owner.post("/account", &[("name", name.as_str()), ("profession", "Geneticist")]).await;
        assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
        // On a busy machine one may find no connection in time.
        if page.status == 503 {
            refused += 1;
        } else {
            page.redirects_to("/account");
            saved += 1;
        }
        sleep(Duration::from_millis(100)).await;
    }
    (saved, refused)
}

#[tokio::test]
async fn what_somebody_saves_whose_account_is_kept_locked_takes_two_connections_and_no_form_of_others() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (held, free) = (site.employee("held@example.cl").await, site.employee("free@example.cl").await);
    let mut holder = site.database.connect();
    holder.batch_execute("BEGIN; SELECT FROM \"user\" WHERE email = 'held@example.cl' FOR UPDATE").unwrap();
    let until = Instant::now() + Duration::from_secs(7);
    let press = |number: usize| {
        let (held, name) = (held.clone(), format!("Ana {number}"));
        async move {
            let mut pressed = 0_u64;
            while Instant::now() < until {
                held.post("/account", &[("name", name.as_str()), ("profession", "Geneticist")]).await.has_status(503);
                pressed += 1;
            }
            pressed
        }
    };
    let pressed = join_all((0..10).map(press));
    let (pressed, (saved, refused), most) = tokio::join!(pressed, save(&free, until), most_waiting(&site, until));
    assert!((1..=2).contains(&most), "{most} connections wait");
    assert!(saved > 0 && refused * 10 <= saved, "of others {saved} were saved and {refused} refused");
    let pressed: u64 = pressed.into_iter().sum();
    for (reason, count) in site.app.metrics.overloads().all() {
        let is_of_held = ["database_fails", "queue_of_row"].contains(&reason) && count <= pressed + refused;
        assert!(is_of_held || count <= refused, "{count} refused: {reason}");
    }
    holder.batch_execute("ROLLBACK").unwrap();
}

/// The links of an account that do something to it, by the paths of their forms: a new password, a new address, and the way
/// to shut everybody out.
async fn links(site: &TestSite, owner: &Visitor, email: &str) -> Vec<(&'static str, String)> {
    site.visitor().log_in(email, PASSWORD).await.has_status(303);
    let notice = site.mail(email).await;
    assert!(notice.link().starts_with("/account/secure?token="), "{}", notice.text);
    let asked = [("email", "moved@example.cl"), ("current_password", PASSWORD)];
    owner.post("/account/email", &asked).await.has_status(303);
    site.visitor().post("/password/forgot", &[("email", email)]).await.has_status(303);
    let (resets, moves) = (site.mail(email).await.token(), site.mail("moved@example.cl").await.token());
    vec![("/password/reset", resets), ("/account/email/confirm", moves), ("/account/secure", notice.token())]
}

/// Saves one name after the other, and none waits long.
async fn save_names(owner: &Visitor, until: Instant) {
    for number in 0.. {
        let (start, name) = (Instant::now(), format!("Bea {number}"));
        owner.post("/account", &[("name", name.as_str()), ("profession", "Geneticist")]).await.has_status(303);
        assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
        if Instant::now() > until {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn links_and_sign_ups_of_an_account_that_is_kept_locked_take_two_connections_and_no_form_of_others() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (held, free) = (site.employee("held@example.cl").await, site.employee("free@example.cl").await);
    let links = links(&site, &held, "held@example.cl").await;
    let mut holder = site.database.connect();
    holder.batch_execute("BEGIN; SELECT FROM \"user\" WHERE email = 'held@example.cl' FOR UPDATE").unwrap();
    let until = Instant::now() + Duration::from_secs(6);
    let (visitor, password) = (site.visitor(), "alerce bajo la lluvia 9");
    let by_link = |number: usize| {
        let (path, token) = &links[number % links.len()];
        let (visitor, form) = (&visitor, [("token", token.as_str()), ("password", password)]);
        async move {
            while Instant::now() < until {
                visitor.post(path, &form).await.has_status(503);
            }
        }
    };
    let by_sign_up = || async {
        while Instant::now() < until {
            visitor.sign_up("employee", "held@example.cl").await.has_status(503);
        }
    };
    let (by_link, by_sign_up) = (join_all((0..12).map(by_link)), join_all((0..3).map(|_| by_sign_up())));
    let (_, _, (), most) = tokio::join!(by_link, by_sign_up, save_names(&free, until), most_waiting(&site, until));
    assert!((1..=2).contains(&most), "{most} connections wait");
    let reasons: Vec<_> = site.app.metrics.overloads().all().into_iter().map(|(reason, _)| reason).collect();
    let known = ["database_fails", "queue_of_hashes", "queue_of_estimates"];
    assert!(reasons.iter().all(|reason| known.contains(reason)), "{reasons:?}");
    holder.batch_execute("ROLLBACK").unwrap();
    sleep(Duration::from_secs(3)).await;
    let (path, token) = &links[0];
    visitor.post(path, &[("token", token.as_str()), ("password", password)]).await.redirects_to("/login");
}
