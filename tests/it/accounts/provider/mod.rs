//! Logging in with another provider.

mod attempt;
mod callback;
mod claims;
mod confirm;
pub mod connection_list;
mod discovery;
mod finish;
mod identified;
mod journey;
mod late;
mod limits;
mod problem;
mod race;
mod unverified;

use url::Url;

use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// Begins a log-in, and gives the address to which the provider sends the browser back.
pub async fn begin(visitor: &Visitor, provider: &str) -> String {
    let page = visitor.get(&format!("/login/with/{provider}")).await.has_status(303);
    back(provider, page.header("location"))
}

/// The way back from this address of the provider.
pub fn back(provider: &str, address: &str) -> String {
    let url = Url::parse(address).unwrap();
    let of = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
    let (state, nonce) = (of("state").unwrap(), of("nonce").unwrap());
    format!("/login/with/{provider}/back?code={nonce}&state={state}")
}

/// Goes to the provider and comes back.
pub async fn log_in(visitor: &Visitor, provider: &str) -> Page {
    let back = begin(visitor, provider).await;
    visitor.get(&back).await
}

/// Somebody whose account a provider opens, and who is signed in.
pub async fn sign_up(site: &TestSite) -> Visitor {
    let visitor = site.visitor();
    log_in(&visitor, "google").await.redirects_to("/signup/finish");
    finish(&visitor).await.redirects_to("/account");
    visitor
}

pub async fn finish(visitor: &Visitor) -> Page {
    let form = visitor.get("/signup/finish").await.has_status(200).form("/signup/finish");
    visitor.send(&form.with("role", "employee").with("profession", "Biochemist")).await
}
