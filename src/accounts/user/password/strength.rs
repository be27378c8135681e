//! How hard a new password is to guess, found within a bounded time.

use zxcvbn::Score;
use zxcvbn::feedback::{Feedback, Suggestion, Warning};

/// Characters of a password that are estimated at most. zxcvbn takes 2 ms for as many, and more than twice that for 100.
const MOST_ESTIMATED: usize = 64;
/// Characters of an address or a name that are tried as guesses at most.
const MOST_ABOUT: usize = 254;
/// The characters that zxcvbn reads as another letter, where several stand for the same one. It tries each combination
/// of those in the password, over all of its substrings: a password of all of them would take a core for seconds.
const SUBSTITUTES: [&str; 7] = ["4@", "({[<", "69", "1!|", "1|7", "$5", "+7"];
/// Combinations times substrings that are tried at most, which takes 9 ms. Whatever passes it has twelve characters at
/// least, and those are enough to tell a good password.
const MOST_TRIED: usize = 40_000;

/// Why a password is easy to guess, and what would help.
pub(super) struct Weakness {
    pub(super) warning: Option<Warning>,
    pub(super) suggestions: Vec<Suggestion>,
}

/// Refuses a password that is easy to guess. `about` is what an attacker would try first.
pub(super) fn check(password: &str, about: &[&str]) -> Result<(), Weakness> {
    let known: Vec<_> = about.iter().flat_map(|text| guesses(text)).chain(["biovity".to_owned()]).collect();
    let estimate = zxcvbn::zxcvbn(start(password), &known.iter().map(String::as_str).collect::<Vec<_>>());
    if estimate.score() >= Score::Three {
        return Ok(());
    }
    let feedback = estimate.feedback();
    let suggestions = feedback.map(|feedback| feedback.suggestions().to_vec()).unwrap_or_default();
    Err(Weakness { warning: feedback.and_then(Feedback::warning), suggestions })
}

/// The part that is estimated: the longest start within the bounds. The whole is as hard to guess at least.
fn start(password: &str) -> &str {
    let ends = password.char_indices().map(|(at, character)| at + character.len_utf8()).enumerate();
    let starts = ends.map(|(before, end)| (before + 1, password.get(..end).unwrap_or_default()));
    let within = starts.take_while(|(length, start)| *length <= MOST_ESTIMATED && tried(*length, start) <= MOST_TRIED);
    within.last().map_or("", |(_, start)| start)
}

fn tried(length: usize, start: &str) -> usize {
    let of_letter = |substitutes: &&str| substitutes.chars().filter(|c| start.contains(*c)).count().max(1);
    SUBSTITUTES.iter().map(of_letter).product::<usize>() * length * length
}

/// What somebody who knows an address or a name tries first: its words one by one, and all of them joined. Without the
/// joined form, a name in one word would count as a guess for each of its words.
fn guesses(text: &str) -> impl Iterator<Item = String> {
    let text = text.chars().take(MOST_ABOUT).collect::<String>();
    let words = |text: &str| text.split(['@', '.', ' ']).map(str::to_owned).collect::<Vec<_>>();
    let before_at = text.split('@').next().unwrap_or_default();
    let joined = words(before_at).concat();
    words(&text).into_iter().chain([joined, text]).filter(|guess| !guess.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_password_is_estimated_in_bounded_time() {
        let all = SUBSTITUTES.concat().repeat(8);
        assert_eq!(start(&"quillay ñandú ".repeat(9)).chars().count(), MOST_ESTIMATED);
        assert_eq!(start("lluvia (1|7) + 4@6"), "lluvia (1|7) + 4@6");
        let (most, one_more) = (start(&all), all.get(..=start(&all).len()).unwrap());
        assert!(tried(most.len(), most) <= MOST_TRIED && tried(one_more.len(), one_more) > MOST_TRIED);
        assert!(most.len() >= 12 && check(&all, &[]).is_ok(), "{most}");
        let long_name = "a b c d ".repeat(2_000);
        assert!(guesses(&long_name).map(|guess| guess.len()).sum::<usize>() < 4 * MOST_ABOUT);
    }
}
