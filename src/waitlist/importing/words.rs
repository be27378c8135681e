//! The words of imports: the form, the report, and why a line brings no place.

use std::borrow::Cow;

use self::acts::ActWords;
use self::file::FileWords;
use super::import::Import;
use super::import_file::problem::Problem;
use super::import_line::Reason;
use super::import_state::ImportState;
use crate::values::locale::Locale;

pub(super) mod acts;
mod file;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(super) acts: ActWords,
    pub(super) file: FileWords,
    /// In the order of [`ImportState`].
    states: [&'static str; 9],
    no_address: &'static str,
    no_role: &'static str,
    is_out: &'static str,
    is_repeated: &'static str,
    add: &'static str,
    person: &'static str,
    people: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) back_to_list: &'static str,
    pub(super) new: &'static str,
    pub(super) language: &'static str,
    pub(super) confirmation: &'static str,
    pub(super) ask: &'static str,
    pub(super) ask_text: &'static str,
    pub(super) confirmed: &'static str,
    pub(super) confirmed_text: &'static str,
    pub(super) check: &'static str,
    pub(super) check_text: &'static str,
    pub(super) past: &'static str,
    pub(super) none_yet: &'static str,
    pub(super) none_yet_text: &'static str,
    pub(super) import: &'static str,
    pub(super) by: &'static str,
    operator: &'static str,
    gone: &'static str,
    pub(super) state: &'static str,
    pub(super) lines: &'static str,
    pub(super) id: &'static str,
    pub(super) fresh: &'static str,
    pub(super) added: &'static str,
    pub(super) listed: &'static str,
    pub(super) repeated: &'static str,
    pub(super) invalid: &'static str,
    pub(super) opted_out: &'static str,
    pub(super) removed: &'static str,
    pub(super) kept: &'static str,
    pub(super) refreshes: &'static str,
    pub(super) rejects: &'static str,
    pub(super) rejects_text: &'static str,
    pub(super) rejects_file: &'static str,
    pub(super) line: &'static str,
    pub(super) email: &'static str,
    pub(super) role: &'static str,
    pub(super) reason: &'static str,
    failing: [&'static str; 2],
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    acts: acts::ENGLISH,
    file: file::ENGLISH,
    states: [
        "Being read",
        "Interrupted while it was read",
        "Being checked",
        "Checked, waiting for you",
        "Being added",
        "Added",
        "Being undone",
        "Undone",
        "Cancelled",
    ],
    no_address: "Not an email address",
    no_role: "Unknown role",
    is_out: "Left or was erased",
    is_repeated: "Twice in the file",
    add: "Add",
    person: "person",
    people: "people",
    title: "Imports",
    lead: "Bring people in from a spreadsheet. First we check the list and tell you what would happen; nobody is added until you say so.",
    back_to_list: "Back to the waitlist",
    new: "Import a list",
    language: "Write to them in",
    confirmation: "Did these people confirm their email?",
    ask: "No, ask each to confirm",
    ask_text: "They get an email with a link, about 120 of them a minute. Anyone who doesn’t confirm is never invited.",
    confirmed: "Yes, elsewhere",
    confirmed_text: "Choose this only if they proved that the email is theirs and agreed to be on this waitlist, and you can show it. They are confirmed at once and get no email now.",
    check: "Check the list",
    check_text: "This adds nobody yet.",
    past: "Past imports",
    none_yet: "Nothing has been imported yet",
    none_yet_text: "What you import appears here, and can be undone as a whole.",
    import: "Import of",
    by: "Imported by",
    operator: "the operator, from the command line",
    gone: "an account that is gone",
    state: "State",
    lines: "Lines",
    id: "ID",
    fresh: "New",
    added: "Added",
    listed: "Already on the list",
    repeated: "Twice in the file",
    invalid: "Invalid",
    opted_out: "Left or were erased; they stay out",
    removed: "Removed later",
    kept: "Kept, because they have acted since",
    refreshes: "This page shows the progress every two seconds. You may close it.",
    rejects: "Rejected lines",
    rejects_text: "As they stand in the file, the first 20 at most.",
    rejects_file: "Download all of them as CSV",
    line: "Line",
    email: "Email",
    role: "Role",
    reason: "Reason",
    failing: [
        "This step has failed",
        "times in a row and is tried again every 10 seconds. Nothing is done twice. If this continues, tell whoever runs Biovity: the log says why.",
    ],
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    acts: acts::SPANISH,
    file: file::SPANISH,
    states: [
        "Leyendo",
        "Se interrumpió mientras se leía",
        "Revisando",
        "Revisada, espera tu decisión",
        "Agregando",
        "Agregada",
        "Deshaciendo",
        "Deshecha",
        "Cancelada",
    ],
    no_address: "No es un correo",
    no_role: "No es un rol conocido",
    is_out: "Salió o se borró",
    is_repeated: "Repetida en el archivo",
    add: "Agregar",
    person: "persona",
    people: "personas",
    title: "Importaciones",
    lead: "Trae personas desde una planilla. Primero revisamos la lista y te contamos qué pasaría; no se agrega a nadie hasta que lo digas.",
    back_to_list: "Volver a la lista de espera",
    new: "Importar una lista",
    language: "Escribirles en",
    confirmation: "¿Estas personas confirmaron su correo?",
    ask: "No, pedirle a cada una que lo confirme",
    ask_text: "Reciben un correo con un enlace, unas 120 por minuto. Quien no confirme nunca recibirá una invitación.",
    confirmed: "Sí, en otra parte",
    confirmed_text: "Elige esto solo si demostraron que el correo es suyo y aceptaron estar en esta lista de espera, y si puedes probarlo. Quedan confirmadas de inmediato y por ahora no reciben ningún correo.",
    check: "Revisar la lista",
    check_text: "Esto todavía no agrega a nadie.",
    past: "Importaciones anteriores",
    none_yet: "Aún no se ha importado nada",
    none_yet_text: "Lo que importes aparecerá aquí y se podrá deshacer completo.",
    import: "Importación del",
    by: "Importada por",
    operator: "quien opera Biovity, desde la línea de comandos",
    gone: "una cuenta que ya no existe",
    state: "Estado",
    lines: "Líneas",
    id: "ID",
    fresh: "Nuevas",
    added: "Agregadas",
    listed: "Ya en la lista",
    repeated: "Repetidas en el archivo",
    invalid: "No válidas",
    opted_out: "Salieron o se borraron; siguen fuera",
    removed: "Quitadas después",
    kept: "Conservadas, porque hicieron algo entretanto",
    refreshes: "Esta página muestra el avance cada dos segundos. Puedes cerrarla.",
    rejects: "Líneas rechazadas",
    rejects_text: "Como están en el archivo, las primeras 20 como máximo.",
    rejects_file: "Descargarlas todas como CSV",
    line: "Línea",
    email: "Correo",
    role: "Rol",
    reason: "Motivo",
    failing: [
        "Este paso falló",
        "veces seguidas y se intenta de nuevo cada 10 segundos. Nada se hace dos veces. Si sigue así, avisa a quien opera Biovity: el registro dice por qué.",
    ],
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

    /// How far an import has come.
    pub(super) const fn state(&self, state: ImportState) -> &'static str {
        self.states[state as usize]
    }

    /// How far the step under way is: `12,000 of 100,000 lines`.
    pub(super) fn progress(&self, import: &Import) -> String {
        let (done, lines) = (self.locale.number(import.done.into()), self.locale.number(import.lines.into()));
        let plural = if import.lines == 1 { "" } else { "s" };
        match self.locale {
            Locale::Es => format!("{done} de {lines} línea{plural}"),
            Locale::En => format!("{done} of {lines} line{plural}"),
        }
    }

    /// Who brought an import.
    pub(super) fn maker<'a>(&self, import: &Import, name: Option<&'a str>) -> &'a str {
        name.unwrap_or(if import.made_by.is_some() { self.gone } else { self.operator })
    }

    /// What starting would do.
    pub(super) fn start_text(&self, import: &Import) -> String {
        let people = self.people(import.fresh);
        match (self.locale, import.are_confirmed, import.fresh) {
            (Locale::Es, true, 1) => format!("Se agregará {people} con su correo ya confirmado. No se le escribe."),
            (Locale::Es, true, _) => format!("Se agregarán {people} con su correo ya confirmado. No se les escribe."),
            (Locale::Es, false, 1) => format!("Se agregará {people} y se le pedirá confirmar su correo."),
            (Locale::Es, false, _) => format!("Se agregarán {people} y a cada una se le pedirá confirmar su correo."),
            (Locale::En, true, _) => {
                format!("This adds {people} with their email already confirmed. Nothing is sent to them.")
            }
            (Locale::En, false, 1) => format!("This adds {people} and asks them to confirm their email."),
            (Locale::En, false, _) => format!("This adds {people} and asks each to confirm their email."),
        }
    }

    /// That the step under way fails again and again.
    pub(super) fn failing(&self, failures: i32) -> String {
        let [before, behind] = self.failing;
        format!("{before} {} {behind}", self.locale.number(failures.into()))
    }

    /// The button that does so.
    pub(super) fn start(&self, import: &Import) -> String {
        format!("{} {}", self.add, self.people(import.fresh))
    }

    /// Why a line brings no place.
    pub(super) const fn reason(&self, reason: Reason) -> &'static str {
        match reason {
            Reason::Address => self.no_address,
            Reason::Role => self.no_role,
            Reason::Listed => self.listed,
            Reason::Repeated => self.is_repeated,
            Reason::OptedOut => self.is_out,
        }
    }

    /// What is wrong with a file.
    #[must_use]
    pub fn problem(&self, problem: Problem) -> Cow<'static, str> {
        self.file.problem(problem)
    }

    fn people(&self, number: i32) -> String {
        let noun = if number == 1 { self.person } else { self.people };
        format!("{} {noun}", self.locale.number(number.into()))
    }
}
