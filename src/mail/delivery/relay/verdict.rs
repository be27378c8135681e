//! The verdict on a reply: whom it is about. The stage of the conversation and the enhanced status code (RFC 3463) tell.

use std::error::Error as _;

use lettre::transport::smtp::Error as SmtpError;

use crate::mail::delivery::send_result::SendResult;
use crate::mail::reply::Reply;

/// Closing down (421) and authentication (RFC 4954 §6): the relay talks no further with us, whatever the letter. 454 is none
/// of them: relays also put single recipients off with it.
const ENDS_CONVERSATION: [u16; 5] = [421, 530, 534, 535, 538];
/// At RCPT, the details of 4.3.x that are about the relay as a whole: it is full (4.3.1), or takes no mail now (4.3.2). Another
/// one may be about this recipient alone, such as a failed lookup.
const TAKES_NO_MAIL: [u16; 2] = [1, 2];
/// What names the mailbox in a reply without an enhanced code.
const OF_MAILBOX: [&str; 2] = ["mailbox", "user"];
/// What shows that such a reply is about us all the same: "sender not owned by user", "user may not relay".
const OF_US: [&str; 3] = ["sender", "relay", "auth"];

/// What separates words and addresses in a reply.
const SEPARATORS: [char; 14] = [' ', '\t', '\r', '\n', '<', '>', '(', ')', '[', ']', ',', ';', ':', '"'];

/// Where in the conversation a reply came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// MAIL: nobody was named yet but ourselves.
    Sender,
    /// RCPT.
    Recipient,
    /// DATA, before any text was sent.
    Data,
    /// After the text.
    Content,
}

/// A reply that refused a letter or put it off.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) stage: Stage,
    pub(super) code: u16,
    pub(super) text: String,
}

/// The second and third part of an enhanced status code: `1.1` of `5.1.1`.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Enhanced {
    subject: u16,
    detail: u16,
}

impl Refusal {
    /// What the relay said at this stage; none when it fell silent or hung up.
    pub(super) fn of(stage: Stage, error: &SmtpError) -> Option<Self> {
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        error.status().map(|code| Self { stage, code: code.into(), text })
    }

    /// Whether the relay closes the connection.
    pub(super) fn is_closing(&self) -> bool {
        self.code == 421
    }

    /// Whom it is about.
    pub(super) fn verdict(&self) -> SendResult {
        let reply = Reply::new(&format!("{} {}", self.code, self.text));
        let is_later = self.code < 500;
        let of_mail_system = self.enhanced().filter(|enhanced| is_later && enhanced.subject == 3);
        if ENDS_CONVERSATION.contains(&self.code) || of_mail_system.is_some_and(|of| self.stops_all_mail(of)) {
            return SendResult::RelayStops(reply);
        }
        match self.stage {
            Stage::Sender => SendResult::RelayRefuses(reply),
            _ if of_mail_system.is_some() => SendResult::RelayRefuses(reply),
            _ if is_later => SendResult::Later(reply),
            Stage::Recipient if self.is_about_recipient() => SendResult::BadRecipient(reply),
            _ => SendResult::RelayRefuses(reply),
        }
    }

    /// Whether a 4.3.x is about more than one letter.
    fn stops_all_mail(&self, of_mail_system: Enhanced) -> bool {
        self.stage != Stage::Recipient || TAKES_NO_MAIL.contains(&of_mail_system.detail)
    }

    fn is_about_recipient(&self) -> bool {
        match self.enhanced() {
            // 5.1.8 is about the sender's domain.
            Some(Enhanced { subject: 1, detail }) => detail != 8,
            Some(Enhanced { subject, .. }) => subject == 2,
            None => matches!(self.code, 550 | 553) && self.names_mailbox(),
        }
    }

    fn names_mailbox(&self) -> bool {
        let text = self.text.to_lowercase();
        let said: Vec<_> = text.split(SEPARATORS).filter(|word| !is_address_or_host(word)).collect();
        let names = |words: &[&str]| words.iter().any(|known| said.iter().any(|word| word.contains(known)));
        names(&OF_MAILBOX) && !names(&OF_US)
    }

    /// The enhanced code of the first line that begins with one of the reply's own class; some relays write `#` before it.
    fn enhanced(&self) -> Option<Enhanced> {
        let mut firsts = self.text.lines().filter_map(|line| line.split_whitespace().next());
        firsts.find_map(|word| enhanced(word.trim_start_matches('#'), self.code / 100))
    }
}

/// `550 5.1.1 no such user`, or why there was no reply.
pub(super) fn reply(error: &SmtpError) -> Reply {
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    Reply::new(&error.status().map_or_else(|| error.to_string(), |code| format!("{code} {text}")))
}

/// Whether a word is an address or the name of a host: what these are made of says nothing about the letter. A dot at the end
/// ends a sentence.
fn is_address_or_host(word: &str) -> bool {
    word.contains('@') || word.trim_end_matches('.').contains('.')
}

fn enhanced(word: &str, class: u16) -> Option<Enhanced> {
    let numbers: Option<Vec<u16>> = word.split('.').map(|number| number.parse().ok()).collect();
    match numbers?[..] {
        [of, subject, detail] if of == class => Some(Enhanced { subject, detail }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Kind = fn(Reply) -> SendResult;

    #[track_caller]
    fn is(stage: Stage, reply: &str, kind: Kind) {
        let (code, text) = reply.split_once(' ').unwrap();
        let refusal = Refusal { stage, code: code.parse().unwrap(), text: text.to_owned() };
        assert_eq!(refusal.verdict(), kind(Reply::new(reply)), "{stage:?} {reply}");
    }

    #[test]
    fn only_a_reply_about_the_mailbox_is_about_its_owner() {
        let of_owner = ["550 5.1.1 no", "550 #5.1.0 no", "501 5.1.3 bad address", "553 5.1.7 no", "554 5.2.1 disabled"];
        let unmarked = [
            "550 No such USER here",
            "553 mailbox name not allowed",
            "550 user unknown",
            "550 user unknown <ana@relay.cl>",
            "550 user unknown: ana@authority.cl.",
            "550 <sender@example.cl>: unknown user.",
            "550 relay.example.cl said: mailbox unavailable",
        ];
        for reply in of_owner.into_iter().chain(unmarked) {
            is(Stage::Recipient, reply, SendResult::BadRecipient);
            is(Stage::Content, reply, SendResult::RelayRefuses);
            is(Stage::Sender, reply, SendResult::RelayRefuses);
        }
        let of_us = [
            "550 5.1.8 sender's domain",
            "550 5.7.1 user not allowed",
            "553 sender is not owned by user",
            "550 user may not relay",
            "550 <user@example.cl> is blocked",
            "550 blocked, see https://mailbox.example/user",
            "550 user <ana@example.cl> may not relay",
            "550 user not authenticated",
            "550 no",
            "551 user not local",
            "552 mailbox full",
            "554 5.3.4 too big",
            "550 4.1.1 mixed up",
            "550 5.1 short",
        ];
        for reply in of_us {
            is(Stage::Recipient, reply, SendResult::RelayRefuses);
        }
    }

    #[test]
    fn the_enhanced_code_is_found_in_any_line() {
        let refusal = Refusal { stage: Stage::Recipient, code: 550, text: "sorry\n5.1.1 no such".to_owned() };
        assert!(matches!(refusal.verdict(), SendResult::BadRecipient(_)));
    }

    #[test]
    fn a_relay_that_ends_the_conversation_is_told_from_one_that_wants_a_letter_later() {
        for reply in ["421 too many", "530 5.7.0 log in first", "452 4.3.1 disk full", "450 4.3.2 closed"] {
            for stage in [Stage::Sender, Stage::Recipient, Stage::Data, Stage::Content] {
                is(stage, reply, SendResult::RelayStops);
            }
        }
        for reply in ["451 4.3.0 lookup failure", "451 4.3.5 misconfigured"] {
            is(Stage::Recipient, reply, SendResult::RelayRefuses);
            for stage in [Stage::Sender, Stage::Data, Stage::Content] {
                is(stage, reply, SendResult::RelayStops);
            }
        }
        for reply in ["450 4.7.1 greylisted", "452 4.2.2 full", "454 4.7.0 no", "451 later"] {
            is(Stage::Recipient, reply, SendResult::Later);
            is(Stage::Content, reply, SendResult::Later);
            is(Stage::Sender, reply, SendResult::RelayRefuses);
        }
    }
}
