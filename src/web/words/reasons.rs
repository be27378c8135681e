//! Why a request was refused or looked like a program's, in a few words.

use crate::values::locale::Locale;
use crate::web::protection::abuse_counters::Reason;

impl super::Words {
    /// The words of a reason as its column holds it. One that a later version wrote is shown as it is.
    #[must_use]
    pub fn reason_of<'a>(&self, column: &'a str) -> &'a str {
        let known = Reason::ALL.iter().find(|reason| reason.as_str() == column);
        known.map_or(column, |reason| self.reason(*reason))
    }

    /// Why a request was refused, or looked like a program's.
    #[must_use]
    pub fn reason(&self, reason: Reason) -> &'static str {
        let (english, spanish) = match reason {
            Reason::Honeypot => ("Filled in the hidden field", "Llenó el campo oculto"),
            Reason::TooMany => ("Too many attempts", "Demasiados intentos"),
            Reason::CrossSite => ("Form from another site", "Formulario de otro sitio"),
            Reason::WrongType => ("Not sent as a form", "No se envió como formulario"),
            Reason::TooLarge => ("Too large", "Demasiado grande"),
            Reason::Invalid => ("Form with mistakes", "Formulario con errores"),
            Reason::Disposable => ("Disposable email", "Correo desechable"),
            Reason::Fast => ("Faster than a person", "Más rápido que una persona"),
            Reason::Unsigned => ("Form that we never showed", "Formulario que nunca mostramos"),
            Reason::Stale => ("Form shown long ago", "Formulario mostrado hace mucho"),
            Reason::SameMailbox => {
                ("Probably listed under another spelling", "Probablemente ya está, escrito de otra forma")
            }
        };
        if self.locale == Locale::Es { spanish } else { english }
    }
}
