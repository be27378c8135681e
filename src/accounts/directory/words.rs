//! The words of the admin's pages about accounts.

use super::user_action::{Refusal, UserAction};
use crate::accounts::user::state::UserState;
use crate::accounts::user::words::LetterWords;
use crate::values::account_kind::AccountKind;
use crate::values::locale::Locale;
use crate::web::page::search::Count;

mod actor;
mod made_admin;
mod second_factor;

use second_factor::SecondFactor;

/// The kinds of accounts, in the order of the field.
pub(super) const KINDS: [AccountKind; 3] = [AccountKind::Employee, AccountKind::Organization, AccountKind::Admin];

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(super) search: &'static str,
    pub(super) search_hint: &'static str,
    pub(super) kind: &'static str,
    pub(super) all_kinds: &'static str,
    pub(super) state: &'static str,
    pub(super) all_states: &'static str,
    pub(super) caption: &'static str,
    pub(super) email: &'static str,
    pub(super) name: &'static str,
    pub(super) since: &'static str,
    pub(super) nobody_found: &'static str,
    pub(super) nobody_found_text: &'static str,
    pub(super) back_to_list: &'static str,
    pub(super) profession: &'static str,
    pub(super) position: &'static str,
    pub(super) organization: &'static str,
    pub(super) members: &'static str,
    pub(super) will_be_deleted: &'static str,
    pub(super) id: &'static str,
    pub(super) deactivate: &'static str,
    pub(super) deactivate_sure: &'static str,
    pub(super) deactivate_text: &'static str,
    pub(super) ends_keys: &'static str,
    pub(super) deactivated: &'static str,
    pub(super) reactivate: &'static str,
    pub(super) reactivated: &'static str,
    pub(super) end_sessions: &'static str,
    pub(super) sessions_ended: &'static str,
    pub(super) resend: &'static str,
    pub(super) resent: &'static str,
    pub(super) reset: &'static str,
    pub(super) reset_sent: &'static str,
    pub(super) second_factor: SecondFactor,
    pub(super) sessions: &'static str,
    pub(super) nobody_signed_in: &'static str,
    pub(super) device: &'static str,
    pub(super) logged_in: &'static str,
    pub(super) not_done: &'static str,
    pub(super) own_account: &'static str,
    pub(super) last_admin: &'static str,
    nothing_to_send: &'static str,
    inactive_first: &'static str,
    enough_sent: &'static str,
    pub(super) back: &'static str,
    more_than: &'static str,
    newest_first: &'static str,
    account: (&'static str, &'static str),
    employee: (&'static str, &'static str),
    organizations: (&'static str, &'static str),
    admin: (&'static str, &'static str),
    active: &'static str,
    inactive: &'static str,
    unverified: &'static str,
    leaving: &'static str,
    pub(super) made_admin_letter: LetterWords,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    search: "Search",
    search_hint: "Search matches any part of an email or a name; one or two letters match only its beginning.",
    kind: "Type",
    all_kinds: "All types",
    state: "State",
    all_states: "All states",
    caption: "Accounts, newest first",
    email: "Email",
    name: "Name",
    since: "Since",
    nobody_found: "No account matches",
    nobody_found_text: "Search for a shorter part of the email or the name, or clear the filter.",
    back_to_list: "All accounts",
    profession: "Profession",
    position: "Position",
    organization: "Managed by",
    members: "Members",
    will_be_deleted: "Will be deleted",
    id: "ID",
    deactivate: "Deactivate this account",
    deactivate_sure: "Yes, deactivate it",
    deactivate_text: "All its sessions end at once and nobody can log in with it, until an admin reactivates it.",
    ends_keys: "API keys that this admin created stop working for good: programs that use them are refused.",
    deactivated: "The account is deactivated and its sessions have ended.",
    reactivate: "Reactivate this account",
    reactivated: "The account can be used again.",
    end_sessions: "End all its sessions",
    sessions_ended: "All its sessions have ended.",
    resend: "Send the verification email again",
    resent: "The verification email is on its way.",
    reset: "Send a link for a new password",
    reset_sent: "The link for a new password is on its way.",
    second_factor: second_factor::ENGLISH,
    sessions: "Sessions",
    nobody_signed_in: "Nobody is logged in with this account.",
    device: "Device",
    logged_in: "Logged in",
    not_done: "This was not done",
    own_account: "This is your own account. Only another admin can deactivate it. Two-step verification is switched on and off on your account page.",
    last_admin: "This is the last admin who can log in. Make another one first.",
    nothing_to_send: "This account does not have to be verified, so there is nothing to send.",
    inactive_first: "This account is deactivated. Reactivate it first, so that its owner can use the link.",
    enough_sent: "The inbox already holds enough links that work. You can send another when the oldest has expired.",
    back: "Back to the account",
    more_than: "More than",
    newest_first: "Newest first.",
    account: ("account", "accounts"),
    employee: ("Job seeker", "Job seekers"),
    organizations: ("Organization", "Organizations"),
    admin: ("Admin", "Admins"),
    active: "Active",
    inactive: "Deactivated",
    unverified: "Not verified",
    leaving: "To be deleted",
    made_admin_letter: made_admin::ENGLISH,
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    search: "Buscar",
    search_hint: "Se busca en cualquier parte del correo o del nombre; con una o dos letras, en su comienzo.",
    kind: "Tipo",
    all_kinds: "Todos los tipos",
    state: "Estado",
    all_states: "Todos los estados",
    caption: "Cuentas, primero las más recientes",
    email: "Correo",
    name: "Nombre",
    since: "Desde",
    nobody_found: "Ninguna cuenta coincide",
    nobody_found_text: "Busca una parte más corta del correo o del nombre, o quita el filtro.",
    back_to_list: "Todas las cuentas",
    profession: "Profesión",
    position: "Cargo",
    organization: "Administrada por",
    members: "Integrantes",
    will_be_deleted: "Se eliminará",
    id: "ID",
    deactivate: "Desactivar esta cuenta",
    deactivate_sure: "Sí, desactivarla",
    deactivate_text: "Todas sus sesiones se cierran de inmediato y nadie puede ingresar con ella hasta que alguien de la administración la reactive.",
    ends_keys: "Las claves de la API que creó dejan de servir para siempre: los programas que las usan serán rechazados.",
    deactivated: "La cuenta está desactivada y sus sesiones se cerraron.",
    reactivate: "Reactivar esta cuenta",
    reactivated: "La cuenta se puede usar de nuevo.",
    end_sessions: "Cerrar todas sus sesiones",
    sessions_ended: "Todas sus sesiones se cerraron.",
    resend: "Enviar otra vez el correo de verificación",
    resent: "El correo de verificación va en camino.",
    reset: "Enviar un enlace para elegir otra contraseña",
    reset_sent: "El enlace para elegir otra contraseña va en camino.",
    second_factor: second_factor::SPANISH,
    sessions: "Sesiones",
    nobody_signed_in: "Nadie tiene una sesión abierta con esta cuenta.",
    device: "Dispositivo",
    logged_in: "Ingresó",
    not_done: "Esto no se hizo",
    own_account: "Esta es tu propia cuenta. Solo otra persona de la administración puede desactivarla. La verificación en dos pasos se activa y desactiva en la página de tu cuenta.",
    last_admin: "Es la última cuenta de administración que puede ingresar. Crea otra primero.",
    nothing_to_send: "Esta cuenta no necesita verificarse, así que no hay nada que enviar.",
    inactive_first: "Esta cuenta está desactivada. Reactívala primero, para que su titular pueda usar el enlace.",
    enough_sent: "Ya hay suficientes enlaces vigentes en su bandeja de entrada. Podrás enviar otro cuando venza el más antiguo.",
    back: "Volver a la cuenta",
    more_than: "Más de",
    newest_first: "Primero las más recientes.",
    account: ("cuenta", "cuentas"),
    employee: ("Profesional", "Profesionales"),
    organizations: ("Organización", "Organizaciones"),
    admin: ("Administración", "Administración"),
    active: "Activa",
    inactive: "Desactivada",
    unverified: "Sin verificar",
    leaving: "Por eliminarse",
    made_admin_letter: made_admin::SPANISH,
};

impl Words {
    /// The values of the field for kinds, with their words.
    pub(super) fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let all = ("", self.all_kinds);
        std::iter::once(all).chain(KINDS.map(|kind| (kind.as_str(), self.kinds_of(kind)))).collect()
    }

    /// The same for states.
    pub(super) fn states(&self) -> Vec<(&'static str, &'static str)> {
        let all = ("", self.all_states);
        std::iter::once(all).chain(UserState::ALL.map(|state| (state.as_str(), self.state_of(state)))).collect()
    }

    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// What one account is for.
    pub(crate) const fn kind_of(&self, kind: AccountKind) -> &'static str {
        self.kind_names(kind).0
    }

    /// What several accounts are for.
    pub(super) const fn kinds_of(&self, kind: AccountKind) -> &'static str {
        self.kind_names(kind).1
    }

    /// Whether an account can be used.
    pub(crate) const fn state_of(&self, state: UserState) -> &'static str {
        match state {
            UserState::Active => self.active,
            UserState::Deactivated => self.inactive,
            UserState::Unverified => self.unverified,
            UserState::Leaving => self.leaving,
        }
    }

    /// What the list holds: `1,284 accounts. Newest first.`
    pub(super) fn summary(&self, count: Option<Count>) -> String {
        let accounts = |number| {
            let noun = if number == 1 { self.account.0 } else { self.account.1 };
            format!("{} {noun}", self.locale.number(number))
        };
        match count {
            Some(Count::Exactly(number)) => format!("{}. {}", accounts(number), self.newest_first),
            Some(Count::MoreThan(number)) => format!("{} {}. {}", self.more_than, accounts(number), self.newest_first),
            None => self.newest_first.to_owned(),
        }
    }

    /// What was done.
    pub(super) const fn done(&self, action: UserAction) -> &'static str {
        match action {
            UserAction::Deactivate => self.deactivated,
            UserAction::Reactivate => self.reactivated,
            UserAction::EndSessions => self.sessions_ended,
            UserAction::ResendVerification => self.resent,
            UserAction::SendReset => self.reset_sent,
            UserAction::RemoveSecondFactor => self.second_factor.removed,
        }
    }

    /// Why nothing was done.
    pub(super) const fn why_refused(&self, refusal: Refusal) -> &'static str {
        match refusal {
            Refusal::OwnAccount => self.own_account,
            Refusal::LastAdmin => self.last_admin,
            Refusal::NothingToSend => self.nothing_to_send,
            Refusal::Inactive => self.inactive_first,
            Refusal::EnoughSent => self.enough_sent,
        }
    }

    const fn kind_names(&self, kind: AccountKind) -> (&'static str, &'static str) {
        match kind {
            AccountKind::Employee => self.employee,
            AccountKind::Organization => self.organizations,
            AccountKind::Admin => self.admin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_as_a_sentence() {
        assert_eq!(ENGLISH.summary(Some(Count::Exactly(1))), "1 account. Newest first.");
        assert_eq!(SPANISH.summary(Some(Count::MoreThan(10_000))), "Más de 10.000 cuentas. Primero las más recientes.");
        assert_eq!(ENGLISH.summary(None), "Newest first.");
    }
}
