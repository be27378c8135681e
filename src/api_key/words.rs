//! The words of the pages about keys.

use super::api_key::Access;
use crate::values::locale::Locale;
use crate::values::single_line::Problem;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) see_docs: &'static str,
    pub(super) name: &'static str,
    pub(super) name_hint: &'static str,
    pub(super) access: &'static str,
    pub(super) read: &'static str,
    pub(super) write: &'static str,
    pub(super) lifetime: &'static str,
    pub(super) days: &'static str,
    pub(super) for_ever: &'static str,
    pub(super) make: &'static str,
    pub(super) new: &'static str,
    pub(super) ends_with_admin: &'static str,
    pub(super) key: &'static str,
    pub(super) made: &'static str,
    pub(super) last_used: &'static str,
    pub(super) never_used: &'static str,
    pub(super) ends: &'static str,
    pub(super) does_not_end: &'static str,
    pub(super) expired: &'static str,
    pub(super) revoked: &'static str,
    pub(super) without_admin: &'static str,
    pub(super) revoke: &'static str,
    pub(super) actions: &'static str,
    pub(super) no_keys: &'static str,
    pub(super) no_keys_text: &'static str,
    pub(super) no_access: &'static str,
    pub(super) no_lifetime: &'static str,
    pub(super) too_many: &'static str,
    pub(super) shown_title: &'static str,
    pub(super) shown_lead: &'static str,
    pub(super) shown_use: &'static str,
    pub(super) gone_title: &'static str,
    pub(super) gone_text: &'static str,
    pub(super) back: &'static str,
    pub(super) revoke_title: &'static str,
    pub(super) revoke_text: &'static str,
    pub(super) revoke_sure: &'static str,
    pub(super) keep: &'static str,
    pub(super) revoked_flash: &'static str,
    pub(super) revoked_already: &'static str,
    name_empty: &'static str,
    name_long: &'static str,
    name_odd: &'static str,
}

static ENGLISH: Words = Words {
    title: "API keys",
    lead: "With a key, a program can read the waitlist and, if you allow it, change it. Give each program its own key, with no more rights than it needs.",
    see_docs: "How programs use the API",
    name: "Name",
    name_hint: "What the key is for, such as CRM.",
    access: "Rights",
    read: "Read",
    write: "Read and change",
    lifetime: "Works for",
    days: "days",
    for_ever: "Until it is revoked",
    make: "Create the key",
    new: "A new key",
    ends_with_admin: "A key stops working for good when the admin who created it loses access, is deactivated or deletes their account.",
    key: "Key",
    made: "Created",
    last_used: "Last used",
    never_used: "never",
    ends: "Expires",
    does_not_end: "never",
    expired: "Expired",
    revoked: "Revoked",
    without_admin: "Stopped: whoever created it is not an admin any more",
    revoke: "Revoke",
    actions: "Actions",
    no_keys: "There is no key yet",
    no_keys_text: "No program can read or change the waitlist. Create a key below when a program needs one.",
    no_access: "Choose what the key may do.",
    no_lifetime: "Choose how long the key works.",
    too_many: "There are a hundred working keys already. Revoke one that is no longer used.",
    shown_title: "Your new key",
    shown_lead: "Copy it now: it is shown only once.",
    shown_use: "The program sends it in each request:",
    gone_title: "The key can no longer be seen",
    gone_text: "A key is shown only once, right after it was created. If you did not copy it, revoke it and create another.",
    back: "All keys",
    revoke_title: "Revoke this key?",
    revoke_text: "The program that uses it will be refused from its next request on. This cannot be undone.",
    revoke_sure: "Revoke the key",
    keep: "Keep it",
    revoked_flash: "The key was revoked.",
    revoked_already: "This key is already revoked.",
    name_empty: "Enter a name for the key.",
    name_long: "Use at most 60 characters for the name.",
    name_odd: "Use letters, digits and ordinary signs for the name.",
};

static SPANISH: Words = Words {
    title: "Claves de la API",
    lead: "Con una clave, un programa puede leer la lista de espera y, si se lo permites, cambiarla. Dale a cada programa su propia clave, sin más permisos de los que necesita.",
    see_docs: "Cómo usan la API los programas",
    name: "Nombre",
    name_hint: "Para qué es la clave, por ejemplo CRM.",
    access: "Permisos",
    read: "Leer",
    write: "Leer y cambiar",
    lifetime: "Sirve por",
    days: "días",
    for_ever: "Hasta que se revoque",
    make: "Crear la clave",
    new: "Una clave nueva",
    ends_with_admin: "Una clave deja de servir para siempre si quien la creó pierde el acceso de administración, o si su cuenta se desactiva o se elimina.",
    key: "Clave",
    made: "Creada",
    last_used: "Último uso",
    never_used: "nunca",
    ends: "Vence",
    does_not_end: "nunca",
    expired: "Vencida",
    revoked: "Revocada",
    without_admin: "Detenida: quien la creó ya no tiene acceso de administración",
    revoke: "Revocar",
    actions: "Acciones",
    no_keys: "Aún no hay ninguna clave",
    no_keys_text: "Ningún programa puede leer ni cambiar la lista de espera. Crea una clave más abajo cuando haga falta.",
    no_access: "Elige qué puede hacer la clave.",
    no_lifetime: "Elige por cuánto tiempo sirve la clave.",
    too_many: "Ya hay cien claves que sirven. Revoca alguna que no se use.",
    shown_title: "Tu clave nueva",
    shown_lead: "Cópiala ahora: se muestra una sola vez.",
    shown_use: "El programa la envía en cada solicitud:",
    gone_title: "La clave ya no se puede ver",
    gone_text: "Una clave se muestra una sola vez, recién creada. Si no la copiaste, revócala y crea otra.",
    back: "Todas las claves",
    revoke_title: "¿Revocar esta clave?",
    revoke_text: "El programa que la usa será rechazado desde su próxima solicitud. Esto no se puede deshacer.",
    revoke_sure: "Revocar la clave",
    keep: "Conservarla",
    revoked_flash: "La clave fue revocada.",
    revoked_already: "Esta clave ya está revocada.",
    name_empty: "Escribe un nombre para la clave.",
    name_long: "Usa hasta 60 caracteres en el nombre.",
    name_odd: "Usa letras, números y signos comunes en el nombre.",
};

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// What a key may do.
    pub(super) const fn access_of(&self, access: Access) -> &'static str {
        match access {
            Access::Read => self.read,
            Access::Write => self.write,
        }
    }

    /// The values of the field for rights, with their words.
    pub(super) fn accesses(&self) -> [(&'static str, &'static str); 2] {
        [Access::Read, Access::Write].map(|access| (access.as_str(), self.access_of(access)))
    }

    /// The values of the field for the lifetime, with their words.
    pub(super) fn lifetimes(&self, days: &[&'static str], for_ever: &'static str) -> Vec<(&'static str, String)> {
        let days = days.iter().map(|days| (*days, format!("{days} {}", self.days)));
        days.chain([(for_ever, self.for_ever.to_owned())]).collect()
    }

    /// What is wrong with a name.
    pub(super) const fn name_problem(&self, problem: Problem) -> &'static str {
        match problem {
            Problem::Empty => self.name_empty,
            Problem::TooLong => self.name_long,
            Problem::Control => self.name_odd,
        }
    }
}
