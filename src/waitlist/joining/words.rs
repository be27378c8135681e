//! The words of joining: the form, what comes next, confirming, a link that has ended, and the letter that asks to
//! confirm.

use crate::values::locale::Locale;

pub mod home;

/// Names the text that people agree to by joining, `what_we_keep`. A new text needs a new name.
pub const CONSENT: &str = "waitlist-2026-11-29";
/// Names the texts of before, the latest first: whoever joined then goes on reading what they agreed to.
const CONSENTS_OF_BEFORE: [&str; 2] = ["waitlist-2026-11-28", "waitlist-2026-11"];

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(super) join_title: &'static str,
    pub(super) join_lead: &'static str,
    /// What search engines show of the page.
    pub(super) join_description: &'static str,
    pub(super) email_hint: &'static str,
    pub(in crate::waitlist) role_missing: &'static str,
    pub(super) join: &'static str,
    pub(in crate::waitlist) what_we_keep: &'static str,
    what_we_kept: [&'static str; CONSENTS_OF_BEFORE.len()],
    by_a_list: &'static str,
    pub(super) privacy: &'static str,
    pub(super) account_now: &'static str,
    pub(super) create_account: &'static str,
    /// The title of the page, and what the API answers.
    pub(super) already_listed: &'static str,
    pub(super) already_listed_lead: &'static str,
    pub(super) already_listed_next: &'static str,
    pub(super) another_address: &'static str,
    pub(in crate::waitlist) start_page: &'static str,
    pub(super) joined_title: &'static str,
    pub(super) joined_lead: &'static str,
    pub(in crate::waitlist) step_done: &'static str,
    pub(in crate::waitlist) step_now: &'static str,
    pub(in crate::waitlist) step_later: &'static str,
    pub(in crate::waitlist) step_joined: &'static str,
    pub(super) step_joined_text: &'static str,
    pub(in crate::waitlist) step_confirm: &'static str,
    pub(in crate::waitlist) step_confirm_text: &'static str,
    pub(in crate::waitlist) step_invited: &'static str,
    pub(in crate::waitlist) step_invited_text: &'static str,
    pub(super) nothing_arrived: &'static str,
    pub(super) look_in_spam: &'static str,
    pub(super) mistyped: &'static str,
    pub(super) join_again: &'static str,
    pub(super) confirm_title: &'static str,
    pub(super) confirm_lead: &'static str,
    pub(super) confirm: &'static str,
    pub(super) confirm_not_you: &'static str,
    pub(super) gone: GoneWords,
    pub(super) place_gone: GoneWords,
    pub(super) incomplete: GoneWords,
    pub(super) confirmed_before: GoneWords,
    pub(super) letter: LetterWords,
}

/// The page of a link that does not work.
#[derive(Debug)]
pub(super) struct GoneWords {
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) next: &'static str,
}

/// The letter that asks to confirm an address.
#[derive(Debug)]
pub struct LetterWords {
    pub(super) subject: &'static str,
    pub(super) preheader: &'static str,
    pub(super) text: &'static str,
    pub(super) button: &'static str,
    pub(super) or_copy: &'static str,
    pub(super) works_until: &'static str,
    pub(super) not_you: &'static str,
    pub(super) why: &'static str,
    pub(super) text_imported: &'static str,
    pub(super) not_you_imported: &'static str,
    pub(super) why_imported: &'static str,
    pub(super) place: &'static str,
    pub(super) stop: &'static str,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    join_title: "Join the waitlist",
    join_lead: "Leave your email and we will write when it is your turn to come in.",
    join_description: "Join the waitlist for biotechnology work in Chile, whether you are looking for work or hiring. An email address is enough.",
    email_hint: "We send one link there to confirm it is yours.",
    role_missing: "Choose what brings you here",
    join: "Join the waitlist",
    by_a_list: "Someone added this address by importing a list.",
    what_we_keep: "By joining you agree that we may keep your email, your answer, your language and, if the link that brought you here names it, where you came from, and that we may write to you about your place. With the private link in our emails you can erase all of it at any time.",
    what_we_kept: [
        "By joining you agree that we keep your email, your answer, your language and the source that your link may name, and that we write to you about your place. With the private link in our emails you can erase all of it at any time.",
        "By joining you agree that we keep your email, your answer and your language and write to you about your place. The private link in our emails erases them at any time.",
    ],
    privacy: "How we treat your data",
    account_now: "The waitlist is for your invitation. You don’t have to wait for it to have an account:",
    create_account: "create one now",
    already_listed: "Email already on waitlist",
    already_listed_lead: "This email has a place already and keeps it, so there is no need to join again.",
    already_listed_next: "If the place is not confirmed yet, or your mail server refused our email, we send the link again, up to three times a day. Look in your inbox, in spam and in promotions, open the link in our newest email and press the button.",
    another_address: "Use another email",
    start_page: "Go to the home page",
    joined_title: "Check your inbox to confirm your place",
    joined_lead: "We sent you a link. Open it and press the button, and your place is confirmed.",
    step_done: "(done)",
    step_now: "(next)",
    step_later: "(later)",
    step_joined: "Joined",
    step_joined_text: "Your email is on the list.",
    step_confirm: "Confirm your email",
    step_confirm_text: "The link works for 14 days, on any device.",
    step_invited: "Invited",
    step_invited_text: "We write when your turn comes. The oldest confirmed places come first.",
    nothing_arrived: "Nothing arrived?",
    look_in_spam: "Look in the spam or promotions folder.",
    mistyped: "Mistyped your email?",
    join_again: "Join again with the right one",
    confirm_title: "Confirm your place",
    confirm_lead: "Press the button to confirm the waitlist place of",
    confirm: "Confirm my place",
    confirm_not_you: "Didn’t join? Close this page and nothing happens. The other link in our email lets you erase your address.",
    gone: GoneWords {
        title: "This link no longer works",
        lead: "It has already been used, it has expired, a newer email replaced it, or the place is gone.",
        next: "If you have already pressed the button, your place is confirmed, unless you left or erased it since, and there is nothing more to do. If not, open the link in our newest email, or join again and we will send a new one.",
    },
    place_gone: GoneWords {
        title: "This link no longer works",
        lead: "The place was erased, or was not confirmed in time.",
        next: "There is nothing left to see. If you want a place, join again: an email is enough.",
    },
    incomplete: GoneWords {
        title: "This link is incomplete",
        lead: "Its end is missing: some mail programs break long lines.",
        next: "Open it again from our email, or copy all of it. Or join again and we will send a new one.",
    },
    confirmed_before: GoneWords {
        title: "Your place was confirmed a moment ago",
        lead: "There is nothing more to do. We will write when your turn comes.",
        next: "The private link in our email leads to your place.",
    },
    letter: LetterWords {
        subject: "Confirm your place on the Biovity waitlist",
        preheader: "Press one button and your place is confirmed.",
        text: "Someone, hopefully you, joined the Biovity waitlist with this email. Open the link, press the button, and your place is confirmed.",
        button: "Confirm my place",
        or_copy: "Or copy this link into your browser:",
        works_until: "The link works until",
        not_you: "If it wasn’t you, do nothing: nobody else can confirm the place.",
        why: "You are receiving this email because someone entered this address at Biovity.",
        text_imported: "The Biovity team added this address to its waitlist. If you want the place, open the link and press the button.",
        not_you_imported: "If you don’t want the place, do nothing: nobody else can confirm it.",
        why_imported: "You are receiving this email because the Biovity team added this address.",
        place: "See, correct or erase what we hold",
        stop: "Stop these emails",
    },
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    join_title: "Únete a la lista de espera",
    join_lead: "Deja tu correo y te escribiremos cuando sea tu turno de entrar.",
    join_description: "Únete a la lista de espera de Biovity, ya sea que busques trabajo en biotecnología en Chile o quieras contratar. Basta un correo.",
    email_hint: "Te enviaremos un enlace para confirmar que es tuyo.",
    role_missing: "Elige qué te trae por aquí",
    join: "Unirme a la lista de espera",
    by_a_list: "Alguien agregó este correo al importar una lista.",
    what_we_keep: "Al unirte aceptas que guardemos tu correo, tu respuesta, tu idioma y, si el enlace por el que llegaste lo indica, de dónde vienes, y que te escribamos sobre tu lugar. Con el enlace privado de nuestros correos puedes borrarlo todo cuando quieras.",
    what_we_kept: [
        "Al unirte aceptas que guardemos tu correo, tu respuesta, tu idioma y el origen que tu enlace pueda nombrar, y que te escribamos sobre tu lugar. Con el enlace privado de nuestros correos puedes borrarlo todo cuando quieras.",
        "Al unirte aceptas que guardemos tu correo, tu respuesta y tu idioma y te escribamos sobre tu lugar. El enlace privado de nuestros correos los borra cuando quieras.",
    ],
    privacy: "Cómo tratamos tus datos",
    account_now: "La lista de espera es para recibir tu invitación. Para tener una cuenta no hace falta esperarla:",
    create_account: "créala ahora",
    already_listed: "Este correo ya está en la lista de espera",
    already_listed_lead: "Este correo ya tiene un lugar y lo conserva: no hace falta unirse de nuevo.",
    already_listed_next: "Si el lugar aún no está confirmado, o tu servidor de correo rechazó nuestro mensaje, te enviamos el enlace otra vez, hasta tres veces al día. Busca nuestro correo más nuevo en la bandeja de entrada, en spam y en promociones, abre el enlace y presiona el botón.",
    another_address: "Usar otro correo",
    start_page: "Ir al inicio",
    joined_title: "Revisa tu correo para confirmar tu lugar",
    joined_lead: "Te enviamos un enlace. Ábrelo y presiona el botón, y tu lugar queda confirmado.",
    step_done: "(listo)",
    step_now: "(ahora)",
    step_later: "(después)",
    step_joined: "Te uniste",
    step_joined_text: "Tu correo está en la lista.",
    step_confirm: "Confirma tu correo",
    step_confirm_text: "El enlace sirve por 14 días, en cualquier dispositivo.",
    step_invited: "Invitación",
    step_invited_text: "Te escribiremos cuando llegue tu turno. Primero van los lugares confirmados más antiguos.",
    nothing_arrived: "¿No llegó nada?",
    look_in_spam: "Busca en la carpeta de spam o de promociones.",
    mistyped: "¿Escribiste mal el correo?",
    join_again: "Únete de nuevo con el correcto",
    confirm_title: "Confirma tu lugar",
    confirm_lead: "Presiona el botón para confirmar en la lista de espera el lugar de",
    confirm: "Confirmar mi lugar",
    confirm_not_you: "¿No te uniste? Cierra esta página y no pasará nada. Con el otro enlace de nuestro correo puedes borrar tu dirección.",
    gone: GoneWords {
        title: "Este enlace ya no sirve",
        lead: "Ya se usó, venció, lo reemplazó un correo más nuevo o el lugar ya no existe.",
        next: "Si ya presionaste el botón, tu lugar está confirmado, salvo que después hayas salido o lo hayas borrado, y no tienes que hacer nada más. Si no, abre el enlace de nuestro correo más nuevo o únete de nuevo: te enviaremos otro.",
    },
    place_gone: GoneWords {
        title: "Este enlace ya no sirve",
        lead: "El lugar se borró, o no se confirmó a tiempo.",
        next: "No queda nada de él que mostrar. Si quieres un lugar, únete de nuevo: basta un correo.",
    },
    incomplete: GoneWords {
        title: "Este enlace está incompleto",
        lead: "Le falta el final: hay programas que cortan las líneas largas.",
        next: "Ábrelo otra vez desde nuestro correo o cópialo entero. O únete de nuevo: te enviaremos otro.",
    },
    confirmed_before: GoneWords {
        title: "Tu lugar se confirmó hace un momento",
        lead: "No tienes que hacer nada más. Te escribiremos cuando sea tu turno.",
        next: "El enlace privado de nuestro correo lleva a tu lugar.",
    },
    letter: LetterWords {
        subject: "Confirma tu lugar en la lista de espera de Biovity",
        preheader: "Presiona un botón y tu lugar queda confirmado.",
        text: "Alguien (esperamos que hayas sido tú) se unió a la lista de espera de Biovity con este correo. Abre el enlace, presiona el botón y tu lugar queda confirmado.",
        button: "Confirmar mi lugar",
        or_copy: "O copia este enlace en tu navegador:",
        works_until: "El enlace sirve hasta el",
        not_you: "Si no fuiste tú, no hagas nada: nadie más puede confirmar el lugar.",
        why: "Recibes este correo porque alguien escribió esta dirección en Biovity.",
        text_imported: "El equipo de Biovity agregó este correo a su lista de espera. Si quieres el lugar, abre el enlace y presiona el botón.",
        not_you_imported: "Si no quieres el lugar, no hagas nada: nadie más puede confirmarlo.",
        why_imported: "Recibes este correo porque el equipo de Biovity agregó esta dirección.",
        place: "Ver, corregir o borrar lo que guardamos",
        stop: "No recibir más estos correos",
    },
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

    /// What somebody agreed to, by the name that the row keeps of it: the text of the form as it was then, what an import says,
    /// or the name itself of a text that is not known any more.
    /// `read_in` is the language that they read it in.
    pub(in crate::waitlist) fn agreed_to(&self, consent: &str, read_in: Locale) -> Agreement {
        let theirs = Self::of(read_in);
        let of_before =
            || CONSENTS_OF_BEFORE.iter().position(|name| *name == consent).map(|at| theirs.what_we_kept[at]);
        let text = if consent == CONSENT { Some(theirs.what_we_keep) } else { of_before() };
        let (text, locale) = match text {
            Some(text) => (format!("“{text}”"), read_in),
            None if consent.starts_with("import:") => (self.by_a_list.to_owned(), self.locale),
            None => (consent.to_owned(), self.locale),
        };
        Agreement { text, locale }
    }
}

/// What somebody agreed to.
#[derive(Debug)]
pub(in crate::waitlist) struct Agreement {
    /// The words.
    pub(in crate::waitlist) text: String,
    /// Their language.
    pub(in crate::waitlist) locale: Locale,
}
