//! An email address in its canonical form: what is stored, compared and mailed.

use std::fmt;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use serde::{Deserialize, Serialize};

use super::single_line::invisible::{is_format, is_no_break_space};

mod typing_slip;

/// Longest address, in bytes (RFC 5321 §4.5.3.1.3, less the angle brackets).
pub const MAX_BYTES: usize = 254;
/// Longest local part, in bytes (RFC 5321 §4.5.3.1.1).
pub const MAX_LOCAL_BYTES: usize = 64;

/// A canonical address: ASCII, lower-case, the domain in A-labels. Dots and `+tags` are kept as typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was typed.
    Empty,
    /// More than [`MAX_BYTES`], or a local part of more than [`MAX_LOCAL_BYTES`].
    TooLong,
    /// Anything else that is not `name@domain.tld`.
    Malformed,
}

impl EmailAddress {
    /// Reads what a person typed or pasted.
    ///
    /// # Errors
    /// Says why it is no address that we can write to.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let cleaned: String = typed.chars().filter(|c| !is_format(*c) && !is_no_break_space(*c)).collect();
        let cleaned = cleaned.trim();
        if cleaned.is_empty() {
            return Err(Problem::Empty);
        }
        // The cheap bound first: what follows is linear, but must not be fed a megabyte.
        if cleaned.len() > MAX_BYTES * 4 {
            return Err(Problem::TooLong);
        }
        let (local, domain) = cleaned.split_once('@').ok_or(Problem::Malformed)?;
        let address = format!("{}@{}", local_part(local)?, domain_part(domain)?);
        if address.len() > MAX_BYTES { Err(Problem::TooLong) } else { Ok(Self(address)) }
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text by which addresses are compared and counted: rows of the old application may hold mixed case.
    #[must_use]
    pub fn lowercase(&self) -> String {
        self.0.to_lowercase()
    }

    /// The ways in which a text may name the address, in lower case: with the domain in A-labels or in Unicode, plain or
    /// encoded as in a query.
    #[must_use]
    pub fn spellings(&self) -> Vec<String> {
        let plain = self.lowercase();
        let (local, domain) = plain.split_once('@').unwrap_or((&plain, ""));
        let unicode = format!("{local}@{}", idna::domain_to_unicode(domain).0);
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().to_lowercase();
        let mut all = vec![encoded(&plain), encoded(&unicode), unicode, plain];
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for EmailAddress {
    /// Takes a column as it is: rows of the old application may hold mixed case.
    fn from(column: String) -> Self {
        Self(column)
    }
}

/// The spellings of all of these addresses, as [`EmailAddress::spellings`] gives them.
#[must_use]
pub fn spellings(addresses: &[String]) -> Vec<String> {
    addresses.iter().flat_map(|address| EmailAddress::from(address.clone()).spellings()).collect()
}

/// RFC 5321 `Dot-string` only: no quoted parts, no comments. Non-ASCII is refused because a look-alike such as
/// `ı` would otherwise reach another person's mailbox once a mail system folds it.
fn local_part(typed: &str) -> Result<String, Problem> {
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atext);
    if !typed.split('.').all(is_atom) {
        return Err(Problem::Malformed);
    }
    if typed.len() > MAX_LOCAL_BYTES {
        return Err(Problem::TooLong);
    }
    Ok(typed.to_ascii_lowercase())
}

/// `atext` of RFC 5322 §3.2.3.
fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn domain_part(typed: &str) -> Result<String, Problem> {
    let ascii = Uts46::new()
        .to_ascii(typed.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify)
        .map_err(|_| Problem::Malformed)?;
    // A name of the public DNS has a dot, and its last label is no number (that would be an IP address).
    let (_, top) = ascii.rsplit_once('.').ok_or(Problem::Malformed)?;
    if top.bytes().all(|b| b.is_ascii_digit()) { Err(Problem::Malformed) } else { Ok(ascii.into_owned()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(typed: &str) -> String {
        EmailAddress::parse(typed).unwrap().0
    }

    #[test]
    fn one_mailbox_has_one_form() {
        assert_eq!(canonical("  Ana.Rojas+bio@EXAMPLE.cl "), "ana.rojas+bio@example.cl");
        assert_eq!(canonical("\u{FEFF}ana\u{200B}@example.cl\u{00A0}"), "ana@example.cl");
        assert_eq!(canonical("\u{202A}ana@example.cl\u{202C}"), "ana@example.cl");
        assert_eq!(canonical("ana@exam\u{00AD}ple.cl\u{202E}"), "ana@example.cl");
        assert_eq!(canonical("ana@Ñandú.cl"), "ana@xn--and-6ma2c.cl");
        assert_eq!(canonical("a@b.co"), "a@b.co");
    }

    #[test]
    fn an_address_is_spelled_in_several_ways() {
        let of = |typed: &str| EmailAddress::from(typed.to_owned()).spellings();
        assert_eq!(of("Ana+bio@Example.cl"), ["ana%2bbio%40example.cl", "ana+bio@example.cl"]);
        let all = of("ana@xn--and-6ma2c.cl");
        assert_eq!(all.len(), 4, "{all:?}");
        assert!(all.contains(&"ana@ñandú.cl".to_owned()) && all.contains(&"ana%40%c3%b1and%c3%ba.cl".to_owned()));
    }

    #[test]
    fn nothing_typed_is_told_from_something_wrong() {
        assert_eq!(EmailAddress::parse(" \u{200B} "), Err(Problem::Empty));
        assert_eq!(EmailAddress::parse("ana"), Err(Problem::Malformed));
    }

    #[test]
    fn what_no_mailbox_has_is_refused() {
        for typed in [
            "@example.cl",
            "ana@",
            "ana@localhost",
            "ana@@example.cl",
            "a@b@c.cl",
            "\"ana\"@example.cl",
            "ana(x)@example.cl",
            "ana@[127.0.0.1]",
            "ana@127.0.0.1",
            ".ana@example.cl",
            "an..a@example.cl",
            "ana.@example.cl",
            "an a@example.cl",
            "ana@exa mple.cl",
            "ana\r\nBcc: x@y.cl@example.cl",
            "ana\0@example.cl",
            "anı@example.cl",
            "ana@-example.cl",
            "ana@example..cl",
            "ana@example.cl.",
            "<ana@example.cl>",
        ] {
            assert_eq!(EmailAddress::parse(typed), Err(Problem::Malformed), "{typed:?}");
        }
    }

    #[test]
    fn lengths_are_those_of_the_rfc() {
        let local = "a".repeat(MAX_LOCAL_BYTES);
        assert!(EmailAddress::parse(&format!("{local}@example.cl")).is_ok());
        assert_eq!(EmailAddress::parse(&format!("{local}a@example.cl")), Err(Problem::TooLong));
        assert_eq!(EmailAddress::parse(&"a".repeat(1 << 20)), Err(Problem::TooLong));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_the_form_is_stable(typed in "\\PC{0,80}|[a-zA-Z.+@ñ\u{200B} -]{0,40}") {
            if let Ok(address) = EmailAddress::parse(&typed) {
                prop_assert!(address.as_str().is_ascii());
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address.clone()));
                prop_assert!(address.as_str().parse::<lettre::Address>().is_ok());
            }
        }
    }
}
