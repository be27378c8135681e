//! The words of signing up by an invitation of the waitlist.

/// The pages.
#[derive(Debug)]
pub struct Invited {
    pub(in crate::accounts) lead: &'static str,
    pub(in crate::accounts) welcome: &'static str,
    pub(in crate::accounts) taken: &'static str,
    pub(in crate::accounts) taken_text: &'static str,
    pub(in crate::accounts) forgot: &'static str,
    pub(in crate::accounts) gone_text: &'static str,
}

pub(super) const ENGLISH: Invited = Invited {
    lead: "Your turn has come. Your address is verified by the link that you opened, so there is no other mail to wait for.",
    welcome: "Welcome! Your account is ready.",
    taken: "You have an account already",
    taken_text: "There is an account with the address",
    forgot: "Choose a new password",
    gone_text: "It was used before, replaced by a newer one, or its time ran out. If you have opened your account, log in. If not, look for our newest email, or answer it.",
};

pub(super) const SPANISH: Invited = Invited {
    lead: "Llegó tu turno. El enlace que abriste verifica tu correo, así que no hay otro mensaje que esperar.",
    welcome: "¡Te damos la bienvenida! Tu cuenta está lista.",
    taken: "Ya tienes una cuenta",
    taken_text: "Hay una cuenta con el correo",
    forgot: "Elegir otra contraseña",
    gone_text: "Ya se usó, lo reemplazó uno más nuevo o se acabó su tiempo. Si ya abriste tu cuenta, ingresa. Si no, busca nuestro correo más nuevo, o respóndelo.",
};
