//! The words of what admins do to an import, and of what came of it.

/// The words of one language.
#[derive(Debug)]
pub struct ActWords {
    pub(in crate::waitlist::importing) next: &'static str,
    pub(in crate::waitlist::importing) nothing_new: &'static str,
    pub(in crate::waitlist::importing) interrupted: &'static str,
    pub(in crate::waitlist::importing) resume: &'static str,
    pub(in crate::waitlist::importing) cancel: &'static str,
    pub(in crate::waitlist::importing) undo: &'static str,
    pub(in crate::waitlist::importing) undo_text: &'static str,
    pub(in crate::waitlist::importing) undo_sure: &'static str,
    pub(in crate::waitlist::importing) started: &'static str,
    pub(in crate::waitlist::importing) resumed: &'static str,
    pub(in crate::waitlist::importing) cancelled: &'static str,
    pub(in crate::waitlist::importing) undone: &'static str,
    pub(in crate::waitlist::importing) too_late: &'static str,
    pub(in crate::waitlist::importing) too_late_text: &'static str,
    pub(in crate::waitlist::importing) back_to_import: &'static str,
}

/// The words in English.
pub(super) const ENGLISH: ActWords = ActWords {
    next: "What now?",
    nothing_new: "Nobody on this list is new, so there is nothing to add.",
    interrupted: "The server stopped while it was reading the list. Nobody was added and the file is still here: continue, or cancel the import.",
    resume: "Continue reading",
    cancel: "Cancel the import",
    undo: "Undo the import",
    undo_text: "Removes everyone this import added, with their links and our records of the waitlist’s emails to them. Anyone who has confirmed, been invited, signed up or left in the meantime is kept. Deleted places stay deleted: undoing their deletion does not bring them back.",
    undo_sure: "Yes, remove them",
    started: "The places are being added.",
    resumed: "The list is being read.",
    cancelled: "The import was cancelled. Nobody was added.",
    undone: "The import is being undone.",
    too_late: "That is no longer possible",
    too_late_text: "The import has gone on since you looked, or someone else was faster. Nothing was done. This is how far it is now:",
    back_to_import: "See the import",
};

/// The words in Spanish.
pub(super) const SPANISH: ActWords = ActWords {
    next: "¿Y ahora?",
    nothing_new: "Nadie en esta lista es nuevo, así que no hay a quién agregar.",
    interrupted: "El servidor se detuvo mientras leía la lista. No se agregó a nadie y el archivo sigue aquí: continúa, o cancela la importación.",
    resume: "Seguir leyendo",
    cancel: "Cancelar la importación",
    undo: "Deshacer la importación",
    undo_text: "Quita a todas las personas que agregó esta importación, con sus enlaces y nuestro registro de los correos que recibieron sobre la lista de espera. Se conserva a quien entretanto confirmó, recibió una invitación, creó su cuenta o salió. Los lugares eliminados siguen eliminados: deshacer su eliminación no los trae de vuelta.",
    undo_sure: "Sí, quitarlas",
    started: "Se están agregando los lugares.",
    resumed: "Se sigue leyendo la lista.",
    cancelled: "La importación se canceló. No se agregó a nadie.",
    undone: "La importación se está deshaciendo.",
    too_late: "Eso ya no es posible",
    too_late_text: "La importación avanzó desde que miraste, o alguien se adelantó. No se hizo nada. Ahora está así:",
    back_to_import: "Ver la importación",
};
