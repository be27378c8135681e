//! What is set in the filter of a list, and the links that take a part of it away.

use crate::web::paths;

/// A field of a filter in which something is set.
#[derive(Clone, Debug)]
pub struct SetField {
    /// Its parameter.
    pub name: &'static str,
    /// What the form calls it.
    pub label: &'static str,
    /// What is set, as the form says it.
    pub value: String,
}

/// A field that is set, with the list without it.
#[derive(Clone, Debug)]
pub struct Chip {
    /// The field.
    pub field: SetField,
    /// The first page of the list with all that is set but this.
    pub path: String,
}

impl SetField {
    /// A field, if anything is set in it.
    #[must_use]
    pub fn new(name: &'static str, label: &'static str, value: Option<impl Into<String>>) -> Option<Self> {
        value.map(|value| Self { name, label, value: value.into() })
    }

    /// The link that takes it away from the list at this path, which has these parameters.
    #[must_use]
    pub fn chip(self, list: &str, parameters: &[(&str, &str)]) -> Chip {
        let others: Vec<_> = parameters.iter().copied().filter(|(name, _)| *name != self.name).collect();
        Chip { path: paths::with_query(list, &others), field: self }
    }
}
