//! What each form of the admin's pages does, for a button that sends it on a page that is not its own.

use std::borrow::Cow;

use crate::values::locale::Locale;
use crate::web::paths::{accounts, api_key, mail, waitlist, webhook};

/// The label of the button that sends a form to the address of this pattern; nothing when there is no such form. `field`
/// gives what the form says, by name.
#[must_use]
pub fn label(locale: Locale, pattern: &str, field: impl Fn(&str) -> Option<String>) -> Option<Cow<'static, str>> {
    if pattern == waitlist::BULK {
        let act = field("act")?;
        return Some(bulk(locale, act.starts_with("delete"), &field("expected")?).into());
    }
    let (english, spanish) = names(pattern)?;
    Some(match locale {
        Locale::En => english.into(),
        Locale::Es => spanish.into(),
    })
}

fn bulk(locale: Locale, deletes: bool, count: &str) -> String {
    match (locale, deletes) {
        (Locale::En, true) if count == "1" => "Delete the place (1)".to_owned(),
        (Locale::Es, true) if count == "1" => "Eliminar el lugar (1)".to_owned(),
        (Locale::En, true) => format!("Delete the places ({count})"),
        (Locale::Es, true) => format!("Eliminar los lugares ({count})"),
        (Locale::En, false) => format!("Resend confirmation email ({count})"),
        (Locale::Es, false) => format!("Reenviar la confirmación ({count})"),
    }
}

fn names(pattern: &str) -> Option<(&'static str, &'static str)> {
    Some(match pattern {
        api_key::KEYS => ("Create the key", "Crear la clave"),
        api_key::REVOKE => ("Revoke the key", "Revocar la clave"),
        accounts::USER_DEACTIVATE => ("Deactivate this account", "Desactivar esta cuenta"),
        accounts::USER_REACTIVATE => ("Reactivate this account", "Reactivar esta cuenta"),
        accounts::USER_END_SESSIONS => ("End all sessions of this account", "Cerrar todas las sesiones de esta cuenta"),
        accounts::USER_RESEND => ("Send the verification email again", "Enviar otra vez el correo de verificación"),
        accounts::USER_RESET => ("Send a link for a new password", "Enviar un enlace para elegir otra contraseña"),
        accounts::USER_SECOND_FACTOR => ("Remove two-step verification", "Quitar la verificación en dos pasos"),
        mail::QUEUE_PAUSE => ("Pause sending email", "Pausar el envío de correo"),
        mail::QUEUE_RESUME => ("Resume sending email", "Reanudar el envío de correo"),
        mail::RETRY => ("Try this email now", "Reintentar este correo ahora"),
        mail::CANCEL => ("Cancel this email", "Cancelar este correo"),
        waitlist::DELETION_UNDO => ("Undo the deletion", "Deshacer la eliminación"),
        waitlist::ENTRY_RESTORE => ("Restore this place", "Restaurar este lugar"),
        waitlist::ENTRY_CLEAR_BOUNCE => ("Clear the bounce", "Borrar el rechazo"),
        waitlist::ENTRY_REVIEW => ("Mark this place as reviewed", "Marcar este lugar como revisado"),
        waitlist::ENTRY_INVITE => ("Invite this person", "Invitar a esta persona"),
        waitlist::IMPORTS => ("Check the list", "Revisar la lista"),
        waitlist::IMPORT_START => ("Add the import’s places", "Agregar los lugares de la importación"),
        waitlist::IMPORT_RESUME => ("Continue reading the list", "Seguir leyendo la lista"),
        waitlist::IMPORT_CANCEL => ("Cancel the import", "Cancelar la importación"),
        waitlist::IMPORT_UNDO => ("Undo the import", "Deshacer la importación"),
        waitlist::WAVES => ("Send the wave’s invitations", "Enviar las invitaciones de la tanda"),
        waitlist::WAVE_PAUSE => ("Pause the wave", "Pausar la tanda"),
        waitlist::WAVE_RESUME => ("Resume the wave", "Reanudar la tanda"),
        waitlist::WAVE_CANCEL => ("Cancel the wave", "Cancelar la tanda"),
        webhook::ENDPOINTS => ("Add the webhook", "Agregar el webhook"),
        webhook::ENDPOINT => ("Change what the webhook is told", "Cambiar lo que se le avisa al webhook"),
        webhook::PROBE => ("Send a probe to the webhook", "Enviar una prueba al webhook"),
        webhook::SWITCH_ON => ("Switch the webhook on", "Activar el webhook"),
        webhook::PAUSE => ("Pause the webhook", "Pausar el webhook"),
        webhook::ROTATE => ("Replace the webhook’s secret", "Reemplazar el secreto del webhook"),
        webhook::REPLAY => ("Send to the webhook again", "Enviar otra vez al webhook"),
        webhook::DELETE => ("Delete the webhook", "Eliminar el webhook"),
        _ => return None,
    })
}
