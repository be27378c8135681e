//! The words of selecting places on the list, and of what is done to the selected.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct TickWords {
    pub(in crate::waitlist::review) choose: &'static str,
    pub(in crate::waitlist::review) choose_page: &'static str,
    pub(in crate::waitlist::review) choose_none: &'static str,
    pub(in crate::waitlist::review) chosen: &'static str,
    pub(in crate::waitlist::review) delete: &'static str,
    /// Behind the word above, where there is room.
    pub(in crate::waitlist::review) delete_what: &'static str,
    pub(in crate::waitlist::review) ask: &'static str,
    /// Behind the word above, where there is room.
    pub(in crate::waitlist::review) ask_what: &'static str,
    pub(in crate::waitlist::review) whole_page: &'static str,
    choose_all: &'static str,
    /// Before and behind how many.
    too_many: [&'static str; 2],
    /// Before and behind how many.
    too_many_to_ask: [&'static str; 2],
    /// Before and behind how many.
    all_chosen: [&'static str; 2],
}

static ENGLISH: TickWords = TickWords {
    choose: "Select",
    choose_page: "Select all on this page",
    choose_none: "Select none",
    chosen: "Selected",
    delete: "Delete",
    delete_what: "selected",
    ask: "Resend",
    ask_what: "confirmation",
    whole_page: "The whole page is selected.",
    choose_all: "Select all",
    too_many: ["At most", "can be selected at once: narrow the filter, for example by days."],
    too_many_to_ask: ["The confirmation can be resent to at most", "at once: narrow the filter, for example by days."],
    all_chosen: ["All", "are selected."],
};

static SPANISH: TickWords = TickWords {
    choose: "Seleccionar",
    choose_page: "Seleccionar toda la página",
    choose_none: "Quitar la selección",
    chosen: "Seleccionados",
    delete: "Eliminar",
    delete_what: "los seleccionados",
    ask: "Reenviar",
    ask_what: "confirmación",
    whole_page: "Toda la página está seleccionada.",
    choose_all: "Seleccionar los",
    too_many: ["Se pueden seleccionar", "como máximo a la vez: acota el filtro, por ejemplo por días."],
    too_many_to_ask: [
        "La confirmación se puede reenviar a",
        "como máximo a la vez: acota el filtro, por ejemplo por días.",
    ],
    all_chosen: ["Los", "están seleccionados."],
};

impl TickWords {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// The link that selects all who match: `Select all 1,157`.
    pub(in crate::waitlist::review) fn choose_all(&self, all: &str) -> String {
        format!("{} {all}", self.choose_all)
    }

    /// Instead of that link, when more match than an act is done to.
    pub(in crate::waitlist::review) fn too_many(&self, most: &str) -> String {
        let [before, behind] = self.too_many;
        format!("{before} {most} {behind}")
    }

    /// Why the act is not offered that asks all who are selected to confirm.
    pub(in crate::waitlist::review) fn too_many_to_ask(&self, most: &str) -> String {
        let [before, behind] = self.too_many_to_ask;
        format!("{before} {most} {behind}")
    }

    /// What it did.
    pub(in crate::waitlist::review) fn all_chosen(&self, all: &str) -> String {
        let [before, behind] = self.all_chosen;
        format!("{before} {all} {behind}")
    }
}
