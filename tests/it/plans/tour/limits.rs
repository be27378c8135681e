//! What is sent for limits.

use std::collections::BTreeSet;

use biovity::server;

use super::NEW_PASSWORD;
use crate::support::{PASSWORD, TestSite, statements};

/// What they count, on a site that has them.
pub(super) async fn statements() -> BTreeSet<String> {
    let site = TestSite::recorded(&[]).await;
    let visitor = site.employee("ana@example.cl").await;
    for _ in 0..7 {
        site.visitor().log_in("ana@example.cl", "wrong").await;
    }
    for _ in 0..2 {
        visitor.post("/password/forgot", &[("email", "ana@example.cl")]).await;
        visitor.join("ana@example.cl", "employee").await;
    }
    visitor.log_out().await;
    visitor.log_in("ana@example.cl", PASSWORD).await;
    let link = site.mail("ana@example.cl").await.link();
    visitor.get(&link).await;
    visitor
        .post("/password/reset", &[("token", link.split_once("token=").unwrap().1), ("password", NEW_PASSWORD)])
        .await;
    server::jobs::sweep_once(&site.app).await;
    statements::recorded(site.database.name())
}
