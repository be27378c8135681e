//! One line of text that a person typed: a name, a profession.

use std::fmt;

use invisible::{is_format, is_visible_letter};

pub mod invisible;

/// A trimmed line of at most `MAX` characters with a visible letter or digit, and without controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleLine<const MAX: usize>(String);

/// A person's name (product limit: 100 characters).
pub type PersonName = SingleLine<100>;
/// An organization's name (product limit: 200 characters).
pub type OrganizationName = SingleLine<200>;
/// A profession, or the position of an organization's contact (product limit: 100 characters).
pub type Profession = SingleLine<100>;

/// Why a text is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No letter or digit that can be seen.
    Empty,
    /// More than `MAX` characters.
    TooLong,
    /// Holds a control character, or one that turns the direction of the text around it.
    Control,
}

impl<const MAX: usize> SingleLine<MAX> {
    /// Reads what a person typed.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let line = typed.trim_matches(|c: char| c.is_whitespace() || is_format(c));
        if !line.chars().any(is_visible_letter) {
            return Err(Problem::Empty);
        }
        if line.chars().nth(MAX).is_some() {
            return Err(Problem::TooLong);
        }
        if line.chars().any(|c| c.is_control() || is_bidi_control(c)) {
            return Err(Problem::Control);
        }
        Ok(Self(line.to_owned()))
    }

    /// A line that this program holds, which needs no check.
    #[must_use]
    pub fn from_known(line: &'static str) -> Self {
        Self(line.to_owned())
    }

    /// The line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for SingleLine<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Unicode's `Bidi_Control`, and the line separators: a name with one of them could make one row of a list look like
/// another.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(PersonName::parse(&"ñ".repeat(100)).unwrap().as_str().chars().count(), 100);
        assert_eq!(PersonName::parse(&"ñ".repeat(101)), Err(Problem::TooLong));
    }

    #[test]
    fn controls_are_refused() {
        for typed in ["Ana\0", "Ana\nRojas", "Ana\u{202E}sajoR", "Ana\u{2028}Rojas", "\u{7}x"] {
            assert_eq!(PersonName::parse(typed), Err(Problem::Control), "{typed:?}");
        }
    }

    #[test]
    fn the_middle_of_a_line_is_kept_as_typed() {
        assert_eq!(
            PersonName::parse("  María  José Ñuñez-O'Higgins ").unwrap().as_str(),
            "María  José Ñuñez-O'Higgins"
        );
        assert_eq!(PersonName::parse(" \u{00A0} "), Err(Problem::Empty));
    }

    #[test]
    fn a_name_that_nobody_can_see_is_none() {
        for typed in ["\u{3164}", "\u{200B}\u{FEFF}", "—", "\u{115F}\u{1160}", "…"] {
            assert_eq!(PersonName::parse(typed), Err(Problem::Empty), "{typed:?}");
        }
    }

    #[test]
    fn direction_marks_at_the_ends_are_dropped() {
        assert_eq!(PersonName::parse("\u{200F}أحمد\u{200F}").unwrap().as_str(), "أحمد");
        assert_eq!(PersonName::parse("\u{202B}أحمد\u{202C}").unwrap().as_str(), "أحمد");
    }

    proptest! {
        #[test]
        fn what_was_read_reads_again(typed in "\\PC{0,120}") {
            if let Ok(line) = PersonName::parse(&typed) {
                prop_assert_eq!(PersonName::parse(line.as_str()), Ok(line.clone()));
            }
        }
    }
}
