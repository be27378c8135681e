//! The words that several rooms about accounts share, in English and Spanish.

use crate::values::account_kind::AccountKind;
use crate::values::locale::Locale;

mod invited;
mod letter;
mod problems;
pub mod professions;
mod recovery;
mod strength;

pub use invited::Invited;
pub use letter::LetterWords;
pub use recovery::Recovery;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(in crate::accounts) sign_up: &'static str,
    pub(in crate::accounts) which_account: &'static str,
    pub(in crate::accounts) for_people: &'static str,
    pub(in crate::accounts) for_people_text: &'static str,
    pub(in crate::accounts) for_people_more: &'static str,
    pub(in crate::accounts) for_organizations: &'static str,
    pub(in crate::accounts) for_organizations_text: &'static str,
    pub(in crate::accounts) for_organizations_more: &'static str,
    pub(in crate::accounts) have_account: &'static str,
    pub(in crate::accounts) log_in: &'static str,
    pub(in crate::accounts) open_mine: &'static str,
    pub(in crate::accounts) open_ours: &'static str,
    pub(in crate::accounts) open_mine_lead: &'static str,
    pub(in crate::accounts) open_ours_lead: &'static str,
    pub(in crate::accounts) name: &'static str,
    pub(in crate::accounts) organization_name: &'static str,
    pub(in crate::accounts) profession: &'static str,
    pub(in crate::accounts) profession_hint: &'static str,
    pub(in crate::accounts) position: &'static str,
    pub(in crate::accounts) position_hint: &'static str,
    pub(in crate::accounts) password: &'static str,
    pub(in crate::accounts) password_hint: &'static str,
    pub(in crate::accounts) check_inbox: &'static str,
    pub(in crate::accounts) check_inbox_lead: &'static str,
    pub(in crate::accounts) nothing_arrived: &'static str,
    pub(in crate::accounts) nothing_arrived_text: &'static str,
    pub(in crate::accounts) send_again: &'static str,
    pub(in crate::accounts) resend_lead: &'static str,
    pub(in crate::accounts) is_this_yours: &'static str,
    pub(in crate::accounts) someone_signed_up: &'static str,
    pub(in crate::accounts) verify_if_you: &'static str,
    pub(in crate::accounts) verify: &'static str,
    pub(in crate::accounts) not_me: &'static str,
    pub(in crate::accounts) not_me_hint: &'static str,
    pub(in crate::accounts) verified: &'static str,
    pub(in crate::accounts) verified_log_in: &'static str,
    pub(in crate::accounts) removed: &'static str,
    pub(in crate::accounts) link_gone: &'static str,
    pub(in crate::accounts) link_gone_text: &'static str,
    pub(in crate::accounts) new_link: &'static str,
    pub(in crate::accounts) enter_password: &'static str,
    pub(in crate::accounts) wrong_password: &'static str,
    pub(in crate::accounts) account: &'static str,
    pub(in crate::accounts) kind_employee: &'static str,
    pub(in crate::accounts) kind_organization: &'static str,
    pub(in crate::accounts) kind_admin: &'static str,
    pub(in crate::accounts) to_admin: &'static str,
    pub(in crate::accounts) log_out: &'static str,
    pub(in crate::accounts) name_empty: &'static str,
    pub(in crate::accounts) organization_name_empty: &'static str,
    pub(in crate::accounts) profession_empty: &'static str,
    pub(in crate::accounts) too_long: &'static str,
    pub(in crate::accounts) has_controls: &'static str,
    pub(in crate::accounts) invited: Invited,
    pub(in crate::accounts) recovery: Recovery,
    /// The letter that verifies an address.
    pub verify_letter: LetterWords,
    /// The letter that says that there is an account.
    pub already_letter: LetterWords,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    sign_up: "Sign up",
    which_account: "Which account do you need?",
    for_people: "I’m looking for work",
    for_people_text: "For professionals, scientists, technicians and students.",
    for_people_more: "Open my account",
    for_organizations: "I’m hiring",
    for_organizations_text: "For companies, laboratories, institutes and universities.",
    for_organizations_more: "Open our account",
    have_account: "Already have an account?",
    log_in: "Log in",
    open_mine: "Open your account",
    open_ours: "Open your organization’s account",
    open_mine_lead: "For people looking for work in biotechnology. All four answers are required.",
    open_ours_lead: "For companies and institutions that look for people in biotechnology.",
    name: "Full name",
    organization_name: "Name of the organization",
    profession: "Profession",
    profession_hint: "For example: biochemist, bioprocess engineer, laboratory technician",
    position: "Your position",
    position_hint: "For example: head of people, laboratory manager",
    password: "Password",
    password_hint: "At least 8 characters. Three or four words nobody would guess work well.",
    check_inbox: "Check your inbox",
    check_inbox_lead: "We sent you an email. It says how to go on.",
    nothing_arrived: "Nothing arrived?",
    nothing_arrived_text: "Wait a minute, then look in the spam folder. A mistyped address is not a problem: sign up again with the right one.",
    send_again: "Send the link again",
    resend_lead: "Which address did you sign up with? If it waits to be verified, a new link is on its way.",
    is_this_yours: "Is this your address?",
    someone_signed_up: "Someone signed up to Biovity with",
    verify_if_you: "Verify it if that was you.",
    verify: "Verify",
    not_me: "It wasn’t me",
    not_me_hint: "“It wasn’t me” removes the unverified account.",
    verified: "Your address is verified. Welcome to Biovity.",
    verified_log_in: "Your address is verified. You can log in now.",
    removed: "The account was removed. We will not write to this address about it again.",
    link_gone: "This link no longer works",
    link_gone_text: "It was used before, or its time ran out. Nothing is lost: log in, or ask for a new link.",
    new_link: "Ask for a new link",
    enter_password: "Enter your password",
    wrong_password: "This is not your password",
    account: "Your account",
    kind_employee: "Account for finding work",
    kind_organization: "Account of an organization",
    kind_admin: "Account of an admin",
    to_admin: "Go to the admin pages",
    log_out: "Log out",
    name_empty: "Enter your name",
    organization_name_empty: "Enter the name of the organization",
    profession_empty: "Enter your profession",
    too_long: "This is too long",
    has_controls: "This has characters that cannot be shown; please type it again",
    invited: invited::ENGLISH,
    recovery: recovery::ENGLISH,
    verify_letter: letter::VERIFY_ENGLISH,
    already_letter: letter::ALREADY_ENGLISH,
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    sign_up: "Crear cuenta",
    which_account: "¿Qué cuenta necesitas?",
    for_people: "Busco trabajo",
    for_people_text: "Para profesionales, personas de ciencia, técnicos y estudiantes.",
    for_people_more: "Crear mi cuenta",
    for_organizations: "Busco personas",
    for_organizations_text: "Para empresas, laboratorios, institutos y universidades.",
    for_organizations_more: "Crear nuestra cuenta",
    have_account: "¿Ya tienes una cuenta?",
    log_in: "Ingresar",
    open_mine: "Crea tu cuenta",
    open_ours: "Crea la cuenta de tu organización",
    open_mine_lead: "Para quienes buscan trabajo en biotecnología. Las cuatro respuestas son obligatorias.",
    open_ours_lead: "Para empresas e instituciones que buscan personas en biotecnología.",
    name: "Nombre completo",
    organization_name: "Nombre de la organización",
    profession: "Profesión",
    profession_hint: "Por ejemplo: bioquímica, ingeniero en bioprocesos, técnico de laboratorio",
    position: "Tu cargo",
    position_hint: "Por ejemplo: jefa de personas, encargado de laboratorio",
    password: "Contraseña",
    password_hint: "Al menos 8 caracteres. Tres o cuatro palabras que nadie adivinaría funcionan bien.",
    check_inbox: "Revisa tu correo",
    check_inbox_lead: "Te enviamos un correo. Ahí te decimos cómo seguir.",
    nothing_arrived: "¿No llegó nada?",
    nothing_arrived_text: "Espera un minuto y revisa la carpeta de spam. Si escribiste mal la dirección no importa: crea la cuenta otra vez con la correcta.",
    send_again: "Enviar el enlace otra vez",
    resend_lead: "¿Con qué correo creaste tu cuenta? Si falta verificarlo, te llegará un enlace nuevo.",
    is_this_yours: "¿Es tuyo este correo?",
    someone_signed_up: "Alguien creó una cuenta en Biovity con",
    verify_if_you: "Verifícalo si fuiste tú.",
    verify: "Verificar",
    not_me: "No fui yo",
    not_me_hint: "«No fui yo» elimina la cuenta sin verificar.",
    verified: "Tu correo está verificado. Te damos la bienvenida a Biovity.",
    verified_log_in: "Tu correo está verificado. Ya puedes ingresar.",
    removed: "La cuenta se eliminó. No volveremos a escribir a este correo por ella.",
    link_gone: "Este enlace ya no sirve",
    link_gone_text: "Ya se usó o se acabó su tiempo. No se perdió nada: ingresa o pide un enlace nuevo.",
    new_link: "Pedir un enlace nuevo",
    enter_password: "Escribe tu contraseña",
    wrong_password: "Esta no es tu contraseña",
    account: "Tu cuenta",
    kind_employee: "Cuenta para buscar trabajo",
    kind_organization: "Cuenta de una organización",
    kind_admin: "Cuenta de administración",
    to_admin: "Ir a la administración",
    log_out: "Salir",
    name_empty: "Escribe tu nombre",
    organization_name_empty: "Escribe el nombre de la organización",
    profession_empty: "Escribe tu profesión",
    too_long: "Esto es demasiado largo",
    has_controls: "Tiene caracteres que no se pueden mostrar; escríbelo otra vez",
    invited: invited::SPANISH,
    recovery: recovery::SPANISH,
    verify_letter: letter::VERIFY_SPANISH,
    already_letter: letter::ALREADY_SPANISH,
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

    pub(in crate::accounts) const fn kind(&self, kind: AccountKind) -> &'static str {
        match kind {
            AccountKind::Employee => self.kind_employee,
            AccountKind::Organization => self.kind_organization,
            AccountKind::Admin => self.kind_admin,
        }
    }
}
