//! The words that all pages share, in English and Spanish.

use crate::values::email_address;
use crate::values::locale::Locale;

mod admin;
pub mod admin_acts;
pub(super) mod errors;
mod place;
mod privacy;
mod reasons;

pub use admin::Admin;
pub use place::PlaceWords;
pub use privacy::{Privacy, Text};

/// The shared words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(crate) description: &'static str,
    /// The file of the picture that is shown where a page is shared.
    pub(crate) share_picture: &'static str,
    pub(crate) skip_to_content: &'static str,
    pub(crate) navigation: &'static str,
    pub(crate) nav_waitlist: &'static str,
    pub(crate) nav_log_in: &'static str,
    pub(crate) nav_sign_up: &'static str,
    pub(crate) nav_account: &'static str,
    pub(crate) nav_admin: &'static str,
    pub(crate) nav_log_out: &'static str,
    pub(crate) footer_line: &'static str,
    pub(crate) footer_privacy: &'static str,
    pub(crate) footer_contact: &'static str,
    pub(crate) language: &'static str,
    pub(crate) reference: &'static str,
    /// Heads the summary of a form's errors.
    pub there_is_a_problem: &'static str,
    /// Before the text of a field's error, for screen readers.
    pub error: &'static str,
    /// Beside a field that may stay empty.
    pub optional: &'static str,
    /// Label of the honeypot, which only programs fill in.
    pub leave_empty: &'static str,
    /// The question that the choice of a role answers.
    pub role: &'static str,
    /// The role of people who look for work.
    pub role_employee: &'static str,
    /// Who is meant by it.
    pub role_employee_hint: &'static str,
    /// The role of companies.
    pub role_organization: &'static str,
    /// Who is meant by it.
    pub role_organization_hint: &'static str,
    /// Label of every address field.
    pub email: &'static str,
    email_empty: &'static str,
    email_too_long: &'static str,
    email_malformed: &'static str,
    /// What the admin's pages share.
    pub admin: Admin,
    /// How a place on the waitlist stands.
    pub place: PlaceWords,
    /// Before the address that the form before was given.
    pub(crate) address_given: &'static str,
    pub(crate) wrong_address: &'static str,
    pub(crate) did_you_mean: &'static str,
    /// While mail goes to the development mailbox.
    pub(crate) in_mailbox: &'static str,
    pub(crate) see_mailbox: &'static str,
    /// The privacy page.
    pub privacy: Privacy,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    description: "Biovity brings together Chile’s biotechnology professionals and the companies that need them.",
    share_picture: "share-en.png",
    skip_to_content: "Skip to content",
    navigation: "Main",
    nav_waitlist: "Waitlist",
    nav_log_in: "Log in",
    nav_sign_up: "Create account",
    nav_account: "Account:",
    nav_admin: "Admin",
    nav_log_out: "Log out",
    footer_line: "Biotechnology work in Chile.",
    footer_privacy: "Privacy",
    footer_contact: "Contact",
    language: "Language",
    reference: "Reference, if you write to us",
    there_is_a_problem: "There is a problem",
    error: "Error",
    optional: "optional",
    leave_empty: "Leave this field empty",
    role: "What brings you here?",
    role_employee: "I’m looking for work",
    role_employee_hint: "As a professional, technician or scientist",
    role_organization: "I’m hiring",
    role_organization_hint: "For a company or institution",
    email: "Email",
    email_empty: "Enter your email address",
    email_too_long: "This email address is too long",
    email_malformed: "Enter an email address like name@example.com",
    admin: admin::ENGLISH,
    place: place::ENGLISH,
    address_given: "You gave us",
    wrong_address: "Wrong address?",
    did_you_mean: "Did you mean",
    in_mailbox: "Development: the email is not sent.",
    see_mailbox: "Read it in the development mailbox",
    privacy: privacy::english::ENGLISH,
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    description: "Biovity reúne en Chile a profesionales de la biotecnología y a las empresas que quieren contratar.",
    share_picture: "share-es.png",
    skip_to_content: "Ir al contenido",
    navigation: "Principal",
    nav_waitlist: "Lista de espera",
    nav_log_in: "Ingresar",
    nav_sign_up: "Crear cuenta",
    nav_account: "Cuenta:",
    nav_admin: "Administración",
    nav_log_out: "Salir",
    footer_line: "Trabajo en biotecnología en Chile.",
    footer_privacy: "Privacidad",
    footer_contact: "Contacto",
    language: "Idioma",
    reference: "Referencia, si nos escribes",
    there_is_a_problem: "Hay un problema",
    error: "Error",
    optional: "opcional",
    leave_empty: "Deja este campo vacío",
    role: "¿Qué te trae por aquí?",
    role_employee: "Busco trabajo",
    role_employee_hint: "Como profesional, técnico o investigador",
    role_organization: "Quiero contratar",
    role_organization_hint: "Para una empresa o institución",
    email: "Correo",
    email_empty: "Escribe tu correo",
    email_too_long: "Este correo es demasiado largo",
    email_malformed: "Escribe un correo como nombre@ejemplo.cl",
    admin: admin::SPANISH,
    place: place::SPANISH,
    address_given: "Nos diste el correo",
    wrong_address: "¿No es ese?",
    did_you_mean: "¿Quisiste decir",
    in_mailbox: "Desarrollo: el correo no se envía.",
    see_mailbox: "Léelo en el buzón de desarrollo",
    privacy: privacy::spanish::SPANISH,
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

    /// By what the mail after a form is found in an inbox. That to an account is in the language of the account, which the page
    /// must not tell, so that only that to a place has its subject there.
    #[must_use]
    pub fn mail_to_look_for(&self, sender: &str, subject: Option<&str>) -> String {
        let (from, about) = match self.locale {
            Locale::En => ("Our email comes from", ", with the subject"),
            Locale::Es => ("Nuestro correo viene de", ", con el asunto"),
        };
        let about = subject.map(|subject| format!("{about} “{subject}”")).unwrap_or_default();
        format!("{from} {sender}{about}.")
    }

    /// What is wrong with a typed address.
    #[must_use]
    pub(super) const fn email_problem(&self, problem: email_address::Problem) -> &'static str {
        match problem {
            email_address::Problem::Empty => self.email_empty,
            email_address::Problem::TooLong => self.email_too_long,
            email_address::Problem::Malformed => self.email_malformed,
        }
    }
}
