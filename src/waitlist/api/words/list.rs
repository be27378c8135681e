//! The words about the list for programs, in English and Spanish: its parameters, and what it answers.

/// The words of one language.
#[derive(Debug)]
pub struct ListWords {
    pub(in crate::waitlist::api) parameters: &'static str,
    pub(in crate::waitlist::api) parameter: &'static str,
    pub(in crate::waitlist::api) meaning: &'static str,
    /// Each parameter of the list, and what it is for.
    pub(in crate::waitlist::api) meanings: [(&'static str, &'static str); 9],
    pub(in crate::waitlist::api) answer: &'static str,
    /// An answer of the list.
    pub(in crate::waitlist::api) sample: &'static str,
}

const SAMPLE: &str = r#"{
  "entries": [
    {
      "id": 1378,
      "email": "ana@example.cl",
      "role": "employee",
      "state": "confirmed",
      "joined_at": "2026-11-27T12:00:00.000Z",
      "asked_at": "2026-11-27T12:00:00.000Z",
      "confirmed_at": "2026-11-27T12:04:31.000Z",
      "invited_at": null,
      "signed_up_at": null,
      "bounced_at": null,
      "left_at": null,
      "deleted_at": null,
      "source": "newsletter",
      "needs_review": false
    }
  ],
  "count": { "number": 1139, "is_exact": true },
  "before": null,
  "after": "AAAAAAAAEOI"
}"#;

/// In English.
pub(super) const ENGLISH: ListWords = ListWords {
    parameters: "What the list can be asked for",
    parameter: "Parameter",
    meaning: "What it means",
    meanings: [
        ("q", "Any part of the email"),
        ("role", "`employee` or `organization`"),
        (
            "state",
            "`joined`, `confirmed`, `invited`, `signed_up`, `bounced`, `left`, `deleted`, or `review` for those that need a review; without it, all but the deleted",
        ),
        ("from", "Joined on this day or later, such as `2026-11-01`"),
        ("to", "Joined on this day or earlier"),
        ("source", "Came by a link that names this source"),
        ("sort", "`oldest` or `newest`; without it, the newest first"),
        ("after", "What an answer has in `after`: the page that follows"),
        ("before", "What an answer has in `before`: the page before"),
    ],
    answer: "What the list answers, at most 25 entries at a time",
    sample: SAMPLE,
};

/// In Spanish.
pub(super) const SPANISH: ListWords = ListWords {
    parameters: "Qué se le puede pedir a la lista",
    parameter: "Parámetro",
    meaning: "Qué significa",
    meanings: [
        ("q", "Cualquier parte del correo"),
        ("role", "`employee` u `organization`"),
        (
            "state",
            "`joined`, `confirmed`, `invited`, `signed_up`, `bounced`, `left`, `deleted`, o `review` para los que hay que revisar; si falta, todos menos los eliminados",
        ),
        ("from", "Se unió ese día o después, por ejemplo `2026-11-01`"),
        ("to", "Se unió ese día o antes"),
        ("source", "Llegó por un enlace que nombra este origen"),
        ("sort", "`oldest` o `newest`; si falta, primero los más recientes"),
        ("after", "Lo que una respuesta trae en `after`: la página siguiente"),
        ("before", "Lo que una respuesta trae en `before`: la página anterior"),
    ],
    answer: "Lo que responde la lista, hasta 25 lugares por vez",
    sample: SAMPLE,
};
