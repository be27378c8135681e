//! An email address among the arguments of a command.

use crate::values::email_address::EmailAddress;

/// Reads it, or says that it is none.
pub(super) fn address(typed: &str) -> anyhow::Result<EmailAddress> {
    EmailAddress::parse(typed).map_err(|_| anyhow::anyhow!("`{typed}` is not an email address"))
}
