//! The words of what admins do to one place, on its page.

use crate::audit::event::Action;
use crate::audit::words::action;
use crate::values::locale::Locale;
use crate::waitlist::joining::entry::invitation_outcome;
use crate::waitlist::review::entry_record::EntryInvitation;

/// The words of one language.
#[derive(Debug)]
pub struct EntryActWords {
    locale: Locale,
    pub(in crate::waitlist::review) moved: &'static str,
    pub(in crate::waitlist::review) gone: &'static str,
    pub(in crate::waitlist::review) gone_text: &'static str,
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
    pub(in crate::waitlist::review) being_invited: &'static str,
    pub(in crate::waitlist::review) not_yet_invited: &'static str,
    pub(in crate::waitlist::review) is_held: &'static str,
    pub(in crate::waitlist::review) invite_again: &'static str,
    pub(in crate::waitlist::review) waves: &'static str,
    pub(in crate::waitlist::review) wave: &'static str,
    was_deleted: &'static str,
    was_restored: &'static str,
}

static ENGLISH: EntryActWords = EntryActWords {
    locale: Locale::En,
    moved: "This place has changed since you looked. Nothing was done; this is how it stands now.",
    gone: "This place is no longer here",
    gone_text: "It was erased, or its import was undone. If the person joined again, they have a new place: search the list for their email.",
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
    being_invited: "Invitation waiting to be sent",
    not_yet_invited: "Can be invited once the email is confirmed.",
    is_held: "This place is in a wave that is paused or stopped. Resume or cancel the wave:",
    invite_again: "Invite again",
    waves: "Waves of invitations",
    wave: "Wave no.",
    was_deleted: "Place deleted",
    was_restored: "Place restored",
};

static SPANISH: EntryActWords = EntryActWords {
    locale: Locale::Es,
    moved: "Este lugar cambió desde que lo miraste. No se hizo nada; así está ahora.",
    gone: "Este lugar ya no está aquí",
    gone_text: "Se borró o se deshizo su importación. Si la persona se unió otra vez, tiene un lugar nuevo: busca su correo en la lista.",
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
    not_yet_invited: "Podrás invitar a esta persona cuando confirme su correo.",
    is_held: "Este lugar está en una tanda detenida o en pausa. Reanuda o cancela la tanda:",
    being_invited: "Invitación por salir",
    invite_again: "Invitar otra vez",
    waves: "Tandas de invitaciones",
    wave: "Tanda n.º",
    was_deleted: "Lugar eliminado",
    was_restored: "Lugar restaurado",
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

    /// What was done to this one place; the history of all names what may be done to many at once.
    pub(in crate::waitlist::review) fn what_was_done(&self, done: Option<Action>) -> &'static str {
        match done {
            Some(Action::EntriesDeleted) => self.was_deleted,
            Some(Action::EntriesRestored) => self.was_restored,
            done => action(self.locale, done),
        }
    }

    /// What became of an invitation.
    pub(in crate::waitlist::review) fn what_became_of(&self, invitation: &EntryInvitation) -> String {
        invitation_outcome::words(self.locale, &invitation.state, &invitation.skip_reason)
    }
}
