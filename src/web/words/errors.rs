//! The words of the error page, by the status of the answer.

use std::borrow::Cow;

use crate::values::locale::Locale;
use crate::web::paths;

/// What an error page says.
#[derive(Clone, Debug)]
pub struct ErrorWords {
    /// What happened, in a few words.
    pub title: Cow<'static, str>,
    /// What it means for the visitor.
    pub text: String,
    /// The path of its button.
    pub next: Cow<'static, str>,
    /// The label of its button.
    pub next_label: &'static str,
    /// The label of the button that sends a refused form again.
    pub send_again: &'static str,
    /// What the page keeps of a refused form.
    pub kept: &'static str,
}

impl ErrorWords {
    /// The words of an answer's status. `seconds` is how long to wait before trying again.
    #[must_use]
    pub fn of(locale: Locale, status: u16, seconds: u64) -> Self {
        let (title, text) = match locale {
            Locale::En => english(status),
            Locale::Es => spanish(status),
        };
        let text = if status == 429 { wait(locale, seconds) } else { text.to_owned() };
        let (next_label, send_again, kept) = match locale {
            Locale::En => ("Go to the home page", "Send it again", "What you typed is kept here, except passwords."),
            Locale::Es => ("Ir al inicio", "Enviar otra vez", "Aquí sigue lo que escribiste, menos las contraseñas."),
        };
        Self { title: title.into(), text, next: paths::HOME.into(), next_label, send_again, kept }
    }

    /// The words for a form that was shown to another account than this one, which is signed in.
    #[must_use]
    pub fn other_account(locale: Locale, email: &str) -> Self {
        let (title, text, next_label) = match locale {
            Locale::En => (
                format!("You are logged in as {email}"),
                "The form was meant for another account, so we changed nothing. Log out and log in to that account, or \
                 continue with this one.",
                "Go to your account",
            ),
            Locale::Es => (
                format!("Ingresaste como {email}"),
                "El formulario era para otra cuenta, así que no cambiamos nada. Sal e ingresa con esa \
                 cuenta, o sigue con esta.",
                "Ir a tu cuenta",
            ),
        };
        let text = text.to_owned();
        Self { title: title.into(), text, next: paths::accounts::ACCOUNT.into(), next_label, send_again: "", kept: "" }
    }

    /// Leads on to the page of the form that the path of a request belongs to.
    pub fn lead_to_form(&mut self, locale: Locale, path: &str) {
        self.next = paths::page_of_form(path).into();
        self.next_label = match locale {
            Locale::En => "Open the page",
            Locale::Es => "Abrir la página",
        };
    }

    /// Leads an admin on who did not find what is below `/admin`.
    pub fn lead_to_admin(&mut self, locale: Locale) {
        self.next = paths::waitlist::OVERVIEW.into();
        self.next_label = match locale {
            Locale::En => "Go to the admin pages",
            Locale::Es => "Ir a la administración",
        };
    }

    /// Says what whoever runs Biovity has to do, since the database lacks migrations.
    pub fn name_command(&mut self, locale: Locale) {
        self.text = match locale {
            Locale::En => {
                "The database is not up to date. Whoever runs Biovity should run “biovity migrate”.".to_owned()
            }
            Locale::Es => {
                "La base de datos no está al día. Quien opera Biovity debe ejecutar “biovity migrate”.".to_owned()
            }
        };
    }

    /// Leads on to a new password: whoever is refused at the log-in has probably forgotten it.
    pub fn offer_reset(&mut self, locale: Locale) {
        self.next = paths::accounts::FORGOT.into();
        self.next_label = match locale {
            Locale::En => "Choose a new password by email",
            Locale::Es => "Elegir otra contraseña por correo",
        };
    }
}

fn wait(locale: Locale, seconds: u64) -> String {
    let minutes = seconds.div_ceil(60);
    match (locale, seconds, minutes) {
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

fn english(status: u16) -> (&'static str, &'static str) {
    match status {
        403 => (
            "This form came from another site",
            "For your safety we did nothing. Open the page here and send the form again.",
        ),
        404 => ("This page does not exist", "The address may be mistyped, or the page may have moved."),
        405 => ("This page does not work that way", "Open the page and use the form on it."),
        408 => (
            "That took too long",
            "Your connection was too slow for us to read the form. Please go back and try again.",
        ),
        409 => (
            "This form is out of date",
            "We changed nothing. Go back, load the page again and send the form from there.",
        ),
        410 => (
            "This link no longer works",
            "It has already been used, or it has expired. Ask for a new one where you got it.",
        ),
        413 => ("That is too large", "What you sent is larger than we accept. Please go back and shorten it."),
        415 => ("We cannot read that", "Please use the form on our page."),
        421 => ("This is not the address of Biovity", "Please follow a link of ours, or type our address."),
        429 => ("Too many attempts", ""),
        503 => (
            "We cannot do that right now",
            "Please go back in a few seconds and try again; what you sent may not have been saved.",
        ),
        500.. => ("Something went wrong on our side", "We have noted it. Please go back and try again in a moment."),
        _ => ("We could not understand that", "Please go back, check what you typed and try again."),
    }
}

fn spanish(status: u16) -> (&'static str, &'static str) {
    match status {
        403 => (
            "Este formulario vino de otro sitio",
            "Por tu seguridad no hicimos nada. Abre la página aquí y envía el formulario otra vez.",
        ),
        404 => ("Esta página no existe", "Puede que la dirección tenga un error o que la página se haya movido."),
        405 => ("Esta página no funciona así", "Abre la página y usa su formulario."),
        408 => (
            "Eso tardó demasiado",
            "Tu conexión fue muy lenta y no alcanzamos a leer el formulario. Vuelve atrás e inténtalo de nuevo.",
        ),
        409 => (
            "Este formulario ya no está vigente",
            "No cambiamos nada. Vuelve atrás, carga la página otra vez y envía el formulario desde ahí.",
        ),
        410 => ("Este enlace ya no sirve", "Ya se usó o venció. Pide uno nuevo donde lo recibiste."),
        413 => {
            ("Eso es demasiado grande", "Lo que enviaste es más grande de lo que aceptamos. Vuelve atrás y acórtalo.")
        }
        415 => ("No podemos leer eso", "Usa el formulario de nuestra página."),
        421 => ("Esta no es la dirección de Biovity", "Sigue un enlace nuestro o escribe nuestra dirección."),
        429 => ("Demasiados intentos", ""),
        503 => (
            "Ahora no podemos hacer eso",
            "Vuelve atrás en unos segundos e inténtalo de nuevo; quizás no se guardó lo que enviaste.",
        ),
        500.. => ("Algo falló de nuestro lado", "Ya tomamos nota. Vuelve atrás e inténtalo de nuevo en un momento."),
        _ => ("No pudimos entender eso", "Vuelve atrás, revisa lo que escribiste e inténtalo de nuevo."),
    }
}
