//! The words of the outbox's pages, in English and Spanish.

use super::outbox_status::MOST_COUNTED;
use crate::mail::state::State;
use crate::values::clock::Timestamp;
use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(super) title: &'static str,
    pub(super) caption: &'static str,
    pub(super) state: &'static str,
    pub(super) all_states: &'static str,
    waiting: &'static str,
    sending: &'static str,
    sent: &'static str,
    refused: &'static str,
    expired: &'static str,
    cancelled: &'static str,
    more_than: &'static str,
    pub(crate) paused_since: &'static str,
    pub(crate) paused_by: &'static str,
    pub(super) paused_text: &'static str,
    pub(crate) relay_fails_since: &'static str,
    pub(super) relay_fails_text: &'static str,
    pub(crate) own_fault: &'static str,
    pub(super) own_fault_text: &'static str,
    pub(super) own_fault_reason: &'static str,
    pub(super) pause: &'static str,
    pub(super) pause_text: &'static str,
    pub(super) resume: &'static str,
    pub(super) paused_now: &'static str,
    pub(super) resumed_now: &'static str,
    pub(crate) oldest_due: &'static str,
    pub(super) nothing_due: &'static str,
    less_than: &'static str,
    minutes: &'static str,
    hours: &'static str,
    days: &'static str,
    pub(super) last_replies: &'static str,
    pub(super) no_replies: &'static str,
    pub(super) reply: &'static str,
    pub(super) letters: &'static str,
    pub(super) subject: &'static str,
    pub(super) kind: &'static str,
    pub(super) recipient: &'static str,
    pub(super) attempts: &'static str,
    pub(super) next_attempt: &'static str,
    pub(super) written: &'static str,
    /// When the letter was written that a reply is about: of the reply that is not kept.
    pub(super) letter_written: &'static str,
    pub(super) sent_at: &'static str,
    pub(super) ends: &'static str,
    pub(super) id: &'static str,
    pub(super) none_yet: &'static str,
    pub(super) none_yet_text: &'static str,
    pub(super) none_of_state: &'static str,
    pub(super) none_of_state_text: &'static str,
    pub(super) back_to_list: &'static str,
    pub(super) text: &'static str,
    pub(super) text_hint: &'static str,
    pub(super) actions: &'static str,
    pub(super) nothing_to_do: &'static str,
    pub(super) waits_for_all: &'static str,
    pub(super) see_why: &'static str,
    pub(super) retry: &'static str,
    pub(super) retried: &'static str,
    pub(super) cancel: &'static str,
    pub(super) cancel_text: &'static str,
    pub(super) cancel_sure: &'static str,
    pub(super) cancelled_now: &'static str,
    pub(super) not_done: &'static str,
    pub(super) too_late: &'static str,
    pub(super) back: &'static str,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    title: "Email",
    caption: "Emails, newest first",
    state: "State",
    all_states: "All states",
    waiting: "Waiting",
    sending: "Being sent",
    sent: "Sent",
    refused: "Refused",
    expired: "Expired",
    cancelled: "Cancelled",
    more_than: "more than",
    paused_since: "No email has been sent since",
    paused_by: "paused by",
    paused_text: "Emails are waiting and nothing is lost.",
    relay_fails_since: "The mail server has been refusing our email since",
    relay_fails_text: "Emails are waiting and nothing is lost. One is tried again every minute; once it is accepted, the others follow. Whoever runs Biovity should check the mail settings.",
    own_fault: "Biovity itself cannot send some emails",
    own_fault_text: "They are waiting and nothing is lost. Whoever runs Biovity should run “biovity check”, which says what to do.",
    own_fault_reason: "Why Biovity cannot send it",
    pause: "Pause sending email",
    pause_text: "Emails wait until you resume. Their links still expire when they are due to.",
    resume: "Resume sending email",
    paused_now: "Email is paused. Nothing is lost; it goes out when you resume.",
    resumed_now: "Email is being sent again.",
    oldest_due: "The most overdue email is late by",
    nothing_due: "No email is due right now. Waiting emails go out when they are due.",
    less_than: "less than",
    minutes: "min",
    hours: "h",
    days: "d",
    last_replies: "Latest replies",
    no_replies: "No mail server has refused or delayed anything.",
    reply: "Server’s reply",
    letters: "Emails",
    subject: "Subject",
    kind: "Type",
    recipient: "To",
    attempts: "Attempts",
    next_attempt: "Next attempt",
    written: "Written",
    letter_written: "Email written",
    sent_at: "Accepted by the mail server",
    ends: "Not sent after",
    id: "ID",
    none_yet: "No email yet",
    none_yet_text: "Every email we send appears here.",
    none_of_state: "No email in this state",
    none_of_state_text: "Clear the filter to see all of them.",
    back_to_list: "All emails",
    text: "Text",
    text_hint: "Links are shown without their secret part.",
    actions: "Actions",
    nothing_to_do: "There is nothing left to do with this email.",
    waits_for_all: "No email is being sent at the moment, this one included.",
    see_why: "See why",
    retry: "Try now",
    retried: "The email will be sent next.",
    cancel: "Cancel this email",
    cancel_text: "It will not be sent, and its text is deleted. This cannot be undone.",
    cancel_sure: "Yes, cancel it",
    cancelled_now: "The email is cancelled.",
    not_done: "This was not done",
    too_late: "In the meantime the email was sent, is being sent, was cancelled or has expired. Look at it again to see what became of it.",
    back: "Go back to the email",
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    title: "Correo",
    caption: "Correos, primero los más recientes",
    state: "Estado",
    all_states: "Todos los estados",
    waiting: "En espera",
    sending: "Enviándose",
    sent: "Enviado",
    refused: "Rechazado",
    expired: "Vencido",
    cancelled: "Cancelado",
    more_than: "más de",
    paused_since: "No se envía ningún correo desde el",
    paused_by: "pausado por",
    paused_text: "Los correos esperan y no se pierde nada.",
    relay_fails_since: "El servidor de correo rechaza nuestros correos desde el",
    relay_fails_text: "Los correos esperan y no se pierde nada. Cada minuto se intenta con uno; cuando lo acepta, siguen los demás. Quien opera Biovity debería revisar la configuración de correo.",
    own_fault: "Hay correos que Biovity no puede enviar por un problema propio",
    own_fault_text: "Esperan y no se pierde nada. Quien opera Biovity debería ejecutar “biovity check”, que dice qué hacer.",
    own_fault_reason: "Por qué Biovity no puede enviarlo",
    pause: "Pausar el envío de correo",
    pause_text: "Los correos esperan hasta que reanudes el envío. Sus enlaces vencen igual cuando les toca.",
    resume: "Reanudar el envío de correo",
    paused_now: "El envío está en pausa. Nada se pierde; sigue cuando lo reanudes.",
    resumed_now: "El correo vuelve a enviarse.",
    oldest_due: "El correo más atrasado debió salir hace",
    nothing_due: "Ahora no hay correos por salir. Los que esperan saldrán cuando les toque.",
    less_than: "menos de",
    minutes: "min",
    hours: "h",
    days: "d",
    last_replies: "Últimas respuestas",
    no_replies: "Ningún servidor de correo ha rechazado ni postergado nada.",
    reply: "Respuesta del servidor",
    letters: "Correos",
    subject: "Asunto",
    kind: "Tipo",
    recipient: "Para",
    attempts: "Intentos",
    next_attempt: "Próximo intento",
    written: "Escrito",
    letter_written: "Correo escrito",
    sent_at: "Aceptado por el servidor de correo",
    ends: "No se envía después de",
    id: "ID",
    none_yet: "Aún no hay correos",
    none_yet_text: "Todos los correos que enviemos aparecerán aquí.",
    none_of_state: "Ningún correo en este estado",
    none_of_state_text: "Quita el filtro para verlos todos.",
    back_to_list: "Todos los correos",
    text: "Texto",
    text_hint: "Los enlaces se muestran sin su parte secreta.",
    actions: "Acciones",
    nothing_to_do: "No queda nada por hacer con este correo.",
    waits_for_all: "Por ahora no se envía ningún correo, tampoco este.",
    see_why: "Ver por qué",
    retry: "Reintentar ahora",
    retried: "El correo será el próximo en enviarse.",
    cancel: "Cancelar este correo",
    cancel_text: "No se enviará y su texto se borra. Esto no se puede deshacer.",
    cancel_sure: "Sí, cancelarlo",
    cancelled_now: "El correo está cancelado.",
    not_done: "Esto no se hizo",
    too_late: "Entretanto el correo se envió, se está enviando, se canceló o venció. Míralo otra vez para saber qué pasó.",
    back: "Volver al correo",
};

impl Words {
    /// The values of the field, with their words.
    pub(super) fn states(&self) -> Vec<(&'static str, &'static str)> {
        let all = ("", self.all_states);
        std::iter::once(all).chain(State::ALL.map(|state| (state.as_str(), self.state_of(state)))).collect()
    }

    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// Letters in this state.
    pub(super) fn letters_in(&self, state: State) -> String {
        let of_one = self.state_of(state);
        let declines = self.locale == Locale::Es && !matches!(state, State::Waiting | State::Sending);
        if declines { format!("{of_one}s") } else { of_one.to_owned() }
    }

    /// The state of one letter.
    #[must_use]
    pub fn state_of(&self, state: State) -> &'static str {
        match state {
            State::Waiting => self.waiting,
            State::Sending => self.sending,
            State::Sent => self.sent,
            State::Refused => self.refused,
            State::Expired => self.expired,
            State::Cancelled => self.cancelled,
        }
    }

    /// How many: `12`, `more than 10,000`.
    #[must_use]
    pub fn count(&self, letters: i64) -> String {
        if letters <= MOST_COUNTED {
            return self.locale.number(letters);
        }
        format!("{} {}", self.more_than, self.locale.number(MOST_COUNTED))
    }

    /// How long ago that was, in the largest unit that fits: `7 min`, `3 h`, `2 d`.
    #[must_use]
    pub fn ago(&self, since: Timestamp, now: Timestamp) -> String {
        let minutes = (now - since).num_minutes().max(0);
        match minutes {
            0 => format!("{} 1 {}", self.less_than, self.minutes),
            1..60 => format!("{minutes} {}", self.minutes),
            60..1_440 => format!("{} {}", minutes / 60, self.hours),
            _ => format!("{} {}", minutes / 1_440, self.days),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn many_are_more_than_so_many_and_long_ago_is_so_many_days() {
        assert_eq!([7, 10_000, 10_001].map(|n| ENGLISH.count(n)), ["7", "10,000", "more than 10,000"]);
        assert_eq!(SPANISH.count(10_001), "más de 10.000");
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let ago = |minutes| ENGLISH.ago(now - TimeDelta::minutes(minutes), now);
        assert_eq!(
            [-5, 0, 59, 60, 1_439, 1_440, 4_000].map(ago),
            ["less than 1 min", "less than 1 min", "59 min", "1 h", "23 h", "1 d", "2 d"]
        );
    }
}
