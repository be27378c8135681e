//! Every text that a person reads in the waitlist's room, in English and Spanish.

use crate::values::locale::Locale;

mod home;
mod letter;
mod overview;
mod place;

pub use home::{Home, Side};
pub use letter::LetterWords;
pub use overview::Overview;
pub use place::Place;

/// Names the text that people agree to by joining, `what_we_keep`. A new text needs a new name.
pub const CONSENT: &str = "waitlist-2026-11";

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(super) join_title: &'static str,
    pub(super) join_lead: &'static str,
    pub(super) email_hint: &'static str,
    pub(super) role_missing: &'static str,
    pub(super) join: &'static str,
    pub(super) what_we_keep: &'static str,
    pub(super) privacy: &'static str,
    /// The title of the page, and what the API answers.
    pub already_listed: &'static str,
    pub(super) already_listed_lead: &'static str,
    pub(super) already_listed_next: &'static str,
    pub(super) another_address: &'static str,
    pub(super) start_page: &'static str,
    pub(super) joined_title: &'static str,
    pub(super) joined_lead: &'static str,
    pub(super) step_done: &'static str,
    pub(super) step_now: &'static str,
    pub(super) step_later: &'static str,
    pub(super) step_joined: &'static str,
    pub(super) step_joined_text: &'static str,
    pub(super) step_confirm: &'static str,
    pub(super) step_confirm_text: &'static str,
    pub(super) step_confirmed: &'static str,
    pub(super) step_invited: &'static str,
    pub(super) step_invited_text: &'static str,
    pub(super) nothing_arrived: &'static str,
    pub(super) look_in_spam: &'static str,
    pub(super) mistyped: &'static str,
    pub(super) join_again: &'static str,
    pub(super) confirm_title: &'static str,
    pub(super) confirm_lead: &'static str,
    pub(super) confirm: &'static str,
    pub(super) confirm_not_you: &'static str,
    pub(super) gone_title: &'static str,
    pub(super) gone_lead: &'static str,
    pub(super) gone_next: &'static str,
    pub(super) place: Place,
    pub(super) home: Home,
    pub(super) overview: Overview,
    pub(super) confirm_letter: LetterWords,
}

static ENGLISH: Words = Words {
    join_title: "Join the waitlist",
    join_lead: "Leave your email and we will write when it is your turn to come in.",
    email_hint: "We send one link there to confirm it is yours.",
    role_missing: "Choose what brings you here",
    join: "Join the waitlist",
    what_we_keep: "By joining you agree that we keep your email, your answer and your language and write to you about your place. The private link in our emails erases them at any time.",
    privacy: "How we treat your data",
    already_listed: "Email already on waitlist",
    already_listed_lead: "This address joined before and keeps its place, so there is no need to join again.",
    already_listed_next: "If the place is not confirmed yet, we write once more, up to three times a day: look for our newest email in the inbox, in spam and in promotions, and press the button it leads to.",
    another_address: "Use another address",
    start_page: "Go to the start page",
    joined_title: "Check your inbox",
    joined_lead: "We sent a link to the address you gave. Press the button it leads to and your place is confirmed.",
    step_done: "(done)",
    step_now: "(next)",
    step_later: "(later)",
    step_joined: "Joined",
    step_joined_text: "Your address is on the list.",
    step_confirm: "Confirm your address",
    step_confirm_text: "The link works for 14 days, on any device.",
    step_confirmed: "Confirmed",
    step_invited: "Invited",
    step_invited_text: "We write when your turn comes. The oldest confirmed places come first.",
    nothing_arrived: "Nothing arrived?",
    look_in_spam: "Look in the spam or promotions folder.",
    mistyped: "A mistyped address?",
    join_again: "Join again with the right one",
    confirm_title: "Confirm your place",
    confirm_lead: "One press confirms the place on the waitlist of",
    confirm: "Confirm my place",
    confirm_not_you: "Did not join? Close this page and nothing happens. The other link in our email erases the address.",
    gone_title: "This link no longer works",
    gone_lead: "It was used before, its time ran out, or part of it was lost on the way.",
    gone_next: "If you have already pressed the button, your place is confirmed and there is nothing more to do. If not, open the link in our newest email, or join again: we send a new one.",
    place: place::ENGLISH,
    home: home::ENGLISH,
    overview: overview::ENGLISH,
    confirm_letter: letter::ENGLISH,
};

static SPANISH: Words = Words {
    join_title: "Únete a la lista de espera",
    join_lead: "Deja tu correo y te escribiremos cuando sea tu turno de entrar.",
    email_hint: "Te enviaremos un enlace para confirmar que es tuyo.",
    role_missing: "Elige qué te trae por aquí",
    join: "Unirme a la lista de espera",
    what_we_keep: "Al unirte aceptas que guardemos tu correo, tu respuesta y tu idioma y te escribamos sobre tu lugar. El enlace privado de nuestros correos los borra cuando quieras.",
    privacy: "Cómo tratamos tus datos",
    already_listed: "Este correo ya está en la lista de espera",
    already_listed_lead: "Este correo se unió antes y conserva su lugar, así que no hace falta unirse de nuevo.",
    already_listed_next: "Si el lugar aún no está confirmado, te escribimos otra vez, hasta tres veces al día: busca nuestro correo más nuevo en la bandeja de entrada, en spam y en promociones, y presiona el botón al que lleva.",
    another_address: "Usar otro correo",
    start_page: "Ir al inicio",
    joined_title: "Revisa tu correo",
    joined_lead: "Enviamos un enlace al correo que nos diste. Presiona el botón al que lleva y tu lugar queda confirmado.",
    step_done: "(listo)",
    step_now: "(ahora)",
    step_later: "(después)",
    step_joined: "Te uniste",
    step_joined_text: "Tu correo está en la lista.",
    step_confirm: "Confirma tu correo",
    step_confirm_text: "El enlace sirve por 14 días, en cualquier dispositivo.",
    step_confirmed: "Confirmaste",
    step_invited: "Invitación",
    step_invited_text: "Te escribiremos cuando llegue tu turno. Primero van los lugares confirmados más antiguos.",
    nothing_arrived: "¿No llegó nada?",
    look_in_spam: "Busca en la carpeta de spam o de promociones.",
    mistyped: "¿Escribiste mal el correo?",
    join_again: "Únete de nuevo con el correcto",
    confirm_title: "Confirma tu lugar",
    confirm_lead: "Con un botón queda confirmado el lugar en la lista de espera de",
    confirm: "Confirmar mi lugar",
    confirm_not_you: "¿No te uniste? Cierra esta página y no pasará nada. El otro enlace de nuestro correo borra la dirección.",
    gone_title: "Este enlace ya no sirve",
    gone_lead: "Ya se usó, venció o le falta una parte.",
    gone_next: "Si ya apretaste el botón, tu lugar está confirmado y no tienes que hacer nada más. Si no, abre el enlace de nuestro correo más nuevo o únete de nuevo: te enviaremos otro.",
    place: place::SPANISH,
    home: home::SPANISH,
    overview: overview::SPANISH,
    confirm_letter: letter::SPANISH,
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
}
