//! The words that the admin's pages share: their tabs, and what stands around their lists.

/// The words of one language.
#[derive(Debug)]
pub struct Admin {
    /// The name of all admin pages together.
    pub pages: &'static str,
    /// The tab of the overview.
    pub overview: &'static str,
    /// The tab of the waitlist.
    pub waitlist: &'static str,
    /// The tab of the waves of invitations.
    pub waves: &'static str,
    /// The tab of the accounts.
    pub users: &'static str,
    /// The tab of the outbox.
    pub mail: &'static str,
    /// The tab of the log.
    pub audit: &'static str,
    /// The button that applies a filter.
    pub apply: &'static str,
    /// The link that clears it.
    pub clear: &'static str,
    /// The name of the links to the pages beside this one.
    pub list_pages: &'static str,
    /// The link to the page of newer rows.
    pub newer: &'static str,
    /// The link to the page of older rows.
    pub older: &'static str,
    /// The heading of a page after the last one.
    pub end_of_list: &'static str,
    /// The text of such a page.
    pub end_of_list_text: &'static str,
    /// Its link to the first page.
    pub to_newest: &'static str,
}

/// The English words.
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

/// The Spanish words.
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
