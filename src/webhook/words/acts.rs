//! Words for what is done to an endpoint: the buttons, what came of them, and why something was not done.

use crate::values::clock::Timestamp;
use crate::values::locale::Locale;
use crate::values::santiago_time;
use crate::webhook::endpoint_control::Outcome;
use crate::webhook::past_delivery::PastDelivery;

/// The words of one language.
#[derive(Debug)]
pub struct ActWords {
    locale: Locale,
    pub(in crate::webhook) not_done: &'static str,
    still_off: &'static str,
    pub(super) outdated: &'static str,
    pub(super) signs_too: &'static str,
    pub(super) too_late: &'static str,
    pub(super) not_probed: &'static str,
    pub(super) nothing_to_replay: &'static str,
    pub(super) waits_until_on: &'static str,
    pub(super) switched_on: &'static str,
    pub(super) paused_now: &'static str,
    pub(super) saved: &'static str,
    pub(super) deleted: &'static str,
    pub(super) probe_accepted: &'static str,
    all_sent: &'static str,
    pub(in crate::webhook) probed_text: &'static str,
    pub(in crate::webhook) rotate_text: &'static str,
    pub(in crate::webhook) copy_secret: &'static str,
    pub(in crate::webhook) secret_gone: &'static str,
    pub(in crate::webhook) send_now: &'static str,
    pub(super) failing: &'static str,
    pub(in crate::webhook) since: &'static str,
    pub(in crate::webhook) left_alone_text: &'static str,
    pub(in crate::webhook) messages: &'static str,
    pub(in crate::webhook) views: &'static str,
    pub(in crate::webhook) last: &'static str,
    pub(in crate::webhook) last_shown: &'static str,
    pub(in crate::webhook) sent: &'static str,
    pub(in crate::webhook) chosen_meanwhile: &'static str,
    pub(in crate::webhook) unticking: &'static str,
}

/// In English.
pub(super) static ENGLISH: ActWords = ActWords {
    locale: Locale::En,
    not_done: "This was not done",
    still_off: "The webhook is still off",
    outdated: "The secret was replaced after you opened that page, perhaps by another admin. Nothing was changed now.",
    signs_too: "The previous secret still signs, and would stop at once. Nothing was changed: replace it from the webhook’s page, which asks first.",
    too_late: "Someone else was faster, or the webhook is in that state already.",
    not_probed: "Send a probe first, and wait until your program accepts it.",
    nothing_to_replay: "Nothing is left to send again.",
    waits_until_on: "What waits is sent when you switch the webhook on.",
    switched_on: "The webhook is on.",
    paused_now: "The webhook is paused.",
    saved: "Saved.",
    deleted: "The webhook was deleted.",
    probe_accepted: "The probe was accepted.",
    all_sent: "What was waiting is being sent now.",
    probed_text: "Your program takes our messages: you can switch the webhook on now.",
    rotate_text: "Put the new secret into your program right away: it is shown once.",
    copy_secret: "Copy the secret now: we will not show it again.",
    secret_gone: "The secret can no longer be seen here. If you did not copy it, replace it.",
    send_now: "Send now",
    failing: "On, failing",
    since: "since",
    left_alone_text: "Its program asked us to wait, or has just failed. If it works again, send a probe now, or all that waits.",
    messages: "What a message holds, and when we try again",
    views: "Deliveries shown",
    last: "Latest",
    last_shown: "At most 50 are shown.",
    sent: "What is sent",
    chosen_meanwhile: "Another choice was saved after you opened that page. Nothing was changed: see what is ticked now, and choose again.",
    unticking: "When you untick an event, its messages that are still waiting are deleted, even if you tick it again.",
};

/// In Spanish.
pub(super) static SPANISH: ActWords = ActWords {
    locale: Locale::Es,
    not_done: "Esto no se hizo",
    still_off: "El webhook sigue sin activar",
    outdated: "El secreto se reemplazó después de que abriste esa página, quizás por otra persona. Ahora no se cambió nada.",
    signs_too: "El secreto anterior aún firma, y dejaría de hacerlo de inmediato. No se cambió nada: reemplázalo desde la página del webhook, que pregunta antes.",
    too_late: "Alguien se adelantó, o el webhook ya está en ese estado.",
    not_probed: "Primero envía una prueba y espera a que tu programa la acepte.",
    nothing_to_replay: "No queda nada que enviar otra vez.",
    waits_until_on: "Lo que está en espera se enviará cuando actives el webhook.",
    switched_on: "El webhook está activo.",
    paused_now: "El webhook está en pausa.",
    saved: "Guardado.",
    deleted: "El webhook fue eliminado.",
    probe_accepted: "La prueba fue aceptada.",
    all_sent: "Lo que estaba en espera se está enviando.",
    probed_text: "Tu programa recibe nuestros mensajes: ya puedes activar el webhook.",
    rotate_text: "Pon el secreto nuevo en tu programa de inmediato: se muestra una sola vez.",
    copy_secret: "Copia ahora el secreto: no lo mostraremos otra vez.",
    secret_gone: "El secreto ya no se puede ver aquí. Si no lo copiaste, reemplázalo.",
    send_now: "Enviar ahora",
    failing: "Activo, con fallas",
    since: "desde el",
    left_alone_text: "Su programa pidió esperar o acaba de fallar. Si ya funciona, envía ahora una prueba o todo lo que espera.",
    messages: "Qué trae un mensaje y cuándo lo intentamos de nuevo",
    views: "Entregas que se muestran",
    last: "Últimas",
    last_shown: "Se muestran como máximo 50.",
    sent: "Lo que se envía",
    chosen_meanwhile: "Después de que abriste esa página se guardó otra elección. No se cambió nada: mira lo que está marcado ahora y elige de nuevo.",
    unticking: "Al desmarcar un evento se borran sus mensajes que siguen en espera, aunque lo marques otra vez.",
};

impl ActWords {
    /// The heading of the page that says why nothing was done.
    #[must_use]
    pub fn not_done(&self, outcome: &Outcome) -> &'static str {
        if matches!(outcome, Outcome::NotProbed) { self.still_off } else { self.not_done }
    }

    /// The button that sends all that waits.
    #[must_use]
    pub fn send_waiting(&self, count: &str) -> String {
        match self.locale {
            Locale::En => format!("Send all waiting now ({count})"),
            Locale::Es => format!("Enviar ahora todo lo que está en espera ({count})"),
        }
    }

    /// That nothing is sent before a time, which follows, with its day where that is another one than now.
    #[must_use]
    pub fn next_try(&self, at: &Timestamp, now: &Timestamp) -> &'static str {
        let is_today = santiago_time::day_of(*at) == santiago_time::day_of(*now);
        match self.locale {
            Locale::En => "We try again after",
            Locale::Es if !is_today => "Lo intentamos otra vez después del",
            Locale::Es if santiago_time::is_within_one_oclock(*at) => "Lo intentamos otra vez después de la",
            Locale::Es => "Lo intentamos otra vez después de las",
        }
    }

    /// Where the clock shows the times of a page.
    #[must_use]
    pub fn times(&self, now: &Timestamp) -> String {
        let zone = self.locale.zone(now);
        match self.locale {
            Locale::En => format!("Times are local to {zone}; those without a date are today’s."),
            Locale::Es => format!("Horas de {zone}; las que no llevan fecha son de hoy."),
        }
    }

    /// When it accepted nothing last, with the zone; what it answered follows.
    #[must_use]
    pub fn last_refused(&self, delivery: &PastDelivery) -> String {
        let at = delivery.attempted_at.map(|at| self.locale.zoned_date_time(&at)).unwrap_or_default();
        match self.locale {
            Locale::En => format!("Last failure, on {at}:"),
            Locale::Es => format!("Última falla, el {at}:"),
        }
    }

    /// How many deliveries are sent again as soon as the webhook is on.
    pub(super) fn replayed_later(&self, count: usize) -> String {
        match (self.locale, count) {
            (Locale::En, 1) => "One delivery is waiting: it will be sent when you switch the webhook on.".to_owned(),
            (Locale::En, count) => {
                format!("{count} deliveries are waiting: they will be sent when you switch the webhook on.")
            }
            (Locale::Es, 1) => "Una entrega está en espera: se enviará cuando actives el webhook.".to_owned(),
            (Locale::Es, count) => format!("{count} entregas están en espera: se enviarán cuando actives el webhook."),
        }
    }

    /// How many deliveries are sent again.
    pub(super) fn replayed(&self, count: usize) -> String {
        match (self.locale, count) {
            (_, 0) => self.all_sent.to_owned(),
            (Locale::En, 1) => "One delivery is being sent again.".to_owned(),
            (Locale::En, count) => format!("{count} deliveries are being sent again."),
            (Locale::Es, 1) => "Una entrega se está enviando otra vez.".to_owned(),
            (Locale::Es, count) => format!("{count} entregas se están enviando otra vez."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_oclock_is_the_only_hour_that_spanish_names_in_the_singular() {
        let now = "2026-11-29T03:30:00Z".parse().unwrap();
        for (at, words) in [
            ("2026-11-29T03:50:00Z", "después de las"),
            ("2026-11-29T04:05:00Z", "después de la"),
            ("2026-11-29T04:59:59Z", "después de la"),
            ("2026-11-29T05:00:00Z", "después de las"),
            ("2026-11-29T16:05:00Z", "después de las"),
            ("2026-11-30T04:05:00Z", "después del"),
        ] {
            let told = SPANISH.next_try(&at.parse().unwrap(), &now);
            assert_eq!(told, format!("Lo intentamos otra vez {words}"), "{at}");
        }
    }
}
