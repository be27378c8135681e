//! The test mail of `biovity mail test`: sent at once, without a row in the outbox.

use std::sync::Arc;

use askama::Template;

use super::due_letter::DueLetter;
use super::lease::Lease;
use super::message::message;
use super::relay::Progress;
use super::send_result::SendResult;
use super::transport::Transport;
use super::words::Words;
use crate::config::Config;
use crate::mail::letter_text::LetterText;
use crate::mail::reply::Reply;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::LetterId;
use crate::values::secret_key::SecretKeys;

#[derive(Template)]
#[template(path = "mail/delivery/test_mail.txt")]
struct TextPart {
    t: &'static Words,
}

#[derive(Template)]
#[template(path = "mail/delivery/test_mail.html")]
struct HtmlPart {
    lang: &'static str,
    t: &'static Words,
}

/// Sends a test mail with this configuration; returns the result.
///
/// # Errors
/// Says what is wrong with the settings.
pub async fn send(config: &Config, keys: &SecretKeys, now: Timestamp, to: &EmailAddress) -> Result<SendResult, Reply> {
    let letter = letter(config, now, to).map_err(|error| Reply::new(&error.to_string()))?;
    let (transport, message) = (Transport::of(config)?, message(&letter, config, keys)?);
    let result = transport.send(letter.lease.letter.as_str(), &message, &Progress::default()).await;
    transport.close_idle().await;
    Ok(result)
}

fn letter(config: &Config, now: Timestamp, to: &EmailAddress) -> askama::Result<DueLetter> {
    let t = Words::of(config.default_locale);
    let html = HtmlPart { lang: config.default_locale.code(), t }.render()?;
    let text = LetterText { text: TextPart { t }.render()?, html };
    Ok(DueLetter {
        lease: Lease { letter: LetterId::generate(), token: String::new(), attempts: 0 },
        is_trial: false,
        kind: "trial".to_owned(),
        recipient: to.as_str().to_owned(),
        subject: t.subject.to_owned(),
        text: Some(Arc::new(text)),
        link: None,
        manage: None,
        unsubscribe: None,
        created_at: now,
    })
}
