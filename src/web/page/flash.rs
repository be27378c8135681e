//! The flash: a message that one request stores for the next page.

use serde::{Deserialize, Serialize};

/// Shown once, at the top of the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// What happened, in the visitor's language.
    pub text: String,
    tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Tone {
    Success,
    Problem,
}

impl Flash {
    /// Something was done.
    #[must_use]
    pub fn success(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Success }
    }

    /// Something was tried, and failed.
    #[must_use]
    pub fn problem(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Problem }
    }

    /// The name of its style in the style sheet.
    #[must_use]
    pub const fn tone(&self) -> &'static str {
        match self.tone {
            Tone::Success => "success",
            Tone::Problem => "problem",
        }
    }
}
