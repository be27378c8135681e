//! The purposes of the links in mails of accounts, and how long each lasts. They are in one place, since securing or
//! deleting an account ends the links of several rooms.

use chrono::TimeDelta;

use crate::mail::link::Purpose;
use crate::web::retention;

/// The link that verifies an address.
pub const EMAIL_VERIFICATION: Purpose = Purpose { name: "email-verification", lasts: TimeDelta::hours(24) };
/// A sign-up that is kept without a mail, as a link that ends at once.
pub const KEPT_SIGN_UP: Purpose = Purpose { lasts: TimeDelta::zero(), ..EMAIL_VERIFICATION };
/// What the same link did when its reader said "it wasn't me".
pub const SIGN_UP_REJECTION: Purpose = Purpose { name: "sign-up-rejection", ..EMAIL_VERIFICATION };
/// The link that a new address confirms itself with.
pub const EMAIL_CHANGE: Purpose = Purpose { name: "email-change", lasts: TimeDelta::hours(24) };
/// The link by which the old address gets the account back.
pub const EMAIL_UNDO: Purpose = Purpose { name: "email-undo", lasts: TimeDelta::hours(72) };
/// The link of a notice: ends every session and starts a reset.
pub const ACCOUNT_SECURING: Purpose = Purpose { name: "account-securing", lasts: TimeDelta::days(7) };
/// The link of an invitation; its subject is the organization.
pub const ORGANIZATION_INVITATION: Purpose = Purpose { name: "organization-invitation", lasts: TimeDelta::days(7) };
/// The link that takes a deletion back, until the account is erased.
pub const DELETION_CANCEL: Purpose = Purpose { name: "deletion-cancel", lasts: retention::DELETED_ACCOUNT };
/// The link that sets a new password.
pub const PASSWORD_RESET: Purpose = Purpose { name: "password-reset", lasts: TimeDelta::hours(1) };
