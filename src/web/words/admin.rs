//! The words that the admin's pages share: their tabs, and the frame of their lists.

/// The frame of the admin's pages.
#[derive(Debug)]
pub struct Admin {
    /// What they are together.
    pub pages: &'static str,
    /// The first of them.
    pub overview: &'static str,
    /// The waitlist's.
    pub waitlist: &'static str,
    /// The waves of invitations.
    pub waves: &'static str,
    /// The accounts'.
    pub users: &'static str,
    /// The outbox's.
    pub mail: &'static str,
    /// What happened.
    pub audit: &'static str,
    /// Filters a list.
    pub apply: &'static str,
    /// Filters it no longer.
    pub clear: &'static str,
    /// What leads through a list.
    pub list_pages: &'static str,
    /// The page before.
    pub newer: &'static str,
    /// The page after.
    pub older: &'static str,
    /// A page after the last one.
    pub end_of_list: &'static str,
    /// What that means.
    pub end_of_list_text: &'static str,
    /// The first page.
    pub to_newest: &'static str,
}

pub(super) const ENGLISH: Admin = Admin {
    pages: "Administration",
    overview: "Overview",
    waitlist: "Waitlist",
    waves: "Invitations",
    users: "Users",
    mail: "Email",
    audit: "History",
    apply: "Apply",
    clear: "Clear the filter",
    list_pages: "Pages of the list",
    newer: "Newer",
    older: "Older",
    end_of_list: "This is the end of the list",
    end_of_list_text: "There is nobody older than those on the page before.",
    to_newest: "Go to the newest",
};

pub(super) const SPANISH: Admin = Admin {
    pages: "Administración",
    overview: "Resumen",
    waitlist: "Lista de espera",
    waves: "Invitaciones",
    users: "Cuentas",
    mail: "Correo",
    audit: "Historial",
    apply: "Aplicar",
    clear: "Quitar el filtro",
    list_pages: "Páginas de la lista",
    newer: "Más recientes",
    older: "Más antiguos",
    end_of_list: "Aquí termina la lista",
    end_of_list_text: "No hay nadie más antiguo que en la página anterior.",
    to_newest: "Ir a los más recientes",
};
