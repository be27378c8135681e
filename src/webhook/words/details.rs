//! Words for what was done, for events, for what came of a delivery, and for times.

use super::Words;
use crate::values::locale::Locale;
use crate::webhook::delivery::answer::Answer;
use crate::webhook::endpoint::Endpoint;
use crate::webhook::endpoint_control::Outcome;
use crate::webhook::event::Event;
use crate::webhook::past_delivery::PastDelivery;
use crate::webhook::past_delivery::counts::MOST_COUNTED;

/// The times since which what failed can be sent again, in hours, in English and Spanish.
const SINCE: [(&str, &str, &str); 4] = [
    ("1", "the last hour", "la última hora"),
    ("24", "the last 24 hours", "las últimas 24 horas"),
    ("168", "the last 7 days", "los últimos 7 días"),
    ("720", "the last 30 days", "los últimos 30 días"),
];

/// Why there was no answer, in English and Spanish.
const PROBLEMS: [(&str, &str, &str); 7] = [
    (
        "private",
        "the address leads into a private network; whoever runs the server can allow it (WEBHOOK_ALLOWED_HOSTS)",
        "la dirección lleva a una red privada; quien opera el servidor puede permitirla (WEBHOOK_ALLOWED_HOSTS)",
    ),
    ("address", "the address may not be called", "no se puede llamar a esa dirección"),
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
    /// What was done, or why it was not, for the page after it.
    #[must_use]
    pub fn done(&self, outcome: &Outcome) -> String {
        let acts = self.acts;
        let text = match outcome {
            Outcome::SwitchedOn | Outcome::MoreToSend => acts.switched_on,
            Outcome::Paused => acts.paused_now,
            Outcome::Chosen | Outcome::MoreToForget(_) => acts.saved,
            Outcome::Deleted => acts.deleted,
            Outcome::Probed(answer) if answer.is_success() => acts.probe_accepted,
            Outcome::Probed(answer) => return self.probe_refused(answer),
            Outcome::Rotated(_) => acts.copy_secret,
            Outcome::Replayed(count) | Outcome::MoreToReplay(count) => return acts.replayed(*count),
            Outcome::ReplayedLater(count) => return acts.replayed_later(*count),
            Outcome::Outdated => acts.outdated,
            Outcome::ChosenMeanwhile => acts.chosen_meanwhile,
            Outcome::SignsToo => acts.signs_too,
            Outcome::NotProbed => acts.not_probed,
            Outcome::NothingToReplay => acts.nothing_to_replay,
            Outcome::WaitsUntilOn => acts.waits_until_on,
            Outcome::TooLate | Outcome::NotFound => acts.too_late,
        };
        text.to_owned()
    }

    fn probe_refused(&self, answer: &Answer) -> String {
        let reason = answer.problem.map(|problem| self.problem(&problem.to_string()).to_owned());
        match (self.locale, answer.status, reason.unwrap_or_default()) {
            (Locale::En, Some(status), _) => format!("The probe was not accepted: the program answered {status}."),
            (Locale::Es, Some(status), _) => format!("La prueba no fue aceptada: el programa respondió {status}."),
            (Locale::En, None, reason) => format!("The probe failed: {reason}."),
            (Locale::Es, None, reason) => format!("La prueba falló: {reason}."),
        }
    }

    /// What an event is.
    #[must_use]
    pub fn of_event(&self, event: Event) -> &'static str {
        let (english, spanish) = match event {
            Event::Joined => ("someone joined the waitlist", "alguien se unió a la lista"),
            Event::Confirmed => ("an email on it was confirmed", "se confirmó un correo de la lista"),
            Event::Invited => ("an invitation was sent", "se envió una invitación"),
            Event::SignedUp => ("someone on it has an account", "alguien de la lista tiene cuenta"),
            Event::Bounced => ("a mail server refused a message", "el servidor de correo rechazó un mensaje"),
            Event::Left => ("someone left", "alguien salió"),
            Event::Erased => ("a place was erased", "un lugar fue borrado"),
            Event::AccountCreated => ("an account was created", "se creó una cuenta"),
            Event::AccountVerified => ("an account verified its email", "una cuenta verificó su correo"),
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
        let problem = delivery.problem.as_deref().map(|code| self.problem(code).to_owned());
        let told = delivery.status.map(|status| status.to_string()).or(problem);
        told.map(|told| format!("{told} · {} ms", delivery.milliseconds.unwrap_or_default())).unwrap_or_default()
    }

    /// Why there was no answer.
    #[must_use]
    pub fn problem<'a>(&self, code: &'a str) -> &'a str {
        let known = PROBLEMS.iter().find(|(known, ..)| *known == code);
        known.map_or(code, |(_, english, spanish)| self.one_of(english, spanish))
    }

    /// Why an endpoint was switched off.
    #[must_use]
    pub fn off_reason(&self, endpoint: &Endpoint) -> String {
        let Some(at) = endpoint.off_at.map(|at| self.locale.zoned_date_time(&at)) else {
            let unknown = "It failed ten times in a row for over an hour, or answered 410.";
            return self.one_of(unknown, "Falló diez veces seguidas por más de una hora, o respondió 410.").to_owned();
        };
        let status = endpoint.off_status.map(|status| status.to_string());
        let last = status.or_else(|| endpoint.off_problem.as_deref().map(|code| self.problem(code).to_owned()));
        match (self.locale, endpoint.off_status, last.unwrap_or_default()) {
            (Locale::En, Some(410), _) => format!("Switched off on {at}: it answered 410."),
            (Locale::Es, Some(410), _) => format!("Se desactivó el {at}: respondió 410."),
            (Locale::En, _, last) => {
                format!(
                    "Switched off on {at}: it failed ten times in a row for over an hour, the last time with: {last}."
                )
            }
            (Locale::Es, _, last) => {
                format!(
                    "Se desactivó el {at}: falló diez veces seguidas por más de una hora, la última vez con: {last}."
                )
            }
        }
    }

    /// A count, or that there are more than are counted.
    #[must_use]
    pub fn count(&self, count: i64) -> String {
        let number = self.locale.number(count);
        if count < MOST_COUNTED { number } else { format!("{number}+") }
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
