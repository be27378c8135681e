//! A letter that only tries the mail settings: sent at once, and no row of the outbox.

use askama::Template;

use super::lease::{Lease, Reply};
use super::outbox::DueLetter;
use super::transport::{self, Transport, Verdict};
use super::words::Trial;
use crate::config::Config;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::LetterId;
use crate::values::secret_key::SecretKeys;

#[derive(Template)]
#[template(path = "mail/test_mail.txt")]
struct TrialText {
    t: &'static Trial,
}

#[derive(Template)]
#[template(path = "mail/test_mail.html")]
struct TrialHtml {
    lang: &'static str,
    t: &'static Trial,
}

/// Sends it as the configuration has it; tells what became of it.
///
/// # Errors
/// Says what is wrong with the settings.
pub async fn send(config: &Config, keys: &SecretKeys, now: Timestamp, to: &EmailAddress) -> Result<Verdict, Reply> {
    let letter = letter(config, now, to).map_err(|error| Reply::new(&error.to_string()))?;
    let (transport, message) = (Transport::of(config)?, transport::message(&letter, config, keys)?);
    let verdict = transport.send(letter.lease.letter.as_str(), &message).await;
    transport.rest().await;
    Ok(verdict)
}

fn letter(config: &Config, now: Timestamp, to: &EmailAddress) -> askama::Result<DueLetter> {
    let t = Trial::of(config.default_locale);
    Ok(DueLetter {
        lease: Lease { letter: LetterId::generate(), token: String::new(), attempts: 0, not_after: None },
        kind: "trial".to_owned(),
        recipient: to.as_str().to_owned(),
        subject: t.subject.to_owned(),
        text: TrialText { t }.render()?,
        html: TrialHtml { lang: config.default_locale.code(), t }.render()?,
        link: None,
        manage: None,
        unsubscribe: None,
        created_at: now,
    })
}
