//! The address that a form was given: the page after it repeats it, so that a slip of the fingers shows. After a link that
//! closed an account to everybody, it is the one that the way back in went to.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, time};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::sealed_cookie::GIVEN;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::web::app::App;
use crate::web::error::Error;

/// An address with the form that it was given to. It travels in an encrypted cookie, never in an address of a page. The
/// cookie ends after ten minutes, in the browser as well: somebody else may use the browser later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenAddress {
    /// The address.
    pub address: EmailAddress,
    /// The path of the form, to correct it there; none where a link named the account.
    pub form: Option<String>,
    given_at: Timestamp,
}

impl GivenAddress {
    /// An address that this form was given now.
    #[must_use]
    pub fn new(address: &EmailAddress, form: impl Into<String>, now: Timestamp) -> Self {
        Self { address: address.clone(), form: Some(form.into()), given_at: now }
    }

    /// The address of an account whose link was used now.
    #[must_use]
    pub const fn of_account(address: EmailAddress, now: Timestamp) -> Self {
        Self { address, form: None, given_at: now }
    }

    /// The one that the form before was given a moment ago.
    #[must_use]
    pub fn find(app: &App, http: &HttpRequest) -> Option<Self> {
        let given: Self = GIVEN.open(app, http)?;
        (given.remaining(app.clock.now()) > TimeDelta::zero()).then_some(given)
    }

    /// The cookie that holds it for what is left of its time: an answer that is given again must not keep it longer.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn cookie(&self, app: &App) -> Result<Cookie<'static>, Error> {
        let mut cookie = GIVEN.seal(app, self)?;
        let remaining = self.remaining(app.clock.now()).max(TimeDelta::zero());
        cookie.set_max_age(time::Duration::seconds(remaining.num_seconds()));
        Ok(cookie)
    }

    /// What makes the browser forget one that it holds.
    #[must_use]
    pub fn removal(app: &App, http: &HttpRequest) -> Option<Cookie<'static>> {
        http.cookie(GIVEN.name(&app.config)).map(|_| GIVEN.removal(app))
    }

    fn remaining(&self, now: Timestamp) -> TimeDelta {
        self.given_at + GIVEN.lasts() - now
    }
}
