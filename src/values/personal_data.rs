//! What one feature holds of people's addresses, for another that exports or erases their accounts.

use serde::{Serialize, Serializer};
use serde_json::Value;

/// Everything that a feature holds of some addresses.
#[derive(Clone, Debug, Default)]
pub struct PersonalData {
    /// What an export shows.
    pub rows: Vec<PersonalDataRow>,
    /// The lines of lists that name them.
    pub import_lines: Vec<PersonalDataRow>,
    /// The identifiers of the links that lead there.
    pub links: Vec<String>,
}

/// A row as an export shows it: names and values, in their order.
#[derive(Clone, Debug)]
pub struct PersonalDataRow(pub Vec<(&'static str, Value)>);

impl Serialize for PersonalDataRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_an_object_whose_names_keep_their_order() {
        let row = PersonalDataRow(vec![("role", Value::from("employee")), ("email", Value::Null)]);
        assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"role":"employee","email":null}"#);
    }
}
