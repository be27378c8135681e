//! Major versions of PostgreSQL.

/// The oldest supported major version: the first whose `pg_trgm` a database's owner may add.
pub const OLDEST: u32 = 13;

/// The major version in `15`, `9.6`, `postgres (PostgreSQL) 15.14 (Debian 15.14-0)` or `… 19beta1`.
pub fn major(text: &str) -> Option<u32> {
    let word = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    word.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("15\n"), Some(15));
        assert_eq!(major("9.6\n"), Some(9));
        assert_eq!(major("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(major(""), None);
    }
}
