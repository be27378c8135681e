//! The words that several rooms about accounts share, in English and Spanish.

use crate::values::account_kind::AccountKind;
use crate::values::locale::Locale;

mod letter;
mod problems;
pub mod professions;
mod strength;

pub use letter::LetterWords;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(in crate::accounts) sign_up: &'static str,
    pub(in crate::accounts) same_password: &'static str,
    pub(in crate::accounts) start_page: &'static str,
    pub(in crate::accounts) your_account: &'static str,
    pub(in crate::accounts) log_in: &'static str,
    pub(in crate::accounts) name: &'static str,
    pub(in crate::accounts) organization_name: &'static str,
    pub(in crate::accounts) profession: &'static str,
    pub(in crate::accounts) profession_hint: &'static str,
    pub(in crate::accounts) position: &'static str,
    pub(in crate::accounts) position_hint: &'static str,
    pub(in crate::accounts) password: &'static str,
    pub(in crate::accounts) password_hint: &'static str,
    pub(in crate::accounts) forgot_password: &'static str,
    pub(in crate::accounts) current_password: &'static str,
    pub(in crate::accounts) enter_current_password: &'static str,
    pub(in crate::accounts) wrong_current_password: &'static str,
    pub(in crate::accounts) send_again: &'static str,
    pub(in crate::accounts) link_gone: &'static str,
    pub(in crate::accounts) link_gone_text: &'static str,
    pub(in crate::accounts) link_incomplete: &'static str,
    pub(in crate::accounts) link_incomplete_text: &'static str,
    pub(in crate::accounts) link_used: &'static str,
    pub(in crate::accounts) go_on: &'static str,
    pub(in crate::accounts) new_link: &'static str,
    pub(in crate::accounts) enter_password: &'static str,
    pub(in crate::accounts) wrong_password: &'static str,
    pub(in crate::accounts) account: &'static str,
    pub(in crate::accounts) kind_employee: &'static str,
    pub(in crate::accounts) kind_organization: &'static str,
    pub(in crate::accounts) kind_admin: &'static str,
    pub(in crate::accounts) to_admin: &'static str,
    or_with: &'static str,
    /// Between a form and the other ways of doing the same.
    pub(in crate::accounts) or: &'static str,
    pub(in crate::accounts) log_out: &'static str,
    pub(in crate::accounts) other_account: &'static str,
    pub(in crate::accounts) invitation_is_for: &'static str,
    pub(in crate::accounts) you_are: &'static str,
    pub(in crate::accounts) log_out_first: &'static str,
    logged_in_here: &'static str,
    link_of_another: &'static str,
    pub(in crate::accounts) name_empty: &'static str,
    pub(in crate::accounts) organization_name_empty: &'static str,
    pub(in crate::accounts) profession_empty: &'static str,
    pub(in crate::accounts) too_long: &'static str,
    pub(in crate::accounts) has_controls: &'static str,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    sign_up: "Create account",
    same_password: "This is already your password. Choose another one.",
    start_page: "Go to the home page",
    your_account: "Go to your account",
    log_in: "Log in",
    name: "Full name",
    organization_name: "Name of the organization",
    profession: "Profession",
    profession_hint: "For example: biochemist, bioprocess engineer, laboratory technician",
    position: "Your position",
    position_hint: "For example: head of people, laboratory manager",
    password: "Password",
    password_hint: "At least 8 characters. A good choice: three or four words that nobody would guess.",
    forgot_password: "Forgot your password?",
    current_password: "Current password",
    enter_current_password: "Enter your current password",
    wrong_current_password: "This is not your current password",
    send_again: "Send the link again",
    link_gone: "This link no longer works",
    link_gone_text: "It has already been used, or it has expired. Nothing is lost: log in, or ask for a new link.",
    link_incomplete: "This link is incomplete",
    link_incomplete_text: "Its end is missing. Open it again from our email, or copy all of it: some mail programs break long lines.",
    link_used: "This was done a moment ago",
    go_on: "Continue",
    new_link: "Ask for a new link",
    enter_password: "Enter your password",
    wrong_password: "This is not your password",
    account: "Your account",
    kind_employee: "Job seeker",
    kind_organization: "Organization account",
    kind_admin: "Admin account",
    to_admin: "Go to the admin pages",
    or_with: "Continue with",
    or: "or",
    log_out: "Log out",
    other_account: "This invitation is for someone else",
    invitation_is_for: "It is for",
    you_are: "You are logged in as",
    log_out_first: "If both are yours, log out, then open the link in the email again.",
    link_of_another: "This link was for another account, and it has been used.",
    logged_in_here: "This browser is logged in as %. To log in to the other account, log out first.",
    name_empty: "Enter your name",
    organization_name_empty: "Enter the name of the organization",
    profession_empty: "Enter your profession",
    too_long: "This is too long",
    has_controls: "This has characters that cannot be shown; please type it again",
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    sign_up: "Crear cuenta",
    same_password: "Esta ya es tu contraseña. Elige otra.",
    start_page: "Ir al inicio",
    your_account: "Ir a tu cuenta",
    log_in: "Ingresar",
    name: "Nombre completo",
    organization_name: "Nombre de la organización",
    profession: "Profesión",
    profession_hint: "Por ejemplo: bioquímica, ingeniero en bioprocesos, técnico de laboratorio",
    position: "Tu cargo",
    position_hint: "Por ejemplo: jefa de personas, encargado de laboratorio",
    password: "Contraseña",
    password_hint: "Al menos 8 caracteres. Tres o cuatro palabras que nadie adivinaría funcionan bien.",
    forgot_password: "¿Olvidaste tu contraseña?",
    current_password: "Contraseña actual",
    enter_current_password: "Escribe tu contraseña actual",
    wrong_current_password: "Esta no es tu contraseña actual",
    send_again: "Enviar el enlace otra vez",
    link_gone: "Este enlace ya no sirve",
    link_gone_text: "Ya se usó o venció. No se perdió nada: ingresa o pide un enlace nuevo.",
    link_incomplete: "Este enlace está incompleto",
    link_incomplete_text: "Le falta el final. Ábrelo otra vez desde nuestro correo o cópialo entero: hay programas que cortan las líneas largas.",
    link_used: "Esto se hizo hace un momento",
    go_on: "Continuar",
    new_link: "Pedir un enlace nuevo",
    enter_password: "Escribe tu contraseña",
    wrong_password: "Esta no es tu contraseña",
    account: "Tu cuenta",
    kind_employee: "Cuenta para buscar trabajo",
    kind_organization: "Cuenta de organización",
    kind_admin: "Cuenta de administración",
    to_admin: "Ir a la administración",
    or_with: "Continuar con",
    or: "o",
    log_out: "Salir",
    other_account: "Esta invitación es para otra persona",
    invitation_is_for: "Es para",
    you_are: "Ingresaste como",
    log_out_first: "Si ambos son tuyos, sal de esta cuenta y abre otra vez el enlace del correo.",
    link_of_another: "Este enlace era de otra cuenta y ya se usó.",
    logged_in_here: "En este navegador ingresaste como %. Para ingresar con la otra cuenta, sal primero de esta.",
    name_empty: "Escribe tu nombre",
    organization_name_empty: "Escribe el nombre de la organización",
    profession_empty: "Escribe tu profesión",
    too_long: "Esto es demasiado largo",
    has_controls: "Tiene caracteres que no se pueden mostrar; escríbelo otra vez",
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

    /// The way back to the account's page.
    #[must_use]
    pub const fn account(&self) -> &'static str {
        self.account
    }

    /// To who used the link of one account where another, of this address, is signed in.
    pub(in crate::accounts) fn logged_in_here(&self, email: &str) -> String {
        self.logged_in_here.replace('%', email)
    }

    /// The same of a link that was used before.
    pub(in crate::accounts) fn link_of_another(&self, email: &str) -> String {
        [self.link_of_another, &self.logged_in_here(email)].join(" ")
    }

    /// What the link of a provider says.
    pub(in crate::accounts) fn go_on_with(&self, provider: &str) -> String {
        format!("{} {provider}", self.or_with)
    }

    /// What kind of account this is, such as `Organization account`.
    pub(in crate::accounts) const fn kind(&self, kind: AccountKind) -> &'static str {
        match kind {
            AccountKind::Employee => self.kind_employee,
            AccountKind::Organization => self.kind_organization,
            AccountKind::Admin => self.kind_admin,
        }
    }
}
