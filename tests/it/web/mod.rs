mod assets;
mod audit;
mod client;
mod error;
mod form;
mod gates;
mod headers;
mod health;
mod language;
mod layout;
mod limits;
mod multipart;
mod site;
mod tally;
mod viewer;

use crate::support::TestSite;

/// Where visitors find the site of [`in_production`].
const HOST: &str = "biovity.test";

/// A site whose visitors come by https, through a proxy that leaves their `Host` as it is.
async fn in_production() -> TestSite {
    TestSite::with(&[("BASE_URL", "https://biovity.test")]).await
}
