//! How a place stands among those who wait: its own page and the page of an account say the same.

use crate::values::account_kind::AccountKind;
use crate::values::locale::Locale;
use crate::web::waitlist_place::Turn;

/// The words of one language.
#[derive(Debug)]
pub struct PlaceWords {
    locale: Locale,
    /// Heads what is said of it.
    pub title: &'static str,
    number: &'static str,
    among_employees: &'static str,
    among_organizations: &'static str,
    order: &'static str,
    no_employee_invited: &'static str,
    one_employee_invited: &'static str,
    employees_invited: &'static str,
    no_organization_invited: &'static str,
    one_organization_invited: &'static str,
    organizations_invited: &'static str,
}

/// The English words.
pub(super) const ENGLISH: PlaceWords = PlaceWords {
    locale: Locale::En,
    title: "Your place on the waitlist",
    number: "You are number",
    among_employees: "among the people looking for work.",
    among_organizations: "among the organizations that are hiring.",
    order: "Only confirmed places count, the oldest first.",
    no_employee_invited: "In the last seven days we invited nobody looking for work.",
    one_employee_invited: "In the last seven days we invited one person looking for work.",
    employees_invited: "people looking for work were invited in the last seven days.",
    no_organization_invited: "In the last seven days we invited no organization.",
    one_organization_invited: "In the last seven days we invited one organization.",
    organizations_invited: "organizations were invited in the last seven days.",
};

/// The Spanish words.
pub(super) const SPANISH: PlaceWords = PlaceWords {
    locale: Locale::Es,
    title: "Tu lugar en la lista de espera",
    number: "Tu lugar es el número",
    among_employees: "entre quienes buscan trabajo.",
    among_organizations: "entre las organizaciones que quieren contratar.",
    order: "Solo cuentan los lugares confirmados, desde el más antiguo.",
    no_employee_invited: "En los últimos siete días no invitamos a nadie que busque trabajo.",
    one_employee_invited: "En los últimos siete días invitamos a una persona que busca trabajo.",
    employees_invited: "personas que buscan trabajo recibieron su invitación en los últimos siete días.",
    no_organization_invited: "En los últimos siete días no invitamos a ninguna organización.",
    one_organization_invited: "En los últimos siete días invitamos a una organización.",
    organizations_invited: "organizaciones recibieron su invitación en los últimos siete días.",
};

impl PlaceWords {
    /// The rank of a place: `You are number 1,299 among the people looking for work.`
    #[must_use]
    pub fn rank(&self, turn: &Turn, kind: AccountKind) -> String {
        let among = if kind == AccountKind::Organization { self.among_organizations } else { self.among_employees };
        format!("{} {} {among} {}", self.number, self.locale.number(turn.rank), self.order)
    }

    /// How the waitlist moved within the last week.
    #[must_use]
    pub fn movement(&self, turn: &Turn, kind: AccountKind) -> String {
        let (none, one, many) = if kind == AccountKind::Organization {
            (self.no_organization_invited, self.one_organization_invited, self.organizations_invited)
        } else {
            (self.no_employee_invited, self.one_employee_invited, self.employees_invited)
        };
        match turn.invited {
            0 => none.to_owned(),
            1 => one.to_owned(),
            count => format!("{} {many}", self.locale.number(count)),
        }
    }
}
