//! The message of a letter, with the tokens of its links filled in.

use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::due_letter::{DueLetter, FurtherLink, KnownLink, UnsubscribeLink};
use crate::config::Config;
use crate::mail::letter::{self, BASE_URL, MANAGE_TOKEN, TOKEN, UNSUBSCRIBE_TOKEN};
use crate::mail::reply::Reply;
use crate::values::secret_key::{SecretKey, SecretKeys};
use crate::values::secret_token::SecretToken;

/// Builds the message of a letter. It is the same byte for byte whenever it is built, so that a retry is the same mail.
///
/// # Errors
/// Says why this letter cannot be sent, which is a fault of ours.
pub fn message(letter: &DueLetter, config: &Config, keys: &SecretKeys) -> Result<Message, Reply> {
    let text = letter.text.as_ref().ok_or_else(|| Reply::new("the text of this letter is not there"))?;
    let (id, host) = (letter.lease.letter.as_str(), config.base_url.host());
    let address = letter.recipient.parse().map_err(|_| Reply::new("the recipient is no email address"))?;
    let unsubscribe = letter.unsubscribe.as_ref();
    let tokens = [
        (TOKEN, token(letter.link.as_ref(), keys)?),
        (MANAGE_TOKEN, further_token(letter, letter.manage.as_ref(), keys)?),
        (UNSUBSCRIBE_TOKEN, further_token(letter, unsubscribe.map(|unsubscribe| &unsubscribe.link), keys)?),
    ];
    let fill = |body: &str| {
        let given = tokens.iter().filter_map(|(placeholder, token)| Some((*placeholder, token.as_ref()?)));
        given.fold(body.replace(BASE_URL, config.base_url.origin()), |body, (placeholder, token)| {
            body.replace(placeholder, token.reveal())
        })
    };
    let parts = MultiPart::alternative()
        .boundary(id)
        .singlepart(SinglePart::plain(fill(&text.text)))
        .singlepart(SinglePart::html(fill(&text.html)));
    let mut message = Message::builder()
        .from(config.mail_from.clone())
        .to(Mailbox::new(None, address))
        .subject(&letter.subject)
        .date(SystemTime::from(letter.created_at))
        .message_id(Some(format!("<{id}@{host}>")))
        .raw_header(auto_submitted());
    if let Some(contact) = config.contact().filter(|contact| **contact != config.mail_from.email) {
        message = message.reply_to(Mailbox::new(config.mail_from.name.clone(), contact.clone()));
    }
    if let Some(UnsubscribeLink { path, .. }) = unsubscribe {
        let [list, post] = one_click(&fill(&letter::unsubscribe_address(path)));
        message = message.raw_header(list).raw_header(post);
    }
    message.multipart(parts).map_err(|error| Reply::new(&error.to_string()))
}

/// The token of one of the letter's links, which no row holds.
fn token(link: Option<&KnownLink>, keys: &SecretKeys) -> Result<Option<SecretToken>, Reply> {
    let Some(KnownLink { id, hash }) = link else { return Ok(None) };
    let token = SecretToken::of_known_link(keys, id, hash);
    token.map(Some).ok_or_else(|| {
        Reply::new("no key of SECRET_KEY made the link of this letter; add the former key to it, after a comma")
    })
}

/// The same of a link that a letter has besides its own. A computed one has the key that was in use when the letter was
/// written, which that of its own link tells, so that a retry after a change of the key is the same mail.
fn further_token(
    letter: &DueLetter,
    link: Option<&FurtherLink>,
    keys: &SecretKeys,
) -> Result<Option<SecretToken>, Reply> {
    match link {
        None => Ok(None),
        Some(FurtherLink::Known(known)) => token(Some(known), keys),
        Some(FurtherLink::Standing(link)) => {
            let is_in_use = |key: &&SecretKey| letter.link.as_ref().is_none_or(|own| own.is_of(key));
            Ok(Some(link.token(keys.iter().find(is_in_use).unwrap_or(&keys.current))))
        }
    }
}

/// With these headers one click in the mail program stops such mail, without a page (RFC 8058 §3.1). They are written
/// unencoded and on one line: mail programs would not find the address otherwise.
fn one_click(url: &str) -> [HeaderValue; 2] {
    [("List-Unsubscribe", format!("<{url}>")), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())].map(
        |(name, value)| {
            HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
        },
    )
}

/// Keeps out-of-office replies from being sent to us (RFC 3834 §5).
fn auto_submitted() -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::TimeDelta;
    use mail_parser::MessageParser;

    use super::*;
    use crate::mail::delivery::lease::Lease;
    use crate::mail::letter_text::LetterText;
    use crate::mail::link::{Purpose, StandingLink};
    use crate::values::id::{LetterId, LinkId};

    fn keys() -> SecretKeys {
        SecretKeys { current: SecretKey::generate().unwrap(), former: vec![] }
    }

    fn letter(keys: &SecretKeys) -> DueLetter {
        let link = LinkId::generate();
        let hash = SecretToken::of_link(&keys.current, &link).hash();
        let letter = LetterId::generate();
        DueLetter {
            lease: Lease { letter, token: String::new(), attempts: 0 },
            is_trial: false,
            kind: "confirm-place".to_owned(),
            recipient: "ana@example.cl".to_owned(),
            subject: "Confirma tu cupo, señora Ñandú".to_owned(),
            text: text(
                format!("Aquí:\n\n{BASE_URL}/waitlist/confirm?token={TOKEN}\n"),
                format!("<a href=\"{BASE_URL}/waitlist/confirm?token={TOKEN}\">Confirmar</a>"),
            ),
            link: Some(KnownLink { id: link, hash }),
            manage: None,
            unsubscribe: None,
            created_at: "2026-11-23T12:00:00Z".parse().unwrap(),
        }
    }

    fn text(text: String, html: String) -> Option<Arc<LetterText>> {
        Some(Arc::new(LetterText { text, html }))
    }

    fn config() -> Config {
        let variables = [("BASE_URL", "http://biovity.test:8080"), ("DATA_DIR", "/nowhere")];
        Config::read(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
            .unwrap()
    }

    #[test]
    fn placeholders_become_the_link() {
        let keys = keys();
        let letter = letter(&keys);
        let raw = message(&letter, &config(), &keys).unwrap().formatted();
        let mail = MessageParser::default().parse(&raw).unwrap();
        let token = SecretToken::of_link(&keys.current, &letter.link.as_ref().unwrap().id);
        let link = format!("http://biovity.test:8080/waitlist/confirm?token={}", token.reveal());
        assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n"), format!("Aquí:\n\n{link}\n"));
        assert!(mail.body_html(0).unwrap().contains(&format!("href=\"{link}\"")));
        assert_eq!(mail.subject(), Some("Confirma tu cupo, señora Ñandú"));
        assert_eq!(mail.message_id(), Some(format!("{}@biovity.test", letter.lease.letter).as_str()));
        assert_eq!(mail.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert_eq!(mail.date().unwrap().to_rfc3339(), "2026-11-23T12:00:00Z");
    }

    #[test]
    fn one_click_stops_mail_that_nobody_asked_for() {
        let keys = keys();
        let mut letter = letter(&keys);
        let ids = [LinkId::generate(), LinkId::generate()];
        let [manage, unsubscribe] =
            ids.map(|id| KnownLink { hash: SecretToken::of_link(&keys.current, &id).hash(), id });
        let both = format!("{} {}", letter::manage_address("/place"), letter::unsubscribe_address("/stop"));
        letter.text = text(both, String::new());
        let revealed = [&manage, &unsubscribe].map(|known| SecretToken::of_link(&keys.current, &known.id));
        letter.manage = Some(FurtherLink::Known(manage));
        let unsubscribe = FurtherLink::Known(unsubscribe);
        letter.unsubscribe = Some(UnsubscribeLink { link: unsubscribe, path: "/stop".to_owned() });
        let raw = message(&letter, &config(), &keys).unwrap().formatted();
        let mail = MessageParser::default().parse(&raw).unwrap();
        let [manage, unsubscribe] = revealed.each_ref().map(SecretToken::reveal);
        let stop = format!("http://biovity.test:8080/stop?token={unsubscribe}");
        let read = mail.body_text(0).unwrap();
        assert_eq!(read.trim(), format!("http://biovity.test:8080/place?token={manage} {stop}"));
        let raw = String::from_utf8(raw).unwrap();
        assert!(raw.contains(&format!("\r\nList-Unsubscribe: <{stop}>\r\n")), "{raw}");
        assert!(raw.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{raw}");
    }

    #[test]
    fn a_retry_is_the_same_mail() {
        let keys = keys();
        let letter = letter(&keys);
        let bytes = || message(&letter, &config(), &keys).unwrap().formatted();
        assert_eq!(bytes(), bytes());
        assert!(bytes().is_ascii());
    }

    #[test]
    fn a_retry_after_a_change_of_the_key_is_the_same_mail() {
        let old = keys();
        let manage = StandingLink::new(Purpose { name: "place", lasts: TimeDelta::days(1) }, 7, 1);
        let mut letter = letter(&old);
        letter.text = text(letter::manage_address("/place"), String::new());
        letter.manage = Some(FurtherLink::Standing(manage.clone()));
        let new = SecretKeys { current: SecretKey::generate().unwrap(), former: vec![old.current.clone()] };
        let bytes = |keys: &SecretKeys| message(&letter, &config(), keys).unwrap().formatted();
        assert_eq!(bytes(&old), bytes(&new));
        // Long lines are broken in the middle (quoted-printable).
        let unbroken = String::from_utf8(bytes(&old)).unwrap().replace("=\r\n", "");
        assert!(unbroken.contains(manage.token(&old.current).reveal()));
    }

    #[test]
    fn a_link_of_a_forgotten_key_is_never_sent_empty() {
        let letter = letter(&keys());
        assert!(message(&letter, &config(), &keys()).is_err());
        let misaddressed = DueLetter { recipient: "ana@example.cl, bob@example.cl".to_owned(), link: None, ..letter };
        assert!(message(&misaddressed, &config(), &keys()).is_err());
    }
}
