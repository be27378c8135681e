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
    pub(in crate::waitlist::review) whole_page: &'static str,
    others: [&'static str; 2],
}

static ENGLISH: TickWords = TickWords {
    choose: "Select",
    choose_page: "Select all on this page",
    choose_none: "Select none",
    chosen: "Selected",
    delete: "Delete",
    delete_what: "selected",
    ask: "Resend confirmation",
    whole_page: "The whole page is selected.",
    others: ["More match, on other pages: for all", "use the buttons at the foot of the list."],
};

static SPANISH: TickWords = TickWords {
    choose: "Seleccionar",
    choose_page: "Seleccionar toda la página",
    choose_none: "Quitar la selección",
    chosen: "Seleccionados",
    delete: "Eliminar",
    delete_what: "los seleccionados",
    ask: "Reenviar confirmación",
    whole_page: "Toda la página está seleccionada.",
    others: ["Hay más en otras páginas: para los", "usa los botones al pie de la lista."],
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

    /// Where those are whom the page does not show: `all` match.
    pub(in crate::waitlist::review) fn others(&self, all: &str) -> String {
        let [before, behind] = self.others;
        format!("{before} {all}, {behind}")
    }
}
