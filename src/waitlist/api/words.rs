//! The words of the page about the API.

use self::list::ListWords;
use self::webhooks::WebhookWords;
use crate::values::locale::Locale;

mod list;
mod webhooks;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) lead: &'static str,
    pub(super) key_heading: &'static str,
    pub(super) key_text: &'static str,
    pub(super) rules: [&'static str; 5],
    pub(super) error: &'static str,
    pub(super) problem: &'static str,
    pub(super) examples_heading: &'static str,
    /// What stands for `$KEY`, `$ID` and `$ETAG` in the examples.
    pub(super) settings: &'static str,
    pub(super) harmless: [Example; 5],
    pub(super) list: ListWords,
    pub(super) in_earnest: &'static str,
    pub(super) changing: [Example; 3],
    pub(super) machine: &'static str,
    pub(super) webhooks: WebhookWords,
}

/// A request, and what it is for.
#[derive(Debug)]
pub struct Example {
    pub(super) title: &'static str,
    pub(super) path: &'static str,
    pub(super) options: &'static [&'static str],
    /// What it answers; nothing where that stands elsewhere, or is nothing.
    pub(super) answer: &'static str,
}

const CONFIRMED: &[&str] = &["--get", "-d state=confirmed", "-d sort=oldest"];
const PART: &[&str] = &["--get", "-d q=example.cl", "-d source=newsletter"];
const CHANGE: &[&str] =
    &["-X PATCH", "-H \"If-Match: $ETAG\"", "-H 'Content-Type: application/json'", "-d '{\"role\": \"organization\"}'"];
const DELETE: &[&str] = &["-X DELETE", "-H \"If-Match: $ETAG\""];
const REHEARSE: &[&str] = &["-H 'Content-Type: application/json'", "-d '{\"employees\": 1, \"rehearse\": true}'"];
const START: &[&str] =
    &["-H 'Idempotency-Key: wave-of-monday'", "-H 'Content-Type: application/json'", "-d '{\"employees\": 1}'"];

/// What a request is told that cannot be taken.
const PROBLEM: &str = r#"{
  "type": "about:blank",
  "title": "Unprocessable Entity",
  "status": 422,
  "detail": "Some of it cannot be taken; fields says what.",
  "fields": { "role": "It is employee or organization." }
}"#;
const TOTALS: &str = r#"{
  "listed": 1157,
  "employees": {
    "bounced": 9, "confirmed": 829, "deleted": 4, "invited": 66,
    "joined": 52, "left": 37, "signed_up": 37
  },
  "organizations": {
    "bounced": 1, "confirmed": 103, "deleted": 0, "invited": 8,
    "joined": 6, "left": 2, "signed_up": 7
  },
  "sources": [{ "source": "newsletter", "joined": 299, "confirmed": 287 }]
}"#;
const REHEARSAL: &str = r#"{
  "employees": { "available": 793, "invited": 1, "first": ["ana@example.cl"], "last": null },
  "organizations": { "available": 85, "invited": 0, "first": [], "last": null },
  "done_at": "2026-11-29T09:36:09.530Z",
  "people": "1795944968530574.1.7301218124888044563.1790106544131779.234.0.0.0.0.0.0"
}"#;
const STARTED: &str = r#"{ "id": 5, "invited": 1 }"#;

/// The examples that change nothing, with these titles.
const fn harmless(titles: [&'static str; 5]) -> [Example; 5] {
    let [list, search, one, totals, rehearse] = titles;
    [
        Example { title: list, path: "/api/waitlist", options: CONFIRMED, answer: "" },
        Example { title: search, path: "/api/waitlist", options: PART, answer: "" },
        Example { title: one, path: "/api/waitlist/$ID", options: &["-i"], answer: "" },
        Example { title: totals, path: "/api/totals", options: &[], answer: TOTALS },
        Example { title: rehearse, path: "/api/waves", options: REHEARSE, answer: REHEARSAL },
    ]
}

/// Those that change something, with these titles.
const fn changing(titles: [&'static str; 3]) -> [Example; 3] {
    let [change, delete, start] = titles;
    [
        Example { title: change, path: "/api/waitlist/$ID", options: CHANGE, answer: "" },
        Example { title: delete, path: "/api/waitlist/$ID", options: DELETE, answer: "" },
        Example { title: start, path: "/api/waves", options: START, answer: STARTED },
    ]
}

static ENGLISH: Words = Words {
    title: "API for programs",
    description: "How programs read and change the waitlist of Biovity: keys, addresses and examples.",
    lead: "With a key, a program can read the Biovity waitlist and, if the key allows it, change it. It gets what an admin sees, with the same filters.",
    key_heading: "The key",
    key_text: "An admin creates it and sees it once. Each request sends it as `Authorization: Bearer`; cookies don’t count here, and a key opens no page.",
    rules: [
        "Errors are JSON following RFC 9457 (`application/problem+json`).",
        "One key allows at most 600 reads and 120 changes a minute; a 429 says in `Retry-After` how many seconds to wait.",
        "To change one entry, send the `ETag` that was read with it in `If-Match`; 412 says that it has changed since. `If-Match: *` changes it unchecked.",
        "Requests of one method to one address with the same `Idempotency-Key` take effect once and get the same answer, for a day; one that asks for something else gets a 422, and nothing is done.",
        "Joining needs no key: `POST /api/waitlist` takes `{\"email\": …, \"role\": …}` as JSON, with the limits of the form, and answers 201; its errors are `{\"error\": …}`, 409 for an email that is on the list.",
    ],
    error: "An error",
    problem: PROBLEM,
    examples_heading: "Examples",
    settings: "KEY=bio_…     # your key\nID=1          # of an entry, from the list\nETAG='\"…\"'    # from the last answer with that entry",
    harmless: harmless([
        "Confirmed entries, oldest first; the answer’s `after` leads to the next page",
        "Part of an email, and a source",
        "One entry, with its ETag",
        "How many there are, and where they came from",
        "Whom a wave would invite",
    ]),
    list: list::ENGLISH,
    in_earnest: "The following examples change data or send real email.",
    changing: changing([
        "Another role; \"bounced_at\": null clears a bounce, \"deleted_at\": null takes a deletion back",
        "Deleting an entry, which an admin can undo for 30 days",
        "Inviting for real; send `people` from the rehearsal to invite exactly those",
    ]),
    machine: "The full description for programs (OpenAPI)",
    webhooks: webhooks::ENGLISH,
};

static SPANISH: Words = Words {
    title: "API para programas",
    description: "Cómo los programas leen y cambian la lista de espera de Biovity: claves, direcciones y ejemplos.",
    lead: "Con una clave, un programa puede leer la lista de espera de Biovity y, si la clave lo permite, cambiarla. Recibe lo que ve la administración, con los mismos filtros.",
    key_heading: "La clave",
    key_text: "La crea alguien de la administración y la ve una sola vez. Cada solicitud la envía como `Authorization: Bearer`; aquí no cuenta ninguna cookie, y una clave no abre ninguna página.",
    rules: [
        "Los errores son JSON según la RFC 9457 (`application/problem+json`).",
        "Con una clave se pueden hacer hasta 600 lecturas y 120 cambios por minuto; un 429 dice en `Retry-After` cuántos segundos esperar.",
        "Para cambiar un lugar se envía en `If-Match` el `ETag` que se leyó con él; 412 dice que cambió desde entonces. Con `If-Match: *` se cambia sin comprobarlo.",
        "Las solicitudes con un mismo método, a una misma dirección y con la misma `Idempotency-Key` tienen efecto una sola vez y la misma respuesta, por un día; si alguna pide otra cosa, recibe un 422 y no se hace nada.",
        "Para unirse no hace falta una clave: `POST /api/waitlist` recibe `{\"email\": …, \"role\": …}` en JSON, con los límites del formulario, y responde 201; sus errores son `{\"error\": …}`, 409 si el correo ya está en la lista.",
    ],
    error: "Un error",
    problem: PROBLEM,
    examples_heading: "Ejemplos",
    settings: "KEY=bio_…     # tu clave\nID=1          # de un lugar, en la lista\nETAG='\"…\"'    # en la última respuesta con ese lugar",
    harmless: harmless([
        "Los confirmados, primero los más antiguos; `after`, en la respuesta, lleva a la página siguiente",
        "Parte de un correo, y un origen",
        "Un lugar, con su ETag",
        "Cuántos hay y de dónde llegaron",
        "A quiénes invitaría una tanda",
    ]),
    list: list::SPANISH,
    in_earnest: "Los que siguen cambian datos o envían correos de verdad.",
    changing: changing([
        "Otro rol; \"bounced_at\": null borra un rechazo, \"deleted_at\": null deshace una eliminación",
        "Eliminar un lugar, lo que la administración puede deshacer por 30 días",
        "Invitar de verdad; envía el `people` del ensayo para invitar exactamente a esas personas",
    ]),
    machine: "La descripción completa para programas (OpenAPI)",
    webhooks: webhooks::SPANISH,
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
