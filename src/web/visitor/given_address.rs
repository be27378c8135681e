//! The address that a form was given: the page after it repeats it, so that a slip of the fingers shows, and leads back to the
//! form with what was typed. After a link that closed an account to everybody, it is the one that the way back in went to.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, time};
use chrono::{SubsecRound as _, TimeDelta};
use serde::{Deserialize, Serialize};

use super::sealed_cookie::GIVEN;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::web::app::App;
use crate::web::error::Error;
use crate::web::paths;

/// The most that is kept of the other fields, in bytes: browsers keep no cookie of more than 4,096. Fields that were read fit.
const MOST_TYPED: usize = 1_600;

/// An address with the form that it was given to. It travels in an encrypted cookie, never in an address of a page. The
/// cookie ends after ten minutes, in the browser as well: somebody else may use the browser later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenAddress {
    /// The address.
    pub address: EmailAddress,
    /// The path of the form, to correct it there; none where a link named the account.
    pub form: Option<String>,
    /// What else was typed there, by the names of its fields.
    #[serde(default)]
    typed: Vec<(String, String)>,
    /// In whole seconds: fractions are written without their last zeros, and the cookie of one answer is as long as that of another.
    given_at: Timestamp,
}

/// What was meant in place of an address with a slip.
#[derive(Debug)]
pub struct MeantAddress {
    /// The address.
    pub address: EmailAddress,
    /// The path of the form that comes filled with it.
    pub form: String,
}

impl GivenAddress {
    /// An address that this form was given now.
    #[must_use]
    pub fn new(address: &EmailAddress, form: impl Into<String>, now: Timestamp) -> Self {
        Self { address: address.clone(), form: Some(form.into()), typed: Vec::new(), given_at: now.trunc_subsecs(0) }
    }

    /// The address of an account whose link was used now.
    #[must_use]
    pub fn of_account(address: EmailAddress, now: Timestamp) -> Self {
        Self { address, form: None, typed: Vec::new(), given_at: now.trunc_subsecs(0) }
    }

    /// With what was typed into other fields of the form. Never a password.
    #[must_use]
    pub fn with_typed(self, fields: &[(&str, &str)]) -> Self {
        let bytes: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
        let fields = fields.iter().filter(|_| bytes <= MOST_TYPED);
        Self { typed: fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(), ..self }
    }

    /// What was typed into this field of the form.
    #[must_use]
    pub fn typed(&self, field: &str) -> String {
        self.typed.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// What the form of this page was given a moment ago, if its address asks for that.
    #[must_use]
    pub fn to_correct(app: &App, http: &HttpRequest) -> Option<Self> {
        let mut parameters = form_urlencoded::parse(http.query_string().as_bytes());
        let (_, how) = parameters.find(|(name, _)| name == paths::FILLED_PARAMETER)?;
        let given = Self::find(app, http)?;
        if given.form.as_deref()?.split('?').next()? != http.path() {
            return None;
        }
        let meant = given.address.likely_meant().filter(|_| how == paths::AS_MEANT);
        Some(Self { address: meant.unwrap_or_else(|| given.address.clone()), ..given })
    }

    /// The address that was meant, most likely, if this one has a slip.
    #[must_use]
    pub fn meant(&self) -> Option<MeantAddress> {
        let form = paths::filled_as_meant(self.form.as_deref()?)?;
        Some(MeantAddress { address: self.address.likely_meant()?, form })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_long_whenever_it_was_given() {
        let address = EmailAddress::parse("ana@example.cl").unwrap();
        let length = |time: &str| {
            let given = GivenAddress::new(&address, "/password/forgot", time.parse().unwrap());
            serde_json::to_string(&given).unwrap().len()
        };
        assert_eq!(length("2026-11-28T20:41:01.123456789Z"), length("2026-11-28T20:41:01.5Z"));
    }
}
