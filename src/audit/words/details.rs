//! An event's details in words: no key, code or id of the database is shown as it is.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Words;
use crate::values::locale::Locale;
use crate::web::paths;
use crate::web::words::Words as SiteWords;

/// Longest detail that is shown, in characters.
const LONGEST: usize = 300;

/// A detail of an event.
#[derive(Debug)]
pub struct Detail {
    /// What it is.
    pub name: Cow<'static, str>,
    /// Its value in words.
    pub value: String,
    /// The page of what it names.
    pub page: Option<String>,
}

/// The known keys of details, in English and Spanish.
const KEYS: [(&str, &str, &str); 37] = [
    ("email", "Email", "Correo"),
    ("name", "Name", "Nombre"),
    ("profession", "Profession", "Profesión"),
    ("organization", "Organization", "Organización"),
    ("role", "Role", "Rol"),
    ("state", "State", "Estado"),
    ("filter", "Filter", "Filtro"),
    ("ticked", "Selected one by one", "Seleccionados uno a uno"),
    ("entries", "Places", "Lugares"),
    ("count", "Number", "Cantidad"),
    ("lines", "Lines", "Líneas"),
    ("new", "New", "Nuevos"),
    ("confirmed", "Confirmed beforehand", "Confirmados de antemano"),
    ("added", "Added", "Agregados"),
    ("import", "Import", "Importación"),
    ("deletion", "Deletion", "Eliminación"),
    ("wave", "Wave", "Tanda"),
    ("employees", "Job seekers", "Profesionales"),
    ("organizations", "Organizations", "Organizaciones"),
    ("paused_by", "Stopped by", "Detenida por"),
    ("cancelled_by", "Why", "Por qué"),
    ("reason", "Reason", "Motivo"),
    ("letter", "Email", "Correo"),
    ("letters", "Emails", "Correos"),
    ("kind", "Type", "Tipo"),
    ("key", "Key", "Clave"),
    ("access", "Rights", "Permisos"),
    ("after", "Change", "Cambio"),
    ("to", "Change", "Cambio"),
    ("members", "Members", "Integrantes"),
    ("webhook", "Webhook", "Webhook"),
    ("provider", "Provider", "Proveedor"),
    ("host", "Server", "Servidor"),
    ("events", "Events", "Eventos"),
    ("signals", "Signs of automation", "Señales de automatización"),
    ("with_address", "With the email", "Con el correo"),
    ("deliveries", "Deliveries", "Entregas"),
];

/// The parts of a filter of the waitlist.
const FILTERS: [(&str, &str, &str); 7] = [
    ("q", "search", "búsqueda"),
    ("role", "role", "rol"),
    ("state", "state", "estado"),
    ("from", "from", "desde"),
    ("to", "until", "hasta"),
    ("source", "came from", "llegó desde"),
    ("sort", "order", "orden"),
];

/// The codes that stand in details.
const CODES: [(&str, &str, &str); 43] = [
    ("employee", "job seeker", "profesional"),
    ("professional", "job seeker", "profesional"),
    ("organization", "organization", "organización"),
    ("admin", "an admin", "alguien de la administración"),
    ("bounces", "too many refused emails", "demasiados correos rechazados"),
    ("erasure", "someone named in the file was erased", "se borraron los datos de alguien que el archivo nombra"),
    ("joined", "joined", "se unió"),
    ("confirmed", "confirmed", "confirmado"),
    ("invited", "invited", "invitado"),
    ("signed_up", "signed up", "con cuenta"),
    ("bounced", "bounced", "correo rechazado"),
    ("left", "left", "salió"),
    ("deleted", "deleted", "eliminado"),
    ("review", "needs review", "por revisar"),
    ("oldest", "oldest first", "primero los más antiguos"),
    ("waitlist-confirm", "confirmation of a place", "confirmación de un lugar"),
    ("waitlist-invitation", "invitation to create an account", "invitación a crear una cuenta"),
    ("already-have-account", "account that exists already", "cuenta que ya existe"),
    ("confirm-email", "confirmation of another email", "confirmación de otro correo"),
    ("deactivated", "deactivated account", "cuenta desactivada"),
    ("reactivated", "reactivated account", "cuenta reactivada"),
    ("deletion", "deletion of an account", "eliminación de una cuenta"),
    ("made-admin", "new admin", "nueva persona en administración"),
    ("new-device", "new device", "dispositivo nuevo"),
    ("organization-invitation", "invitation from an organization", "invitación de una organización"),
    ("password-changed", "changed password", "contraseña cambiada"),
    ("released", "release by an organization", "liberación por una organización"),
    ("reset-password", "new password", "contraseña nueva"),
    ("undo-email", "changed email", "correo cambiado"),
    ("verify-email", "verification of an email", "verificación de un correo"),
    ("provider-connected", "new way to log in", "forma nueva de ingresar"),
    ("provider-disconnected", "removed way to log in", "forma de ingresar que se quitó"),
    ("second-factor-on", "two-step verification on", "verificación en dos pasos activada"),
    ("second-factor-off", "two-step verification off", "verificación en dos pasos desactivada"),
    ("second-factor-moved", "codes from another phone", "códigos de otro teléfono"),
    ("second-factor-removed", "two-step verification removed", "verificación en dos pasos quitada"),
    ("recovery-code-used", "used recovery code", "código de recuperación usado"),
    ("recovery-codes-made", "new recovery codes", "códigos de recuperación nuevos"),
    ("wrong-codes", "wrong codes", "códigos incorrectos"),
    ("test", "test", "prueba"),
    ("read", "read", "leer"),
    ("write", "read and change", "leer y cambiar"),
    ("webhook-off", "webhook switched off", "webhook desactivado"),
];

impl Words {
    /// The details, each with its name and value; what changed as `before → after`.
    #[must_use]
    pub fn details(&self, details: Option<&Value>) -> Vec<Detail> {
        let Some(Value::Object(details)) = details else { return Vec::new() };
        let change = self.before_and_after(details);
        let told: &[&str] = if change.is_some() { &["before", "after", "from", "to"] } else { &[] };
        let rest = details.iter().filter(|(key, _)| !told.contains(&key.as_str()));
        // Whoever chose all that match ticked nobody.
        let rest = rest.filter(|(key, value)| key.as_str() != "ticked" || **value != 0);
        let changed = change.unwrap_or_default().into_iter();
        let changed = changed.map(|(key, value)| Detail { name: self.name(key), value, page: None });
        changed.chain(rest.map(|(key, value)| self.detail(key, value))).collect()
    }

    /// What changed alone, each as `before → after`, with its name where it is not the only one.
    #[must_use]
    pub fn changes(&self, details: Option<&Value>) -> Vec<String> {
        let change = details.and_then(Value::as_object).and_then(|it| self.before_and_after(it)).unwrap_or_default();
        let are_several = change.len() > 1;
        let told = |(key, change)| if are_several { format!("{}: {change}", self.name(key)) } else { change };
        change.into_iter().map(told).collect()
    }

    fn before_and_after<'a>(&self, details: &'a Map<String, Value>) -> Option<Vec<(&'a str, String)>> {
        self.change(details, "before", "after").or_else(|| self.change(details, "from", "to"))
    }

    fn detail(&self, key: &str, value: &Value) -> Detail {
        let id = match value {
            Value::String(id) => id.clone(),
            other => other.to_string(),
        };
        let page = |pattern: &str| Some(paths::with_id(pattern, &id));
        let (value, page) = match key {
            "filter" => (self.filter(&id), Some(filtered(&id))),
            "deletion" => (self.see.to_owned(), page(paths::waitlist::DELETION)),
            "import" => (self.see.to_owned(), page(paths::waitlist::IMPORT)),
            "letter" => (self.see.to_owned(), page(paths::mail::QUEUED_LETTER)),
            "webhook" => (self.see.to_owned(), page(paths::webhook::ENDPOINT)),
            "wave" => (format!("{} {id}", self.number_sign), page(paths::waitlist::WAVE)),
            "kind" | "paused_by" | "cancelled_by" | "access" => (self.code(&id).to_owned(), None),
            "signals" => (self.reasons(&id), None),
            key => (self.written(key, value), None),
        };
        Detail { name: self.name(key), value, page }
    }

    /// What suggested a bot: `Disposable email, Faster than a person`.
    fn reasons(&self, columns: &str) -> String {
        let of_site = SiteWords::of(self.locale);
        columns.split(' ').map(|column| of_site.reason_of(column)).collect::<Vec<_>>().join(", ")
    }

    /// The words of a key; those that a later version wrote without what only programs write.
    fn name(&self, key: &str) -> Cow<'static, str> {
        self.chosen(&KEYS, key).map_or_else(|| Cow::Owned(key.replace('_', " ")), Cow::Borrowed)
    }

    /// The words of a code (a role, a state, the kind of a letter); any other text as it is.
    #[must_use]
    pub fn code<'a>(&self, code: &'a str) -> &'a str {
        self.chosen(&CODES, code).unwrap_or(code)
    }

    fn chosen(&self, words: &[(&str, &'static str, &'static str)], key: &str) -> Option<&'static str> {
        let (_, english, spanish) = words.iter().find(|(known, ..)| *known == key)?;
        Some(if self.locale == Locale::Es { spanish } else { english })
    }

    /// A filter of the waitlist: `role: job seeker, state: joined`.
    fn filter(&self, query: &str) -> String {
        let part = |(name, value): (Cow<'_, str>, Cow<'_, str>)| {
            let value = if name == "q" { &value } else { self.code(&value) };
            format!("{}: {value}", self.chosen(&FILTERS, &name).unwrap_or(&name))
        };
        let parts: Vec<_> = form_urlencoded::parse(query.as_bytes()).map(part).collect();
        if parts.is_empty() { self.everyone.to_owned() } else { shortened(&parts.join(", ")) }
    }

    /// What changed, as `before → after`: field by field when the values have fields.
    fn change<'a>(
        &self,
        details: &'a Map<String, Value>,
        before: &str,
        after: &'a str,
    ) -> Option<Vec<(&'a str, String)>> {
        let arrow = |key: &str, before: &Value, after: &Value| {
            format!("{} → {}", self.written(key, before), self.written(key, after))
        };
        match (details.get(before)?, details.get(after)?) {
            (Value::Object(before), Value::Object(after)) => {
                let of = |key: &str| before.get(key).unwrap_or(&Value::Null);
                let changed = after.iter().filter(|(key, value)| of(key) != *value);
                Some(changed.map(|(key, value)| (key.as_str(), arrow(key, of(key), value))).collect())
            }
            (before, value) => Some(vec![(after, arrow(after, before, value))]),
        }
    }

    fn written(&self, key: &str, value: &Value) -> String {
        let text = match value {
            Value::Null => "–".to_owned(),
            Value::String(text) if matches!(key, "role" | "state") => self.code(text).to_owned(),
            Value::String(text) => text.clone(),
            Value::Bool(is_so) => (if *is_so { self.yes } else { self.no }).to_owned(),
            Value::Number(number) => {
                number.as_i64().map_or_else(|| number.to_string(), |number| self.locale.number(number))
            }
            Value::Array(values) => values.iter().map(|value| self.written(key, value)).collect::<Vec<_>>().join(", "),
            Value::Object(_) => value.to_string(),
        };
        if text.is_empty() { "–".to_owned() } else { shortened(&text) }
    }
}

/// The list with this filter.
fn filtered(query: &str) -> String {
    let parts: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    paths::waitlist::list(&parts.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect::<Vec<_>>())
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(locale: Locale, details: &Value) -> Vec<String> {
        let details = Words::of(locale).details(Some(details)).into_iter();
        details.map(|Detail { name, value, .. }| format!("{name}: {value}")).collect()
    }

    #[test]
    fn what_changed_is_told_before_and_after() {
        let profile = json!({
            "before": { "name": "Ana", "profession": "" },
            "after": { "name": "Ana", "profession": "Chemist" },
        });
        assert_eq!(told(Locale::En, &profile), ["Profession: – → Chemist"]);
        assert_eq!(told(Locale::En, &json!({ "from": "a@x.cl", "to": "b@x.cl" })), ["Change: a@x.cl → b@x.cl"]);
        let role = json!({ "before": { "role": "employee" }, "after": { "role": "organization" } });
        assert_eq!(told(Locale::Es, &role), ["Rol: profesional → organización"]);
        let changes = |details: Option<&Value>| Words::of(Locale::En).changes(details);
        assert_eq!(changes(Some(&profile)), ["– → Chemist"]);
        let webhook = json!({ "before": { "url": "a", "events": "b" }, "after": { "url": "c", "events": "d" } });
        assert_eq!(changes(Some(&webhook)), ["Events: b → d", "url: a → c"]);
        assert_eq!([changes(Some(&json!({ "count": 2 }))), changes(None)], [[""; 0]; 2]);
    }

    #[test]
    fn known_keys_and_codes_have_words_and_unknown_ones_lose_what_programs_write() {
        let details = json!({ "kind": "waitlist-confirm", "odd_one": [1, "b", null], "deep": { "a": true } });
        assert_eq!(
            told(Locale::En, &details),
            ["deep: {\"a\":true}", "Type: confirmation of a place", "odd one: 1, b, –"]
        );
        assert_eq!(
            told(Locale::Es, &json!({ "paused_by": "bounces" })),
            ["Detenida por: demasiados correos rechazados"]
        );
        assert_eq!(
            told(Locale::Es, &json!({ "confirmed": true, "new": 1234 })),
            ["Confirmados de antemano: sí", "Nuevos: 1.234"]
        );
        let filter = json!({ "filter": "q=role&role=employee&state=signed_up", "ticked": 0 });
        assert_eq!(told(Locale::Es, &filter), ["Filtro: búsqueda: role, rol: profesional, estado: con cuenta"]);
        for nothing in [json!(null), json!([1]), json!("x"), json!({})] {
            assert_eq!(told(Locale::En, &nothing), [""; 0]);
        }
    }
}
