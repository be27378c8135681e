//! The second factor, as people, admins and operators meet it.

mod half_log_in;
mod log_in;
mod move_app;
mod notice;
mod recovery_codes;
mod removal;
mod required;
mod set_up;
mod tries;
mod trust;

use std::time::Duration;

use biovity::values::clock::Clock;
use chrono::TimeDelta;
use totp_rs::{Builder, Secret};

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const PATH: &str = "/account/second-factor";

/// The app on somebody's phone.
#[derive(Clone, Debug)]
pub struct Phone {
    secret: String,
    clock: Clock,
}

impl Phone {
    /// One that scanned the page.
    fn scan(site: &TestSite, page: &Page) -> Self {
        Self { secret: page.texts("code")[0].replace(' ', ""), clock: site.app.clock.clone() }
    }

    /// The code that it shows so many steps from now.
    pub fn code_in(&self, steps: i64) -> String {
        let secret = Secret::try_from_base32(&self.secret).unwrap();
        let at = self.clock.now() + TimeDelta::seconds(30 * steps);
        Builder::new().with_secret(secret).build_noncompliant().generate(at.timestamp().unsigned_abs()).to_string()
    }

    /// The code that it shows in the next half minute, for which it waits: each works once.
    pub async fn next_code(&self, site: &TestSite) -> String {
        site.later(TimeDelta::seconds(30)).await;
        self.code_in(0)
    }
}

/// Switches it on in this browser; gives the phone and the page with the recovery codes.
pub async fn switch_on(site: &TestSite, visitor: &Visitor) -> (Phone, Page) {
    let page = visitor.get(PATH).await.has_status(200);
    let phone = Phone::scan(site, &page);
    let codes = visitor.send(&page.form(PATH).with("code", &phone.code_in(0))).await.has_status(200);
    (phone, codes)
}

pub fn recovery_codes(page: &Page) -> Vec<String> {
    page.texts("ol.codes code")
}

/// Somebody who has the password right, and is asked for the code.
async fn half_way(site: &TestSite, email: &str) -> Visitor {
    let visitor = site.visitor();
    visitor.log_in(email, PASSWORD).await.redirects_to("/login/code");
    visitor
}

async fn send_code(visitor: &Visitor, code: &str) -> Page {
    visitor.post("/login/code", &[("code", code)]).await
}

/// Waits until what was changed on one replica is known on the other.
async fn heard() {
    tokio::time::sleep(Duration::from_secs(2)).await;
}
