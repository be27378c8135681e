//! What somebody did, in a few words.

use crate::audit::action::Action;
use crate::values::locale::Locale;

/// The words of an action. One that a later version wrote has none of its own.
#[must_use]
pub fn action(locale: Locale, action: Option<Action>) -> &'static str {
    let (english, spanish) = action.map_or(("Something else", "Otra cosa"), in_both);
    if locale == Locale::Es { spanish } else { english }
}

#[expect(clippy::too_many_lines, reason = "a line for each action, in both languages side by side")]
const fn in_both(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::SignedUp => ("Account created", "Cuenta creada"),
        Action::EmailVerified => ("Email verified", "Correo verificado"),
        Action::LoggedIn => ("Logged in", "Ingreso"),
        Action::LoggedInFromNewDevice => ("Logged in on a new device", "Ingreso desde un dispositivo nuevo"),
        Action::LoggedOut => ("Logged out", "Cierre de sesión"),
        Action::SessionEnded => ("Session ended on another device", "Sesión cerrada en otro dispositivo"),
        Action::OtherSessionsEnded => ("All other sessions ended", "Todas las demás sesiones cerradas"),
        Action::SessionsEnded => ("All sessions ended", "Todas las sesiones cerradas"),
        Action::ResetRequested => {
            ("Link for a new password requested", "Enlace para elegir otra contraseña solicitado")
        }
        Action::PasswordReset => ("New password chosen by link", "Contraseña nueva elegida por enlace"),
        Action::PasswordChanged => ("Password changed", "Contraseña cambiada"),
        Action::AccountSecured => ("Account secured", "Cuenta protegida"),
        Action::SecondFactorOn => ("Two-step verification switched on", "Verificación en dos pasos activada"),
        Action::SecondFactorMoved => {
            ("Two-step verification moved to another app", "Verificación en dos pasos cambiada a otra aplicación")
        }
        Action::SecondFactorOff => ("Two-step verification switched off", "Verificación en dos pasos desactivada"),
        Action::SecondFactorRemoved => ("Two-step verification removed", "Verificación en dos pasos quitada"),
        Action::RecoveryCodeUsed => ("Recovery code used", "Código de recuperación usado"),
        Action::WrongCodes => ("Wrong codes", "Códigos incorrectos"),
        Action::RecoveryCodesMade => ("New recovery codes made", "Códigos de recuperación nuevos creados"),
        Action::TrustedDevicesForgotten => {
            ("Code asked for on every device again", "Código pedido otra vez en todos los dispositivos")
        }
        Action::ProviderConnected => ("Way to log in added", "Forma de ingresar agregada"),
        Action::ProviderDisconnected => ("Way to log in removed", "Forma de ingresar quitada"),
        Action::EmailChangeRequested => ("Email change requested", "Cambio de correo solicitado"),
        Action::EmailChanged => ("Email changed", "Correo cambiado"),
        Action::EmailChangeUndone => ("Email change undone", "Cambio de correo deshecho"),
        Action::ProfileChanged => ("Profile changed", "Perfil cambiado"),
        Action::PictureChanged => ("Picture changed", "Foto cambiada"),
        Action::PictureRemoved => ("Picture removed", "Foto quitada"),
        Action::DataExported => ("Data downloaded", "Datos descargados"),
        Action::DeletionRequested => ("Deletion requested", "Eliminación solicitada"),
        Action::DeletionCancelled => ("Deletion cancelled", "Eliminación cancelada"),
        Action::Deactivated => ("Account deactivated", "Cuenta desactivada"),
        Action::Reactivated => ("Account reactivated", "Cuenta reactivada"),
        Action::VerificationResent => ("Verification email sent again", "Correo de verificación enviado otra vez"),
        Action::ResetTriggered => ("Link for a new password sent", "Enlace para elegir otra contraseña enviado"),
        Action::Invited => ("Invitation sent", "Invitación enviada"),
        Action::InvitationRevoked => ("Invitation revoked", "Invitación anulada"),
        Action::InvitationDeclined => ("Invitation declined", "Invitación rechazada"),
        Action::JoinedOrganization => ("Joined the organization", "Incorporación a la organización"),
        Action::LeftOrganization => ("Left the organization", "Salida de la organización"),
        Action::Released => ("Released from the organization", "Cuenta liberada por la organización"),
        Action::MadeAdmin => ("Admin access granted", "Acceso de administración otorgado"),
        Action::AdminRevoked => ("Admin access revoked", "Acceso de administración revocado"),
        Action::EntryRoleChanged => ("Role on the waitlist changed", "Rol en la lista de espera cambiado"),
        Action::EntryLeft => ("Left the waitlist", "Salida de la lista de espera"),
        Action::EntryErased => ("Place on the waitlist erased", "Lugar en la lista de espera borrado"),
        Action::EntriesAsked => ("Confirmation email resent", "Confirmación reenviada"),
        Action::EntriesDeleted => ("Places deleted", "Lugares eliminados"),
        Action::EntriesRestored => ("Places restored", "Lugares restaurados"),
        Action::EntryBounceCleared => ("Bounce cleared", "Rechazo de correo borrado"),
        Action::EntryReviewed => ("Place marked as reviewed", "Lugar marcado como revisado"),
        Action::EntryInvited => ("Person invited", "Persona invitada"),
        Action::WaitlistExported => ("Waitlist downloaded", "Lista de espera descargada"),
        Action::ImportChecked => ("Import checked", "Importación revisada"),
        Action::ImportStarted => ("Import started", "Importación iniciada"),
        Action::ImportCancelled => ("Import cancelled", "Importación cancelada"),
        Action::ImportUndone => ("Import undone", "Importación deshecha"),
        Action::WaveStarted => ("Wave of invitations started", "Tanda de invitaciones iniciada"),
        Action::WavePaused => ("Wave of invitations paused", "Tanda de invitaciones en pausa"),
        Action::WaveResumed => ("Wave of invitations resumed", "Tanda de invitaciones reanudada"),
        Action::WaveCancelled => ("Wave of invitations cancelled", "Tanda de invitaciones cancelada"),
        Action::ApiKeyMade => ("API key created", "Clave de la API creada"),
        Action::ApiKeyRevoked => ("API key revoked", "Clave de la API revocada"),
        Action::LetterRetried => ("Email tried again", "Envío de correo reintentado"),
        Action::LetterCancelled => ("Email cancelled", "Correo cancelado"),
        Action::MailPaused => ("Sending of email paused", "Envío de correo en pausa"),
        Action::MailResumed => ("Sending of email resumed", "Envío de correo reanudado"),
        Action::WebhookAdded => ("Webhook added", "Webhook agregado"),
        Action::WebhookChanged => ("Webhook changed", "Webhook cambiado"),
        Action::WebhookProbed => ("Webhook probed", "Webhook probado"),
        Action::WebhookSwitchedOn => ("Webhook switched on", "Webhook activado"),
        Action::WebhookPaused => ("Webhook paused", "Webhook en pausa"),
        Action::WebhookSwitchedOff => ("Webhook switched off", "Webhook desactivado"),
        Action::WebhookSecretReplaced => ("Webhook secret replaced", "Secreto de un webhook reemplazado"),
        Action::WebhookReplayed => ("Webhook deliveries sent again", "Entregas de un webhook enviadas otra vez"),
        Action::WebhookDeleted => ("Webhook deleted", "Webhook eliminado"),
    }
}
