//! The two languages, and how each writes dates and numbers.

use chrono::NaiveDate;
use chrono_tz::America::Santiago;
use serde::{Deserialize, Serialize};

use super::clock::Timestamp;
use super::santiago_time;

/// A language of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Spanish, as written in Chile.
    Es,
    /// English.
    En,
}

impl Locale {
    /// What the language calls itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Es => "Español",
        }
    }

    /// The language tag, as in `<html lang>`, the `lang` cookie and the outbox.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    /// The language with the country whose spelling it follows, as sites that show shared pages name it.
    #[must_use]
    pub const fn territory(self) -> &'static str {
        match self {
            Self::Es => "es_CL",
            Self::En => "en_GB",
        }
    }

    /// Reads a tag such as `es`, `es-CL` or `EN_us`.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.trim().split(['-', '_']).next().unwrap_or_default();
        [Self::Es, Self::En].into_iter().find(|locale| locale.code().eq_ignore_ascii_case(language))
    }

    /// The best of our languages for an `Accept-Language` header (RFC 9110 §12.5.4): the one with the greatest weight,
    /// the first of two that weigh the same. `*` stands for a language that is not named. A language of weight 0 is
    /// refused: the other one is better. Otherwise `default`.
    #[must_use]
    pub fn negotiate(accept_language: &str, default: Self) -> Self {
        let mut named: Vec<Range> = Vec::new();
        let mut others = None;
        // A browser sends a handful of languages; the bound keeps a long header cheap.
        for range in accept_language.split(',').take(20) {
            let (tag, weight) = weighted(range);
            match Self::parse(tag) {
                Some(locale) if named.iter().all(|range| range.locale != locale) => {
                    named.push(Range { locale, weight });
                }
                None if tag == "*" => others = Some(weight),
                _ => {}
            }
        }
        for locale in [default, default.other()] {
            if let (Some(weight), true) = (others, named.iter().all(|range| range.locale != locale)) {
                named.push(Range { locale, weight });
            }
        }
        let best = named
            .iter()
            .filter(|range| range.weight > 0.0)
            .reduce(|best, range| if range.weight > best.weight { range } else { best });
        let is_refused = |locale| named.iter().any(|range| range.locale == locale && range.weight <= 0.0);
        let fallback = if is_refused(default) && !is_refused(default.other()) { default.other() } else { default };
        best.map_or(fallback, |range| range.locale)
    }

    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Es => Self::En,
            Self::En => Self::Es,
        }
    }

    /// A day in Chile: `23 nov 2026`, `23 Nov 2026`.
    #[must_use]
    pub fn date(self, at: &Timestamp) -> String {
        self.format(at, "%-d %b %Y")
    }

    /// A day and time in Chile: `23 nov 2026, 15:04`.
    #[must_use]
    pub fn date_time(self, at: &Timestamp) -> String {
        self.format(at, "%-d %b %Y, %H:%M")
    }

    /// A time in Chile: `15:04`.
    #[must_use]
    pub fn time(self, at: &Timestamp) -> String {
        self.format(at, "%H:%M")
    }

    /// A time to the second, with its day where that is another one than now: `15:04:05`, `23 nov 2026, 15:04:05`.
    #[must_use]
    pub fn time_near(self, at: &Timestamp, now: &Timestamp) -> String {
        let is_today = santiago_time::day_of(*at) == santiago_time::day_of(*now);
        self.format(at, if is_today { "%H:%M:%S" } else { "%-d %b %Y, %H:%M:%S" })
    }

    /// The same with its zone, for mails, which may be read anywhere: `23 nov 2026, 15:04 (Chile, UTC-03:00)`.
    #[must_use]
    pub fn zoned_date_time(self, at: &Timestamp) -> String {
        self.format(at, "%-d %b %Y, %H:%M (Chile, UTC%:z)")
    }

    /// The zone of all times, as it is at one of them: `Chile, UTC-03:00`.
    #[must_use]
    pub fn zone(self, at: &Timestamp) -> String {
        self.format(at, "Chile, UTC%:z")
    }

    /// A share of a hundred: `64 %` in Chile, `64%` in English.
    #[must_use]
    pub fn percent(self, percent: i64) -> String {
        let space = if self == Self::Es { " " } else { "" };
        format!("{}{space}%", self.number(percent))
    }

    /// A count with its thousands apart: `12.345` in Chile, `12,345` in English.
    #[must_use]
    pub fn number(self, count: i64) -> String {
        let separator = if self == Self::Es { '.' } else { ',' };
        let digits = count.unsigned_abs().to_string();
        let mut text = String::from(if count < 0 { "-" } else { "" });
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    }

    /// A day of the calendar: `23 nov 2026`, `23 Nov 2026`.
    #[must_use]
    pub fn day(self, day: NaiveDate) -> String {
        day.format_localized("%-d %b %Y", self.names()).to_string()
    }

    /// The same without its year, where there is little room.
    #[must_use]
    pub fn short_day(self, day: NaiveDate) -> String {
        day.format_localized("%-d %b", self.names()).to_string()
    }

    fn format(self, at: &Timestamp, pattern: &str) -> String {
        at.with_timezone(&Santiago).format_localized(pattern, self.names()).to_string()
    }

    const fn names(self) -> chrono::Locale {
        match self {
            Self::Es => chrono::Locale::es_CL,
            Self::En => chrono::Locale::en_GB,
        }
    }
}

/// One of our languages in an `Accept-Language` header.
struct Range {
    locale: Locale,
    weight: f32,
}

/// The tag and the weight of a range such as `es-CL;q=0.8`; without a weight that can be read, 1.
fn weighted(range: &str) -> (&str, f32) {
    let mut parts = range.split(';').map(str::trim);
    let tag = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") { value.trim().parse().ok() } else { None }
    });
    (tag, weight.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_choice_of_the_browser_wins() {
        let (en, es) = (Locale::En, Locale::Es);
        for (header, default, best) in [
            ("es-CL,es;q=0.9,en;q=0.8", en, es),
            ("de, en-GB;q=0.7, es;q=0.3", es, en),
            ("en;q=0.2, es;q=0.9", en, es),
            ("en;q=x", es, en),
            ("es;Q=0.1, EN ; q=0.5", es, en),
            ("fr, *;q=0.5", en, en),
            ("fr, *;q=0.5", es, es),
            ("en;q=0, *", en, es),
            ("*;q=0.1, es;q=0.2", en, es),
            ("es;q=0", es, en),
            ("es;q=0", en, en),
            ("*;q=0", en, en),
            ("fr", es, es),
        ] {
            assert_eq!(Locale::negotiate(header, default), best, "{header}");
        }
        assert_eq!(Locale::negotiate(&",".repeat(10_000), es), es);
    }

    #[test]
    fn dates_are_those_of_chile() {
        let at = "2026-11-24T02:04:00Z".parse().unwrap();
        assert_eq!(Locale::En.date_time(&at), "23 Nov 2026, 23:04");
        assert_eq!(Locale::Es.date(&at), "23 nov 2026");
        assert_eq!(Locale::Es.zoned_date_time(&at), "23 nov 2026, 23:04 (Chile, UTC-03:00)");
        assert_eq!(Locale::Es.zone(&at), "Chile, UTC-03:00");
    }

    #[test]
    fn thousands_are_set_apart() {
        let written: Vec<_> = [0, 7, 999, 1_000, 12_345, 1_000_000, -1_234].map(|n| Locale::Es.number(n)).into();
        assert_eq!(written, ["0", "7", "999", "1.000", "12.345", "1.000.000", "-1.234"]);
        assert_eq!(Locale::En.number(1_234_567), "1,234,567");
    }
}
