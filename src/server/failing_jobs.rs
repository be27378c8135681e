//! Tells the other processes which background jobs fail in this one.

use std::time::Duration;

use crate::web::App;
use crate::web::metrics::failing_job::FailingJob;

/// How often it is told anew, for as long as a job fails.
const TELL: Duration = Duration::from_secs(5);

/// Tells of them until the process ends. As long as none fails, nothing is written.
pub(super) async fn tell(app: App) {
    let db = app.db.for_background();
    // A process of the same name, as in a container that was started again, may have told of something.
    let mut has_told = true;
    loop {
        tokio::time::sleep(TELL).await;
        let failing = FailingJob::of_this_process(app.metrics.jobs());
        let fails = !failing.is_empty();
        if !fails && !has_told {
            continue;
        }
        match db.write(move |conn| FailingJob::tell(conn, &failing)).await {
            Ok(()) => has_told = fails,
            Err(error) => tracing::debug!("which jobs fail is told later: {error}"),
        }
    }
}
