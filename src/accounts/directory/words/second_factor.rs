//! The words of removing somebody's second factor.

/// The words of one language.
#[derive(Debug)]
pub struct SecondFactor {
    pub(in crate::accounts::directory) since: &'static str,
    pub(in crate::accounts::directory) remove: &'static str,
    pub(in crate::accounts::directory) text: &'static str,
    pub(in crate::accounts::directory) sure: &'static str,
    pub(in crate::accounts::directory) removed: &'static str,
}

/// The English words.
pub(super) const ENGLISH: SecondFactor = SecondFactor {
    since: "Two-step verification since",
    remove: "Remove two-step verification",
    text: "For an owner who lost the phone and the recovery codes. Make sure that it is the owner who asks: from then on the password is enough to log in. They are told by email.",
    sure: "Yes, remove it",
    removed: "Two-step verification is removed, and we told the owner by email.",
};

/// The Spanish words.
pub(super) const SPANISH: SecondFactor = SecondFactor {
    since: "Verificación en dos pasos desde",
    remove: "Quitar la verificación en dos pasos",
    text: "Para quien perdió el teléfono y los códigos de recuperación. Asegúrate de que quien lo pide sea el titular de la cuenta: desde ese momento basta la contraseña para ingresar. Le avisamos por correo.",
    sure: "Sí, quitarla",
    removed: "Quitamos la verificación en dos pasos y avisamos por correo al titular de la cuenta.",
};
