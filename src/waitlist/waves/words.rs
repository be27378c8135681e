//! The words of the pages about waves of invitations.

use super::people::invited_person::Part;
use super::wave::WaveState;
use crate::values::locale::Locale;
use crate::waitlist::joining::role::Role;

pub mod invite;
pub mod letter;
pub(super) mod people;
pub(super) mod rehearsal;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) new: &'static str,
    pub(super) employees: &'static str,
    pub(super) organizations: &'static str,
    pub(super) both: &'static str,
    pub(super) rehearse: &'static str,
    pub(super) once_confirmed: &'static str,
    pub(super) see_unconfirmed: &'static str,
    pub(super) caption: &'static str,
    pub(super) wave: &'static str,
    pub(super) wave_number: &'static str,
    pub(super) state: &'static str,
    pub(super) made: &'static str,
    pub(super) ended: &'static str,
    pub(super) role: &'static str,
    pub(super) chosen: &'static str,
    pub(super) waiting: &'static str,
    pub(super) queued: &'static str,
    pub(super) sent: &'static str,
    pub(super) bounced: &'static str,
    pub(super) skipped: &'static str,
    pub(super) signed_up: &'static str,
    pub(super) none_yet: &'static str,
    pub(super) none_yet_text: &'static str,
    pub(super) when_mail_goes: &'static str,
    not_a_number: &'static str,
    pub(super) nobody_asked: &'static str,
    pub(super) waves: &'static str,
    pub(super) all_of_them: &'static str,
    pub(super) of_several: &'static str,
    pub(super) none_of_several: &'static str,
    pub(super) one_person: &'static str,
    pub(super) bouncing_text: &'static str,
    pub(super) refreshes: &'static str,
    pub(super) progress: &'static str,
    pub(super) pause: &'static str,
    pub(super) paused: &'static str,
    pub(super) resume: &'static str,
    pub(super) resumed: &'static str,
    pub(super) cancel: &'static str,
    pub(super) cancel_text: &'static str,
    pub(super) cancel_question: &'static str,
    pub(super) keep: &'static str,
    pub(super) cancelled: &'static str,
    pub(super) too_late: &'static str,
    pub(super) too_late_text: &'static str,
    pub(super) back_to_wave: &'static str,
    pub(super) last_bounces: &'static str,
    pub(super) last_bounces_text: &'static str,
    pub(super) email: &'static str,
    pub(super) reply: &'static str,
    pub(super) at: &'static str,
    pub(super) gone: &'static str,
    states: [&'static str; 5],
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    title: "Invitations",
    lead: "Invite the people who have waited longest. First you see what would happen; nothing is sent until you confirm it.",
    new: "How many invitations?",
    employees: "Job seekers",
    organizations: "Organizations",
    both: "All",
    rehearse: "See what would happen",
    once_confirmed: "People can be invited once they confirm their place.",
    see_unconfirmed: "See who has not confirmed",
    caption: "Waves of invitations, newest first",
    wave: "Wave",
    wave_number: "Wave no.",
    state: "State",
    made: "Started",
    ended: "Ended",
    role: "Role",
    chosen: "Chosen",
    waiting: "Waiting",
    queued: "In the outbox",
    sent: "Sent",
    bounced: "Bounced",
    skipped: "Skipped",
    signed_up: "Signed up",
    none_yet: "No wave yet",
    none_yet_text: "The first invitations that you send appear here, with how many signed up.",
    when_mail_goes: "A wave’s emails are on hold until email goes out again.",
    not_a_number: "enter a number from 0 to 10,000",
    nobody_asked: "Enter how many to invite",
    waves: "Waves",
    all_of_them: "All waves",
    of_several: "Waves of several people",
    none_of_several: "No wave of several people.",
    one_person: "one person",
    bouncing_text: "It stopped by itself: too many emails were refused. See below what the mail servers said. When you resume, earlier bounces no longer count.",
    refreshes: "This page updates itself every ten seconds.",
    progress: "Progress",
    pause: "Pause",
    paused: "Paused. Unsent emails are on hold.",
    resume: "Resume",
    resumed: "The wave goes on.",
    cancel: "Cancel the wave",
    cancel_text: "Nobody else in this wave gets an email. Those who did not get one keep their place, and can be invited in another wave. Links already sent still work.",
    cancel_question: "Cancel this wave?",
    keep: "Keep it",
    cancelled: "Cancelled. Those who did not get an email are waiting for another wave.",
    too_late: "That is no longer possible",
    too_late_text: "The wave has changed since you looked: someone else was faster, or it has ended.",
    back_to_wave: "See the wave",
    last_bounces: "Latest bounces",
    last_bounces_text: "On the page of a place you can clear the bounce and invite the person again.",
    email: "Email",
    reply: "What the mail server said",
    at: "When",
    gone: "(erased)",
    states: ["Sending", "Paused", "Stopped by bounces", "Done", "Cancelled"],
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    title: "Invitaciones",
    lead: "Invita a las personas que más han esperado. Primero ves qué pasaría; nada se envía hasta que lo confirmes.",
    new: "¿Cuántas invitaciones?",
    employees: "Profesionales",
    organizations: "Organizaciones",
    both: "Todos",
    rehearse: "Ver qué pasaría",
    once_confirmed: "Se puede invitar a quienes confirman su lugar.",
    see_unconfirmed: "Ver quiénes no han confirmado",
    caption: "Tandas de invitaciones, primero las más recientes",
    wave: "Tanda",
    wave_number: "Tanda n.º",
    state: "Estado",
    made: "Iniciada",
    ended: "Terminada",
    role: "Rol",
    chosen: "Elegidos",
    waiting: "En espera",
    queued: "Por salir",
    sent: "Enviados",
    bounced: "Rechazados",
    skipped: "Omitidos",
    signed_up: "Con cuenta",
    none_yet: "Aún no hay tandas",
    none_yet_text: "Las primeras invitaciones que envíes aparecerán aquí, con cuántos crearon su cuenta.",
    when_mail_goes: "Los correos de una tanda esperan hasta que el correo vuelva a salir.",
    not_a_number: "escribe un número de 0 a 10.000",
    nobody_asked: "Escribe a cuántos invitar",
    waves: "Tandas",
    all_of_them: "Todas las tandas",
    of_several: "Tandas de varias personas",
    none_of_several: "Ninguna tanda de varias personas.",
    one_person: "una persona",
    bouncing_text: "Se detuvo sola: demasiados correos fueron rechazados. Mira abajo qué dijeron los servidores. Al reanudar, los rechazos anteriores ya no cuentan.",
    refreshes: "Esta página se actualiza sola cada diez segundos.",
    progress: "Avance",
    pause: "Pausar",
    paused: "En pausa. Los correos que aún no salen quedan en espera.",
    resume: "Reanudar",
    resumed: "La tanda sigue.",
    cancel: "Cancelar la tanda",
    cancel_text: "Nadie más de esta tanda recibirá un correo. Quienes no lo recibieron conservan su lugar y pueden recibir una invitación en otra tanda. Los enlaces ya enviados siguen sirviendo.",
    cancel_question: "¿Cancelar esta tanda?",
    keep: "Conservarla",
    cancelled: "Cancelada. Quienes no recibieron el correo quedan en espera de otra tanda.",
    too_late: "Eso ya no es posible",
    too_late_text: "La tanda cambió desde que miraste: alguien se adelantó, o ya terminó.",
    back_to_wave: "Ver la tanda",
    last_bounces: "Últimos correos rechazados",
    last_bounces_text: "En la página de un lugar puedes borrar el rechazo e invitar a la persona otra vez.",
    email: "Correo",
    reply: "Qué dijo el servidor",
    at: "Cuándo",
    gone: "(borrado)",
    states: ["Enviando", "En pausa", "Detenida por rechazos", "Terminada", "Cancelada"],
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

    /// A state.
    pub(super) const fn state_of(&self, state: WaveState) -> &'static str {
        let [sending, paused, bouncing, done, cancelled] = self.states;
        match state {
            WaveState::Sending => sending,
            WaveState::Paused => paused,
            WaveState::Bouncing => bouncing,
            WaveState::Done => done,
            WaveState::Cancelled => cancelled,
        }
    }

    /// A part of a wave, as the heading of its column.
    pub(super) const fn part(&self, part: Part) -> &'static str {
        match part {
            Part::Waiting => self.waiting,
            Part::Queued => self.queued,
            Part::Sent => self.sent,
            Part::Bounced => self.bounced,
            Part::Skipped => self.skipped,
            Part::SignedUp => self.signed_up,
        }
    }

    /// A role, for several.
    pub(super) const fn role_of(&self, role: Role) -> &'static str {
        match role {
            Role::Employee => self.employees,
            Role::Organization => self.organizations,
        }
    }

    /// What is wrong with the number of a role: `Organizations: enter a number …`
    pub(super) fn not_a_number(&self, role: Role) -> String {
        format!("{}: {}", self.role_of(role), self.not_a_number)
    }

    /// Beside the field: `1,204 can be invited now.`
    pub(super) fn available(&self, available: i64) -> String {
        let number = self.locale.number(available);
        match (self.locale, available) {
            (Locale::En, 0) => "Nobody can be invited now: nobody with a confirmed place is waiting.".to_owned(),
            (Locale::En, _) => format!("{number} can be invited now."),
            (Locale::Es, 0) => "Ahora no hay a quién invitar: nadie con su lugar confirmado está en espera.".to_owned(),
            (Locale::Es, _) => format!("Se puede invitar a {number} ahora."),
        }
    }

    /// What has come of a wave: `40 of 90 people`.
    pub(super) fn done_of(&self, done: i64, all: i64) -> String {
        let (done, number) = (self.locale.number(done), self.locale.number(all));
        match (self.locale, all) {
            (Locale::En, 1) => format!("{done} of 1 person"),
            (Locale::En, _) => format!("{done} of {number} people"),
            (Locale::Es, 1) => format!("{done} de 1 persona"),
            (Locale::Es, _) => format!("{done} de {number} personas"),
        }
    }
}
