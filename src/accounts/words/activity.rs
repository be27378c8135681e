//! The words of what happened to an account.

use crate::accounts::event::Action;
use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct Activity {
    locale: Locale,
    pub(in crate::accounts) title: &'static str,
    pub(in crate::accounts) lead: &'static str,
    pub(in crate::accounts) what: &'static str,
    pub(in crate::accounts) when: &'static str,
    pub(in crate::accounts) whence: &'static str,
    pub(in crate::accounts) by: &'static str,
    pub(in crate::accounts) operator: &'static str,
    pub(in crate::accounts) gone: &'static str,
    pub(in crate::accounts) nothing_yet: &'static str,
    pub(in crate::accounts) nothing_yet_text: &'static str,
    pub(in crate::accounts) not_you: &'static str,
}

pub(super) const ENGLISH: Activity = Activity {
    locale: Locale::En,
    title: "Activity",
    lead: "The last 50 things that concern the security of your account, newest first.",
    what: "What",
    when: "When",
    whence: "From",
    by: "by",
    operator: "Biovity",
    gone: "an account that is gone",
    nothing_yet: "Nothing yet",
    nothing_yet_text: "Log-ins and changes of your account will be listed here.",
    not_you: "Is there something that you did not do? End the other sessions, then",
};

pub(super) const SPANISH: Activity = Activity {
    locale: Locale::Es,
    title: "Actividad",
    lead: "Los últimos 50 hechos que importan para la seguridad de tu cuenta, del más nuevo al más antiguo.",
    what: "Qué",
    when: "Cuándo",
    whence: "Desde",
    by: "por",
    operator: "Biovity",
    gone: "una cuenta que ya no existe",
    nothing_yet: "Todavía nada",
    nothing_yet_text: "Aquí verás los ingresos y los cambios de tu cuenta.",
    not_you: "¿Hay algo que no hiciste tú? Cierra las demás sesiones y luego",
};

impl Activity {
    /// What happened, in a few words.
    #[must_use]
    pub fn action(&self, action: Option<Action>) -> &'static str {
        let (english, spanish) = action.map_or(("Something else", "Otra cosa"), in_both);
        if self.locale == Locale::Es { spanish } else { english }
    }
}

const fn in_both(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::SignedUp => ("Signed up", "Cuenta creada"),
        Action::EmailVerified => ("Address verified", "Correo verificado"),
        Action::LoggedIn => ("Logged in", "Ingreso"),
        Action::LoggedInFromNewDevice => ("Logged in on a new device", "Ingreso en un dispositivo nuevo"),
        Action::LoggedOut => ("Logged out", "Salida"),
        Action::SessionEnded => ("Session ended on another device", "Sesión cerrada en otro dispositivo"),
        Action::OtherSessionsEnded => ("All other sessions ended", "Todas las demás sesiones cerradas"),
        Action::SessionsEnded => ("All sessions ended", "Todas las sesiones cerradas"),
        Action::ResetRequested => ("Link for a new password asked for", "Enlace para otra contraseña pedido"),
        Action::PasswordReset => ("New password chosen by link", "Contraseña nueva elegida por enlace"),
        Action::PasswordChanged => ("Password changed", "Contraseña cambiada"),
        Action::AccountSecured => ("Account secured", "Cuenta protegida"),
        Action::EmailChangeRequested => ("Change of address asked for", "Cambio de correo pedido"),
        Action::EmailChanged => ("Address changed", "Correo cambiado"),
        Action::EmailChangeUndone => ("Change of address undone", "Cambio de correo deshecho"),
        Action::ProfileChanged => ("Profile changed", "Perfil cambiado"),
        Action::PictureChanged => ("Picture changed", "Foto cambiada"),
        Action::PictureRemoved => ("Picture removed", "Foto quitada"),
        Action::DataExported => ("Data downloaded", "Datos descargados"),
        Action::DeletionRequested => ("Deletion asked for", "Eliminación pedida"),
        Action::DeletionCancelled => ("Deletion cancelled", "Eliminación cancelada"),
        Action::Deactivated => ("Account deactivated", "Cuenta desactivada"),
        Action::Reactivated => ("Account reactivated", "Cuenta reactivada"),
        Action::VerificationResent => ("Verification email sent again", "Correo de verificación enviado otra vez"),
        Action::ResetTriggered => ("Link for a new password sent", "Enlace para otra contraseña enviado"),
        Action::Invited => ("Invitation sent", "Invitación enviada"),
        Action::InvitationRevoked => ("Invitation taken back", "Invitación retirada"),
        Action::InvitationDeclined => ("Invitation declined", "Invitación rechazada"),
        Action::JoinedOrganization => ("Joined the organization", "Ingreso a la organización"),
        Action::LeftOrganization => ("Left the organization", "Salida de la organización"),
        Action::Released => ("Released by the organization", "Liberada por la organización"),
        Action::MadeAdmin => ("Made an admin", "Pasó a ser de administración"),
        Action::AdminRevoked => ("No admin any more", "Dejó de ser de administración"),
    }
}
