//! The words of the list and of an entry's page, and how the list counts in words.

use super::entry_filter::{EntryFilter, NEEDS_REVIEW};
use crate::values::locale::Locale;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::totals::Totals;
use crate::web::page::search::{Count, Order};

pub(super) mod bulk;
pub(super) mod entry_acts;
pub(super) mod given;
pub(super) mod ticks;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(in crate::waitlist) everyone: &'static str,
    pub(in crate::waitlist) employees: &'static str,
    pub(in crate::waitlist) organizations: &'static str,
    pub(super) role: &'static str,
    pub(super) all_roles: &'static str,
    pub(super) caption: &'static str,
    pub(super) email: &'static str,
    pub(super) state: &'static str,
    pub(super) joined: &'static str,
    pub(super) confirmed: &'static str,
    pub(super) employee: &'static str,
    pub(super) organization: &'static str,
    pub(super) nobody_yet: &'static str,
    pub(super) nobody_yet_text: &'static str,
    pub(super) see_form: &'static str,
    pub(super) search: &'static str,
    pub(super) search_hint: &'static str,
    pub(super) all_states: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(in crate::waitlist) source: &'static str,
    pub(super) download: &'static str,
    pub(super) imports: &'static str,
    pub(super) invite: &'static str,
    pub(super) nobody_matches: &'static str,
    pub(super) nobody_matches_text: &'static str,
    pub(super) oldest_first_link: &'static str,
    pub(super) newest_first_link: &'static str,
    pub(super) flagged: &'static str,
    pub(super) asked: &'static str,
    pub(super) language: &'static str,
    pub(super) consent: &'static str,
    pub(super) signals: &'static str,
    pub(super) import: &'static str,
    pub(super) same_mailbox: &'static str,
    pub(super) mails: &'static str,
    pub(super) no_mails: &'static str,
    pub(super) events: &'static str,
    pub(super) no_events: &'static str,
    pub(super) invited: &'static str,
    pub(super) signed_up: &'static str,
    pub(super) bounced: &'static str,
    pub(super) left: &'static str,
    pub(super) deleted: &'static str,
    and: &'static str,
    pub(super) newest_first: &'static str,
    pub(super) oldest_first: &'static str,
    more_than: &'static str,
    place: Plural,
    one_employee: Plural,
    one_organization: Plural,
}

/// A word for one, and for any other number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plural(pub(super) &'static str, pub(super) &'static str);

static ENGLISH: Words = Words {
    locale: Locale::En,
    everyone: "All places",
    employees: "Job seekers",
    organizations: "Organizations",
    role: "Role",
    all_roles: "All roles",
    caption: "Places on the waitlist",
    email: "Email",
    state: "State",
    joined: "Joined",
    confirmed: "Confirmed",
    employee: "Job seeker",
    organization: "Organization",
    nobody_yet: "Nobody has joined yet",
    nobody_yet_text: "Share the address of the waitlist; whoever joins appears here.",
    see_form: "See the waitlist form",
    search: "Search",
    search_hint: "Search matches any part of an email; one or two letters match only its beginning.",
    all_states: "All except deleted",
    from: "Joined from",
    to: "Joined until",
    source: "Source",
    download: "Download as CSV",
    imports: "Import a list",
    invite: "Invite",
    nobody_matches: "No place matches",
    nobody_matches_text: "Search for a shorter part of the email, or clear the filter.",
    oldest_first_link: "Show the oldest first",
    newest_first_link: "Show the newest first",
    flagged: "Needs review",
    asked: "Asked to confirm",
    language: "Language",
    consent: "Agreed to",
    signals: "Signs of automation",
    import: "Import",
    same_mailbox: "Probably the same mailbox",
    mails: "Emails about this place",
    no_mails: "None in the last 90 days.",
    events: "What was done",
    no_events: "Nothing was done by hand in the last year.",
    invited: "Invited",
    signed_up: "Signed up",
    bounced: "Bounced",
    left: "Left",
    deleted: "Deleted",
    and: "and",
    newest_first: "Newest first.",
    oldest_first: "Oldest first.",
    more_than: "More than",
    place: Plural("place", "places"),
    one_employee: Plural("job seeker", "job seekers"),
    one_organization: Plural("organization", "organizations"),
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    everyone: "Todos los lugares",
    employees: "Profesionales",
    organizations: "Organizaciones",
    role: "Rol",
    all_roles: "Todos los roles",
    caption: "Lugares en la lista de espera",
    email: "Correo",
    state: "Estado",
    joined: "Se unió",
    confirmed: "Confirmado",
    employee: "Profesional",
    organization: "Organización",
    nobody_yet: "Aún no se une nadie",
    nobody_yet_text: "Comparte la dirección de la lista de espera; quien se una aparecerá aquí.",
    see_form: "Ver el formulario",
    search: "Buscar",
    search_hint: "Se busca en cualquier parte del correo; con una o dos letras, en su comienzo.",
    all_states: "Todos menos los eliminados",
    from: "Se unió desde",
    to: "Se unió hasta",
    source: "Origen",
    download: "Descargar como CSV",
    imports: "Importar una lista",
    invite: "Invitar",
    nobody_matches: "Ningún lugar coincide",
    nobody_matches_text: "Busca una parte más corta del correo o quita el filtro.",
    oldest_first_link: "Mostrar primero los más antiguos",
    newest_first_link: "Mostrar primero los más recientes",
    flagged: "Por revisar",
    asked: "Se le pidió confirmar",
    language: "Idioma",
    consent: "Aceptó",
    signals: "Señales de automatización",
    import: "Importación",
    same_mailbox: "Probablemente el mismo buzón",
    mails: "Correos sobre este lugar",
    no_mails: "Ninguno en los últimos 90 días.",
    events: "Lo que se hizo",
    no_events: "Nada se hizo a mano en el último año.",
    invited: "Invitado",
    signed_up: "Con cuenta",
    bounced: "Correo rechazado",
    left: "Salió",
    deleted: "Eliminado",
    and: "y",
    newest_first: "Primero los más recientes.",
    oldest_first: "Primero los más antiguos.",
    more_than: "Más de",
    place: Plural("lugar", "lugares"),
    one_employee: Plural("profesional", "profesionales"),
    one_organization: Plural("organización", "organizaciones"),
};

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// What the list holds: `1,284 places: 1,102 job seekers and 182 organizations. Newest first.`
    pub(super) fn summary(&self, totals: &Totals, filter: &EntryFilter, count: Count) -> String {
        let of = |role| totals.of(Some(role), filter.states());
        let what = match (filter.role, count) {
            (_, Count::MoreThan(number)) => format!("{} {}", self.more_than, self.place.count(self.locale, number)),
            (Some(Role::Employee), Count::Exactly(number)) => self.one_employee.count(self.locale, number),
            (Some(Role::Organization), Count::Exactly(number)) => self.one_organization.count(self.locale, number),
            (None, Count::Exactly(number)) if filter.is_search() => self.place.count(self.locale, number),
            (None, Count::Exactly(number)) => format!(
                "{}: {} {} {}",
                self.place.count(self.locale, number),
                self.one_employee.count(self.locale, of(Role::Employee)),
                self.and,
                self.one_organization.count(self.locale, of(Role::Organization))
            ),
        };
        let order = if filter.order == Order::Oldest { self.oldest_first } else { self.newest_first };
        format!("{what}. {order}")
    }

    /// What became of a mail.
    pub(super) fn mail_status<'a>(&self, status: &'a str) -> &'a str {
        let (english, spanish) = match status {
            "queued" => ("waiting", "en espera"),
            "sending" => ("being sent", "enviándose"),
            "sent" => ("sent", "enviado"),
            "expired" => ("expired before it was sent", "venció antes de enviarse"),
            "dead" => ("not delivered", "no entregado"),
            "cancelled" => ("cancelled", "cancelado"),
            other => (other, other),
        };
        if self.locale == Locale::Es { spanish } else { english }
    }

    /// The values of the field for roles, with their words.
    pub(super) fn roles(&self) -> [(&'static str, &'static str); 3] {
        let (employee, organization) = (Role::Employee.as_str(), Role::Organization.as_str());
        [("", self.all_roles), (employee, self.employees), (organization, self.organizations)]
    }

    /// The values of the field for states, with their words.
    pub(super) fn states(&self) -> Vec<(&'static str, &'static str)> {
        let all = ("", self.all_states);
        let states = State::ALL.map(|state| (state.as_str(), self.state_of(state)));
        std::iter::once(all).chain(states).chain([(NEEDS_REVIEW, self.flagged)]).collect()
    }

    /// How far a place has come.
    pub(crate) const fn state_of(&self, state: State) -> &'static str {
        match state {
            State::Joined => self.joined,
            State::Confirmed => self.confirmed,
            State::Invited => self.invited,
            State::SignedUp => self.signed_up,
            State::Bounced => self.bounced,
            State::Left => self.left,
            State::Deleted => self.deleted,
        }
    }
}

impl Plural {
    /// The word for this number.
    pub(super) const fn of(self, number: i64) -> &'static str {
        if number == 1 { self.0 } else { self.1 }
    }

    /// The number and the word: `12 places`.
    pub(super) fn count(self, locale: Locale, number: i64) -> String {
        format!("{} {}", locale.number(number), self.of(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waitlist::joining::state::State;

    #[test]
    fn counts_read_as_a_sentence() {
        let totals = Totals(vec![(Role::Employee, State::Joined, 1_102), (Role::Organization, State::Confirmed, 1)]);
        let all = EntryFilter::default();
        assert_eq!(
            ENGLISH.summary(&totals, &all, Count::Exactly(1_103)),
            "1,103 places: 1,102 job seekers and 1 organization. Newest first."
        );
        assert_eq!(
            SPANISH.summary(&totals, &all, Count::Exactly(1_103)),
            "1.103 lugares: 1.102 profesionales y 1 organización. Primero los más recientes."
        );
        let hiring = EntryFilter { role: Some(Role::Organization), ..all };
        assert_eq!(ENGLISH.summary(&totals, &hiring, Count::Exactly(1)), "1 organization. Newest first.");
    }
}
