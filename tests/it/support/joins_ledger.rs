//! What was answered to people who join while the server or its database fails, compared with the tables at the end.

use reqwest::RequestBuilder;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use biovity::waitlist::joining::totals::Totals;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tokio::task::JoinSet;

use super::visitor::Visitor;

/// What was answered.
#[derive(Debug, Default)]
pub struct JoinsLedger {
    /// Addresses that joined by a form, and by JSON.
    forms: Mutex<BTreeSet<String>>,
    programs: Mutex<BTreeSet<String>>,
    /// Answers that never came, or said to try again.
    failed: AtomicU32,
    /// How long each answer took that said to try again, and the longest of all.
    refusals: Mutex<Vec<Duration>>,
    longest: Mutex<Duration>,
    is_over: AtomicBool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = BigInt)]
    letters: i64,
}

impl JoinsLedger {
    /// Lets so many clients join without a pause, of which every third is a program.
    pub fn start(self: &Arc<Self>, clients: u32, visitor: impl Fn() -> Visitor) -> JoinSet<()> {
        (0..clients).map(|client| Arc::clone(self).join_on(visitor(), client)).collect()
    }

    /// Joins one address after the other. Whoever gets no answer presses again, the same form or the same request.
    async fn join_on(self: Arc<Self>, visitor: Visitor, client: u32) {
        for number in 0.. {
            let email = format!("c{client}n{number}@example.cl");
            let network = format!("10.{client}.{}.{}", number / 7_500, number / 30 % 250);
            let is_program = client.is_multiple_of(3);
            let mut has_failed = false;
            loop {
                if self.is_over.load(Ordering::Relaxed) {
                    return;
                }
                let request = join(&visitor, &email, is_program).header("x-forwarded-for", &network);
                match self.post(request).await {
                    Some(303 | 201) => break,
                    // A program has no form that says which join it repeats.
                    Some(409) if is_program && has_failed => break,
                    None | Some(503) => {
                        has_failed = true;
                        self.failed.fetch_add(1, Ordering::Relaxed);
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    Some(status) => panic!("{email}: {status}"),
                }
            }
            let ledger = if is_program { &self.programs } else { &self.forms };
            ledger.lock().unwrap().insert(email);
        }
    }

    /// The status, if there was an answer.
    async fn post(&self, request: RequestBuilder) -> Option<u16> {
        let since = Instant::now();
        let status = request.timeout(Duration::from_secs(15)).send().await.ok().map(|answer| answer.status().as_u16());
        if status == Some(503) {
            self.refusals.lock().unwrap().push(since.elapsed());
        }
        let mut longest = self.longest.lock().unwrap();
        *longest = longest.max(since.elapsed());
        status
    }

    pub fn acknowledged(&self) -> usize {
        self.forms.lock().unwrap().len() + self.programs.lock().unwrap().len()
    }

    /// How long the answers took that said to try again.
    pub fn refusals(&self) -> Vec<Duration> {
        self.refusals.lock().unwrap().clone()
    }

    /// The longest that anybody waited for an answer, or for its not coming.
    pub fn longest(&self) -> Duration {
        *self.longest.lock().unwrap()
    }

    /// Waits until so many more are answered.
    pub async fn wait_for(&self, more: usize) {
        let (before, patience) = (self.acknowledged(), Instant::now() + Duration::from_mins(1));
        while self.acknowledged() < before + more {
            assert!(Instant::now() < patience, "nobody joins any more");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends it and compares; tells what became of the joins.
    pub async fn end(&self, clients: JoinSet<()>, conn: &mut PgConnection) -> String {
        self.is_over.store(true, Ordering::Relaxed);
        clients.join_all().await;
        let mut at_once = conn.build_transaction().repeatable_read();
        let (stored, counted) =
            at_once.run(|conn| QueryResult::Ok((stored(conn), Totals::all(conn)?.listed(None)))).unwrap();
        self.compare(&stored);
        // An address has one place at most: what a join did twice shows in its letters, and in what the triggers counted.
        assert_eq!(counted, i64::try_from(stored.len()).unwrap(), "places that the totals count");
        let failed = self.failed.load(Ordering::Relaxed);
        format!("0 lost, 0 double of {} joins, {failed} tries failed", self.acknowledged())
    }

    fn compare(&self, stored: &[Row]) {
        let addresses: BTreeSet<_> = stored.iter().map(|row| row.email.clone()).collect();
        let (forms, programs) = (self.forms.lock().unwrap(), self.programs.lock().unwrap());
        let lost: Vec<_> = forms.union(&programs).filter(|email| !addresses.contains(*email)).collect();
        assert!(lost.is_empty(), "{} of {} were lost: {lost:?}", lost.len(), forms.len() + programs.len());
        let letters = |row: &&Row| row.letters == 1 || row.letters > 1 && !forms.contains(&row.email);
        let wrong: Vec<_> = stored.iter().filter(|row| !letters(row)).map(|row| (&row.email, row.letters)).collect();
        assert!(wrong.is_empty(), "mails, each of which should be one: {wrong:?}");
    }
}

/// Each address with the letters to it.
fn stored(conn: &mut PgConnection) -> Vec<Row> {
    let rows = "SELECT email, \
                (SELECT count(*) FROM outbox_letter WHERE recipient = email AND kind = 'waitlist-confirm') AS letters \
                FROM waitlist";
    diesel::sql_query(rows).load(conn).unwrap()
}

/// A join by the form, or by a program.
fn join(visitor: &Visitor, email: &str, is_program: bool) -> RequestBuilder {
    if is_program {
        let entry = serde_json::json!({ "email": email, "role": "employee" });
        return visitor.request("POST", "/api/waitlist").json(&entry);
    }
    let fields = [("email", email), ("role", "employee"), ("form_key", email)];
    visitor.request("POST", "/waitlist").header("sec-fetch-site", "same-origin").form(&fields)
}
