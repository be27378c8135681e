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
        "webhooks" => ("deleting old deliveries of webhooks", "borrar las entregas antiguas de los webhooks"),
        "unticked_webhooks" => {
            ("deleting what webhooks are no longer told", "borrar lo que ya no se avisa a los webhooks")
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
        "trusted_devices" => {
            ("deleting devices that need no code", "borrar los dispositivos en los que no se pide código")
        }
        "provider_attempts" => (
            "deleting unfinished log-ins with other providers",
            "borrar los ingresos sin terminar con otros proveedores",
        ),
        "viewer_changes" => ("deleting what changed in accounts long ago", "borrar cambios antiguos de las cuentas"),
        "history" => ("deleting old history", "borrar el historial antiguo"),
        _ => return None,
    })
}

fn of_machine(job: &str) -> Option<(&'static str, &'static str)> {
    Some(match job {
        "letters" => ("deleting old emails", "borrar los correos antiguos"),
        "links" => ("deleting links that expired", "borrar los enlaces vencidos"),
        "used_links" => ("deleting links that were used", "borrar los enlaces usados"),
        "limits" => ("deleting attempts that no longer count", "borrar los intentos que ya no cuentan"),
        "submissions" => ("deleting forms that were sent", "borrar los formularios enviados"),
        "uploads" => ("deleting files that nobody finished sending", "borrar los archivos que nadie terminó de enviar"),
        "abuse_counts" => ("counting what was blocked", "contar lo que se bloqueó"),
        "failing_jobs" => ("deleting jobs that work again", "borrar las tareas que ya funcionan"),
        "statistics" => ("keeping searches fast", "mantener rápidas las búsquedas"),
        _ => return None,
    })
}
