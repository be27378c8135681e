//! How long data is kept. The rooms delete by these times, and the privacy page says them: it cannot say another.

use chrono::TimeDelta;

/// A session after its last refresh, and its cookie (the seed's 604,800 s).
pub const IDLE_SESSION: TimeDelta = TimeDelta::days(7);
/// A session, however often it is refreshed (NIST SP 800-63B, AAL1: 30 days).
pub const SESSION: TimeDelta = TimeDelta::days(30);
/// An admin's session.
pub const ADMIN_SESSION: TimeDelta = TimeDelta::hours(12);
/// The cookie that remembers the device of a log-in.
pub const DEVICE_COOKIE: TimeDelta = TimeDelta::days(365);
/// A device on which its owner does not want to be asked for a second factor.
pub const TRUSTED_DEVICE: TimeDelta = TimeDelta::days(30);
/// The cookie that remembers the chosen language.
pub const LANGUAGE_COOKIE: TimeDelta = TimeDelta::days(365);
/// What a browser has to bring back within some minutes, in a cookie of its own.
pub const BRIEF_COOKIE: TimeDelta = TimeDelta::minutes(10);
/// Whom another provider named, until they finish signing up; what it says counts for the first half of that.
pub const IDENTIFIED_COOKIE: TimeDelta = TimeDelta::hours(2);
/// An account that its owner deleted: it is closed, and can still be kept.
pub const DELETED_ACCOUNT: TimeDelta = TimeDelta::days(7);
/// An account whose address nobody verifies, after the last mail that asks for it.
pub const UNVERIFIED_ACCOUNT: TimeDelta = TimeDelta::days(7);
/// A place that nobody confirms.
pub const UNCONFIRMED_PLACE: TimeDelta = TimeDelta::days(14);
/// A place that an admin deleted, which can be undone until then.
pub const DELETED_PLACE: TimeDelta = TimeDelta::days(30);
/// The lines of an import after its end.
pub const IMPORT_LINES: TimeDelta = TimeDelta::days(30);
/// A file whose form waits for the password.
pub const WAITING_FILE: TimeDelta = TimeDelta::hours(1);
/// A link after it ended.
pub const ENDED_LINK: TimeDelta = TimeDelta::days(7);
/// What became of a mail.
pub const MAIL: TimeDelta = TimeDelta::days(90);
/// What another program is told by a webhook.
pub const DELIVERY: TimeDelta = TimeDelta::days(30);
/// An event of the audit log.
pub const EVENT: TimeDelta = TimeDelta::days(365);
/// The longest count of a limit, in seconds.
pub const COUNT_SECONDS: i32 = 86_400;
