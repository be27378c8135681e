//! The words of the letters about signing up, and what every letter is made of.

/// The words of a letter with one button.
#[derive(Debug)]
pub struct LetterWords {
    pub(in crate::accounts) subject: &'static str,
    pub(in crate::accounts) heading: &'static str,
    pub(in crate::accounts) text: &'static str,
    pub(in crate::accounts) button: &'static str,
    pub(in crate::accounts) or_copy: &'static str,
    pub(in crate::accounts) small: &'static str,
    pub(in crate::accounts) why: &'static str,
}

pub(super) const VERIFY_ENGLISH: LetterWords = LetterWords {
    subject: "Verify your address",
    heading: "Is this your address?",
    text: "Someone, we hope you, signed up to Biovity with this address. Open the page and press “Verify” to start using the account.",
    button: "Verify my address",
    or_copy: "Or copy this address into your browser:",
    small: "The link works for 24 hours. If it wasn’t you, open it and press “It wasn’t me”, or do nothing: without you the account stays closed.",
    why: "You get this email because someone signed up at Biovity with this address.",
};

pub(super) const ALREADY_ENGLISH: LetterWords = LetterWords {
    subject: "You already have an account",
    heading: "You already have an account",
    text: "Someone, perhaps you, tried to sign up to Biovity with this address. There is an account already, so nothing was changed. Log in with the password you chose.",
    button: "Log in",
    or_copy: "Or copy this address into your browser:",
    small: "If it wasn’t you, you need not do anything: nobody learned that you have an account.",
    why: "You get this email because someone tried to sign up at Biovity with this address.",
};

pub(super) const VERIFY_SPANISH: LetterWords = LetterWords {
    subject: "Verifica tu correo",
    heading: "¿Es tuyo este correo?",
    text: "Alguien, esperamos que tú, creó una cuenta en Biovity con este correo. Abre la página y presiona «Verificar» para empezar a usarla.",
    button: "Verificar mi correo",
    or_copy: "O copia esta dirección en tu navegador:",
    small: "El enlace sirve por 24 horas. Si no fuiste tú, ábrelo y presiona «No fui yo», o no hagas nada: sin ti la cuenta queda cerrada.",
    why: "Recibes este correo porque alguien creó una cuenta en Biovity con esta dirección.",
};

pub(super) const ALREADY_SPANISH: LetterWords = LetterWords {
    subject: "Ya tienes una cuenta",
    heading: "Ya tienes una cuenta",
    text: "Alguien, quizás tú, intentó crear una cuenta en Biovity con este correo. Ya existe una, así que no cambió nada. Ingresa con la contraseña que elegiste.",
    button: "Ingresar",
    or_copy: "O copia esta dirección en tu navegador:",
    small: "Si no fuiste tú, no tienes que hacer nada: nadie supo que tienes una cuenta.",
    why: "Recibes este correo porque alguien intentó crear una cuenta en Biovity con esta dirección.",
};
