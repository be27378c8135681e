//! The words of the list of sessions, and of the names of devices.

/// The words of one language.
#[derive(Debug)]
pub struct Sessions {
    pub(in crate::accounts) title: &'static str,
    pub(in crate::accounts) lead: &'static str,
    pub(in crate::accounts) this_device: &'static str,
    pub(in crate::accounts) address: &'static str,
    pub(in crate::accounts) created: &'static str,
    pub(in crate::accounts) last_seen: &'static str,
    pub(in crate::accounts) end: &'static str,
    pub(in crate::accounts) end_this: &'static str,
    pub(in crate::accounts) ended: &'static str,
    pub(in crate::accounts) end_others: &'static str,
    pub(in crate::accounts) end_others_lead: &'static str,
    pub(in crate::accounts) others_ended: &'static str,
    pub(in crate::accounts) only_this: &'static str,
    pub(in crate::accounts) not_you: &'static str,
    pub(in crate::accounts) change_password: &'static str,
    pub(in crate::accounts) unknown_device: &'static str,
    pub(in crate::accounts) unknown_address: &'static str,
    pub(in crate::accounts) on: &'static str,
}

/// The English words.
pub(super) const ENGLISH: Sessions = Sessions {
    title: "Where you are logged in",
    lead: "Each of these devices can use your account without asking for the password.",
    this_device: "This device",
    address: "IP address",
    created: "Logged in",
    last_seen: "Last seen",
    end: "End",
    end_this: "Log out",
    ended: "That session has ended.",
    end_others: "End all other sessions",
    end_others_lead: "This device stays logged in.",
    others_ended: "All other sessions have ended.",
    only_this: "You are logged in on this device only.",
    not_you: "See one you don’t recognize? End it, then",
    change_password: "change your password",
    unknown_device: "Unknown device",
    unknown_address: "Unknown",
    on: "on",
};

/// The Spanish words.
pub(super) const SPANISH: Sessions = Sessions {
    title: "Tus sesiones abiertas",
    lead: "Cada uno de estos dispositivos puede usar tu cuenta sin pedir la contraseña.",
    this_device: "Este dispositivo",
    address: "Dirección IP",
    created: "Ingresaste",
    last_seen: "Última actividad",
    end: "Cerrar",
    end_this: "Salir",
    ended: "Esa sesión se cerró.",
    end_others: "Cerrar todas las demás sesiones",
    end_others_lead: "Este dispositivo sigue con la sesión abierta.",
    others_ended: "Todas las demás sesiones se cerraron.",
    only_this: "Tienes tu sesión abierta solo en este dispositivo.",
    not_you: "¿Hay una que no reconoces? Ciérrala y luego",
    change_password: "cambia tu contraseña",
    unknown_device: "Dispositivo desconocido",
    unknown_address: "Desconocida",
    on: "en",
};
