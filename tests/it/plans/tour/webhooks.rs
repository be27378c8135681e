//! What is sent for webhooks.

use crate::support::TestSite;
use crate::support::visitor::Visitor;
use crate::webhook::endpoint_page::create;

/// An endpoint where nothing answers is told something.
pub(super) async fn tell(site: &TestSite, admin: &Visitor) {
    let fields = [("url", "http://127.0.0.1:9/"), ("event", "waitlist.joined"), ("event", "waitlist.erased")];
    let (page, _) = create(admin, &fields).await;
    site.database.execute("UPDATE webhook SET state = 'active'");
    site.visitor().join("told@example.cl", "employee").await;
    site.deliver_webhooks().await;
    admin.post(&format!("{page}/replay"), &[("hours", "24")]).await;
    admin.post(&format!("{page}/replay"), &[("waiting", "all")]).await;
    site.database.execute("UPDATE webhook SET state = 'paused'");
    for what in [("waiting", "all"), ("hours", "24")] {
        admin.post(&format!("{page}/replay"), &[what]).await.has_status(409);
    }
    site.database.execute("UPDATE webhook SET state = 'active'");
    for state in ["waiting", "failed"] {
        admin.get(&format!("{page}?state={state}")).await.has_status(200);
    }
    admin.post(&page, &[("event", "waitlist.erased")]).await.redirects_to(&page);
    admin.post(&format!("{page}/replay"), &[("delivery", "1")]).await;
    // What is unticked after it was written is forgotten when it is due.
    site.database.execute("UPDATE webhook SET events = '{waitlist.joined}'");
    site.visitor().join("unticked@example.cl", "employee").await;
    site.make_join_deliveries();
    site.database.execute("UPDATE webhook SET events = '{waitlist.erased}', rests_until = NULL");
    site.deliver_webhooks().await;
}
