//! The words of the admin's pages, and their counts in words.

use crate::values::locale::Locale;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::totals::Totals;
use crate::waitlist::review::entry_filter::EntryFilter;
use crate::web::page::search::{Count, Order};

/// The pages.
#[derive(Debug)]
pub struct Review {
    locale: Locale,
    pub(in crate::waitlist) everyone: &'static str,
    pub(in crate::waitlist) employees: &'static str,
    pub(in crate::waitlist) organizations: &'static str,
    pub(in crate::waitlist) role: &'static str,
    pub(in crate::waitlist) all_roles: &'static str,
    pub(in crate::waitlist) caption: &'static str,
    pub(in crate::waitlist) email: &'static str,
    pub(in crate::waitlist) state: &'static str,
    pub(in crate::waitlist) joined: &'static str,
    pub(in crate::waitlist) confirmed: &'static str,
    pub(in crate::waitlist) employee: &'static str,
    pub(in crate::waitlist) organization: &'static str,
    pub(in crate::waitlist) nobody_yet: &'static str,
    pub(in crate::waitlist) nobody_yet_text: &'static str,
    pub(in crate::waitlist) see_form: &'static str,
    pub(in crate::waitlist) search: &'static str,
    pub(in crate::waitlist) search_hint: &'static str,
    pub(in crate::waitlist) all_states: &'static str,
    pub(in crate::waitlist) from: &'static str,
    pub(in crate::waitlist) to: &'static str,
    pub(in crate::waitlist) download: &'static str,
    pub(in crate::waitlist) imports: &'static str,
    pub(in crate::waitlist) invite: &'static str,
    pub(in crate::waitlist) nobody_matches: &'static str,
    pub(in crate::waitlist) nobody_matches_text: &'static str,
    pub(in crate::waitlist) oldest_first_link: &'static str,
    pub(in crate::waitlist) newest_first_link: &'static str,
    pub(in crate::waitlist) flagged: &'static str,
    pub(in crate::waitlist) asked: &'static str,
    pub(in crate::waitlist) language: &'static str,
    pub(in crate::waitlist) consent: &'static str,
    pub(in crate::waitlist) signals: &'static str,
    pub(in crate::waitlist) import: &'static str,
    pub(in crate::waitlist) twins: &'static str,
    pub(in crate::waitlist) mails: &'static str,
    pub(in crate::waitlist) no_mails: &'static str,
    pub(in crate::waitlist) events: &'static str,
    pub(in crate::waitlist) no_events: &'static str,
    pub(in crate::waitlist) invited: &'static str,
    pub(in crate::waitlist) signed_up: &'static str,
    pub(in crate::waitlist) bounced: &'static str,
    pub(in crate::waitlist) left: &'static str,
    pub(in crate::waitlist) deleted: &'static str,
    and: &'static str,
    newest_first: &'static str,
    oldest_first: &'static str,
    more_than: &'static str,
    place: Noun,
    one_employee: Noun,
    one_organization: Noun,
}

/// What is counted, for one and for any other number.
#[derive(Debug)]
struct Noun(&'static str, &'static str);

pub(super) const ENGLISH: Review = Review {
    locale: Locale::En,
    everyone: "On the waitlist",
    employees: "Employees",
    organizations: "Organizations",
    role: "Role",
    all_roles: "All roles",
    caption: "Places on the waitlist, newest first",
    email: "Email",
    state: "State",
    joined: "Joined",
    confirmed: "Confirmed",
    employee: "Employee",
    organization: "Organization",
    nobody_yet: "Nobody has joined yet",
    nobody_yet_text: "Share the address of the waitlist; whoever joins appears here.",
    see_form: "See the waitlist form",
    search: "Search",
    search_hint: "Any part of an email; of one or two letters, how it begins",
    all_states: "All but the deleted",
    from: "Joined from",
    to: "Joined until",
    download: "Download as CSV",
    imports: "Import a list",
    invite: "Invite",
    nobody_matches: "No place matches",
    nobody_matches_text: "Search for a shorter part of the email, or clear the filter.",
    oldest_first_link: "Show the oldest first",
    newest_first_link: "Show the newest first",
    flagged: "Look twice",
    asked: "Asked to confirm",
    language: "Language",
    consent: "Agreed to",
    signals: "What looks unlike a person",
    import: "Import",
    twins: "Likely the same mailbox",
    mails: "Mails about this place",
    no_mails: "None in the last 90 days.",
    events: "What was done",
    no_events: "Nothing by an admin or its owner yet.",
    invited: "Invited",
    signed_up: "Signed up",
    bounced: "Bounced",
    left: "Left",
    deleted: "Deleted",
    and: "and",
    newest_first: "Newest first.",
    oldest_first: "Oldest first.",
    more_than: "More than",
    place: Noun("place", "places"),
    one_employee: Noun("employee", "employees"),
    one_organization: Noun("organization", "organizations"),
};

pub(super) const SPANISH: Review = Review {
    locale: Locale::Es,
    everyone: "En la lista de espera",
    employees: "Profesionales",
    organizations: "Organizaciones",
    role: "Rol",
    all_roles: "Todos los roles",
    caption: "Lugares en la lista de espera, primero los más recientes",
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
    search_hint: "Cualquier parte del correo; con una o dos letras, cómo empieza",
    all_states: "Todos menos los eliminados",
    from: "Se unió desde",
    to: "Se unió hasta",
    download: "Descargar como CSV",
    imports: "Importar una lista",
    invite: "Invitar",
    nobody_matches: "Ningún lugar coincide",
    nobody_matches_text: "Busca una parte más corta del correo o quita el filtro.",
    oldest_first_link: "Mostrar primero los más antiguos",
    newest_first_link: "Mostrar primero los más recientes",
    flagged: "Mirar con cuidado",
    asked: "Se le pidió confirmar",
    language: "Idioma",
    consent: "Aceptó",
    signals: "Lo que no parece de una persona",
    import: "Importación",
    twins: "Probablemente el mismo buzón",
    mails: "Correos sobre este lugar",
    no_mails: "Ninguno en los últimos 90 días.",
    events: "Lo que se hizo",
    no_events: "Nada aún, ni de administración ni de su dueño.",
    invited: "Invitado",
    signed_up: "Con cuenta",
    bounced: "Correo rechazado",
    left: "Se fue",
    deleted: "Eliminado",
    and: "y",
    newest_first: "Primero los más recientes.",
    oldest_first: "Primero los más antiguos.",
    more_than: "Más de",
    place: Noun("lugar", "lugares"),
    one_employee: Noun("profesional", "profesionales"),
    one_organization: Noun("organización", "organizaciones"),
};

impl Review {
    /// What the list holds: `1,284 places: 1,102 employees and 182 organizations. Newest first.`
    pub(in crate::waitlist) fn summary(&self, totals: &Totals, filter: &EntryFilter, count: Count) -> String {
        let of = |role| totals.of(Some(role), filter.states());
        let what = match (filter.role, count) {
            (_, Count::MoreThan(number)) => format!("{} {}", self.more_than, self.count(number, &self.place)),
            (Some(Role::Employee), Count::Exactly(number)) => self.count(number, &self.one_employee),
            (Some(Role::Organization), Count::Exactly(number)) => self.count(number, &self.one_organization),
            (None, Count::Exactly(number)) if filter.term.is_some() => self.count(number, &self.place),
            (None, Count::Exactly(number)) => format!(
                "{}: {} {} {}",
                self.count(number, &self.place),
                self.count(of(Role::Employee), &self.one_employee),
                self.and,
                self.count(of(Role::Organization), &self.one_organization)
            ),
        };
        let order = if filter.order == Order::Oldest { self.oldest_first } else { self.newest_first };
        format!("{what}. {order}")
    }

    /// What became of a mail.
    pub(in crate::waitlist) fn mail_status<'a>(&self, status: &'a str) -> &'a str {
        let (english, spanish) = match status {
            "queued" => ("waiting", "en espera"),
            "sending" => ("being sent", "enviándose"),
            "sent" => ("sent", "enviado"),
            "expired" => ("not sent any more", "ya no se envía"),
            "dead" => ("not delivered", "no entregado"),
            "cancelled" => ("cancelled", "cancelado"),
            other => (other, other),
        };
        if self.locale == Locale::Es { spanish } else { english }
    }

    /// How far a place has come.
    pub(in crate::waitlist) const fn state_of(&self, state: State) -> &'static str {
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

    fn count(&self, number: i64, noun: &Noun) -> String {
        let Noun(one, other) = noun;
        format!("{} {}", self.locale.number(number), if number == 1 { one } else { other })
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
            "1,103 places: 1,102 employees and 1 organization. Newest first."
        );
        assert_eq!(
            SPANISH.summary(&totals, &all, Count::Exactly(1_103)),
            "1.103 lugares: 1.102 profesionales y 1 organización. Primero los más recientes."
        );
        let hiring = EntryFilter { role: Some(Role::Organization), ..all };
        assert_eq!(ENGLISH.summary(&totals, &hiring, Count::Exactly(1)), "1 organization. Newest first.");
    }
}
