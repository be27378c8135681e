//! The words about what webhooks tell a program, in English and Spanish.

/// The words of one language.
#[derive(Debug)]
pub struct WebhookWords {
    pub(in crate::waitlist::api) heading: &'static str,
    pub(in crate::waitlist::api) lead: &'static str,
    pub(in crate::waitlist::api) rules: [&'static str; 8],
    pub(in crate::waitlist::api) examples: [(&'static str, &'static str); 3],
}

const JOINED: &str = r#"{
  "type": "waitlist.joined",
  "timestamp": "2026-11-27T12:00:00.000Z",
  "data": {
    "id": 1378,
    "role": "employee",
    "state": "joined",
    "joined_at": "2026-11-27T12:00:00.000Z",
    "email": "ana@example.cl",
    "sequence": 1354
  }
}"#;
const ERASED: &str = r#"{
  "type": "waitlist.erased",
  "timestamp": "2026-11-28T09:30:00.000Z",
  "data": { "id": 1378, "state": "erased", "sequence": 1361 }
}"#;
const ACCOUNT: &str = r#"{
  "type": "account.created",
  "timestamp": "2026-11-27T12:00:00.000Z",
  "data": {
    "id": "019a1c2e-7b1f-7c55-9d5e-2f0b8a9c1d34",
    "type": "employee",
    "state": "unverified",
    "created_at": "2026-11-27T12:00:00.000Z",
    "email": "ana@example.cl",
    "sequence": 1355
  }
}"#;

/// In English.
pub(super) const ENGLISH: WebhookWords = WebhookWords {
    heading: "Webhooks: what your program receives",
    lead: "A webhook sends your program a POST with a message in JSON, signed following the Standard Webhooks specification.",
    rules: [
        "Check the signature: `webhook-signature` holds `v1,` and the base64 of an HMAC-SHA256 of `webhook-id`, a dot, `webhook-timestamp`, a dot and the body, keyed with the part of the secret after `whsec_`, base64-decoded. One of the signatures it lists must match, and the time must be within the last five minutes. The webhook’s page has examples in three languages.",
        "Only an answer of 2xx within 15 seconds counts as received. Redirects are not followed.",
        "Otherwise we try again after 5 s, 5 min, 30 min, and 2, 5, 10, 14, 20 and 24 h: ten tries over three days. Retry-After is respected, up to a day.",
        "410 switches the webhook off; so do ten failures in a row over more than an hour.",
        "A message may come twice: it has the same webhook-id then.",
        "The order is not guaranteed. Of two messages about one id, the one with the greater sequence is the newer.",
        "The email is there only where an admin ticked it. Times are in UTC; that of a step that has not happened yet is left out.",
        "The event webhook.probe tests your program: its data describe nothing that happened.",
    ],
    examples: [
        ("Of a place; waitlist.confirmed, .invited, .signed_up, .bounced and .left have its other times too", JOINED),
        ("Of a place that was erased", ERASED),
        ("Of an account; account.deleted has id, state and sequence alone", ACCOUNT),
    ],
};

/// In Spanish.
pub(super) const SPANISH: WebhookWords = WebhookWords {
    heading: "Webhooks: lo que recibe tu programa",
    lead: "Un webhook envía a tu programa un POST con un mensaje en JSON, firmado según la especificación Standard Webhooks.",
    rules: [
        "Verifica la firma: `webhook-signature` trae `v1,` y el base64 de un HMAC-SHA256 de `webhook-id`, un punto, `webhook-timestamp`, un punto y el cuerpo, con la parte del secreto que sigue a `whsec_`, decodificada de base64, como clave. Una de las firmas que trae debe coincidir, y la hora debe ser de los últimos cinco minutos. La página del webhook tiene ejemplos en tres lenguajes.",
        "Solo una respuesta 2xx dentro de 15 segundos cuenta como recibida. No seguimos redirecciones.",
        "Si no, lo intentamos de nuevo a los 5 s, 5 min, 30 min y a las 2, 5, 10, 14, 20 y 24 h: diez intentos en tres días. Respetamos Retry-After, hasta un día.",
        "410 desactiva el webhook; también diez fallas seguidas por más de una hora.",
        "Un mensaje puede llegar dos veces: entonces trae el mismo webhook-id.",
        "No garantizamos el orden. De dos mensajes sobre un mismo id, el de sequence mayor es el más nuevo.",
        "El campo email viene solo donde alguien de la administración lo marcó. Las fechas van en UTC; la de un paso que aún no ocurre se omite.",
        "El evento webhook.probe prueba tu programa: sus datos no corresponden a ningún hecho real.",
    ],
    examples: [
        (
            "De un lugar; waitlist.confirmed, .invited, .signed_up, .bounced y .left traen también sus otras fechas",
            JOINED,
        ),
        ("De un lugar que se borró", ERASED),
        ("De una cuenta; account.deleted trae solo id, state y sequence", ACCOUNT),
    ],
};
