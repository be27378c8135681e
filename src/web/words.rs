//! The words that all pages share, and those of errors and forms, in English and Spanish.

use actix_web::http::StatusCode;

use super::paths;
use crate::values::email_address;
use crate::values::locale::Locale;

mod admin;
mod privacy;
mod reasons;

pub use admin::Admin;
pub use privacy::Privacy;

/// The shared words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(crate) description: &'static str,
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
    pub(crate) language: &'static str,
    pub(crate) reference: &'static str,
    /// Heads the summary of a form's errors.
    pub there_is_a_problem: &'static str,
    /// Before the text of a field's error, for screen readers.
    pub error: &'static str,
    /// Beside a field that may stay empty.
    pub optional: &'static str,
    /// Label of the field that only machines fill in.
    pub leave_empty: &'static str,
    /// Question of the choice between the two roles.
    pub role: &'static str,
    /// The first role.
    pub role_employee: &'static str,
    /// Who that is.
    pub role_employee_hint: &'static str,
    /// The second role.
    pub role_organization: &'static str,
    /// Who that is.
    pub role_organization_hint: &'static str,
    /// Label of every address field.
    pub email: &'static str,
    email_empty: &'static str,
    email_too_long: &'static str,
    email_malformed: &'static str,
    /// The frame of the admin's pages.
    pub admin: Admin,
    /// The privacy page.
    pub privacy: Privacy,
}

/// What an error page says.
#[derive(Clone, Debug)]
pub struct ErrorWords {
    /// What happened, in a few words.
    pub title: &'static str,
    /// What it means for the visitor.
    pub text: String,
    /// Where to go on.
    pub next: &'static str,
    /// What is there.
    pub next_label: &'static str,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    description: "Biovity brings biotechnology professionals and the companies that need them together, in Chile.",
    skip_to_content: "Skip to content",
    navigation: "Main",
    nav_waitlist: "Waitlist",
    nav_log_in: "Log in",
    nav_sign_up: "Sign up",
    nav_account: "Account:",
    nav_admin: "Admin",
    nav_log_out: "Log out",
    footer_line: "Biotechnology work in Chile.",
    footer_privacy: "Privacy",
    language: "Language",
    reference: "Reference, if you write to us",
    there_is_a_problem: "There is a problem",
    error: "Error",
    optional: "optional",
    leave_empty: "Leave this field empty",
    role: "What brings you here?",
    role_employee: "I’m looking for work",
    role_employee_hint: "As a professional or scientist",
    role_organization: "I’m hiring",
    role_organization_hint: "For a company or institution",
    email: "Email",
    email_empty: "Enter your email address",
    email_too_long: "This email address is too long",
    email_malformed: "Enter an email address like name@example.com",
    admin: admin::ENGLISH,
    privacy: privacy::ENGLISH,
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    description: "Biovity reúne a profesionales de la biotecnología con las empresas que los necesitan, en Chile.",
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
    language: "Idioma",
    reference: "Referencia, si nos escribes",
    there_is_a_problem: "Hay un problema",
    error: "Error",
    optional: "opcional",
    leave_empty: "Deja este campo vacío",
    role: "¿Qué te trae por aquí?",
    role_employee: "Busco trabajo",
    role_employee_hint: "Soy profesional o hago ciencia",
    role_organization: "Busco personas",
    role_organization_hint: "Para una empresa o institución",
    email: "Correo electrónico",
    email_empty: "Escribe tu correo electrónico",
    email_too_long: "Este correo electrónico es demasiado largo",
    email_malformed: "Escribe un correo electrónico como nombre@ejemplo.cl",
    admin: admin::SPANISH,
    privacy: privacy::SPANISH,
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

    /// What is wrong with a typed address.
    #[must_use]
    pub const fn email_problem(&self, problem: email_address::Problem) -> &'static str {
        match problem {
            email_address::Problem::Empty => self.email_empty,
            email_address::Problem::TooLong => self.email_too_long,
            email_address::Problem::Malformed => self.email_malformed,
        }
    }

    /// The page of a status; `seconds` until it is worth trying again.
    #[must_use]
    pub fn error(&self, status: StatusCode, seconds: u64) -> ErrorWords {
        let (title, text) = match self.locale {
            Locale::En => english_error(status),
            Locale::Es => spanish_error(status),
        };
        let text = if status == StatusCode::TOO_MANY_REQUESTS { self.wait(seconds) } else { text.to_owned() };
        let next_label = if self.locale == Locale::En { "Go to the start page" } else { "Ir al inicio" };
        ErrorWords { title, text, next: paths::HOME, next_label }
    }

    fn wait(&self, seconds: u64) -> String {
        let minutes = seconds.div_ceil(60);
        match (self.locale, seconds, minutes) {
            (Locale::En, ..=1, _) => "Please try again in a second.".to_owned(),
            (Locale::Es, ..=1, _) => "Inténtalo de nuevo en un segundo.".to_owned(),
            (Locale::En, 2..=90, _) => format!("Please wait {seconds} seconds, then go back and try again."),
            (Locale::Es, 2..=90, _) => format!("Espera {seconds} segundos, vuelve atrás e inténtalo de nuevo."),
            (Locale::En, _, ..=90) => format!("Please wait {minutes} minutes, then go back and try again."),
            (Locale::Es, _, ..=90) => format!("Espera {minutes} minutos, vuelve atrás e inténtalo de nuevo."),
            (Locale::En, ..) => format!("Please try again in {} hours.", minutes.div_ceil(60)),
            (Locale::Es, ..) => format!("Inténtalo de nuevo en {} horas.", minutes.div_ceil(60)),
        }
    }
}

fn english_error(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        403 => (
            "This form came from another site",
            "For your safety we did nothing. Open the page here and send the form again.",
        ),
        404 => ("This page does not exist", "The address may be mistyped, or the page may have moved."),
        405 => ("This page works in another way", "Open the page and use the form on it."),
        408 => (
            "That took too long",
            "Your connection was too slow for us to read the form. Please go back and try again.",
        ),
        410 => {
            ("This link no longer works", "It was used already, or it has expired. Ask for a new one where you got it.")
        }
        413 => ("That is too much", "What you sent is larger than we accept. Please go back and shorten it."),
        415 => ("We cannot read that", "Please use the form on our page."),
        421 => ("This is not the address of Biovity", "Please follow a link of ours, or type our address."),
        429 => ("That was too often", ""),
        503 => (
            "We cannot do that right now",
            "Please go back in a few seconds and try again; what you sent was perhaps not saved.",
        ),
        500.. => ("Something went wrong on our side", "We have noted it. Please go back and try again in a moment."),
        _ => ("We could not understand that", "Please go back, check what you typed and try again."),
    }
}

fn spanish_error(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        403 => (
            "Este formulario vino de otro sitio",
            "Por tu seguridad no hicimos nada. Abre la página aquí y envía el formulario otra vez.",
        ),
        404 => ("Esta página no existe", "Puede que la dirección tenga un error o que la página se haya movido."),
        405 => ("Esta página funciona de otra manera", "Abre la página y usa su formulario."),
        408 => (
            "Eso tardó demasiado",
            "Tu conexión fue muy lenta y no alcanzamos a leer el formulario. Vuelve atrás e inténtalo de nuevo.",
        ),
        410 => ("Este enlace ya no sirve", "Ya se usó o venció. Pide uno nuevo donde lo recibiste."),
        413 => ("Eso es demasiado", "Lo que enviaste es más grande de lo que aceptamos. Vuelve atrás y acórtalo."),
        415 => ("No podemos leer eso", "Usa el formulario de nuestra página."),
        421 => ("Esta no es la dirección de Biovity", "Sigue un enlace nuestro o escribe nuestra dirección."),
        429 => ("Fueron demasiadas veces", ""),
        503 => (
            "Ahora no podemos hacer eso",
            "Vuelve atrás en unos segundos e inténtalo de nuevo; quizás no se guardó lo que enviaste.",
        ),
        500.. => ("Algo falló de nuestro lado", "Ya tomamos nota. Vuelve atrás e inténtalo de nuevo en un momento."),
        _ => ("No pudimos entender eso", "Vuelve atrás, revisa lo que escribiste e inténtalo de nuevo."),
    }
}
