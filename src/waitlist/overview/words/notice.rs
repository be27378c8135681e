//! The words for what needs an admin's attention, in English and Spanish.

use super::job;
use crate::db::StandbyState;
use crate::values::clock::Timestamp;
use crate::values::id::WaveId;
use crate::values::locale::Locale;
use crate::web::metrics::failing_job::FailingJob;

/// The words of one language.
#[derive(Debug)]
pub(in crate::waitlist::overview) struct NoticeWords {
    locale: Locale,
    pub(in crate::waitlist::overview) title: &'static str,
    pub(in crate::waitlist::overview) resume: &'static str,
    pub(in crate::waitlist::overview) resume_text: &'static str,
    pub(in crate::waitlist::overview) run_check: &'static str,
    pub(in crate::waitlist::overview) worker_runs: &'static str,
    pub(in crate::waitlist::overview) jobs_text: &'static str,
    pub(in crate::waitlist::overview) wave_text: &'static str,
    pub(in crate::waitlist::overview) see_wave: &'static str,
    pub(in crate::waitlist::overview) see_import: &'static str,
    standby_away: &'static str,
    standby_promoted: &'static str,
    standby_foreign: &'static str,
    standby_left_behind: &'static str,
    pub(in crate::waitlist::overview) standby_text: &'static str,
}

static ENGLISH: NoticeWords = NoticeWords {
    locale: Locale::En,
    title: "Needs your attention",
    resume: "Go there and resume sending",
    resume_text: "Emails are waiting and nothing is lost.",
    run_check: "Emails are waiting and nothing is lost. Whoever runs Biovity should run “biovity check”, which says what to do.",
    worker_runs: "Whoever runs Biovity should check that “biovity serve” or “biovity work” is running, and read its log; “biovity check” tests the mail server.",
    jobs_text: "It is tried again automatically. Whoever runs Biovity finds more in the log of that process.",
    wave_text: "The rest of it is on hold until you resume or cancel it.",
    see_wave: "See the wave",
    see_import: "See the import",
    standby_away: "The standby of the database does not answer.",
    standby_promoted: "The standby of the database is no longer a standby: it takes writes itself.",
    standby_foreign: "What is set as the standby belongs to another database.",
    standby_left_behind: "The standby of the database does not follow the new main database yet.",
    standby_text: "Lists are read from the main database meanwhile: nothing on them is missing or old. Whoever runs Biovity should run “biovity check”, which says what to do.",
};

static SPANISH: NoticeWords = NoticeWords {
    locale: Locale::Es,
    title: "Requiere tu atención",
    resume: "Ir ahí y reanudar el envío",
    resume_text: "Los correos esperan y no se pierde nada.",
    run_check: "Los correos esperan y no se pierde nada. Quien opera Biovity debe ejecutar “biovity check”, que dice qué hacer.",
    worker_runs: "Quien opera Biovity debe revisar que “biovity serve” o “biovity work” esté funcionando y qué dice su registro; “biovity check” prueba el servidor de correo.",
    jobs_text: "Se vuelve a intentar automáticamente. Quien opera Biovity encuentra más en el registro de ese proceso.",
    wave_text: "Lo que falta está en espera hasta que la reanudes o la canceles.",
    see_wave: "Ver la tanda",
    see_import: "Ver la importación",
    standby_away: "La réplica de la base de datos no responde.",
    standby_promoted: "La réplica de la base de datos dejó de serlo: ahora recibe cambios por su cuenta.",
    standby_foreign: "Lo que está configurado como réplica corresponde a otra base de datos.",
    standby_left_behind: "La réplica de la base de datos todavía no sigue a la nueva base principal.",
    standby_text: "Mientras tanto, las listas se leen de la base de datos principal: no les falta nada ni están atrasadas. Quien opera Biovity debe ejecutar “biovity check”, que dice qué hacer.",
};

impl NoticeWords {
    /// The words of a language.
    pub(in crate::waitlist::overview) fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// Which job fails, where, and since when.
    pub(in crate::waitlist::overview) fn job_fails(&self, failing: &FailingJob) -> String {
        let FailingJob { job, process, .. } = failing;
        // With the name that whoever runs Biovity finds in the log and the metrics.
        let what = job::words(self.locale, job).map_or_else(|| format!("“{job}”"), |what| format!("“{what}” ({job})"));
        let [since, last] = [failing.failing_since, failing.failed_at].map(|at| self.locale.date_time(&at));
        match self.locale {
            Locale::En => {
                format!(
                    "The background job {what} of {process} has been failing since {since}; its last run was on {last}:"
                )
            }
            Locale::Es => {
                format!(
                    "La tarea en segundo plano {what} de {process} falla desde el {since}; su última ejecución fue el {last}:"
                )
            }
        }
    }

    /// Which wave stopped, and why.
    pub(in crate::waitlist::overview) fn wave_stopped(&self, id: WaveId) -> String {
        match self.locale {
            Locale::En => format!("Wave no. {id} stopped after too many bounces."),
            Locale::Es => format!("La tanda n.º {id} se detuvo porque se rechazaron demasiados correos."),
        }
    }

    /// Which import waits for a decision.
    pub(in crate::waitlist::overview) fn import_waits(&self, made_at: &Timestamp) -> String {
        let at = self.locale.date_time(made_at);
        match self.locale {
            Locale::En => format!("The import of {at} has been checked: add or cancel it."),
            Locale::Es => format!("La importación del {at} ya está revisada: agrégala o cancélala."),
        }
    }

    /// Why the standby is not read; nothing while it is, and until that is known.
    pub(in crate::waitlist::overview) fn standby_unread(&self, state: StandbyState) -> Option<String> {
        let text = match state {
            StandbyState::Unknown | StandbyState::Following(_) => return None,
            StandbyState::Away => self.standby_away,
            StandbyState::Promoted => self.standby_promoted,
            StandbyState::Foreign => self.standby_foreign,
            StandbyState::LeftBehind => self.standby_left_behind,
            StandbyState::Late(lag) => {
                let seconds = self.locale.number(i64::try_from(lag.as_secs()).unwrap_or(i64::MAX));
                return Some(match self.locale {
                    Locale::En => format!("The standby of the database is {seconds} seconds behind."),
                    Locale::Es => format!("La réplica de la base de datos lleva {seconds} segundos de atraso."),
                });
            }
        };
        Some(text.to_owned())
    }
}
