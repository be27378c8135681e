//! The words of the letter that asks to confirm a place.

/// The letter.
#[derive(Debug)]
pub struct LetterWords {
    pub(in crate::waitlist) subject: &'static str,
    pub(in crate::waitlist) preheader: &'static str,
    pub(in crate::waitlist) text: &'static str,
    pub(in crate::waitlist) button: &'static str,
    pub(in crate::waitlist) or_copy: &'static str,
    pub(in crate::waitlist) works_until: &'static str,
    pub(in crate::waitlist) not_you: &'static str,
    pub(in crate::waitlist) why: &'static str,
}

pub(super) const ENGLISH: LetterWords = LetterWords {
    subject: "Confirm your place on the Biovity waitlist",
    preheader: "One press and your place is confirmed.",
    text: "Someone, we hope you, joined the waitlist of Biovity with this address. Open the link, press the button there, and your place is confirmed.",
    button: "Confirm my place",
    or_copy: "Or copy this address into your browser:",
    works_until: "The link works until",
    not_you: "If it wasn’t you, do nothing: without you the place is never confirmed. Answer this email and we erase the address.",
    why: "You get this email because this address was entered at Biovity.",
};

pub(super) const SPANISH: LetterWords = LetterWords {
    subject: "Confirma tu lugar en la lista de espera de Biovity",
    preheader: "Con un botón tu lugar queda confirmado.",
    text: "Alguien, esperamos que tú, se unió a la lista de espera de Biovity con este correo. Abre el enlace, presiona el botón y tu lugar queda confirmado.",
    button: "Confirmar mi lugar",
    or_copy: "O copia esta dirección en tu navegador:",
    works_until: "El enlace sirve hasta el",
    not_you: "Si no fuiste tú, no hagas nada: sin ti el lugar nunca se confirma. Responde este correo y borramos la dirección.",
    why: "Recibes este correo porque alguien escribió esta dirección en Biovity.",
};
