//! What background jobs do, in English and Spanish: their own names are for the log and the metrics.

use crate::values::locale::Locale;

/// What the job of this name does; nothing of one that a later version runs.
pub(super) fn words(locale: Locale, job: &str) -> Option<&'static str> {
    let (english, spanish) = of_waitlist(job).or_else(|| of_accounts(job)).or_else(|| of_machine(job))?;
    Some(if locale == Locale::Es { spanish } else { english })
}

fn of_waitlist(job: &str) -> Option<(&'static str, &'static str)> {
    Some(match job {
        "steps" => ("sending waves and adding imports", "enviar tandas y agregar importaciones"),
        "webhook_joins" => ("telling webhooks who joined", "avisar a los webhooks quién se unió"),
        "search_index" => ("making new places quick to find", "hacer que los lugares nuevos se encuentren rápido"),
        "totals" => ("adding up the totals", "sumar los totales"),
        "unanswered_places" => {
            ("removing places that were never confirmed", "quitar los lugares que no se confirmaron")
        }
        "deleted_places" => ("erasing deleted places for good", "borrar del todo los lugares eliminados"),
        "imports" => ("deleting the lines of old imports", "borrar las líneas de importaciones antiguas"),
        "webhooks" => ("deleting old webhook deliveries", "borrar las entregas antiguas de los webhooks"),
        "unticked_webhooks" => {
            ("deleting messages that webhooks no longer receive", "borrar los mensajes que los webhooks ya no reciben")
        }
        "deleted_webhooks" => {
            ("deleting the deliveries of deleted webhooks", "borrar las entregas de webhooks eliminados")
        }
        _ => return None,
    })
}

fn of_accounts(job: &str) -> Option<(&'static str, &'static str)> {
    Some(match job {
        "accounts" => ("erasing accounts whose time is up", "borrar las cuentas cuyo plazo se cumplió"),
        "sessions" => ("deleting sessions that are over", "borrar las sesiones que terminaron"),
        "trusted_devices" => (
            "deleting expired permissions to log in without a code",
            "borrar los permisos vencidos para ingresar sin código",
        ),
        "provider_attempts" => (
            "deleting unfinished log-ins with other providers",
            "borrar los ingresos sin terminar con otros proveedores",
        ),
        "viewer_changes" => {
            ("deleting old notes that an account changed", "borrar los avisos antiguos de que una cuenta cambió")
        }
        "history" => ("deleting old history", "borrar el historial antiguo"),
        _ => return None,
    })
}

fn of_machine(job: &str) -> Option<(&'static str, &'static str)> {
    Some(match job {
        "letters" => ("deleting old emails", "borrar los correos antiguos"),
        "links" => ("deleting links that expired", "borrar los enlaces vencidos"),
        "used_links" => ("deleting the record of used links", "borrar el registro de enlaces usados"),
        "limits" => ("deleting attempts that no longer count", "borrar los intentos que ya no cuentan"),
        "submissions" => {
            ("deleting the record of forms sent long ago", "borrar el registro de formularios enviados hace tiempo")
        }
        "uploads" => ("deleting files that nobody finished sending", "borrar los archivos que nadie terminó de enviar"),
        "abuse_counts" => ("counting what was blocked", "contar lo que se bloqueó"),
        "failing_jobs" => ("deleting old notes of failing jobs", "borrar los avisos antiguos de tareas con fallas"),
        "statistics" => ("keeping searches fast", "mantener rápidas las búsquedas"),
        _ => return None,
    })
}
