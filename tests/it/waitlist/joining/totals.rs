//! The totals that the pages show, and counting them anew.

use std::thread;

use biovity::waitlist::joining::totals;

use crate::support::database::TestDatabase;

/// What differs between the list and its totals, by day, role and state, and by minute.
fn wrong(database: &TestDatabase) -> Vec<String> {
    let state = "waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at)";
    let days = format!(
        "(SELECT (created_at AT TIME ZONE 'America/Santiago')::date::text AS a, role AS b, {state} AS c, 1 AS entries FROM waitlist \
          UNION ALL SELECT day::text, role, state, -entries FROM waitlist_total \
          UNION ALL SELECT day::text, role, state, -entries FROM waitlist_change \
          UNION ALL SELECT floor(date_part('epoch', created_at) / 60)::text, role, '', 1 FROM waitlist WHERE {state} = 'confirmed' \
          UNION ALL SELECT minute::text, role, '', -entries FROM waitlist_turn_total \
          UNION ALL SELECT minute::text, role, '', -entries FROM waitlist_turn_change \
          UNION ALL SELECT source, 'source', '', 1 FROM waitlist WHERE source IS NOT NULL AND deleted_at IS NULL \
          UNION ALL SELECT source, 'source', '', -joined FROM waitlist_source_total \
          UNION ALL SELECT source, 'source', '', -joined FROM waitlist_source_change \
          UNION ALL SELECT source, 'confirmed', '', 1 FROM waitlist WHERE source IS NOT NULL AND deleted_at IS NULL AND confirmed_at IS NOT NULL \
          UNION ALL SELECT source, 'confirmed', '', -confirmed FROM waitlist_source_total \
          UNION ALL SELECT source, 'confirmed', '', -confirmed FROM waitlist_source_change) AS t \
         GROUP BY a, b, c HAVING sum(entries) <> 0"
    );
    database.values("concat_ws(' ', a, b, c, sum(entries))", &days)
}

/// Places that join, are confirmed, invited and deleted, or change nothing that is counted.
fn write(database: &TestDatabase, name: &str) {
    let mut conn = database.connect();
    for n in 0..40 {
        let (role, at) = (["employee", "organization"][n % 2], format!("now() - {n} * interval '1 hour'"));
        let statements = format!(
            "INSERT INTO waitlist (email, role, created_at, confirmed_at, source)
             SELECT '{name}' || {n} || '-' || i || '@x.cl', '{role}', {at}, CASE i % 3 WHEN 0 THEN now() END,
                    CASE WHEN i % 2 = 0 THEN 'source' || i END
             FROM generate_series(1, 10) AS i;
             UPDATE waitlist SET confirmed_at = now() WHERE email LIKE '{name}{n}-1%';
             UPDATE waitlist SET asked_at = now() WHERE email LIKE '{name}{n}-%';
             UPDATE waitlist SET invited_at = now(), role = 'employee' WHERE email LIKE '{name}{n}-2%';
             UPDATE waitlist SET deleted_at = now() WHERE email LIKE '{name}{n}-4%';
             DELETE FROM waitlist WHERE email LIKE '{name}{n}-6%' OR email LIKE '{name}{n}-3%';"
        );
        diesel::connection::SimpleConnection::batch_execute(&mut conn, &statements).unwrap();
    }
}

#[test]
fn a_recount_is_exact_while_others_write() {
    let database = TestDatabase::migrated();
    write(&database, "before");
    assert_eq!(wrong(&database), Vec::<String>::new(), "the triggers count everything");
    let changes: usize = database.values("count(*)", "waitlist_change")[0].parse().unwrap();
    database.execute("UPDATE waitlist SET asked_at = now()");
    assert_eq!(database.values("count(*)", "waitlist_change")[0].parse(), Ok(changes), "no number changed");
    while totals::roll_up(&mut database.connect()).unwrap() > 0 {}
    database.execute(
        "UPDATE waitlist_source_total SET joined = joined + 3; DELETE FROM waitlist_total WHERE state = 'confirmed'; UPDATE waitlist_total SET entries = entries + 5;
         UPDATE waitlist_turn_total SET entries = entries - 1; INSERT INTO waitlist_turn_total VALUES ('employee', 1, 7)",
    );
    assert!(wrong(&database).len() > 10);
    thread::scope(|scope| {
        let writers = ["one", "two"].map(|name| {
            let database = &database;
            scope.spawn(move || write(database, name))
        });
        let recounts = [0, 1].map(|_| scope.spawn(|| totals::recount(&mut database.connect()).unwrap()));
        let set_right: usize = recounts.into_iter().map(|recount| recount.join().unwrap()).sum();
        assert!(set_right > 10, "{set_right}");
        while !writers.iter().all(thread::ScopedJoinHandle::is_finished) {
            assert_eq!(totals::recount(&mut database.connect()).unwrap(), 0, "everything was right already");
            totals::roll_up(&mut database.connect()).unwrap();
        }
    });
    assert_eq!(wrong(&database), Vec::<String>::new());
}
