//! The words of the log's page.

use super::action::Action;
use crate::values::locale::Locale;

mod actions;
mod details;

pub use actions::action;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) caption: &'static str,
    pub(crate) what: &'static str,
    pub(crate) all_actions: &'static str,
    pub(crate) who: &'static str,
    pub(crate) who_hint: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) when: &'static str,
    pub(crate) from_where: &'static str,
    pub(crate) details: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) visitor: &'static str,
    pub(crate) by: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) whoever_typed: &'static str,
    pub(crate) at_the_code: &'static str,
    pub(crate) api_key: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) place: &'static str,
    see: &'static str,
    number_sign: &'static str,
    everyone: &'static str,
    yes: &'static str,
    no: &'static str,
    pub(crate) nothing_yet: &'static str,
    pub(crate) nothing_yet_text: &'static str,
    pub(crate) nothing_found: &'static str,
    pub(crate) nothing_found_text: &'static str,
}

/// Actions of one kind in the filter's field.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) words: &'static str,
    /// The values, with their words.
    pub(super) options: Vec<(&'static str, &'static str)>,
}

/// The groups of actions, each by the first of them.
const GROUPS: [(Action, &str, &str); 7] = [
    (Action::SignedUp, "Accounts", "Cuentas"),
    (Action::Invited, "Organizations", "Organizaciones"),
    (Action::EntryRoleChanged, "Waitlist", "Lista de espera"),
    (Action::ImportChecked, "Imports", "Importaciones"),
    (Action::WaveStarted, "Waves of invitations", "Tandas de invitaciones"),
    (Action::LetterRetried, "Email", "Correo"),
    (Action::ApiKeyMade, "Keys and webhooks", "Claves y webhooks"),
];

static ENGLISH: Words = Words {
    locale: Locale::En,
    title: "History",
    lead: "Who did what to whom. Kept for a year.",
    caption: "What happened, newest first",
    what: "What",
    all_actions: "Everything",
    who: "Who",
    who_hint: "Anyone’s full email: what they did, and what was done to their account or place. Or part of an admin’s: what that admin did.",
    from: "From",
    to: "Until",
    when: "When",
    from_where: "From where",
    details: "Details",
    operator: "Command line",
    by: "by",
    owner: "its owner",
    visitor: "Someone with the link in an email",
    api_key: "API key",
    whoever_typed: "Someone who typed the email",
    at_the_code: "Someone who had the password or the link in an email",
    gone: "An account that is gone",
    place: "Place no.",
    see: "See it",
    number_sign: "no.",
    everyone: "everyone",
    yes: "yes",
    no: "no",
    nothing_yet: "Nothing has happened yet",
    nothing_yet_text: "Log-ins, changes and everything admins do will appear here.",
    nothing_found: "Nothing matches",
    nothing_found_text: "Clear the filter to see everything.",
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    title: "Historial",
    lead: "Quién hizo qué y a quién. Se guarda por un año.",
    caption: "Lo que pasó, primero lo más reciente",
    what: "Qué",
    all_actions: "Todo",
    who: "Quién",
    who_hint: "El correo completo de cualquier persona: lo que hizo y lo que se hizo con su cuenta o su lugar. O una parte del correo de alguien de la administración: lo que hizo esa persona.",
    from: "Desde",
    to: "Hasta",
    when: "Cuándo",
    from_where: "Desde dónde",
    details: "Detalles",
    operator: "Línea de comandos",
    by: "por",
    owner: "su titular",
    visitor: "Alguien con el enlace de un correo",
    api_key: "Clave de la API",
    whoever_typed: "Alguien que escribió el correo",
    at_the_code: "Alguien que tenía la contraseña o el enlace de un correo",
    gone: "Una cuenta que ya no existe",
    place: "Lugar n.º",
    see: "Ver",
    number_sign: "n.º",
    everyone: "todos",
    yes: "sí",
    no: "no",
    nothing_yet: "Aún no ha pasado nada",
    nothing_yet_text: "Los ingresos, los cambios y lo que haga la administración aparecerán aquí.",
    nothing_found: "Nada coincide",
    nothing_found_text: "Quita el filtro para verlo todo.",
};

impl Words {
    /// The values of the filter's field, with their words, in groups.
    pub(super) fn actions(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for known in Action::ALL {
            if let Some((_, english, spanish)) = GROUPS.iter().find(|(first, ..)| first == known) {
                let words = if self.locale == Locale::Es { spanish } else { english };
                groups.push(Group { words, options: Vec::new() });
            }
            if let Some(group) = groups.last_mut() {
                group.options.push((known.as_str(), action(self.locale, Some(*known))));
            }
        }
        groups
    }

    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }
}
