//! The words of the page about the API.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) lead: &'static str,
    pub(super) key_heading: &'static str,
    pub(super) key_text: &'static str,
    pub(super) rules: [&'static str; 4],
    pub(super) examples_heading: &'static str,
    pub(super) examples: [Example; 8],
    pub(super) machine: &'static str,
}

/// A request, and what it is for.
#[derive(Debug)]
pub struct Example {
    pub(super) title: &'static str,
    pub(super) path: &'static str,
    pub(super) options: &'static [&'static str],
}

const CHANGE: &[&str] =
    &["-X PATCH", "-H 'If-Match: *'", "-H 'Content-Type: application/json'", "-d '{\"role\": \"organization\"}'"];
const DELETE: &[&str] = &["-X DELETE", "-H 'If-Match: *'"];
const REHEARSE: &[&str] = &["-H 'Content-Type: application/json'", "-d '{\"employees\": 1, \"rehearse\": true}'"];
const START: &[&str] =
    &["-H 'Idempotency-Key: wave-of-monday'", "-H 'Content-Type: application/json'", "-d '{\"employees\": 1}'"];

/// The examples, with these titles.
const fn examples(titles: [&'static str; 8]) -> [Example; 8] {
    let [list, search, one, change, delete, rehearse, start, totals] = titles;
    [
        Example { title: list, path: "/api/waitlist?state=confirmed&sort=oldest", options: &[] },
        Example { title: search, path: "/api/waitlist?q=example.cl&source=newsletter", options: &[] },
        Example { title: one, path: "/api/waitlist/1", options: &["-i"] },
        Example { title: change, path: "/api/waitlist/1", options: CHANGE },
        Example { title: delete, path: "/api/waitlist/1", options: DELETE },
        Example { title: rehearse, path: "/api/waves", options: REHEARSE },
        Example { title: start, path: "/api/waves", options: START },
        Example { title: totals, path: "/api/totals", options: &[] },
    ]
}

static ENGLISH: Words = Words {
    title: "API for programs",
    description: "How programs read and change the waitlist of Biovity: keys, addresses and examples.",
    lead: "With a key, a program can read the Biovity waitlist, or change it too. It gets what an admin sees, with the same filters.",
    key_heading: "The key",
    key_text: "An admin creates it and sees it once. Each request sends it as Authorization: Bearer; cookies don’t count here, and a key opens no page.",
    rules: [
        "Errors are JSON by RFC 9457 (application/problem+json).",
        "A key reads 600 times and changes 120 times a minute at most; a 429 says in Retry-After how many seconds to wait.",
        "To change one entry, send the ETag that was read with it in If-Match; 412 says that it has changed since. An asterisk takes it as it is.",
        "Equal requests with one Idempotency-Key have the effect of one, and the same answer, for a day.",
    ],
    examples_heading: "Examples",
    examples: examples([
        "The confirmed, the oldest first; after in the answer leads to the next page",
        "Part of an email, and a source",
        "One entry, with its ETag",
        "Another role; \"bounced_at\": null clears a bounce, \"deleted_at\": null takes a deletion back",
        "Deleting an entry, which an admin can undo for 30 days",
        "Whom a wave would invite",
        "Inviting; with people from the rehearsal, exactly those",
        "How many there are, and where they came from",
    ]),
    machine: "The full description for programs (OpenAPI)",
};

static SPANISH: Words = Words {
    title: "API para programas",
    description: "Cómo los programas leen y cambian la lista de espera de Biovity: claves, direcciones y ejemplos.",
    lead: "Con una clave, un programa lee la lista de espera de Biovity o también la cambia. Recibe lo que ve la administración, con los mismos filtros.",
    key_heading: "La clave",
    key_text: "La crea alguien de administración y la ve una sola vez. Cada solicitud la envía como Authorization: Bearer; aquí no cuenta ninguna cookie, y una clave no abre ninguna página.",
    rules: [
        "Los errores son JSON según la RFC 9457 (application/problem+json).",
        "Una clave lee hasta 600 veces y cambia hasta 120 veces por minuto; un 429 dice en Retry-After cuántos segundos esperar.",
        "Para cambiar un lugar se envía en If-Match el ETag que se leyó con él; 412 dice que cambió desde entonces. Un asterisco lo toma como esté.",
        "Las solicitudes iguales con una misma Idempotency-Key tienen el efecto de una sola, y la misma respuesta, por un día.",
    ],
    examples_heading: "Ejemplos",
    examples: examples([
        "Los confirmados, primero los más antiguos; after en la respuesta lleva a la página siguiente",
        "Parte de un correo, y un origen",
        "Un lugar, con su ETag",
        "Otro rol; \"bounced_at\": null borra un rechazo, \"deleted_at\": null deshace una eliminación",
        "Eliminar un lugar, lo que la administración puede deshacer por 30 días",
        "A quiénes invitaría una tanda",
        "Invitar; con people del ensayo, exactamente a esas personas",
        "Cuántos hay y de dónde llegaron",
    ]),
    machine: "La descripción completa para programas (OpenAPI)",
};

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }
}
