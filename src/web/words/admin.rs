//! The words that the admin's pages share: their tabs, and what stands around their lists.

/// The words of one language.
#[derive(Debug)]
pub struct Admin {
    /// The name of all admin pages together.
    pub pages: &'static str,
    /// The tab of the overview.
    pub overview: &'static str,
    /// The tab of the search.
    pub search: &'static str,
    /// The label of its box.
    pub search_label: &'static str,
    /// The tab of the waitlist.
    pub waitlist: &'static str,
    /// The tab of the waves of invitations.
    pub waves: &'static str,
    /// The tab of the accounts.
    pub users: &'static str,
    /// The tab of the outbox.
    pub mail: &'static str,
    /// The tab of the keys of the API.
    pub keys: &'static str,
    /// The tab of the webhooks.
    pub webhooks: &'static str,
    /// The tab of the log.
    pub audit: &'static str,
    /// The button that applies a filter.
    pub apply: &'static str,
    /// What opens its other fields on a telephone.
    pub more_filters: &'static str,
    /// The name of the links that each remove a filter, and the word before each.
    pub set_filters: &'static str,
    /// See there.
    pub remove_filter: &'static str,
    /// The link that clears it.
    pub clear: &'static str,
    /// What is wrong with a filter whose value the list does not have.
    pub no_choice: &'static str,
    /// What is wrong with a filter by days.
    pub no_day: &'static str,
    /// What is wrong with a search.
    pub no_search: &'static str,
    /// What is wrong with a filter by the source of places.
    pub no_source: &'static str,
    /// What is wrong with a filter whose last day is before its first.
    pub days_reversed: &'static str,
    /// What stands in the place of the list when its filter cannot be read.
    pub no_filter: &'static str,
    /// The way back to the search that found a place or an account.
    pub back_to_search: &'static str,
    /// The way back to any other page that is no list.
    pub back: &'static str,
    /// The link from a place or an account to all that is known of its address.
    pub whole_story: &'static str,
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
    /// The link that keeps a page from loading itself again.
    pub stop_refresh: &'static str,
    /// That the page does not.
    pub is_not_refreshed: &'static str,
    /// The link that loads it once.
    pub look_now: &'static str,
    /// The link that lets it load itself again.
    pub start_refresh: &'static str,
}

/// The English words.
pub(super) const ENGLISH: Admin = Admin {
    pages: "Administration",
    overview: "Overview",
    search: "Search",
    search_label: "Email, name or number",
    waitlist: "Waitlist",
    waves: "Invitations",
    users: "Accounts",
    mail: "Email",
    keys: "API keys",
    webhooks: "Webhooks",
    audit: "History",
    apply: "Apply",
    more_filters: "More filters",
    set_filters: "Applied filters",
    remove_filter: "Remove",
    clear: "Clear the filter",
    no_choice: "Choose one from the list.",
    no_day: "choose a day, or write it as year, month and day: 2026-11-01.",
    no_search: "Type one line of text to search for.",
    no_source: "Type a source as its link names it: at most 64 letters, digits, dots, hyphens and underscores.",
    days_reversed: "This day is before the first one. Choose the same day or a later one.",
    no_filter: "We cannot read this filter, so nothing is listed.",
    back_to_search: "Back to the search",
    back: "Back to where you were",
    whole_story: "See everything about this person",
    list_pages: "Pages of the list",
    newer: "Newer",
    older: "Older",
    end_of_list: "This is the end of the list",
    end_of_list_text: "The page before this one showed the oldest.",
    to_newest: "Go to the newest",
    stop_refresh: "Stop updating",
    is_not_refreshed: "This page does not update itself.",
    look_now: "Look now",
    start_refresh: "Start updating again",
};

/// The Spanish words.
pub(super) const SPANISH: Admin = Admin {
    pages: "Administración",
    overview: "Resumen",
    search: "Buscar",
    search_label: "Correo, nombre o número",
    waitlist: "Lista de espera",
    waves: "Invitaciones",
    users: "Cuentas",
    mail: "Correo",
    keys: "Claves de la API",
    webhooks: "Webhooks",
    audit: "Historial",
    apply: "Aplicar",
    more_filters: "Más filtros",
    set_filters: "Filtros aplicados",
    remove_filter: "Quitar",
    clear: "Quitar el filtro",
    no_choice: "Elige una opción de la lista.",
    no_day: "elige un día, o escríbelo como año, mes y día: 2026-11-01.",
    no_search: "Escribe el texto que buscas, en una sola línea.",
    no_source: "Escribe el origen como lo nombra su enlace: hasta 64 letras, números, puntos, guiones y guiones bajos.",
    days_reversed: "Este día es anterior al primero. Elige el mismo día o uno posterior.",
    no_filter: "No podemos leer este filtro, así que no se muestra nada.",
    back_to_search: "Volver a la búsqueda",
    back: "Volver a donde estabas",
    whole_story: "Ver todo sobre esta persona",
    list_pages: "Páginas de la lista",
    newer: "Más recientes",
    older: "Anteriores",
    end_of_list: "Aquí termina la lista",
    end_of_list_text: "La página anterior mostró lo más antiguo.",
    to_newest: "Ir a lo más reciente",
    stop_refresh: "Dejar de actualizar",
    is_not_refreshed: "Esta página no se actualiza sola.",
    look_now: "Ver ahora",
    start_refresh: "Volver a actualizar",
};
