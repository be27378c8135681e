//! The page that says why a log-in with a provider led nowhere, and what to do.

use actix_web::http::{StatusCode, header};
use askama::Template;
use serde::Deserialize;

use super::asked_provider::AskedProvider;
use super::fault::Fault;
use super::provider::Provider;
use super::words::{self, Problems, Words};
use crate::accounts::user::user::identity::Connected;
use crate::accounts::user::words::Words as CommonWords;
use crate::web::page::query::Query;
use crate::web::page::response::with_status;
use crate::web::{self, Error, Layout, paths};

/// Why it led nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The visitor said no at the provider.
    Denied,
    /// The attempt took too long.
    TooOld,
    /// The attempt was used.
    Used,
    /// The attempt is of another browser.
    OtherBrowser,
    /// Somebody else came back in another tab since.
    OtherTab,
    /// The provider gave no answer.
    Away,
    /// What the provider said must not be believed.
    Untrusted,
    /// The provider told no address that mail can go to.
    NoAddress,
    /// What was chosen opens another account.
    Elsewhere,
    /// The account is connected with another one of this provider.
    Another,
    /// The account is an admin's.
    Admin,
    /// The account is gone, or has changed since.
    Gone,
    /// The address has an account, which is connected only by its owner (kratos#3574).
    KnownAddress,
}

/// What each is called in the address of its page.
const NAMES: [(Problem, &str); 13] = [
    (Problem::Denied, "denied"),
    (Problem::TooOld, "too-old"),
    (Problem::Used, "used"),
    (Problem::OtherBrowser, "other-browser"),
    (Problem::OtherTab, "other-tab"),
    (Problem::Away, "away"),
    (Problem::Untrusted, "untrusted"),
    (Problem::NoAddress, "no-address"),
    (Problem::Elsewhere, "elsewhere"),
    (Problem::Another, "another"),
    (Problem::Admin, "admin"),
    (Problem::Gone, "gone"),
    (Problem::KnownAddress, "known-address"),
];

/// Seconds after which a provider that gives no answer is asked again.
const RETRY_AFTER: &str = "30";

/// Which one is shown again.
#[derive(Default, Deserialize)]
pub struct ProblemQuery {
    #[serde(default)]
    why: String,
}

#[derive(Template)]
#[template(path = "accounts/provider/problem.html")]
struct ProblemPage {
    t: &'static Words,
    layout: Layout,
    problem: &'static words::Problem,
    label: String,
    /// Where the same is tried again.
    again: Option<String>,
    /// Where to log in otherwise, or to sign up; nothing for who is signed in.
    otherwise: Option<(String, &'static str)>,
    /// Whether the provider failed, and not the visitor.
    is_of_provider: bool,
}

/// The page again, as the choice of another language asks for it: where it stood first works once.
///
/// # Errors
/// When there is no such provider, or no such problem.
pub async fn show(
    layout: Layout,
    AskedProvider { provider }: AskedProvider,
    Query(query): Query<ProblemQuery>,
) -> web::Result {
    let problem = NAMES.iter().find(|(_, name)| *name == query.why).map(|(problem, _)| *problem);
    problem.ok_or(Error::NOT_FOUND)?.page(layout, &provider)
}

impl Problem {
    /// The page.
    ///
    /// # Errors
    /// When the template fails.
    pub fn page(self, layout: Layout, provider: &Provider) -> web::Result {
        let mut page = with_status(self.words(&Words::of(layout.locale).problems).0, self.describe(layout, provider))?;
        if self == Self::Away {
            page.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static(RETRY_AFTER));
        }
        Ok(page)
    }

    fn describe(self, mut layout: Layout, provider: &Provider) -> ProblemPage {
        let why = NAMES.iter().find(|(problem, _)| *problem == self).map_or("", |(_, name)| name);
        layout.path = paths::accounts::log_in_problem(provider.settings.name, why);
        let is_signed_in = layout.viewer.is_some();
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        // Whoever is signed in wanted to connect it.
        let is_not_connected = self == Self::Denied && is_signed_in;
        let problem = if is_not_connected { &t.problems.not_connected } else { self.words(&t.problems).1 };
        let may_repeat = !matches!(self, Self::Admin | Self::KnownAddress | Self::Elsewhere | Self::Another);
        let again = match (may_repeat, is_signed_in) {
            (true, false) => Some(paths::accounts::log_in_with(provider.settings.name, None)),
            (_, true) => Some(paths::accounts::PROVIDERS.to_owned()),
            (false, false) => None,
        };
        // Whoever logs in for it connects it there.
        let confirm = || paths::page(&paths::with_id(paths::accounts::PROVIDER_CONFIRM, provider.settings.name));
        let next = (self == Self::KnownAddress).then(confirm).flatten();
        let otherwise = (!is_signed_in).then(|| match self {
            Self::NoAddress => (paths::accounts::SIGN_UP.to_owned(), common.sign_up),
            // The other account may have no password.
            Self::Elsewhere => (paths::accounts::LOG_IN.to_owned(), common.log_in),
            _ => (paths::accounts::log_in_then(next.as_ref()), t.with_password),
        });
        let is_of_provider = matches!(self, Self::Away | Self::Untrusted);
        let (layout, label) = (layout.without_form(), provider.settings.label.clone());
        ProblemPage { t, layout, problem, label, again, otherwise, is_of_provider }
    }

    /// Why an identity was not connected, if it was not; nothing of the account can be changed where there is no outcome.
    ///
    /// # Errors
    /// Why not.
    pub const fn of_connected(connected: Option<Connected>) -> Result<(), Self> {
        match connected {
            Some(Connected::Done | Connected::Already) => Ok(()),
            Some(Connected::Elsewhere) => Err(Self::Elsewhere),
            Some(Connected::Another) => Err(Self::Another),
            None => Err(Self::Gone),
        }
    }

    const fn words(self, t: &'static Problems) -> (StatusCode, &'static words::Problem) {
        match self {
            Self::Denied => (StatusCode::OK, &t.denied),
            Self::TooOld => (StatusCode::GONE, &t.too_old),
            Self::Used => (StatusCode::GONE, &t.used),
            Self::OtherBrowser => (StatusCode::GONE, &t.other_browser),
            Self::OtherTab => (StatusCode::CONFLICT, &t.other_tab),
            Self::Away => (StatusCode::SERVICE_UNAVAILABLE, &t.away),
            Self::Untrusted => (StatusCode::FORBIDDEN, &t.untrusted),
            Self::NoAddress => (StatusCode::FORBIDDEN, &t.no_address),
            Self::Elsewhere => (StatusCode::CONFLICT, &t.elsewhere),
            Self::Another => (StatusCode::CONFLICT, &t.another),
            Self::Admin => (StatusCode::FORBIDDEN, &t.admin),
            Self::Gone => (StatusCode::FORBIDDEN, &t.gone),
            Self::KnownAddress => (StatusCode::CONFLICT, &t.known_address),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Away(_) | Fault::NoDiscovery(_) => Self::Away,
            Fault::Untrusted(_) | Fault::OtherIssuer(_) | Fault::NotRegistered(_) => Self::Untrusted,
        }
    }
}
