//! The words of the account's own page: the profile, the picture, and where the other pages lead.

use crate::values::locale::Locale;
use crate::values::picture::Problem;

mod activity;
mod summary;

pub use activity::Activity;
pub use summary::Summary;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    /// What happened to an account.
    pub(in crate::accounts) activity: Activity,
    /// What the page tells beside the profile.
    pub(super) summary: Summary,
    pub(super) heading: &'static str,
    pub(super) picture: &'static str,
    pub(super) picture_hint: &'static str,
    pub(super) save: &'static str,
    pub(super) saved: &'static str,
    pub(super) remove_picture: &'static str,
    pub(super) picture_removed: &'static str,
    pub(super) choose_again: &'static str,
    pub(super) more: &'static str,
    pub(super) password_text: &'static str,
    pub(super) second_factor: &'static str,
    pub(super) second_factor_on: &'static str,
    pub(super) second_factor_off: &'static str,
    pub(super) sessions_text: &'static str,
    pub(super) activity_text: &'static str,
    pub(super) members: &'static str,
    pub(super) members_text: &'static str,
    pub(super) managed: &'static str,
    pub(super) managed_text: &'static str,
    pub(super) export: &'static str,
    pub(super) export_text: &'static str,
    pub(super) delete: &'static str,
    pub(super) delete_text: &'static str,
    too_large: &'static str,
    unknown_format: &'static str,
    too_many_pixels: &'static str,
    damaged: &'static str,
}

static ENGLISH: Words = Words {
    activity: activity::ENGLISH,
    summary: summary::ENGLISH,
    heading: "Profile",
    picture: "Picture",
    picture_hint: "PNG, JPEG or WebP of up to 2 MB. We keep only a small square cut from the middle, without the data on where and when it was taken.",
    save: "Save",
    saved: "Your profile is saved.",
    remove_picture: "Remove the picture",
    picture_removed: "The picture was removed.",
    choose_again: "The picture has not been saved yet; choose it again",
    more: "Security and data",
    password_text: "Choose a new one",
    second_factor: "Two-step verification",
    second_factor_on: "On: logging in takes a code",
    second_factor_off: "Off: turn it on to be asked for a code when you log in",
    sessions_text: "Your devices, and how to log out of them",
    activity_text: "The last log-ins and changes",
    members: "Members",
    members_text: "Invite people and manage their accounts",
    managed: "Your organization",
    managed_text: "Who manages your account, and how to leave",
    export: "Your data",
    export_text: "Download everything we hold about you",
    delete: "Delete the account",
    delete_text: "With seven days to change your mind",
    too_large: "The picture is larger than 2 MB; choose a smaller one",
    unknown_format: "Choose a still picture: PNG, JPEG or WebP",
    too_many_pixels: "The picture has too many pixels; choose one of at most 24 megapixels",
    damaged: "The picture cannot be read; save it again or choose another one",
};

static SPANISH: Words = Words {
    activity: activity::SPANISH,
    summary: summary::SPANISH,
    heading: "Perfil",
    picture: "Foto",
    picture_hint: "PNG, JPEG o WebP de hasta 2 MB. Guardamos solo un cuadrado pequeño del centro, sin los datos de dónde y cuándo se tomó.",
    save: "Guardar",
    saved: "Tu perfil quedó guardado.",
    remove_picture: "Quitar la foto",
    picture_removed: "La foto se quitó.",
    choose_again: "La foto aún no se guardó; elígela otra vez",
    more: "Seguridad y datos",
    password_text: "Elige una nueva",
    second_factor: "Verificación en dos pasos",
    second_factor_on: "Activa: para ingresar se pide un código",
    second_factor_off: "Desactivada: actívala para que se pida un código al ingresar",
    sessions_text: "Tus dispositivos, y cómo cerrar sesión en ellos",
    activity_text: "Los últimos ingresos y cambios",
    members: "Integrantes",
    members_text: "Invita a personas y administra sus cuentas",
    managed: "Tu organización",
    managed_text: "Quién administra tu cuenta, y cómo salir",
    export: "Tus datos",
    export_text: "Descarga todo lo que guardamos sobre ti",
    delete: "Eliminar la cuenta",
    delete_text: "Con siete días para arrepentirte",
    too_large: "La foto pesa más de 2 MB; elige una más liviana",
    unknown_format: "Elige una imagen fija: PNG, JPEG o WebP",
    too_many_pixels: "La foto tiene demasiados píxeles; elige una de 24 megapíxeles como máximo",
    damaged: "No se puede leer la foto; guárdala otra vez o elige otra",
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

    /// What is wrong with an upload.
    #[must_use]
    pub const fn picture_problem(&self, problem: Problem) -> &'static str {
        match problem {
            Problem::TooLarge => self.too_large,
            Problem::UnknownFormat => self.unknown_format,
            Problem::TooManyPixels => self.too_many_pixels,
            Problem::Damaged => self.damaged,
        }
    }
}
