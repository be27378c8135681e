//! The words by which the admin's start page tells of endpoints that get nothing, in English and Spanish.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct NoticeWords {
    /// Before the names of those that were switched off.
    pub off: &'static str,
    /// What to do about them.
    pub off_text: &'static str,
    /// Before the names of those that fail.
    pub failing: &'static str,
    /// What that means.
    pub failing_text: &'static str,
    /// The link to all of them.
    pub see: &'static str,
}

static ENGLISH: NoticeWords = NoticeWords {
    off: "Webhooks that were switched off:",
    off_text: "What happens meanwhile is kept for 30 days. Each one’s page says why; when its program works again, switch it on there.",
    failing: "Webhooks that fail, and since when:",
    failing_text: "What they are told is sent again until it is accepted. The page of each says what its program answered.",
    see: "See the webhooks",
};

static SPANISH: NoticeWords = NoticeWords {
    off: "Webhooks que se desactivaron:",
    off_text: "Lo que pasa mientras tanto se guarda 30 días. La página de cada uno dice por qué; cuando su programa vuelva a funcionar, actívalo ahí.",
    failing: "Webhooks que fallan, y desde cuándo:",
    failing_text: "Sus mensajes se envían otra vez hasta que se reciban. La página de cada uno dice qué respondió su programa.",
    see: "Ver los webhooks",
};

impl NoticeWords {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }
}
