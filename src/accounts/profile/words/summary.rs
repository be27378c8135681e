//! The words of what the account page tells beside the profile.

/// The words of one language.
#[derive(Debug)]
pub struct Summary {
    pub(in crate::accounts::profile) no_place: &'static str,
    pub(in crate::accounts::profile) joined: &'static str,
    pub(in crate::accounts::profile) unconfirmed: &'static str,
    pub(in crate::accounts::profile) waits: &'static str,
    pub(in crate::accounts::profile) invited: &'static str,
    pub(in crate::accounts::profile) signed_up: &'static str,
    pub(in crate::accounts::profile) refused: &'static str,
    pub(in crate::accounts::profile) managed_by: &'static str,
    pub(in crate::accounts::profile) see_managed: &'static str,
    pub(in crate::accounts::profile) unfinished: &'static str,
    pub(in crate::accounts::profile) email_change: &'static str,
    pub(in crate::accounts::profile) no_name: &'static str,
    pub(in crate::accounts::profile) no_profession: &'static str,
    pub(in crate::accounts::profile) no_picture: &'static str,
    pub(in crate::accounts::profile) last_log_in: &'static str,
    pub(in crate::accounts::profile) not_you: &'static str,
}

/// The English words.
pub(super) const ENGLISH: Summary = Summary {
    no_place: "Your account is ready. We will write to you if anything changes.",
    joined: "You joined on",
    unconfirmed: "The place is not confirmed yet: press the button in our email about the waitlist.",
    waits: "The place is confirmed and you already have your account: there is nothing more to do. We will write to you if anything changes.",
    invited: "Your turn has come, and you already have your account: there is nothing more to do.",
    signed_up: "You have your account, so you are in and need no invitation.",
    refused: "Our email about it was refused. If your email works again, join once more.",
    managed_by: "Your account is managed by",
    see_managed: "What that means",
    unfinished: "Still to do",
    email_change: "Confirm your new email",
    no_name: "Add your name",
    no_profession: "Add your profession",
    no_picture: "Add a picture",
    last_log_in: "Last log-in before this one:",
    not_you: "Not you?",
};

/// The Spanish words.
pub(super) const SPANISH: Summary = Summary {
    no_place: "Tu cuenta está lista. Te escribiremos si algo cambia.",
    joined: "Te uniste el",
    unconfirmed: "El lugar aún no está confirmado: presiona el botón de nuestro correo sobre la lista de espera.",
    waits: "El lugar está confirmado y ya tienes tu cuenta: no tienes que hacer nada más. Te escribiremos si algo cambia.",
    invited: "Llegó tu turno y ya tienes tu cuenta: no tienes que hacer nada más.",
    signed_up: "Ya tienes tu cuenta: estás dentro y no necesitas invitación.",
    refused: "Nuestro correo sobre la lista fue rechazado. Si tu correo vuelve a funcionar, únete otra vez.",
    managed_by: "Tu cuenta la administra",
    see_managed: "Qué significa",
    unfinished: "Te falta",
    email_change: "Confirmar tu correo nuevo",
    no_name: "Agregar tu nombre",
    no_profession: "Agregar tu profesión",
    no_picture: "Agregar una foto",
    last_log_in: "El ingreso anterior a este:",
    not_you: "¿No fuiste tú?",
};
