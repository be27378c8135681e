//! The reply of a mail relay, as it is kept and logged.

use std::fmt;

/// Longest reply that is kept, in characters.
const REPLY_CHARACTERS: usize = 300;

/// What a relay said, or why it could not be asked: one line without addresses, links and controls, for rows and logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply(String);

impl Reply {
    /// Takes what may be kept of a text. Relays repeat addresses, and filters repeat links with their tokens.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let personal = |word: &str| word.contains('@') || word.contains("://") || word.contains("token=");
        let words: Vec<_> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .map(|word| if personal(word) { "…" } else { word })
            .collect();
        Self(words.join(" ").chars().take(REPLY_CHARACTERS).collect())
    }
}

impl std::error::Error for Reply {}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_reply_keeps_no_address_no_link_and_no_control() {
        let reply = Reply::new("550 5.1.1 <ana@example.cl>:\r\n\u{7} no such user, see https://r.test/x?token=abc");
        assert_eq!(reply.to_string(), "550 5.1.1 … no such user, see …");
        assert_eq!(Reply::new(&"ñ".repeat(1_000)).to_string().chars().count(), REPLY_CHARACTERS);
    }

    proptest! {
        #[test]
        fn any_reply_is_one_short_line(text in "\\PC{0,400}|[a-z@:/=\\r\\n\\t\0 ]{0,60}") {
            let reply = Reply::new(&text).to_string();
            prop_assert!(reply.chars().count() <= REPLY_CHARACTERS);
            prop_assert!(!reply.contains('@') && !reply.contains("token=") && !reply.chars().any(char::is_control));
        }
    }
}
