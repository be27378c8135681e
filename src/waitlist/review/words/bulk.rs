//! The words of the pages where admins delete, restore or ask many places at once.

use super::{Plural, Words};
use crate::values::locale::Locale;
use crate::waitlist::joining::state::State;
use crate::waitlist::review::deletion::Returned;
use crate::waitlist::review::selection::{Act, Asked};
use crate::web::page::search::Count;

/// The words of one language.
#[derive(Debug)]
pub struct BulkWords {
    locale: Locale,
    pub(in crate::waitlist::review) delete_one: &'static str,
    pub(in crate::waitlist::review) ask_one: &'static str,
    pub(in crate::waitlist::review) delete_text: &'static str,
    pub(in crate::waitlist::review) account_stays: &'static str,
    pub(in crate::waitlist::review) accounts_stay: &'static str,
    pub(in crate::waitlist::review) ask_text: &'static str,
    pub(in crate::waitlist::review) moved: &'static str,
    pub(in crate::waitlist::review) nothing: &'static str,
    pub(in crate::waitlist::review) nothing_title: &'static str,
    pub(in crate::waitlist::review) nobody_chosen: &'static str,
    pub(in crate::waitlist::review) nobody_chosen_text: &'static str,
    bounced_later: &'static str,
    pub(in crate::waitlist::review) filter: &'static str,
    pub(in crate::waitlist::review) everyone: &'static str,
    pub(in crate::waitlist::review) ticked: Plural,
    pub(in crate::waitlist::review) samples: &'static str,
    pub(in crate::waitlist::review) back: &'static str,
    pub(in crate::waitlist::review) back_to_place: &'static str,
    pub(in crate::waitlist::review) undo: &'static str,
    pub(in crate::waitlist::review) undo_until: &'static str,
    pub(in crate::waitlist::review) undone: &'static str,
    pub(in crate::waitlist::review) over: &'static str,
    pub(in crate::waitlist::review) nothing_left: &'static str,
    not_back: &'static str,
    pub(in crate::waitlist::review) deletions: &'static str,
    pub(in crate::waitlist::review) deletions_lead: &'static str,
    pub(in crate::waitlist::review) no_deletions: &'static str,
    pub(in crate::waitlist::review) no_deletions_text: &'static str,
    pub(in crate::waitlist::review) what: &'static str,
    pub(in crate::waitlist::review) when: &'static str,
    pub(in crate::waitlist::review) who: &'static str,
    too_much: [&'static str; 2],
    place: Plural,
    person: Plural,
    deleted: Plural,
    restored: Plural,
    asked: &'static str,
    /// When nobody was asked: of one place, and of several.
    not_asked: [&'static str; 2],
    /// Who was not asked: one, and several.
    others_not_asked: [&'static str; 2],
    delete_question: &'static str,
    delete_question_of: &'static str,
    ask_question: &'static str,
    more_than: &'static str,
    opening: &'static str,
}

/// To how many of the selection an act is done.
#[derive(Clone, Copy, Debug)]
pub(in crate::waitlist::review) struct Share {
    /// To so many.
    pub(in crate::waitlist::review) chosen: i64,
    /// Of so many.
    pub(in crate::waitlist::review) all: i64,
}

static ENGLISH: BulkWords = BulkWords {
    locale: Locale::En,
    delete_one: "Delete this place",
    ask_one: "Resend confirmation email",
    delete_text: "No more email is sent about what you delete, and its links stop working. You can undo it for 30 days.",
    account_stays: "This address has an account, which stays: only the place is deleted.",
    accounts_stay: "Accounts stay: whoever has one loses only the place.",
    ask_text: "A new link to confirm the place goes out; nobody gets more than three such emails a day.",
    moved: "The list has changed since you saw it. Check the new count and confirm again.",
    nothing: "Nothing is left to do here. Choose other places, or change the filter.",
    nothing_title: "Nothing to do",
    nobody_chosen: "No place is selected",
    nobody_chosen_text: "Tick places in the list, then press the button again.",
    bounced_later: "Bounced after confirming",
    filter: "Filter",
    everyone: "None: the whole waitlist",
    ticked: Plural("selected place", "selected places"),
    samples: "Among them",
    back: "Back to the list",
    back_to_place: "Back to the place",
    undo: "Undo",
    undo_until: "You can undo it until",
    undone: "This was undone on",
    over: "It can no longer be undone.",
    nothing_left: "Nothing is left to undo: every place has already been restored or erased, or its owner has joined again.",
    not_back: "Not restored: anyone who joined again, was erased or came with an import that was undone, and places that were already back.",
    deletions: "Deletions",
    deletions_lead: "What was deleted from the waitlist. Each can be undone for 30 days.",
    no_deletions: "Nothing has been deleted",
    no_deletions_text: "Places that you delete from the list can be restored from here.",
    what: "What",
    when: "When",
    who: "Who",
    too_much: ["This can be done to at most", "places at once. Narrow the filter, for example by days."],
    place: Plural("place", "places"),
    person: Plural("person", "people"),
    deleted: Plural("deleted", "deleted"),
    restored: Plural("restored", "restored"),
    asked: "Confirmation resent to",
    not_asked: [
        "Nothing was sent: this address already got three of these emails within a day.",
        "Nothing was sent: each address already got three of these emails within a day.",
    ],
    others_not_asked: [
        "The other already got three of these emails within a day.",
        "The others already got three of these emails within a day.",
    ],
    delete_question: "Delete",
    delete_question_of: "Delete the place of",
    ask_question: "Resend the confirmation email to",
    more_than: "more than ",
    opening: "",
};

static SPANISH: BulkWords = BulkWords {
    locale: Locale::Es,
    delete_one: "Eliminar este lugar",
    ask_one: "Reenviar la confirmación",
    delete_text: "No se envían más correos sobre lo que elimines y sus enlaces dejan de servir. Puedes deshacerlo durante 30 días.",
    account_stays: "Este correo tiene una cuenta, que se conserva: solo se elimina el lugar.",
    accounts_stay: "Las cuentas se conservan: quien tenga cuenta pierde solo su lugar.",
    ask_text: "Se envía un enlace nuevo para confirmar el lugar; nadie recibe más de tres de estos correos al día.",
    moved: "La lista cambió desde que la viste. Revisa la nueva cantidad y confirma otra vez.",
    nothing: "Aquí no queda nada por hacer. Elige otros lugares o cambia el filtro.",
    nothing_title: "No hay nada que hacer",
    nobody_chosen: "No seleccionaste ningún lugar",
    nobody_chosen_text: "Marca lugares en la lista y vuelve a presionar el botón.",
    bounced_later: "Correo rechazado tras confirmar",
    filter: "Filtro",
    everyone: "Ninguno: toda la lista",
    ticked: Plural("lugar seleccionado", "lugares seleccionados"),
    samples: "Por ejemplo",
    back: "Volver a la lista",
    back_to_place: "Volver al lugar",
    undo: "Deshacer",
    undo_until: "Puedes deshacerlo hasta el",
    undone: "Se deshizo el",
    over: "Ya no se puede deshacer.",
    nothing_left: "No queda nada por deshacer: cada lugar ya se restauró o se borró, o la persona se unió otra vez.",
    not_back: "No se restauran los lugares que se borraron, los de una importación que se deshizo, los de quienes se unieron otra vez ni los que ya estaban restaurados.",
    deletions: "Eliminaciones",
    deletions_lead: "Lo que se eliminó de la lista de espera. Cada eliminación se puede deshacer durante 30 días.",
    no_deletions: "No se ha eliminado nada",
    no_deletions_text: "Desde aquí se pueden restaurar los lugares que elimines de la lista.",
    what: "Qué",
    when: "Cuándo",
    who: "Quién",
    too_much: ["Esto se puede hacer con un máximo de", "lugares a la vez. Acota el filtro, por ejemplo por días."],
    place: Plural("lugar", "lugares"),
    person: Plural("persona", "personas"),
    deleted: Plural("eliminado", "eliminados"),
    restored: Plural("restaurado", "restaurados"),
    asked: "Confirmación reenviada a",
    not_asked: [
        "No se envió nada: esta dirección ya recibió tres de estos correos en un día.",
        "No se envió nada: cada dirección ya recibió tres de estos correos en un día.",
    ],
    others_not_asked: [
        "La otra ya recibió tres de estos correos en un día.",
        "Las demás ya recibieron tres de estos correos en un día.",
    ],
    delete_question: "Eliminar",
    delete_question_of: "Eliminar el lugar de",
    ask_question: "Reenviar la confirmación a",
    more_than: "más de ",
    opening: "¿",
};

impl BulkWords {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// `Delete the place of ana@example.cl?`
    pub(in crate::waitlist::review) fn question_of(&self, act: Act, email: &str) -> String {
        let verb = match act {
            Act::Delete => self.delete_question_of,
            Act::Ask => self.ask_question,
        };
        format!("{}{verb} {email}?", self.opening)
    }

    /// `Delete 12 places?`
    pub(in crate::waitlist::review) fn question(&self, act: Act, count: Count) -> String {
        let (verb, noun) = match act {
            Act::Delete => (self.delete_question, self.place),
            Act::Ask => (self.ask_question, self.person),
        };
        let whom = match count {
            Count::Exactly(count) => noun.count(self.locale, count),
            Count::MoreThan(count) => format!("{}{}", self.more_than, noun.count(self.locale, count)),
        };
        format!("{}{verb} {whom}?", self.opening)
    }

    /// `Delete 12 places`; of one, `Delete this place`.
    pub(in crate::waitlist::review) fn button(&self, act: Act, count: Count) -> String {
        match (act, count) {
            (Act::Delete, Count::Exactly(1)) => self.delete_one.to_owned(),
            (Act::Ask, Count::Exactly(1)) => self.ask_one.to_owned(),
            _ => self.question(act, count).trim_start_matches('¿').trim_end_matches('?').to_owned(),
        }
    }

    /// `12 places deleted`
    pub(in crate::waitlist::review) fn deleted(&self, count: i64) -> String {
        self.done(count, self.deleted)
    }

    /// `12 places restored`, or `2 of 3 places restored.` and who is not.
    pub(in crate::waitlist::review) fn returned(&self, Returned { restored, of }: Returned) -> String {
        if restored == of {
            return self.done(of, self.restored);
        }
        let (number, join) = (self.locale.number(restored), self.join());
        format!("{number} {join} {}. {}", self.done(of, self.restored), self.not_back)
    }

    /// `Confirmation resent to 12 people`, or `Confirmation resent to 30 of 42 people.` and why the others were left out.
    pub(in crate::waitlist::review) fn asked(&self, Asked { sent, of }: Asked) -> String {
        let [one, several] = if sent == 0 { self.not_asked } else { self.others_not_asked };
        let why = if of - sent == 1 { one } else { several };
        if sent == of {
            return format!("{} {}", self.asked, self.person.count(self.locale, of));
        }
        if sent == 0 {
            return why.to_owned();
        }
        let (number, join) = (self.locale.number(sent), self.join());
        format!("{} {number} {join} {}. {why}", self.asked, self.person.count(self.locale, of))
    }

    /// `10 of 42 get it. Left out: Confirmed (30), Left (2).`
    pub(in crate::waitlist::review) fn left_out(&self, Share { chosen, all }: Share, why: &str) -> String {
        let (is_one, chosen, all) = (chosen == 1, self.locale.number(chosen), self.locale.number(all));
        match (self.locale, is_one) {
            (Locale::En, true) => format!("{chosen} of {all} gets it. Left out: {why}."),
            (Locale::En, false) => format!("{chosen} of {all} get it. Left out: {why}."),
            (Locale::Es, true) => format!("La recibe {chosen} de {all}. Quedan fuera: {why}."),
            (Locale::Es, false) => format!("La reciben {chosen} de {all}. Quedan fuera: {why}."),
        }
    }

    /// `Confirmed (30), Bounced after confirming (4)`: whoever is asked has never confirmed, so neither had the mail that
    /// bounced and is asked again.
    pub(in crate::waitlist::review) fn why_left_out(&self, counts: &[(State, i64)]) -> String {
        let of_list = Words::of(self.locale);
        let state = |state| if state == State::Bounced { self.bounced_later } else { of_list.state_of(state) };
        let each = |(of, count): &(State, i64)| format!("{} ({})", state(*of), self.locale.number(*count));
        counts.iter().map(each).collect::<Vec<_>>().join(", ")
    }

    /// Why it is not done, and what to do instead.
    pub(in crate::waitlist::review) fn too_much(&self, most: i64) -> String {
        let [before, behind] = self.too_much;
        format!("{before} {} {behind}", self.locale.number(most))
    }

    const fn join(&self) -> &'static str {
        match self.locale {
            Locale::En => "of",
            Locale::Es => "de",
        }
    }

    fn done(&self, count: i64, participle: Plural) -> String {
        format!("{} {}", self.place.count(self.locale, count), participle.of(count))
    }
}
