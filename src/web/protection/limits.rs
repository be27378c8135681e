//! Rate limits: how often something may be asked, and by whom. They are exact over all replicas, since the database
//! counts; refusals are cached in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use crate::db::Db;
use crate::db::sliding_window::{self, Full, Window};
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_key::SecretKey;
use crate::web::error::Error;
use crate::web::metrics::counts::Counts;
use crate::web::retention;
use crate::web::visitor::client::Client;
use crate::web::visitor::device::Device;

/// Joining the waitlist, per network.
pub const WAITLIST: Rule = Rule::new("waitlist", 60, 60);
/// Signing up, per network.
pub const SIGN_UP: Rule = Rule::new("sign-up", 20, 600);
/// Logging in, per network.
pub const LOG_IN: Rule = Rule::new("log-in", 30, 60);
/// Beginning a log-in with another provider, per network. Counted apart: a link that anybody may press keeps nobody out.
pub const LOG_IN_WITH: Rule = Rule::new("log-in-with", 30, 60);
/// Failed log-ins, per network.
pub const LOG_IN_FAILURES: Rule = Rule::provisional("log-in-failures", 10, 60);
/// Failed log-ins, per address and network: a stranger elsewhere cannot lock anybody out.
pub const LOG_IN_FAILURES_OF_ADDRESS: Rule = Rule::provisional("log-in-failures-of-address", 5, 300);
/// Asking for a mail, per address.
pub const MAIL_PER_MINUTE: Rule = Rule::new("mail-minute", 1, 60);
/// Asking for a mail, per address.
pub const MAIL_PER_DAY: Rule = Rule::new("mail-day", 6, 86_400);
/// Asking for mails, per network.
pub const MAIL_OF_NETWORK: Rule = Rule::new("mail-network", 20, 3_600);
/// Asking for a new password, per address. Counted apart from verification mails, so that neither uses up the other.
pub const FORGOT_PER_MINUTE: Rule = Rule::new("forgot-minute", 1, 60);
/// Asking for a new password, per address.
pub const FORGOT_PER_DAY: Rule = Rule::new("forgot-day", 6, 86_400);
/// Asking for new passwords, per network.
pub const FORGOT_OF_NETWORK: Rule = Rule::new("forgot-network", 20, 3_600);
/// Asking for another address, per account.
pub const EMAIL_CHANGES: Rule = Rule::new("email-changes", 20, 3_600);
/// Asking for another address, per address asked for.
pub const EMAIL_CHANGES_TO: Rule = Rule::new("email-changes-to", 6, 86_400);
/// Downloading what is held, per account.
pub const EXPORTS: Rule = Rule::new("exports", 10, 3_600);
/// Inviting people, per organization.
pub const INVITATIONS: Rule = Rule::new("invitations", 20, 3_600);
/// Being invited, per address: the invited person did not ask for the mail.
pub const INVITATIONS_PER_MINUTE: Rule = Rule::new("invitations-minute", 1, 60);
/// Being invited, per address.
pub const INVITATIONS_PER_DAY: Rule = Rule::new("invitations-day", 6, 86_400);
/// Proving the password again, per account.
pub const PROOFS: Rule = Rule::new("proofs", 10, 60);
/// Wrong codes of the second factor at log-ins, per account; on a device that gave a right one before, for that device alone.
pub const CODES: Rule = Rule::provisional("codes", 5, 300);
/// Those of who is signed in. Counted apart, so that nobody who has the password alone keeps an owner from changing it.
pub const CODES_WITHIN: Rule = Rule::provisional("codes-within", 5, 300);
/// Those by a link that sets a new password, which no stranger has.
pub const CODES_OF_RESET: Rule = Rule::provisional("codes-of-reset", 5, 300);
/// Wrong codes of the second factor within a day, per account, of which its owner is not told: one more, and a mail tells.
pub const WRONG_CODES: Rule = Rule::new("wrong-codes", 4, 86_400);
/// Mails that tell an owner of wrong codes, per account.
pub const WRONG_CODES_NOTICES: Rule = Rule::new("wrong-codes-notices", 1, 86_400);
/// Mails that tell an owner of a new device, within a day and per account: whoever knows the password can log in on any number.
pub const NEW_DEVICE_NOTICES: Rule = Rule::provisional("new-device-notices", 10, 86_400);
/// The one after them, which tells that no more come.
pub const LAST_NEW_DEVICE_NOTICES: Rule = Rule::provisional("last-new-device-notices", 1, 86_400);
/// Trying new passwords by a link that works, per account: more than anybody types, and no stranger has the link.
pub const NEW_PASSWORDS: Rule = Rule::new("new-passwords", 60, 60);
/// Changing the profile, per account: a picture can take a second to decode.
pub const PROFILE: Rule = Rule::new("profile", 30, 600);
/// Unsubscribing with one click, per network: mail providers do it for all of their users, from few addresses.
pub const UNSUBSCRIBING: Rule = Rule::new("unsubscribing", 600, 60);
/// Using links, per network.
pub const LINKS: Rule = Rule::new("links", 20, 60);

/// Reading by the API, per key.
pub const API_READS: Rule = Rule::new("api-reads", 600, 60);
/// Changing by the API, per key.
pub const API_WRITES: Rule = Rule::new("api-writes", 120, 60);

/// Refusals that are cached at most. When there are more, the cache is emptied, and the database refuses instead.
const MOST_CACHED: usize = 10_000;

/// At most `most` of something within any `seconds`.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    name: &'static str,
    most: i32,
    seconds: i32,
    /// Whether a hit is counted in advance and taken back after a success. A refusal by such a rule may be wrong a
    /// moment later, so it is not cached.
    provisional: bool,
}

impl Rule {
    const fn new(name: &'static str, most: i32, seconds: i32) -> Self {
        assert!(seconds <= retention::COUNT_SECONDS, "the privacy page says how long counts are kept");
        Self { name, most, seconds, provisional: false }
    }

    const fn provisional(name: &'static str, most: i32, seconds: i32) -> Self {
        Self { name, most, seconds, provisional: true }
    }

    /// This rule for the client's network.
    #[must_use]
    pub fn for_network(self, client: &Client) -> Count {
        Count { rule: self, subject: client.network() }
    }

    /// This rule for an address.
    #[must_use]
    pub fn for_address(self, address: &EmailAddress) -> Count {
        Count { rule: self, subject: address.lowercase() }
    }

    /// This rule for an account.
    #[must_use]
    pub fn for_user(self, user: &UserId) -> Count {
        Count { rule: self, subject: user.to_string() }
    }

    /// This rule for a key of the API, by its hash.
    #[must_use]
    pub fn for_key(self, hash: &str) -> Count {
        Count { rule: self, subject: hash.to_owned() }
    }

    /// This rule for a device on which somebody logged in before, instead of for its network.
    #[must_use]
    pub fn for_visitor(self, client: &Client, device: Option<&Device>) -> Count {
        Count { rule: self, subject: device.map_or_else(|| client.network(), Device::subject) }
    }

    /// This rule for an account; on a device of its owner, for that device alone.
    #[must_use]
    pub fn for_user_on(self, user: &UserId, device: Option<&Device>) -> Count {
        let own = || device.map(|device| format!("{user} {}", device.subject()));
        Count { rule: self, subject: own().unwrap_or_else(|| user.to_string()) }
    }

    /// This rule for an address on a device on which it logged in before.
    #[must_use]
    pub fn for_address_and_device(self, address: &EmailAddress, device: &Device) -> Count {
        Count { rule: self, subject: format!("{} {}", address.lowercase(), device.subject()) }
    }

    /// This rule for an address as seen from the client's network.
    #[must_use]
    pub fn for_address_and_network(self, address: &EmailAddress, client: &Client) -> Count {
        Count { rule: self, subject: format!("{} {}", address.lowercase(), client.network()) }
    }
}

/// A rule, and the subject whose requests it counts.
#[derive(Clone, Debug)]
pub struct Count {
    rule: Rule,
    subject: String,
}

/// Counts requests and refuses those beyond a limit. Clones share the cache of refusals.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Nothing when limits are off.
    key: Option<SecretKey>,
    refused: Arc<Mutex<HashMap<String, Refusal>>>,
    by_rule: Arc<Counts>,
}

impl Limits {
    /// Limits whose table holds HMACs under this key; without a key nothing is limited.
    #[must_use]
    pub fn new(key: Option<SecretKey>) -> Self {
        Self { key, refused: Arc::default(), by_rule: Arc::default() }
    }

    /// Counts a request for all of these rules, in one statement, before its work is done. When the connection is lost
    /// after the statement and before its result, the request is counted twice. It may then be refused too early, once;
    /// a transaction around every count would cost two more round trips for each form.
    ///
    /// # Errors
    /// [`Error::TooMany`] when one of the rules refuses it.
    pub async fn count(&self, db: &Db, counts: &[Count]) -> Result<(), Error> {
        if self.key.is_none() {
            return Ok(());
        }
        self.count_and_find(db, counts, |conn, windows| Ok((sliding_window::hit(conn, windows)?, ()))).await
    }

    /// Counts while it finds what the request is about, which gives the full windows too. Without limits it only finds.
    ///
    /// # Errors
    /// [`Error::TooMany`] when one of the rules refuses it.
    pub async fn count_and_find<T: Send + 'static>(
        &self,
        db: &Db,
        counts: &[Count],
        find: impl Fn(&mut PgConnection, &[Window]) -> QueryResult<(Vec<Full>, T)> + Send + 'static,
    ) -> Result<T, Error> {
        let windows: Vec<_> =
            self.key.iter().flat_map(|key| counts.iter().map(move |count| window(key, count))).collect();
        let cached = counts.iter().zip(&windows).filter_map(|(count, window)| {
            let seconds = self.cached_refusal(&window.key)?;
            self.by_rule.count(count.rule.name);
            Some(seconds)
        });
        if let Some(seconds) = cached.max() {
            return Err(Error::TooMany(seconds));
        }
        let keys: Vec<_> = windows.iter().map(|window| window.key.clone()).collect();
        let db = windows.first().map_or_else(|| db.clone(), |window| db.for_row(&window.key));
        let (full, found) = db.read(move |conn| find(conn, &windows)).await?;
        for (count, key) in counts.iter().zip(&keys) {
            let Some(full) = full.iter().find(|full| full.key == *key) else { continue };
            self.by_rule.count(count.rule.name);
            if !count.rule.provisional {
                self.cache(full.clone());
            }
        }
        full.iter().map(|full| full.seconds).max().map_or(Ok(found), |seconds| Err(Error::TooMany(seconds)))
    }

    /// The window of a count, for whoever counts a request in the transaction of its work; nothing when limits are off.
    ///
    /// # Errors
    /// [`Error::TooMany`] when it was full a moment ago.
    pub fn window(&self, count: &Count) -> Result<Option<Window>, Error> {
        let Some(key) = &self.key else { return Ok(None) };
        let window = window(key, count);
        let Some(seconds) = self.cached_refusal(&window.key) else { return Ok(Some(window)) };
        self.by_rule.count(count.rule.name);
        Err(Error::TooMany(seconds))
    }

    /// Caches that the window of a count, whose rule is not provisional, is full, and refuses the request.
    #[must_use]
    pub fn refuse(&self, count: &Count, full: Full) -> Error {
        self.by_rule.count(count.rule.name);
        let seconds = full.seconds;
        self.cache(full);
        Error::TooMany(seconds)
    }

    /// The windows of the provisional rules among these: a success takes their hits back, in its own transaction.
    #[must_use]
    pub fn provisional(&self, counts: &[Count]) -> Vec<Window> {
        let provisional = || counts.iter().filter(|count| count.rule.provisional);
        self.key.iter().flat_map(|key| provisional().map(move |count| window(key, count))).collect()
    }

    /// How often this process refused a request, by the name of the rule.
    #[must_use]
    pub fn refused_by_rule(&self) -> Vec<(&'static str, u64)> {
        self.by_rule.all()
    }

    fn cached_refusal(&self, key: &str) -> Option<u64> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).get(key)?.seconds_left()
    }

    fn cache(&self, Full { key, seconds }: Full) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        // All are looked at only when there is no room: a flood of refusals would else walk through them at each one.
        if refused.len() >= MOST_CACHED {
            refused.retain(|_, refusal| refusal.seconds_left().is_some());
        }
        if refused.len() >= MOST_CACHED {
            refused.clear();
        }
        refused.insert(key, Refusal { since: Stopwatch::start(), seconds });
    }
}

/// A full window, cached so that a flood of refused requests asks the database nothing.
#[derive(Clone, Copy, Debug)]
struct Refusal {
    since: Stopwatch,
    seconds: u64,
}

impl Refusal {
    /// Seconds until the window allows another hit, at least 1; nothing when it does already.
    fn seconds_left(&self) -> Option<u64> {
        self.seconds.checked_sub(self.since.elapsed().as_secs()).filter(|left| *left > 0)
    }
}

/// The window of a count. Its key is an HMAC, so that the table holds neither addresses nor networks.
fn window(key: &SecretKey, count: &Count) -> Window {
    let Rule { name, most, seconds, .. } = count.rule;
    Window { key: hex::encode(key.hmac(&format!("limit {name}"), &count.subject)), most, seconds }
}
