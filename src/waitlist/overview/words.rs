//! The words of the admin's start page.

mod job;
pub(super) mod notice;

use std::time::Duration;

use crate::values::locale::Locale;
use crate::waitlist::joining::role::Role;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(super) confirmed: &'static str,
    pub(super) invited: &'static str,
    pub(super) signed_up: &'static str,
    pub(super) funnel: FunnelWords,
    pub(super) joins: &'static str,
    pub(super) days: &'static str,
    pub(super) chart_days: &'static str,
    pub(super) as_table: &'static str,
    pub(super) day: &'static str,
    pub(super) sum: &'static str,
    pub(super) sources: &'static str,
    pub(super) sources_hint: &'static str,
    pub(super) largest_sources: &'static str,
    pub(super) source: &'static str,
    pub(super) no_source: &'static str,
    pub(super) confirmed_share: &'static str,
    pub(super) joined: &'static str,
    pub(super) mail_paused: &'static str,
    pub(super) mail_fails: &'static str,
    pub(super) mail_runs: &'static str,
    pub(super) mail_waiting: &'static str,
    pub(super) mail_due: &'static str,
    pub(super) mail_refused: &'static str,
    pub(super) see_mail: &'static str,
    pub(super) latest: &'static str,
    pub(super) nothing_yet: &'static str,
    pub(super) see_audit: &'static str,
    pub(super) blocked: &'static str,
    pub(super) blocked_hint: &'static str,
    pub(super) see_flagged: &'static str,
    pub(super) nothing_blocked: &'static str,
    pub(super) reason: &'static str,
    pub(super) times: &'static str,
    employee: (&'static str, &'static str),
    organization: (&'static str, &'static str),
}

/// The words of the funnel.
#[derive(Debug)]
pub(super) struct FunnelWords {
    pub(super) title: &'static str,
    pub(super) step: &'static str,
    pub(super) reached: &'static str,
    pub(super) share: &'static str,
    pub(super) this_week: &'static str,
    pub(super) last_week: &'static str,
    pub(super) confirmed: &'static str,
    pub(super) invited: &'static str,
    pub(super) signed_up: &'static str,
    pub(super) hint: &'static str,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    confirmed: "Confirmed",
    invited: "Invited",
    signed_up: "Signed up",
    funnel: FunnelWords {
        title: "From joining to signing up",
        step: "Step",
        reached: "Got this far",
        share: "Of the step before",
        this_week: "Last 7 days, to yesterday",
        last_week: "7 days before",
        confirmed: "Confirmed their email",
        invited: "Were invited",
        signed_up: "Signed up",
        hint: "Anyone who signed up counts at every step, even without an invitation. Anyone who left or bounced counts only as joined. The weeks count every step taken in them, whatever happened later.",
    },
    joins: "Joins per day",
    days: "days",
    chart_days: "Length of the chart",
    as_table: "The numbers as a table",
    day: "Day",
    sum: "Total",
    sources: "Where people came from",
    sources_hint: "To name a source, add ?from= to a link, as here. Only letters without accents, digits, dots, hyphens and underscores, up to 64; capitals become lower case.",
    largest_sources: "The 20 largest are shown.",
    source: "Source",
    no_source: "No source, or another",
    confirmed_share: "Confirmed (%)",
    joined: "Joined",
    mail_paused: "Sending is paused.",
    mail_fails: "The mail server refuses our email.",
    mail_runs: "Emails go out as they are written.",
    mail_waiting: "Waiting",
    mail_due: "the most overdue is late by",
    mail_refused: "refused today",
    see_mail: "See all email",
    latest: "Latest events",
    nothing_yet: "Nothing has happened yet.",
    see_audit: "See the whole history",
    blocked: "Blocked or flagged in the last 7 days",
    blocked_hint: "How often, never whom. Counts are a few seconds behind.",
    see_flagged: "Places that need a review",
    nothing_blocked: "Nothing was blocked.",
    reason: "Reason",
    times: "Times",
    employee: ("job seeker", "job seekers"),
    organization: ("organization", "organizations"),
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    confirmed: "Confirmados",
    invited: "Invitados",
    signed_up: "Con cuenta",
    funnel: FunnelWords {
        title: "De la inscripción a la cuenta",
        step: "Paso",
        reached: "Llegaron hasta aquí",
        share: "Del paso anterior",
        this_week: "Últimos 7 días, hasta ayer",
        last_week: "7 días anteriores",
        confirmed: "Confirmaron su correo",
        invited: "Recibieron una invitación",
        signed_up: "Crearon su cuenta",
        hint: "Quien ya tiene cuenta figura en todos los pasos, aunque no haya recibido invitación. Quien salió, o cuyo correo fue rechazado, figura solo en el primero. Las semanas cuentan cada paso que se dio en ellas, sin importar qué pasó después.",
    },
    joins: "Inscripciones por día",
    days: "días",
    chart_days: "Período del gráfico",
    as_table: "Los números en una tabla",
    day: "Día",
    sum: "Total",
    sources: "De dónde llegaron",
    sources_hint: "Para nombrar un origen, agrega ?from= a un enlace, como aquí. Solo letras sin tilde, números, puntos, guiones y guiones bajos, hasta 64; las mayúsculas pasan a minúsculas.",
    largest_sources: "Se muestran los 20 más grandes.",
    source: "Origen",
    no_source: "Sin origen, u otro",
    confirmed_share: "Confirmaron (%)",
    joined: "Se unieron",
    mail_paused: "El envío está en pausa.",
    mail_fails: "El servidor de correo rechaza nuestros correos.",
    mail_runs: "Los correos salen a medida que se escriben.",
    mail_waiting: "En espera",
    mail_due: "el más atrasado debió salir hace",
    mail_refused: "rechazados hoy",
    see_mail: "Ver el correo",
    latest: "Últimos eventos",
    nothing_yet: "Aún no ha pasado nada.",
    see_audit: "Ver todo el historial",
    blocked: "Bloqueado o marcado en los últimos 7 días",
    blocked_hint: "Cuántas veces, nunca a quién. El recuento tarda unos segundos en actualizarse.",
    see_flagged: "Lugares por revisar",
    nothing_blocked: "No se bloqueó nada.",
    reason: "Motivo",
    times: "Veces",
    employee: ("profesional", "profesionales"),
    organization: ("organización", "organizaciones"),
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

    /// How many of a role: `3 job seekers`.
    pub(super) fn count(&self, number: i64, role: Role) -> String {
        let (one, other) = self.nouns_of(role);
        format!("{} {}", self.locale.number(number), if number == 1 { one } else { other })
    }

    /// The people of a role: `job seekers`.
    pub(super) fn people(&self, role: Role) -> &'static str {
        self.nouns_of(role).1
    }

    /// Who can be invited: `1,793 confirmed people are waiting: invite them`; of nobody, what comes first.
    pub(super) fn waiting(&self, confirmed: i64) -> String {
        let number = self.locale.number(confirmed);
        match (self.locale, confirmed) {
            (Locale::En, 0) => "Nobody can be invited now: see who has not confirmed".to_owned(),
            (Locale::En, 1) => "1 confirmed person is waiting: invite them".to_owned(),
            (Locale::En, _) => format!("{number} confirmed people are waiting: invite them"),
            (Locale::Es, 0) => "Ahora no hay a quién invitar: ver quiénes no han confirmado".to_owned(),
            (Locale::Es, 1) => "1 persona confirmada espera: invítala".to_owned(),
            (Locale::Es, _) => format!("{number} personas confirmadas esperan: invítalas"),
        }
    }

    /// The same where nobody else is confirmed: `54 confirmed people are in a wave already, and have not been invited yet.`
    pub(super) fn all_in_waves(&self, confirmed: i64) -> String {
        let number = self.locale.number(confirmed);
        match (self.locale, confirmed) {
            (Locale::En, 1) => "1 confirmed person is in a wave already, and has not been invited yet.".to_owned(),
            (Locale::En, _) => {
                format!("{number} confirmed people are in a wave already, and have not been invited yet.")
            }
            (Locale::Es, 1) => "1 persona confirmada ya está en una tanda y aún no recibe su invitación.".to_owned(),
            (Locale::Es, _) => {
                format!("{number} personas confirmadas ya están en una tanda y aún no reciben su invitación.")
            }
        }
    }

    /// Who is confirmed and not counted there: `54 more are in a wave already, and have not been invited yet.`
    pub(super) fn in_waves(&self, confirmed: i64) -> String {
        let number = self.locale.number(confirmed);
        match (self.locale, confirmed) {
            (Locale::En, 1) => "1 more is in a wave already, and has not been invited yet.".to_owned(),
            (Locale::En, _) => format!("{number} more are in a wave already, and have not been invited yet."),
            (Locale::Es, 1) => "Otra ya está en una tanda y aún no recibe su invitación.".to_owned(),
            (Locale::Es, _) => format!("Otras {number} ya están en una tanda y aún no reciben su invitación."),
        }
    }

    /// What the chart shows: `In the last 30 days 12 job seekers and 1 organization joined.`
    pub(super) fn summary(&self, days: u64, employees: i64, organizations: i64) -> String {
        let employees = self.count(employees, Role::Employee);
        let organizations = self.count(organizations, Role::Organization);
        match self.locale {
            Locale::En => format!("In the last {days} days {employees} and {organizations} joined."),
            Locale::Es => format!("En los últimos {days} días se unieron {employees} y {organizations}."),
        }
    }

    /// That the page comes from the standby: `Read from the standby of the database, at most 0.4 s behind.`
    pub(super) fn read_from_standby(&self, lag: Duration) -> String {
        let tenths = lag.as_millis().div_ceil(100);
        let (whole, tenth) = (tenths / 10, tenths % 10);
        match self.locale {
            Locale::En => format!("Read from the standby of the database, at most {whole}.{tenth} s behind."),
            Locale::Es => {
                format!("Leído de la réplica de la base de datos, con {whole},{tenth} s de atraso como máximo.")
            }
        }
    }

    const fn nouns_of(&self, role: Role) -> (&'static str, &'static str) {
        match role {
            Role::Employee => self.employee,
            Role::Organization => self.organization,
        }
    }
}
