//! The words of the log's page, and an event's details in words.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::action::Action;
use crate::values::locale::Locale;

mod actions;

pub use actions::action;

/// Longest detail that is shown, in characters.
const LONGEST: usize = 300;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) caption: &'static str,
    pub(crate) what: &'static str,
    pub(crate) all_actions: &'static str,
    pub(crate) who: &'static str,
    pub(crate) who_hint: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) when: &'static str,
    pub(crate) whom: &'static str,
    pub(crate) from_where: &'static str,
    pub(crate) details: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) visitor: &'static str,
    pub(crate) whoever_typed: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) place: &'static str,
    pub(crate) nothing_yet: &'static str,
    pub(crate) nothing_yet_text: &'static str,
    pub(crate) nothing_found: &'static str,
    pub(crate) nothing_found_text: &'static str,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    title: "History",
    lead: "Who did what to whom. Kept for a year.",
    caption: "What happened, newest first",
    what: "What",
    all_actions: "Everything",
    who: "By whom",
    who_hint: "Anybody's whole address, or part of an admin's.",
    from: "From",
    to: "Until",
    when: "When",
    whom: "Whom it concerns",
    from_where: "From where",
    details: "Details",
    operator: "Command line",
    visitor: "Somebody with the link of an email",
    whoever_typed: "Somebody who typed the address",
    gone: "An account that is gone",
    place: "Place no.",
    nothing_yet: "Nothing has happened yet",
    nothing_yet_text: "Log-ins, changes and acts of admins appear here.",
    nothing_found: "Nothing matches",
    nothing_found_text: "Clear the filter to see everything.",
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    title: "Historial",
    lead: "Quién hizo qué y a quién. Se guarda por un año.",
    caption: "Lo que pasó, primero lo más reciente",
    what: "Qué",
    all_actions: "Todo",
    who: "De quién",
    who_hint: "El correo completo de cualquiera, o parte del de alguien de administración.",
    from: "Desde",
    to: "Hasta",
    when: "Cuándo",
    whom: "A quién concierne",
    from_where: "Desde dónde",
    details: "Detalles",
    operator: "Línea de comandos",
    visitor: "Alguien con el enlace de un correo",
    whoever_typed: "Alguien que escribió el correo",
    gone: "Una cuenta que ya no existe",
    place: "Lugar n.º",
    nothing_yet: "Aún no ha pasado nada",
    nothing_yet_text: "Los ingresos, los cambios y lo que haga la administración aparecerán aquí.",
    nothing_found: "Nada coincide",
    nothing_found_text: "Quita el filtro para verlo todo.",
};

/// The known keys of details, in English and Spanish.
const KEYS: [(&str, &str, &str); 20] = [
    ("email", "Email", "Correo"),
    ("name", "Name", "Nombre"),
    ("profession", "Profession", "Profesión"),
    ("organization", "Organization", "Organización"),
    ("role", "Role", "Rol"),
    ("state", "State", "Estado"),
    ("filter", "Filter", "Filtro"),
    ("entries", "Places", "Lugares"),
    ("count", "Number", "Cantidad"),
    ("lines", "Lines", "Líneas"),
    ("added", "Added", "Agregados"),
    ("import", "Import", "Importación"),
    ("deletion", "Deletion", "Eliminación"),
    ("wave", "Wave", "Tanda"),
    ("reason", "Reason", "Motivo"),
    ("letter", "Email no.", "Correo n.º"),
    ("letters", "Emails", "Correos"),
    ("kind", "Kind", "Tipo"),
    ("after", "Change", "Cambio"),
    ("to", "Change", "Cambio"),
];

impl Words {
    /// The values of the filter's field, with their words.
    pub(super) fn actions(&self) -> Vec<(&'static str, &'static str)> {
        let named = Action::ALL.iter().map(|known| (known.as_str(), action(self.locale, Some(*known))));
        std::iter::once(("", self.all_actions)).chain(named).collect()
    }

    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// The details as pairs of name and value; what changed as `before → after`.
    #[must_use]
    pub fn details(&self, details: Option<&Value>) -> Vec<(Cow<'static, str>, String)> {
        let Some(Value::Object(details)) = details else { return Vec::new() };
        let change = change(details, "before", "after").or_else(|| change(details, "from", "to"));
        let told: &[&str] = if change.is_some() { &["before", "after", "from", "to"] } else { &[] };
        let rest = details.iter().filter(|(key, _)| !told.contains(&key.as_str()));
        let changed = change.unwrap_or_default().into_iter().map(|(key, text)| (self.key(key), text));
        changed.chain(rest.map(|(key, value)| (self.key(key), written(value)))).collect()
    }

    /// The words of a key; an unknown key as it is.
    fn key(&self, key: &str) -> Cow<'static, str> {
        let known = KEYS.iter().find(|(known, ..)| *known == key);
        known.map_or_else(
            || Cow::Owned(key.to_owned()),
            |(_, english, spanish)| Cow::Borrowed(if self.locale == Locale::Es { *spanish } else { *english }),
        )
    }
}

/// What changed, as `before → after`: field by field when the values have fields.
fn change<'a>(details: &'a Map<String, Value>, before: &str, after: &'a str) -> Option<Vec<(&'a str, String)>> {
    let arrow = |before: &Value, after: &Value| format!("{} → {}", written(before), written(after));
    match (details.get(before)?, details.get(after)?) {
        (Value::Object(before), Value::Object(after)) => {
            let of = |key: &str| before.get(key).unwrap_or(&Value::Null);
            let changed = after.iter().filter(|(key, value)| of(key) != *value);
            Some(changed.map(|(key, value)| (key.as_str(), arrow(of(key), value))).collect())
        }
        (before, value) => Some(vec![(after, arrow(before, value))]),
    }
}

fn written(value: &Value) -> String {
    let text = match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(written).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    if text.is_empty() { "–".to_owned() } else { text.chars().take(LONGEST).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(details: &Value) -> Vec<String> {
        ENGLISH.details(Some(details)).into_iter().map(|(key, value)| format!("{key}: {value}")).collect()
    }

    #[test]
    fn what_changed_is_told_before_and_after() {
        let profile = json!({
            "before": { "name": "Ana", "profession": "" },
            "after": { "name": "Ana", "profession": "Chemist" },
        });
        assert_eq!(told(&profile), ["Profession: – → Chemist"]);
        assert_eq!(told(&json!({ "from": "a@x.cl", "to": "b@x.cl" })), ["Change: a@x.cl → b@x.cl"]);
    }

    #[test]
    fn known_keys_have_words_and_others_stand_as_they_are() {
        let details = json!({ "kind": "waitlist-confirm", "odd": [1, "b", null], "deep": { "a": true } });
        assert_eq!(told(&details), ["deep: {\"a\":true}", "Kind: waitlist-confirm", "odd: 1, b, –"]);
        for nothing in [json!(null), json!([1]), json!("x"), json!({})] {
            assert_eq!(told(&nothing), [""; 0]);
        }
        assert_eq!(SPANISH.details(Some(&json!({ "role": "x" })))[0].0, "Rol");
    }
}
