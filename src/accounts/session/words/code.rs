//! The words of the second step of a log-in.

/// The words of one language.
#[derive(Debug)]
pub struct LogInCode {
    pub(in crate::accounts) title: &'static str,
    pub(in crate::accounts) lead: &'static str,
    pub(in crate::accounts) trust: &'static str,
    pub(in crate::accounts) lost: &'static str,
    pub(in crate::accounts) lost_text: &'static str,
    /// The same around the address of who answers people.
    pub(in crate::accounts) lost_write: &'static str,
    pub(in crate::accounts) lost_from: &'static str,
    used_recovery: &'static str,
    pub(in crate::accounts) too_many: &'static str,
    wait_a_minute: &'static str,
    wait: &'static str,
    pub(in crate::accounts) not_you: &'static str,
    pub(in crate::accounts) new_password: &'static str,
    pub(in crate::accounts) other_account: &'static str,
    pub(in crate::accounts) start_over: &'static str,
}

/// The English words.
pub(super) const ENGLISH: LogInCode = LogInCode {
    title: "Enter your code",
    lead: "One more step: this account also asks for a code from your app.",
    trust: "Don’t ask on this device for 30 days",
    lost: "Don’t have your phone?",
    lost_text: "Enter one of your recovery codes. If you have none left, write to us from your account’s email: an admin can remove two-step verification.",
    lost_write: "Enter one of your recovery codes. If you have none left, write to",
    lost_from: "from your account’s email: an admin can remove two-step verification.",
    used_recovery: "You logged in with a recovery code. Recovery codes left: %. Lost your phone? Move to another one under “Two-step verification”.",
    too_many: "Too many wrong codes",
    wait_a_minute: "Wait a minute, then log in again.",
    wait: "Wait % minutes, then log in again.",
    not_you: "If it wasn’t you who tried them, choose a new password by email now.",
    new_password: "Choose a new password",
    other_account: "Log in with another account",
    start_over: "This log-in has expired, or your account has changed. Please log in again.",
};

/// The Spanish words.
pub(super) const SPANISH: LogInCode = LogInCode {
    title: "Escribe tu código",
    lead: "Un paso más: esta cuenta también pide un código de tu aplicación.",
    trust: "No preguntar en este dispositivo por 30 días",
    lost: "¿No tienes tu teléfono?",
    lost_text: "Escribe uno de tus códigos de recuperación. Si no te queda ninguno, escríbenos desde el correo de tu cuenta: quienes administran el sitio pueden quitar la verificación en dos pasos.",
    lost_write: "Escribe uno de tus códigos de recuperación. Si no te queda ninguno, escribe a",
    lost_from: "desde el correo de tu cuenta: quienes administran el sitio pueden quitar la verificación en dos pasos.",
    used_recovery: "Ingresaste con un código de recuperación. Te quedan: %. ¿Perdiste el teléfono? Cámbialo en “Verificación en dos pasos”.",
    too_many: "Demasiados códigos incorrectos",
    wait_a_minute: "Espera un minuto e ingresa de nuevo.",
    wait: "Espera % minutos e ingresa de nuevo.",
    not_you: "Si no fuiste tú, elige ahora otra contraseña por correo.",
    new_password: "Elegir otra contraseña",
    other_account: "Ingresar con otra cuenta",
    start_over: "Este ingreso venció, o tu cuenta cambió. Ingresa otra vez.",
};

impl LogInCode {
    /// That a recovery code was used, and how many are left.
    pub(in crate::accounts) fn used_recovery(&self, left: i64) -> String {
        self.used_recovery.replace('%', &left.to_string())
    }

    /// How long to wait after too many wrong codes.
    pub(in crate::accounts) fn wait(&self, seconds: u64) -> String {
        match seconds.div_ceil(60) {
            ..=1 => self.wait_a_minute.to_owned(),
            minutes => self.wait.replace('%', &minutes.to_string()),
        }
    }
}
