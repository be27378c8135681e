//! What is sent for webhooks.

use crate::support::TestSite;
use crate::support::visitor::Visitor;

/// An endpoint where nothing answers is told something.
pub(super) async fn tell(site: &TestSite, admin: &Visitor) {
    let fields = [("url", "http://127.0.0.1:9/"), ("event", "waitlist.joined"), ("event", "waitlist.erased")];
    let page = admin.post("/admin/webhooks", &fields).await.has_status(303).header("location").to_owned();
    site.database.execute("UPDATE webhook SET state = 'active'");
    site.visitor().join("told@example.cl", "employee").await;
    site.deliver_webhooks().await;
    admin.post(&format!("{page}/replay"), &[("hours", "24")]).await;
    admin.post(&format!("{page}/replay"), &[("delivery", "1")]).await;
}
