//! Why a password is easy to guess and what would help: zxcvbn's findings in our words.

use zxcvbn::feedback::{Suggestion, Warning};

use crate::values::locale::Locale;

/// Two sentences at most: the reason, and the most useful advice.
pub(super) fn explain(locale: Locale, warning: Option<Warning>, suggestions: &[Suggestion]) -> String {
    let easy = match locale {
        Locale::En => "This password is easy to guess.",
        Locale::Es => "Esta contraseña es fácil de adivinar.",
    };
    let reason = warning.map_or(easy, |warning| reason(locale, warning));
    let advice =
        suggestions.iter().find_map(|suggestion| advice(locale, *suggestion)).unwrap_or_else(|| more_words(locale));
    format!("{reason} {advice}")
}

const fn more_words(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Add another word or two; uncommon ones are better.",
        Locale::Es => "Agrega una o dos palabras más, ojalá poco comunes.",
    }
}

fn reason(locale: Locale, warning: Warning) -> &'static str {
    let (english, spanish) = match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            ("Keys next to each other are easy to guess.", "Las teclas vecinas son fáciles de adivinar.")
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            ("Repeated characters are easy to guess.", "Los caracteres repetidos son fáciles de adivinar.")
        }
        Warning::ThisIsATop10Password | Warning::ThisIsATop100Password | Warning::ThisIsACommonPassword => (
            "This is a very common password, one of the first that anyone would try.",
            "Es una contraseña muy común, de las primeras que alguien probaría.",
        ),
        Warning::ThisIsSimilarToACommonlyUsedPassword => {
            ("This is close to a password that many people use.", "Se parece a una contraseña que usa mucha gente.")
        }
        Warning::SequencesLikeAbcAreEasyToGuess => {
            ("Sequences like abc or 6543 are easy to guess.", "Las secuencias como abc o 6543 son fáciles de adivinar.")
        }
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => {
            ("Dates and years are easy to guess.", "Las fechas y los años son fáciles de adivinar.")
        }
        Warning::AWordByItselfIsEasyToGuess => {
            ("One word by itself is easy to guess.", "Una sola palabra es fácil de adivinar.")
        }
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => {
            ("Names are easy to guess.", "Los nombres son fáciles de adivinar.")
        }
    };
    if locale == Locale::En { english } else { spanish }
}

/// Only advice that says more than "add another word".
fn advice(locale: Locale, suggestion: Suggestion) -> Option<&'static str> {
    let (english, spanish) = match suggestion {
        Suggestion::CapitalizationDoesntHelpVeryMuch | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => (
            "Capital letters help little; another word helps more.",
            "Las mayúsculas ayudan poco; otra palabra ayuda más.",
        ),
        Suggestion::ReversedWordsArentMuchHarderToGuess => (
            "Words written backwards help little; another word helps more.",
            "Escribir al revés ayuda poco; otra palabra ayuda más.",
        ),
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => (
            "Writing “@” for “a” helps little; another word helps more.",
            "Escribir “@” en vez de “a” ayuda poco; otra palabra ayuda más.",
        ),
        Suggestion::AvoidYearsThatAreAssociatedWithYou | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => (
            "Leave out dates that have to do with you; add another word.",
            "No uses fechas que tengan que ver contigo; agrega otra palabra.",
        ),
        _ => return None,
    };
    Some(if locale == Locale::En { english } else { spanish })
}
