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
    pub(in crate::waitlist) text_imported: &'static str,
    pub(in crate::waitlist) why_imported: &'static str,
    pub(in crate::waitlist) place: &'static str,
    pub(in crate::waitlist) stop: &'static str,
}

pub(super) const ENGLISH: LetterWords = LetterWords {
    subject: "Confirm your place on the Biovity waitlist",
    preheader: "One press and your place is confirmed.",
    text: "Someone, we hope you, joined the waitlist of Biovity with this address. Open the link, press the button there, and your place is confirmed.",
    button: "Confirm my place",
    or_copy: "Or copy this address into your browser:",
    works_until: "The link works until",
    not_you: "If it wasn’t you, do nothing: without you the place is never confirmed.",
    why: "You get this email because this address was entered at Biovity.",
    text_imported: "An organizer of Biovity added this address to its waitlist. If you want the place, open the link and press the button there.",
    why_imported: "You get this email because an organizer added this address at Biovity. Without you the place is never confirmed.",
    place: "See, correct or erase what we hold",
    stop: "Stop these emails",
};

pub(super) const SPANISH: LetterWords = LetterWords {
    subject: "Confirma tu lugar en la lista de espera de Biovity",
    preheader: "Con un botón tu lugar queda confirmado.",
    text: "Alguien, esperamos que tú, se unió a la lista de espera de Biovity con este correo. Abre el enlace, presiona el botón y tu lugar queda confirmado.",
    button: "Confirmar mi lugar",
    or_copy: "O copia esta dirección en tu navegador:",
    works_until: "El enlace sirve hasta el",
    not_you: "Si no fuiste tú, no hagas nada: sin ti el lugar nunca se confirma.",
    why: "Recibes este correo porque alguien escribió esta dirección en Biovity.",
    text_imported: "Alguien del equipo de Biovity agregó este correo a la lista de espera. Si quieres el lugar, abre el enlace y presiona el botón.",
    why_imported: "Recibes este correo porque alguien del equipo de Biovity agregó esta dirección. Sin ti el lugar nunca se confirma.",
    place: "Ver, corregir o borrar lo que guardamos",
    stop: "No recibir más estos correos",
};
