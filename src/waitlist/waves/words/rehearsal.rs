//! The words of the rehearsal of a wave, and of its start.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct RehearsalWords {
    locale: Locale,
    pub(in crate::waitlist::waves) rehearsal: &'static str,
    pub(in crate::waitlist::waves) who: &'static str,
    pub(in crate::waitlist::waves) nobody: &'static str,
    pub(in crate::waitlist::waves) nobody_text: &'static str,
    pub(in crate::waitlist::waves) joined: &'static str,
    pub(in crate::waitlist::waves) until_last: &'static str,
    pub(in crate::waitlist::waves) when: &'static str,
    pub(in crate::waitlist::waves) the_mail: &'static str,
    pub(in crate::waitlist::waves) the_mail_text: &'static str,
    pub(in crate::waitlist::waves) other_numbers: &'static str,
    pub(in crate::waitlist::waves) moved: &'static str,
    pub(in crate::waitlist::waves) moved_text: &'static str,
    started: &'static str,
}

static ENGLISH: RehearsalWords = RehearsalWords {
    locale: Locale::En,
    rehearsal: "What would happen",
    who: "Who",
    nobody: "Nobody can be invited",
    nobody_text: "Nobody with a confirmed place in these roles is waiting for an invitation. Come back when someone has confirmed.",
    joined: "joined",
    until_last: "and so on, to",
    when: "The last email goes out around",
    the_mail: "The email",
    the_mail_text: "Each person gets it in the language they joined in, with their own link that works once.",
    other_numbers: "Choose other numbers",
    moved: "The list has changed",
    moved_text: "Someone else has invited them, or they have left, since you looked. Nothing was sent. This is how it stands now.",
    started: "The wave is on its way.",
};

static SPANISH: RehearsalWords = RehearsalWords {
    locale: Locale::Es,
    rehearsal: "Qué pasaría",
    who: "A quiénes",
    nobody: "No hay a quién invitar",
    nobody_text: "No hay lugares confirmados de estos roles en espera de una invitación. Vuelve cuando alguien haya confirmado.",
    joined: "se unió el",
    until_last: "y así, hasta",
    when: "El último correo sale alrededor del",
    the_mail: "El correo",
    the_mail_text: "Cada persona lo recibe en el idioma en que se unió, con un enlace propio que sirve una vez.",
    other_numbers: "Elegir otros números",
    moved: "La lista cambió",
    moved_text: "Alguien más invitó a estas personas, o salieron, desde que miraste. No se envió nada. Así está ahora.",
    started: "La tanda está en camino.",
};

impl RehearsalWords {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// Of a role: `80 of 1,204 who can be invited`.
    pub(in crate::waitlist::waves) fn part(&self, invited: i64, available: i64) -> String {
        let is_one = available == 1;
        let (invited, available) = (self.locale.number(invited), self.locale.number(available));
        match (self.locale, is_one) {
            (Locale::En, _) => format!("{invited} of {available} who can be invited"),
            (Locale::Es, true) => format!("{invited} de {available} a quien se puede invitar"),
            (Locale::Es, false) => format!("{invited} de {available} a quienes se puede invitar"),
        }
    }

    /// Of a role of which fewer can be invited than these: `You asked for 900: no more can be invited now.`
    pub(in crate::waitlist::waves) fn fewer(&self, asked: i64) -> String {
        let asked = self.locale.number(asked);
        match self.locale {
            Locale::En => format!("You asked for {asked}: no more can be invited now."),
            Locale::Es => format!("Pediste {asked}: ahora no se puede invitar a más."),
        }
    }

    /// The button: `Invite 90 people`.
    pub(in crate::waitlist::waves) fn invite(&self, count: i64) -> String {
        let number = self.locale.number(count);
        match (self.locale, count) {
            (Locale::En, 1) => format!("Invite {number} person"),
            (Locale::En, _) => format!("Invite {number} people"),
            (Locale::Es, 1) => format!("Invitar a {number} persona"),
            (Locale::Es, _) => format!("Invitar a {number} personas"),
        }
    }

    /// At which pace: `120 emails a minute`.
    pub(in crate::waitlist::waves) fn pace(&self, per_minute: u32) -> String {
        match self.locale {
            Locale::En => format!("{per_minute} emails a minute"),
            Locale::Es => format!("{per_minute} correos por minuto"),
        }
    }

    /// That the wave has begun, with so many of those who were shown.
    pub(in crate::waitlist::waves) fn started(&self, taken: i64, shown: i64) -> String {
        let passed_over = shown - taken;
        if passed_over <= 0 {
            return self.started.to_owned();
        }
        let (number, of) = (self.locale.number(passed_over), self.locale.number(shown));
        let why = match (self.locale, passed_over) {
            (Locale::En, 1) => format!("{number} of the {of} can no longer be invited and is skipped."),
            (Locale::En, _) => format!("{number} of the {of} can no longer be invited and are skipped."),
            (Locale::Es, 1) => format!("Se omite a {number} de las {of} personas: ya no se la puede invitar."),
            (Locale::Es, _) => format!("Se omite a {number} de las {of} personas: ya no se las puede invitar."),
        };
        format!("{} {why}", self.started)
    }
}
