//! Characters that nobody sees: copy and paste brings them along, and some fonts show nothing for them.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Unicode's general category Cf: zero-width characters, direction marks, the soft hyphen, the byte order mark.
#[must_use]
pub fn is_format(c: char) -> bool {
    CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format
}

/// A space at which no line breaks.
#[must_use]
pub const fn is_no_break_space(c: char) -> bool {
    matches!(c, '\u{00A0}' | '\u{2007}' | '\u{202F}')
}

/// A letter or digit that leaves a mark on the screen. The fillers of Hangul count as letters, but are empty.
#[must_use]
pub fn is_visible_letter(c: char) -> bool {
    c.is_alphanumeric() && !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}
