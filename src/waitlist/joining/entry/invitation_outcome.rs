//! What became of the invitation of a place, in words. Nobody notes why a wave skipped one, so that is read from what the
//! place, the letter and the wave are now.

use crate::values::locale::Locale;

/// SQL for the reason of a skipped one, beside the rows of the place, its invitation and the wave.
pub(in crate::waitlist) const SKIP_REASON: &str = include_str!("invitation_outcome.sql");

/// `sent`, or `skipped: had left`: of an invitation in this state, which this reason skipped if it was skipped.
pub(in crate::waitlist) fn words(locale: Locale, state: &str, reason: &str) -> String {
    let (english, spanish) = of_state(state);
    let of_state = if locale == Locale::Es { spanish } else { english };
    if state != "skipped" {
        return of_state.to_owned();
    }
    let (english, spanish) = of_reason(reason);
    format!("{of_state}: {}", if locale == Locale::Es { spanish } else { english })
}

fn of_state(state: &str) -> (&str, &str) {
    match state {
        "waiting" | "queued" => ("waiting to be sent", "por salir"),
        "held" => ("on hold until the wave is resumed", "en espera hasta que se reanude la tanda"),
        "sent" => ("sent", "enviada"),
        "bounced" => ("refused", "rechazada"),
        "skipped" => ("skipped", "omitida"),
        other => (other, other),
    }
}

fn of_reason(reason: &str) -> (&'static str, &'static str) {
    match reason {
        "gone" => ("erased, or joined again", "se borró o se unió otra vez"),
        "deleted" => ("was deleted", "se eliminó su lugar"),
        "left" => ("had left", "ya había salido"),
        "bounced" => ("emails to them are refused", "sus correos son rechazados"),
        "signed_up" => ("had an account already", "ya tenía cuenta"),
        "cancelled" => ("the wave was cancelled", "se canceló la tanda"),
        "withdrawn" => ("its email was cancelled or expired", "su correo se canceló o venció"),
        _ => ("could not be invited at that moment", "no se podía invitar en ese momento"),
    }
}
