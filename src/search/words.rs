//! The words of the search, in English and Spanish.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) places: &'static str,
    pub(super) place_number: &'static str,
    pub(super) all_places: &'static str,
    pub(super) users: &'static str,
    pub(super) all_users: &'static str,
    pub(super) formerly: &'static str,
    pub(super) wave: &'static str,
    pub(super) story: &'static str,
    pub(super) caption: &'static str,
    pub(super) when: &'static str,
    pub(super) what: &'static str,
    pub(super) place: &'static str,
    pub(super) account: &'static str,
    pub(super) letter: &'static str,
    pub(super) nothing: &'static str,
    pub(super) nothing_text: &'static str,
}

static ENGLISH: Words = Words {
    title: "Search",
    lead: "A full email shows everything about that person: place, account, emails and history. Part of an email or name, an id, and the number of a place or wave work too. Do not search by a person’s number in line: it changes. Ask for their email.",
    places: "On the waitlist",
    place_number: "Place no.",
    all_places: "See all on the waitlist",
    users: "Accounts",
    all_users: "See all accounts",
    formerly: "formerly",
    wave: "Invitations: wave",
    story: "What happened",
    caption: "What happened to this person, newest first",
    when: "When",
    what: "What",
    place: "Waitlist",
    account: "Account",
    letter: "Email",
    nothing: "Nothing found",
    nothing_text: "Check the spelling, or search for a shorter part of the email or name.",
};

static SPANISH: Words = Words {
    title: "Buscar",
    lead: "Con un correo completo ves todo sobre esa persona: su lugar, su cuenta, sus correos y su historial. También sirven una parte del correo o del nombre, un identificador y el número de un lugar o de una tanda. El número en la fila no sirve para buscar, porque cambia: pide el correo.",
    places: "En la lista de espera",
    place_number: "Lugar n.º",
    all_places: "Ver todos en la lista de espera",
    users: "Cuentas",
    all_users: "Ver todas las cuentas",
    formerly: "antes",
    wave: "Invitaciones: tanda",
    story: "Qué pasó",
    caption: "Lo que pasó con esta persona, lo más reciente primero",
    when: "Cuándo",
    what: "Qué",
    place: "Lista de espera",
    account: "Cuenta",
    letter: "Correo",
    nothing: "No encontramos nada",
    nothing_text: "Revisa cómo lo escribiste, o busca una parte más corta del correo o del nombre.",
};

impl Words {
    /// The words in a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }
}
