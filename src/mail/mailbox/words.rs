//! The words of the development mailbox, in English and Spanish.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) empty_title: &'static str,
    pub(super) empty_text: &'static str,
    pub(super) as_html: &'static str,
    pub(super) all_mails: &'static str,
    pub(super) to: &'static str,
    pub(super) from: &'static str,
    pub(super) date: &'static str,
}

static ENGLISH: Words = Words {
    title: "Development mailbox",
    lead: "No SMTP server is configured, so emails stay on this machine. The newest is first; reload to see new ones.",
    empty_title: "No email yet",
    empty_text: "Join the waitlist or create an account, and the email appears here within a second or two.",
    as_html: "See it as its reader does",
    all_mails: "All emails",
    to: "To",
    from: "From",
    date: "Date",
};

static SPANISH: Words = Words {
    title: "Buzón de desarrollo",
    lead: "No hay un servidor SMTP configurado, así que los correos quedan en este equipo. Primero va el más nuevo; recarga para ver los que lleguen.",
    empty_title: "Todavía no hay correos",
    empty_text: "Únete a la lista de espera o crea una cuenta, y el correo aparece aquí en uno o dos segundos.",
    as_html: "Verlo como lo ve quien lo recibe",
    all_mails: "Todos los correos",
    to: "Para",
    from: "De",
    date: "Fecha",
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
}
