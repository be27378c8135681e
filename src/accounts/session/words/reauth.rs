//! The words of the page that asks for the password again.

use crate::web::paths::{accounts, waitlist};

/// The words of one language.
#[derive(Debug)]
pub struct Reauth {
    pub(in crate::accounts) title: &'static str,
    pub(in crate::accounts) lead: &'static str,
    next: &'static str,
    /// The pages that ask, each with those below it, and what they are for.
    pages: [(&'static str, &'static str); 6],
    /// The same for who has no password.
    pub(in crate::accounts) prove: &'static str,
    pub(in crate::accounts) no_password_yet: &'static str,
    pub(in crate::accounts) ask_for_link: &'static str,
    pub(in crate::accounts) signed_in_as: &'static str,
    pub(in crate::accounts) go_on: &'static str,
    pub(in crate::accounts) another: &'static str,
    pub(in crate::accounts) confirmed: &'static str,
    pub(in crate::accounts) confirmed_lead: &'static str,
    pub(in crate::accounts) leave_it: &'static str,
}

/// The English words.
pub(super) const ENGLISH: Reauth = Reauth {
    title: "Enter your password again",
    lead: "You logged in a while ago. Before you continue, we want to be sure it is still you.",
    next: "Next:",
    pages: [
        (accounts::EMAIL, "changing your email"),
        (accounts::DELETE, "deleting your account"),
        (accounts::EXPORT, "downloading your data"),
        (accounts::SECOND_FACTOR, "two-step verification"),
        (accounts::PROVIDERS, "the ways to log in"),
        (waitlist::OVERVIEW, "the admin pages"),
    ],
    prove: "Is it still you?",
    no_password_yet: "You have no password yet.",
    ask_for_link: "Ask for a link to choose one",
    signed_in_as: "You are logged in as",
    go_on: "Continue",
    another: "Not you? Log out",
    confirmed: "Thank you, that’s confirmed",
    confirmed_lead: "What you were doing is still waiting. The button below does it now.",
    leave_it: "Don’t do it, go to my account",
};

/// The Spanish words.
pub(super) const SPANISH: Reauth = Reauth {
    title: "Escribe tu contraseña otra vez",
    lead: "Ingresaste hace un rato. Antes de seguir, queremos confirmar que eres tú.",
    next: "Después:",
    pages: [
        (accounts::EMAIL, "cambiar tu correo"),
        (accounts::DELETE, "eliminar tu cuenta"),
        (accounts::EXPORT, "descargar tus datos"),
        (accounts::SECOND_FACTOR, "la verificación en dos pasos"),
        (accounts::PROVIDERS, "las formas de ingresar"),
        (waitlist::OVERVIEW, "las páginas de administración"),
    ],
    prove: "¿Sigues siendo tú?",
    no_password_yet: "Aún no tienes contraseña.",
    ask_for_link: "Pide un enlace para elegir una",
    signed_in_as: "Ingresaste como",
    go_on: "Continuar",
    another: "¿No eres tú? Salir",
    confirmed: "Gracias, ya lo confirmamos",
    confirmed_lead: "Lo que estabas haciendo quedó esperando. El botón de abajo lo hace ahora.",
    leave_it: "No hacerlo e ir a mi cuenta",
};

impl Reauth {
    /// What comes after the password, by the path of the page: `Next: deleting your account.`
    pub(in crate::accounts) fn goes_on_to(&self, path: &str) -> Option<String> {
        let path = path.split('?').next()?;
        let is_within =
            |page: &str| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let (_, purpose) = self.pages.iter().find(|(page, _)| is_within(page))?;
        Some(format!("{} {purpose}.", self.next))
    }
}
