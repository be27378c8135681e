//! The page kit, as every page shows it.

mod assets;
mod health;
mod page;
mod protection;
mod site;
mod submission;
mod visitor;

use crate::support::TestSite;

/// Where visitors find the site of [`in_production`].
const HOST: &str = "biovity.test";

/// A site whose visitors come by https, through a proxy that leaves their `Host` as it is.
async fn in_production() -> TestSite {
    TestSite::with(&[("BASE_URL", "https://biovity.test")]).await
}
