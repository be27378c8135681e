//! The words of finishing a sign-up with another provider, which `%` stands for.

/// The words of one language.
#[derive(Debug)]
pub struct Finish {
    pub(in crate::accounts::sign_up) title: &'static str,
    pub(in crate::accounts::sign_up) lead: &'static str,
    pub(in crate::accounts::sign_up) mail: &'static str,
    logs_in_with: &'static str,
    /// Where the same was done before, and our mail waits to be read.
    pub(in crate::accounts::sign_up) waits: &'static str,
    pub(in crate::accounts::sign_up) sent: &'static str,
    pub(in crate::accounts::sign_up) change: &'static str,
    pub(in crate::accounts::sign_up) choose_role: &'static str,
    pub(in crate::accounts::sign_up) name: &'static str,
    pub(in crate::accounts::sign_up) profession_hint: &'static str,
    pub(in crate::accounts::sign_up) create: &'static str,
    pub(in crate::accounts::sign_up) other_email: &'static str,
    choose_other: &'static str,
    pub(in crate::accounts::sign_up) connect: &'static str,
}

/// The English words.
pub(super) const ENGLISH: Finish = Finish {
    title: "Finish creating your account",
    lead: "Nearly done. Your account will have the email",
    mail: "We will send a link there to make sure it is yours.",
    logs_in_with: "From then on you log in with %.",
    waits: "This email still has to be verified: open the link that we sent there on",
    sent: "Nothing arrived?",
    change: "Or change your answers here.",
    choose_role: "Choose whether you are looking for work or hiring",
    name: "Your name, or that of your organization",
    profession_hint: "For an organization: your position, if you like.",
    create: "Create my account",
    other_email: "Not the email you wanted?",
    choose_other: "Choose another % account",
    connect: "Log in, then connect it there",
};

/// The Spanish words.
pub(super) const SPANISH: Finish = Finish {
    title: "Termina de crear tu cuenta",
    lead: "Ya casi. Tu cuenta tendrá el correo",
    mail: "Enviaremos ahí un enlace para confirmar que es tuyo.",
    logs_in_with: "Desde ese momento ingresarás con %.",
    waits: "Falta verificar este correo: abre el enlace que enviamos ahí el",
    sent: "¿No llegó nada?",
    change: "O cambia aquí tus respuestas.",
    choose_role: "Elige si buscas trabajo o quieres contratar",
    name: "Tu nombre, o el de tu organización",
    profession_hint: "Si es una organización: tu cargo, si quieres.",
    create: "Crear mi cuenta",
    other_email: "¿No es el correo que querías?",
    choose_other: "Elegir otra cuenta de %",
    connect: "Ingresa y después conéctalo ahí",
};

impl Finish {
    /// By what they log in from then on.
    pub(in crate::accounts::sign_up) fn logs_in_with(&self, provider: &str) -> String {
        self.logs_in_with.replace('%', provider)
    }

    /// What the link says that leads to another account of the provider.
    pub(in crate::accounts::sign_up) fn choose_other(&self, provider: &str) -> String {
        self.choose_other.replace('%', provider)
    }
}
