//! Words for events, for what came of a delivery, and for times.

use super::Words;
use crate::values::locale::Locale;
use crate::webhook::event::Event;
use crate::webhook::past_delivery::{MOST_COUNTED, PastDelivery};

/// The times since which what failed can be sent again, in hours, in English and Spanish.
const SINCE: [(&str, &str, &str); 4] = [
    ("1", "the last hour", "la última hora"),
    ("24", "the last 24 hours", "las últimas 24 horas"),
    ("168", "the last 7 days", "los últimos 7 días"),
    ("720", "the last 30 days", "los últimos 30 días"),
];

/// Why there was no answer, in English and Spanish.
const PROBLEMS: [(&str, &str, &str); 7] = [
    ("private", "leads into a private network", "lleva a una red privada"),
    ("address", "may not be called", "no se puede llamar"),
    ("name", "the name was not found", "el nombre no se encontró"),
    ("timeout", "no answer in time", "sin respuesta a tiempo"),
    ("tls", "its certificate is not trusted", "su certificado no es de confianza"),
    ("connection", "no connection", "sin conexión"),
    (
        "secret",
        "its key is no longer in SECRET_KEY: replace the secret",
        "su clave ya no está en SECRET_KEY: reemplaza el secreto",
    ),
];

impl Words {
    /// What an event is.
    #[must_use]
    pub fn of_event(&self, event: Event) -> &'static str {
        let (english, spanish) = match event {
            Event::Joined => ("someone joined the waitlist", "alguien se unió a la lista"),
            Event::Confirmed => ("an email on it was confirmed", "se confirmó un correo de la lista"),
            Event::Invited => ("an invitation was sent", "se envió una invitación"),
            Event::SignedUp => ("someone on it has an account", "alguien de la lista tiene cuenta"),
            Event::Bounced => ("an email was refused", "un correo fue rechazado"),
            Event::Left => ("someone left", "alguien salió"),
            Event::Erased => ("a place was erased", "un lugar fue borrado"),
            Event::AccountCreated => ("an account was created", "se creó una cuenta"),
            Event::AccountVerified => ("its email was verified", "se verificó su correo"),
            Event::AccountDeleted => ("an account was erased", "una cuenta fue borrada"),
        };
        self.one_of(english, spanish)
    }

    /// What has become of a delivery.
    #[must_use]
    pub fn state_of_delivery(&self, delivery: &PastDelivery) -> &'static str {
        match delivery.state.as_str() {
            "waiting" => self.waiting_state,
            "sending" => self.sending_state,
            "delivered" => self.delivered_state,
            _ => self.failed_state,
        }
    }

    /// What came of its last attempt: the code or the reason, and the time that it took; nothing before it was sent.
    #[must_use]
    pub fn answer_of(&self, delivery: &PastDelivery) -> String {
        let problem = delivery.problem.as_deref().map(|code| {
            let known = PROBLEMS.iter().find(|(known, ..)| *known == code);
            known.map_or(code, |(_, english, spanish)| self.one_of(english, spanish)).to_owned()
        });
        let told = delivery.status.map(|status| status.to_string()).or(problem);
        told.map(|told| format!("{told} · {} ms", delivery.milliseconds.unwrap_or_default())).unwrap_or_default()
    }

    /// A count, or that there are more than are counted.
    #[must_use]
    pub fn count(&self, count: usize) -> String {
        let number = self.locale.number(i64::try_from(count).unwrap_or(MOST_COUNTED));
        if count < usize::try_from(MOST_COUNTED).unwrap_or(usize::MAX) { number } else { format!("{number}+") }
    }

    /// The times since which what failed can be sent again: pairs of hours and words.
    #[must_use]
    pub fn times_since(&self) -> [(&'static str, &'static str); 4] {
        SINCE.map(|(hours, english, spanish)| (hours, self.one_of(english, spanish)))
    }

    fn one_of(&self, english: &'static str, spanish: &'static str) -> &'static str {
        if self.locale == Locale::Es { spanish } else { english }
    }
}
