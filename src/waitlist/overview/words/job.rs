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
        "imports" => ("forgetting the lines of old imports", "olvidar las líneas de importaciones antiguas"),
        "webhooks" => ("forgetting old deliveries of webhooks", "olvidar las entregas antiguas de los webhooks"),
        "unticked_webhooks" => {
            ("forgetting what webhooks are no longer told", "olvidar lo que ya no se avisa a los webhooks")
        }
        "deleted_webhooks" => {
            ("forgetting the deliveries of deleted webhooks", "olvidar las entregas de webhooks eliminados")
        }
        _ => return None,
    })
}

fn of_accounts(job: &str) -> Option<(&'static str, &'static str)> {
    Some(match job {
        "accounts" => ("erasing accounts whose time is up", "borrar las cuentas cuyo plazo se cumplió"),
        "sessions" => ("forgetting sessions that are over", "olvidar las sesiones que terminaron"),
        "trusted_devices" => ("forgetting devices that need no code", "olvidar los dispositivos sin código"),
        "provider_attempts" => {
            ("forgetting unfinished log-ins with providers", "olvidar los ingresos con proveedores sin terminar")
        }
        "viewer_changes" => ("forgetting what changed in accounts long ago", "olvidar cambios antiguos de las cuentas"),
        "history" => ("forgetting old history", "olvidar el historial antiguo"),
        _ => return None,
    })
}

fn of_machine(job: &str) -> Option<(&'static str, &'static str)> {
    Some(match job {
        "letters" => ("forgetting old emails", "olvidar los correos antiguos"),
        "links" => ("forgetting links that expired", "olvidar los enlaces vencidos"),
        "used_links" => ("forgetting links that were used", "olvidar los enlaces usados"),
        "limits" => ("forgetting attempts that no longer count", "olvidar los intentos que ya no cuentan"),
        "submissions" => ("forgetting forms that were sent", "olvidar los formularios enviados"),
        "uploads" => {
            ("forgetting files that nobody finished sending", "olvidar los archivos que nadie terminó de enviar")
        }
        "abuse_counts" => ("counting what was blocked", "contar lo que se bloqueó"),
        "failing_jobs" => ("forgetting jobs that work again", "olvidar las tareas que ya funcionan"),
        "statistics" => ("keeping searches fast", "mantener rápidas las búsquedas"),
        _ => return None,
    })
}
