//! The words that every letter has.

/// The words of a letter with one button.
#[derive(Debug)]
pub struct LetterWords {
    pub(in crate::accounts) subject: &'static str,
    pub(in crate::accounts) heading: &'static str,
    pub(in crate::accounts) text: &'static str,
    pub(in crate::accounts) button: &'static str,
    pub(in crate::accounts) or_copy: &'static str,
    pub(in crate::accounts) small: &'static str,
    pub(in crate::accounts) why: &'static str,
}
