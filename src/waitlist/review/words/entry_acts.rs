//! The words of what admins do to one place, on its page.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct EntryActWords {
    locale: Locale,
    pub(in crate::waitlist::review) moved: &'static str,
    pub(in crate::waitlist::review) restore: &'static str,
    pub(in crate::waitlist::review) restored: &'static str,
    pub(in crate::waitlist::review) see_deletion: &'static str,
    pub(in crate::waitlist::review) see_import: &'static str,
    pub(in crate::waitlist::review) clear_bounce: &'static str,
    pub(in crate::waitlist::review) bounce_cleared: &'static str,
    pub(in crate::waitlist::review) review: &'static str,
    pub(in crate::waitlist::review) reviewed: &'static str,
    pub(in crate::waitlist::review) number: &'static str,
    pub(in crate::waitlist::review) rank: &'static str,
    pub(in crate::waitlist::review) invite_now: &'static str,
    pub(in crate::waitlist::review) invite_again: &'static str,
    pub(in crate::waitlist::review) waves: &'static str,
    pub(in crate::waitlist::review) wave: &'static str,
}

static ENGLISH: EntryActWords = EntryActWords {
    locale: Locale::En,
    moved: "This place has changed since you looked. Nothing was done; this is how it stands now.",
    restore: "Restore this place",
    restored: "The place is back, and its links work again.",
    see_deletion: "See the deletion",
    see_import: "See the import",
    clear_bounce: "Clear the bounce",
    bounce_cleared: "Emails go to this address again. If one is refused again, you will see it here.",
    review: "Mark as reviewed",
    reviewed: "Marked as reviewed. The signs are in the history.",
    number: "Place no.",
    rank: "Number in line",
    invite_now: "Invite now",
    invite_again: "Invite again",
    waves: "Waves of invitations",
    wave: "Wave no.",
};

static SPANISH: EntryActWords = EntryActWords {
    locale: Locale::Es,
    moved: "Este lugar cambió desde que lo miraste. No se hizo nada; así está ahora.",
    restore: "Restaurar este lugar",
    restored: "El lugar está de vuelta y sus enlaces vuelven a servir.",
    see_deletion: "Ver la eliminación",
    see_import: "Ver la importación",
    clear_bounce: "Borrar el rechazo",
    bounce_cleared: "Volveremos a enviarle correos. Si rechazan alguno otra vez, lo verás aquí.",
    review: "Marcar como revisado",
    reviewed: "Quedó como revisado. Las señales están en el historial.",
    number: "Lugar n.º",
    rank: "Número en la fila",
    invite_now: "Invitar ahora",
    invite_again: "Invitar otra vez",
    waves: "Tandas de invitaciones",
    wave: "Tanda n.º",
};

impl EntryActWords {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// How far an invitation has come.
    pub(in crate::waitlist::review) fn invitation_state<'a>(&self, state: &'a str) -> &'a str {
        let (english, spanish) = match state {
            "waiting" => ("waiting to be sent", "por salir"),
            "queued" => ("waiting to be sent", "por salir"),
            "sent" => ("sent", "enviada"),
            "bounced" => ("refused", "rechazada"),
            "skipped" => ("skipped", "omitida"),
            other => (other, other),
        };
        if self.locale == Locale::Es { spanish } else { english }
    }
}
