//! The words of what happened to an account.

/// The words of one language.
#[derive(Debug)]
pub struct Activity {
    pub(in crate::accounts) title: &'static str,
    pub(in crate::accounts) lead: &'static str,
    pub(in crate::accounts) what: &'static str,
    pub(in crate::accounts) when: &'static str,
    pub(in crate::accounts) origin: &'static str,
    pub(in crate::accounts) by: &'static str,
    pub(in crate::accounts) operator: &'static str,
    pub(in crate::accounts) gone: &'static str,
    pub(in crate::accounts) visitor: &'static str,
    pub(in crate::accounts) at_the_code: &'static str,
    pub(in crate::accounts) nothing_yet: &'static str,
    pub(in crate::accounts) nothing_yet_text: &'static str,
    pub(in crate::accounts) not_you: &'static str,
    pub(in crate::accounts) end_sessions: &'static str,
    pub(in crate::accounts) and_then: &'static str,
    pub(in crate::accounts) also_check: &'static str,
    pub(in crate::accounts) providers: &'static str,
}

/// The English words.
pub(super) const ENGLISH: Activity = Activity {
    title: "Activity",
    lead: "The last 50 events that matter to the security of your account, newest first.",
    what: "What",
    when: "When",
    origin: "From",
    by: "by",
    operator: "Biovity",
    gone: "an account that is gone",
    visitor: "someone who typed the email",
    at_the_code: "someone who had the password or the link in an email",
    nothing_yet: "Nothing yet",
    nothing_yet_text: "Log-ins and changes to your account will appear here.",
    not_you: "See something you didn’t do? First",
    end_sessions: "end the other sessions",
    and_then: ", then",
    also_check: "Also check",
    providers: "what else opens your account",
};

/// The Spanish words.
pub(super) const SPANISH: Activity = Activity {
    title: "Actividad",
    lead: "Los últimos 50 eventos importantes para la seguridad de tu cuenta, primero los más recientes.",
    what: "Qué",
    when: "Cuándo",
    origin: "Desde",
    by: "por",
    operator: "Biovity",
    gone: "una cuenta que ya no existe",
    visitor: "alguien que escribió el correo",
    at_the_code: "alguien que tenía la contraseña o el enlace de un correo",
    nothing_yet: "Todavía nada",
    nothing_yet_text: "Aquí verás los ingresos y los cambios de tu cuenta.",
    not_you: "¿Hay algo que no hiciste tú? Primero",
    end_sessions: "cierra las demás sesiones",
    and_then: " y después",
    also_check: "Revisa también",
    providers: "qué más abre tu cuenta",
};
