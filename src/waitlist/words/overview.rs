//! The words of the admin's start page.

use crate::values::locale::Locale;
use crate::waitlist::joining::role::Role;

/// The page.
#[derive(Debug)]
pub struct Overview {
    locale: Locale,
    pub(in crate::waitlist) confirmed: &'static str,
    pub(in crate::waitlist) invited: &'static str,
    pub(in crate::waitlist) signed_up: &'static str,
    pub(in crate::waitlist) joins: &'static str,
    pub(in crate::waitlist) days: &'static str,
    pub(in crate::waitlist) chart_days: &'static str,
    pub(in crate::waitlist) as_table: &'static str,
    pub(in crate::waitlist) day: &'static str,
    pub(in crate::waitlist) sum: &'static str,
    pub(in crate::waitlist) mail_paused: &'static str,
    pub(in crate::waitlist) mail_runs: &'static str,
    pub(in crate::waitlist) mail_waiting: &'static str,
    pub(in crate::waitlist) mail_due: &'static str,
    pub(in crate::waitlist) mail_refused: &'static str,
    pub(in crate::waitlist) see_mail: &'static str,
    pub(in crate::waitlist) latest: &'static str,
    pub(in crate::waitlist) nothing_yet: &'static str,
    pub(in crate::waitlist) see_audit: &'static str,
    pub(in crate::waitlist) held_off: &'static str,
    pub(in crate::waitlist) held_off_hint: &'static str,
    pub(in crate::waitlist) nothing_held_off: &'static str,
    pub(in crate::waitlist) reason: &'static str,
    pub(in crate::waitlist) times: &'static str,
    employee: (&'static str, &'static str),
    organization: (&'static str, &'static str),
}

pub(super) const ENGLISH: Overview = Overview {
    locale: Locale::En,
    confirmed: "Confirmed",
    invited: "Invited",
    signed_up: "Signed up",
    joins: "Joins per day",
    days: "days",
    chart_days: "Length of the chart",
    as_table: "The numbers as a table",
    day: "Day",
    sum: "Sum",
    mail_paused: "Sending is stopped.",
    mail_runs: "Emails are sent as they come.",
    mail_waiting: "Waiting",
    mail_due: "oldest due for",
    mail_refused: "refused of today's",
    see_mail: "See all email",
    latest: "Latest events",
    nothing_yet: "Nothing has happened yet.",
    see_audit: "See the whole history",
    held_off: "Held off or flagged in the last 7 days",
    held_off_hint: "How often, never whom. Counts are a few seconds behind.",
    nothing_held_off: "Nothing was held off.",
    reason: "Reason",
    times: "Times",
    employee: ("employee", "employees"),
    organization: ("organization", "organizations"),
};

pub(super) const SPANISH: Overview = Overview {
    locale: Locale::Es,
    confirmed: "Confirmados",
    invited: "Invitados",
    signed_up: "Con cuenta",
    joins: "Quiénes se unieron por día",
    days: "días",
    chart_days: "Extensión del gráfico",
    as_table: "Los números en una tabla",
    day: "Día",
    sum: "Suma",
    mail_paused: "El envío está detenido.",
    mail_runs: "Los correos se envían a medida que llegan.",
    mail_waiting: "En espera",
    mail_due: "el más antiguo espera hace",
    mail_refused: "rechazados de hoy",
    see_mail: "Ver el correo",
    latest: "Últimos eventos",
    nothing_yet: "Aún no ha pasado nada.",
    see_audit: "Ver todo el historial",
    held_off: "Detenido o marcado en los últimos 7 días",
    held_off_hint: "Cuántas veces, nunca a quién. La cuenta tarda unos segundos.",
    nothing_held_off: "No se detuvo nada.",
    reason: "Motivo",
    times: "Veces",
    employee: ("profesional", "profesionales"),
    organization: ("organización", "organizaciones"),
};

impl Overview {
    /// How many of a role: `3 employees`.
    pub(in crate::waitlist) fn joined(&self, number: i64, role: Role) -> String {
        let (one, other) = self.words_of(role);
        format!("{} {}", self.locale.number(number), if number == 1 { one } else { other })
    }

    /// Those of a role.
    pub(in crate::waitlist) fn of_role(&self, role: Role) -> &'static str {
        self.words_of(role).1
    }

    /// What the chart shows: `In the last 30 days 12 employees and 1 organization joined.`
    pub(in crate::waitlist) fn summary(&self, days: u64, employees: i64, organizations: i64) -> String {
        let employees = self.joined(employees, Role::Employee);
        let organizations = self.joined(organizations, Role::Organization);
        match self.locale {
            Locale::En => format!("In the last {days} days {employees} and {organizations} joined."),
            Locale::Es => format!("En los últimos {days} días se unieron {employees} y {organizations}."),
        }
    }

    const fn words_of(&self, role: Role) -> (&'static str, &'static str) {
        match role {
            Role::Employee => self.employee,
            Role::Organization => self.organization,
        }
    }
}
