//! The words of the admin's pages, and their counts in words.

use crate::values::locale::Locale;
use crate::waitlist::entry::EntryFilter;
use crate::waitlist::role::Role;
use crate::waitlist::totals::Totals;

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
    pub(in crate::waitlist) nobody_of_role: &'static str,
    pub(in crate::waitlist) nobody_of_role_text: &'static str,
    and: &'static str,
    newest_first: &'static str,
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
    nobody_of_role: "Nobody of this role yet",
    nobody_of_role_text: "Clear the filter to see everyone.",
    and: "and",
    newest_first: "Newest first.",
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
    nobody_of_role: "Aún no hay nadie con este rol",
    nobody_of_role_text: "Quita el filtro para ver a todos.",
    and: "y",
    newest_first: "Primero los más recientes.",
    place: Noun("lugar", "lugares"),
    one_employee: Noun("profesional", "profesionales"),
    one_organization: Noun("organización", "organizaciones"),
};

impl Review {
    /// What the list holds: `1,284 places: 1,102 employees and 182 organizations. Newest first.`
    pub(in crate::waitlist) fn summary(&self, totals: &Totals, filter: EntryFilter) -> String {
        let employees = self.count(totals.listed(Some(Role::Employee)), &self.one_employee);
        let organizations = self.count(totals.listed(Some(Role::Organization)), &self.one_organization);
        let what = match filter.role {
            None => {
                format!("{}: {employees} {} {organizations}", self.count(totals.listed(None), &self.place), self.and)
            }
            Some(Role::Employee) => employees,
            Some(Role::Organization) => organizations,
        };
        format!("{what}. {}", self.newest_first)
    }

    fn count(&self, number: i64, noun: &Noun) -> String {
        let Noun(one, other) = noun;
        format!("{} {}", self.locale.number(number), if number == 1 { one } else { other })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waitlist::state::State;

    #[test]
    fn counts_read_as_a_sentence() {
        let totals = Totals(vec![(Role::Employee, State::Joined, 1_102), (Role::Organization, State::Confirmed, 1)]);
        let all = EntryFilter::default();
        assert_eq!(ENGLISH.summary(&totals, all), "1,103 places: 1,102 employees and 1 organization. Newest first.");
        assert_eq!(
            SPANISH.summary(&totals, all),
            "1.103 lugares: 1.102 profesionales y 1 organización. Primero los más recientes."
        );
        let hiring = EntryFilter { role: Some(Role::Organization) };
        assert_eq!(ENGLISH.summary(&totals, hiring), "1 organization. Newest first.");
    }
}
