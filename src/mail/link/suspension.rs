//! Links that are set aside for a while: they work again when what they are about comes back.

use super::purpose::Purpose;

/// Stands before the identifier of a link that is set aside. No purpose begins like that, so nothing finds the link.
pub(super) const SUSPENDED: &str = "suspended:";

/// A pattern for LIKE of the identifiers of links that are set aside.
#[must_use]
pub fn suspended_pattern() -> String {
    format!("{SUSPENDED}%")
}

/// SQL that sets aside every link of these purposes that works at `now` and whose subject is an `id` of the table
/// `subjects`, for a statement that finds the subjects itself. Both are SQL.
#[must_use]
pub fn suspend_all_sql(purposes: &[Purpose], now: &str, subjects: &str) -> String {
    format!(
        "UPDATE verification SET identifier = '{SUSPENDED}' || identifier \
         WHERE \"expiresAt\" > {now} AND identifier IN (SELECT name || ':' || id FROM {subjects}, {})",
        listed(purposes)
    )
}

/// SQL that lets these links work again, each for as long as when it was new; gives their `id` and when they end.
#[must_use]
pub fn resume_all_sql(purposes: &[Purpose], now: &str, subjects: &str) -> String {
    let statement = include_str!("suspension/resume_links.sql").replace("{suspended}", SUSPENDED);
    statement.replace("{purposes}", &listed(purposes)).replace("{now}", now).replace("{subjects}", subjects)
}

/// The purposes as a table.
fn listed(purposes: &[Purpose]) -> String {
    let rows = purposes.iter().map(|Purpose { name, lasts }| {
        let seconds = lasts.num_seconds();
        format!("('{name}', interval '{seconds} seconds')")
    });
    format!("(VALUES {}) AS purpose (name, lasts)", rows.collect::<Vec<_>>().join(", "))
}
