//! The words of deleting an account and of keeping it after all.

use crate::values::clock::Timestamp;
use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(super) delete_title: &'static str,
    pub(super) delete_lead: &'static str,
    pub(super) at_once: &'static str,
    pub(super) at_once_points: [&'static str; 3],
    pub(super) ends_keys: &'static str,
    pub(super) after_grace: &'static str,
    pub(super) after_grace_points: [&'static str; 4],
    pub(super) what_stays: &'static str,
    pub(super) export_first: &'static str,
    pub(super) address_hint: &'static str,
    pub(super) address_differs: &'static str,
    pub(super) delete: &'static str,
    pub(super) keep: &'static str,
    pub(super) still_manages: &'static str,
    pub(super) still_manages_text: &'static str,
    pub(super) to_members: &'static str,
    pub(super) last_admin: &'static str,
    pub(super) last_admin_text: &'static str,
    pub(super) to_account: &'static str,
    pub(super) cancel_title: &'static str,
    pub(super) cancel_lead: &'static str,
    pub(super) cancel_hint: &'static str,
    pub(super) cancelled: &'static str,
    pub(super) stays: &'static str,
    /// The same of an account that an admin or its organization deactivated.
    pub(super) cancelled_inactive: &'static str,
    cancelled_of: &'static str,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    delete_title: "Delete your account?",
    delete_lead: "It closes at once and is erased 7 days later. Until then you can change your mind.",
    at_once: "At once",
    at_once_points: [
        "You are logged out on every device, and nobody can log in.",
        "Links we sent you, such as one to change your email, stop working.",
        "We send you an email with a link to keep your account.",
    ],
    ends_keys: "API keys that you created stop working for good, even if you change your mind.",
    after_grace: "After 7 days, for good",
    after_grace_points: [
        "Your name, email, profession, picture and password, and which providers open the account.",
        "Your log-ins with their devices and IP addresses.",
        "The list of emails we sent you.",
        "Your place on the waitlist, if this email has one.",
    ],
    what_stays: "For a year we keep a record that something was done, and when, without your name, your email or your device.",
    export_first: "Download your data first",
    address_hint: "Type the email of this account, so that nobody deletes it by accident.",
    address_differs: "This is not the email of this account",
    delete: "Delete my account",
    keep: "Keep my account",
    still_manages: "Your organization still manages accounts",
    still_manages_text: "Release them first, so that people keep their accounts. Then you can delete this one.",
    to_members: "Go to the members",
    last_admin: "You are the only admin",
    last_admin_text: "Without you nobody could open the admin pages. Once there is another admin, you can delete your account.",
    to_account: "Back to your account",
    cancel_title: "Keep your account?",
    cancel_lead: "Press the button and the account stays as it was:",
    cancel_hint: "Afterwards you can log in again. If you still want it erased, close this page.",
    cancelled: "Your account stays. You can log in again.",
    stays: "Your account stays.",
    cancelled_inactive: "Your account stays, but it is deactivated, so nobody can log in. If you think that is a mistake, reply to any of our emails.",
    cancelled_of: "The account % stays.",
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    delete_title: "¿Eliminar tu cuenta?",
    delete_lead: "Se cierra de inmediato y se borra 7 días después. Hasta entonces puedes arrepentirte.",
    at_once: "De inmediato",
    at_once_points: [
        "Se cierra tu sesión en todos los dispositivos y nadie puede ingresar.",
        "Los enlaces que te enviamos, como uno para cambiar tu correo, dejan de servir.",
        "Te enviamos un correo con un enlace para conservar tu cuenta.",
    ],
    ends_keys: "Las claves de la API que creaste dejan de servir para siempre, aunque te arrepientas.",
    after_grace: "A los 7 días, para siempre",
    after_grace_points: [
        "Tu nombre, correo, profesión, foto y contraseña, y qué proveedores abren la cuenta.",
        "Tus ingresos, con sus dispositivos y direcciones IP.",
        "La lista de los correos que te enviamos.",
        "Tu lugar en la lista de espera, si este correo tiene uno.",
    ],
    what_stays: "Durante un año guardamos constancia de que se hizo algo y cuándo, sin tu nombre, tu correo ni tu dispositivo.",
    export_first: "Descarga tus datos primero",
    address_hint: "Escribe el correo de esta cuenta, para que nadie la elimine por accidente.",
    address_differs: "Este no es el correo de esta cuenta",
    delete: "Eliminar mi cuenta",
    keep: "Conservar mi cuenta",
    still_manages: "Tu organización aún administra cuentas",
    still_manages_text: "Primero libera sus cuentas, para que cada persona conserve la suya. Después puedes eliminar esta.",
    to_members: "Ir a los integrantes",
    last_admin: "Eres la única persona que administra Biovity",
    last_admin_text: "Sin ti nadie podría administrar Biovity. Cuando haya otra cuenta de administración, podrás eliminar la tuya.",
    to_account: "Volver a tu cuenta",
    cancel_title: "¿Conservar tu cuenta?",
    cancel_lead: "Presiona el botón y la cuenta queda como estaba:",
    cancel_hint: "Después podrás ingresar de nuevo. Si todavía quieres borrarla, cierra esta página.",
    cancelled: "Tu cuenta se conserva. Ya puedes ingresar de nuevo.",
    stays: "Tu cuenta se conserva.",
    cancelled_inactive: "Tu cuenta se conserva, pero está desactivada y nadie puede ingresar. Si crees que es un error, responde cualquiera de nuestros correos.",
    cancelled_of: "La cuenta % se conserva.",
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

    /// That the account of this address stays, where another one is signed in.
    pub(super) fn cancelled_of(&self, email: &str) -> String {
        self.cancelled_of.replace('%', email)
    }

    /// After the deletion: until when it can be undone, and how.
    pub(super) fn deleted(&self, until: &Timestamp) -> String {
        let at = self.locale.date_time(until);
        match self.locale {
            Locale::En => format!(
                "Your account is closed and will be erased on {at}. Until then, you can keep it with the link in our email."
            ),
            Locale::Es => format!(
                "Tu cuenta está cerrada y se borrará el {at}. Hasta entonces puedes conservarla con el enlace de nuestro correo."
            ),
        }
    }
}
