//! The words by which the admin's start page tells of an endpoint that gets nothing, in English and Spanish.

use crate::values::clock::Timestamp;
use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct NoticeWords {
    locale: Locale,
    /// What to do about one that was switched off.
    pub off_text: &'static str,
    /// What it means that one fails.
    pub failing_text: &'static str,
    /// The link to one of them.
    pub see: &'static str,
}

static ENGLISH: NoticeWords = NoticeWords {
    locale: Locale::En,
    off_text: "What happens meanwhile is kept for 30 days. The webhook’s page says why; when the program that it calls works again, switch it on there.",
    failing_text: "We keep trying to deliver its messages for up to three days. The webhook’s page says what the program answered.",
    see: "See the webhook",
};

static SPANISH: NoticeWords = NoticeWords {
    locale: Locale::Es,
    off_text: "Lo que pase mientras tanto se guardará por 30 días. La página del webhook dice por qué; cuando el programa al que llama vuelva a funcionar, actívalo ahí.",
    failing_text: "Seguimos intentando enviarle los mensajes durante tres días como máximo. La página del webhook dice qué respondió el programa.",
    see: "Ver el webhook",
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

    /// That one was switched off, and when, where that is known; its name follows.
    #[must_use]
    pub fn switched_off(&self, at: Option<&Timestamp>) -> String {
        match (self.locale, at.map(|at| self.locale.date_time(at))) {
            (Locale::En, Some(at)) => format!("A webhook was switched off on {at}:"),
            (Locale::En, None) => "A webhook was switched off:".to_owned(),
            (Locale::Es, Some(at)) => format!("Se desactivó un webhook el {at}:"),
            (Locale::Es, None) => "Se desactivó un webhook:".to_owned(),
        }
    }

    /// That one fails; its name follows.
    #[must_use]
    pub fn fails(&self, since: &Timestamp) -> String {
        let since = self.locale.date_time(since);
        match self.locale {
            Locale::En => format!("A webhook has been failing since {since}:"),
            Locale::Es => format!("Un webhook falla desde el {since}:"),
        }
    }
}
