//! What goes on by itself, a little at a time, beside the requests and in every process.

use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use crate::db;
use crate::values::clock::Timestamp;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::importing::{confirmation_sender, import_batch};
use crate::waitlist::waves::wave_sender;
use crate::web::App;

/// How long it rests when there was nothing to do.
const REST: Duration = Duration::from_millis(500);

/// Does one step; tells how much that was.
type Job = fn(&mut PgConnection, Timestamp, &SecretKeys) -> QueryResult<usize>;

const JOBS: [Job; 3] = [wave_sender::send_due, import_batch::run_next, confirmation_sender::send_due];

/// Goes on for ever; at once again while there is work.
pub async fn keep_on(app: App) {
    let app = App { db: app.db.aside(), ..app };
    let mut was_away = false;
    loop {
        let beaten = once(&app).await;
        if let (Err(error), false) = (&beaten, was_away) {
            tracing::warn!(error = error as &dyn std::error::Error, "what goes on by itself has stopped for now");
        }
        was_away = beaten.is_err();
        if beaten.is_ok_and(|done| done > 0) {
            continue;
        }
        tokio::time::sleep(REST).await;
    }
}

/// Does each step once; tells how much was done.
///
/// # Errors
/// When the database is away, or a step fails.
pub async fn once(app: &App) -> Result<usize, db::Error> {
    let now = app.clock.now();
    let mut done = 0;
    for job in JOBS {
        let keys = app.keys.clone();
        done += app.db.write(move |conn| job(conn, now, &keys)).await?;
    }
    Ok(done)
}
