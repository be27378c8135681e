//! The words of organizations about the people whose accounts they manage.

use crate::accounts::user::words::LetterWords;
use crate::values::clock::Timestamp;
use crate::values::locale::Locale;

/// The page of the members, and what they are told.
#[derive(Debug)]
pub struct ManageMembers {
    locale: Locale,
    pub(in crate::accounts::organization) members: &'static str,
    pub(in crate::accounts::organization) members_lead: &'static str,
    pub(in crate::accounts::organization) invite: &'static str,
    pub(in crate::accounts::organization) invite_hint: &'static str,
    pub(in crate::accounts::organization) send_invitation: &'static str,
    pub(in crate::accounts::organization) already_member: &'static str,
    pub(in crate::accounts::organization) own_address: &'static str,
    pub(in crate::accounts::organization) too_many_pending: &'static str,
    pub(in crate::accounts::organization) pending: &'static str,
    pub(in crate::accounts::organization) nobody_pending: &'static str,
    pub(in crate::accounts::organization) revoke: &'static str,
    pub(in crate::accounts::organization) team: &'static str,
    pub(in crate::accounts::organization) nobody: &'static str,
    pub(in crate::accounts::organization) nobody_text: &'static str,
    pub(in crate::accounts::organization) active: &'static str,
    pub(in crate::accounts::organization) inactive: &'static str,
    pub(in crate::accounts::organization) inactive_by_us: &'static str,
    /// Of an account that the organization does not manage, whoever has it.
    pub(in crate::accounts::organization) no_member: &'static str,
    pub(in crate::accounts::organization) no_invitation: &'static str,
    pub(in crate::accounts::organization) deactivate: &'static str,
    pub(in crate::accounts::organization) deactivate_text: &'static str,
    pub(in crate::accounts::organization) deactivate_yes: &'static str,
    pub(in crate::accounts::organization) reactivate: &'static str,
    pub(in crate::accounts::organization) release: &'static str,
    pub(in crate::accounts::organization) release_text: &'static str,
    pub(in crate::accounts::organization) release_yes: &'static str,
    pub(in crate::accounts::organization) list_pages: &'static str,
    pub(in crate::accounts::organization) to_first: &'static str,
    pub(in crate::accounts::organization) more: &'static str,
    pub(in crate::accounts::organization) revoked: &'static str,
    pub(in crate::accounts::organization) deactivated: &'static str,
    pub(in crate::accounts::organization) reactivated: &'static str,
    pub(in crate::accounts::organization) released: &'static str,
    pub(in crate::accounts::organization) deactivated_letter: LetterWords,
    pub(in crate::accounts::organization) reactivated_letter: LetterWords,
    pub(in crate::accounts::organization) released_letter: LetterWords,
    /// The same to who could not log in until then.
    pub(in crate::accounts::organization) released_open_letter: LetterWords,
}

const RELEASED_ENGLISH: LetterWords = LetterWords {
    subject: "Your account is yours alone",
    heading: "Your account is yours alone",
    text: "The organization that managed your account released it. Nothing in your account was changed, and from now on nobody else manages it.",
    button: "Go to my account",
    or_copy: "Or copy this link into your browser:",
    small: "You don’t have to do anything.",
    why: "You are receiving this email because it is about your Biovity account.",
};

/// The English words.
pub(super) const ENGLISH: ManageMembers = ManageMembers {
    locale: Locale::En,
    members: "Members",
    members_lead: "The accounts that your organization manages. Everyone here agreed to it.",
    invite: "Invite someone",
    invite_hint: "We will send a link that works for 7 days, for this email only.",
    send_invitation: "Send the invitation",
    already_member: "The account with this email is already a member",
    own_address: "This is your organization’s own email; invite a person’s",
    too_many_pending: "100 invitations are waiting for an answer. Revoke some before you invite more people.",
    pending: "Invitations without an answer",
    nobody_pending: "No invitation is waiting for an answer.",
    revoke: "Revoke",
    team: "People",
    nobody: "Nobody has joined yet",
    nobody_text: "Invite people by email. Whoever accepts appears here.",
    active: "Active",
    inactive: "Deactivated",
    inactive_by_us: "Biovity deactivated this account, so only Biovity can reactivate it.",
    no_member: "That person is no longer in your organization. Nothing was changed.",
    no_invitation: "That invitation was answered or revoked, or has expired. Nothing was changed.",
    deactivate: "Deactivate",
    deactivate_text: "This logs them out at once, and they cannot log in until you reactivate the account. We tell them by email.",
    deactivate_yes: "Yes, deactivate",
    reactivate: "Reactivate",
    release: "Release",
    release_text: "Your organization will no longer manage the account. It stays theirs, and if you deactivated it, it opens again. To undo this, you would have to invite them again.",
    release_yes: "Yes, release",
    list_pages: "Pages of the list",
    to_first: "Go to the first page",
    more: "More people",
    revoked: "The invitation no longer works.",
    deactivated: "The account is deactivated. You can reactivate it here.",
    reactivated: "The account is active again.",
    released: "Your organization no longer manages that account.",
    deactivated_letter: LetterWords {
        subject: "Your account was deactivated",
        heading: "Your account was deactivated",
        text: "The organization that manages your account deactivated it. You were logged out everywhere and cannot log in until the account is reactivated.",
        button: "Go to Biovity",
        or_copy: "Or copy this link into your browser:",
        small: "If you think that is a mistake, write to the organization, or reply to this email.",
        why: "You are receiving this email because it is about your Biovity account.",
    },
    reactivated_letter: LetterWords {
        subject: "Your account is active again",
        heading: "Your account is active again",
        text: "The organization that manages your account reactivated it. You can log in again.",
        button: "Log in",
        or_copy: "Or copy this link into your browser:",
        small: "If you forgot your password, you can choose a new one from the log-in page.",
        why: "You are receiving this email because it is about your Biovity account.",
    },
    released_letter: RELEASED_ENGLISH,
    released_open_letter: LetterWords {
        text: "The organization that managed your account released it: it is active again, you can log in, and nobody else manages it.",
        ..RELEASED_ENGLISH
    },
};

const RELEASED_SPANISH: LetterWords = LetterWords {
    subject: "Tu cuenta es solo tuya",
    heading: "Tu cuenta es solo tuya",
    text: "La organización que administraba tu cuenta la liberó. Nada cambió en tu cuenta y desde ahora nadie más la administra.",
    button: "Ir a mi cuenta",
    or_copy: "O copia este enlace en tu navegador:",
    small: "No tienes que hacer nada.",
    why: "Recibes este correo porque se trata de tu cuenta de Biovity.",
};

/// The Spanish words.
pub(super) const SPANISH: ManageMembers = ManageMembers {
    locale: Locale::Es,
    members: "Integrantes",
    members_lead: "Las cuentas que administra tu organización. Cada persona aceptó estar aquí.",
    invite: "Invita a alguien",
    invite_hint: "Enviaremos un enlace que sirve por 7 días, solo para este correo.",
    send_invitation: "Enviar la invitación",
    already_member: "La cuenta con este correo ya es integrante",
    own_address: "Este es el correo de tu propia organización; escribe el de una persona",
    too_many_pending: "Hay 100 invitaciones sin respuesta. Anula algunas antes de invitar a más personas.",
    pending: "Invitaciones sin respuesta",
    nobody_pending: "Ninguna invitación espera respuesta.",
    revoke: "Anular",
    team: "Personas",
    nobody: "Aún no se une nadie",
    nobody_text: "Invita a las personas por su correo. Quien acepte aparecerá aquí.",
    active: "Activa",
    inactive: "Desactivada",
    inactive_by_us: "Biovity desactivó esta cuenta, así que solo Biovity puede reactivarla.",
    no_member: "Esa persona ya no está en tu organización. No cambiamos nada.",
    no_invitation: "Esa invitación ya se respondió, se anuló o venció. No cambiamos nada.",
    deactivate: "Desactivar",
    deactivate_text: "Sus sesiones se cierran de inmediato, y la persona no podrá ingresar hasta que reactives la cuenta. Le avisaremos por correo.",
    deactivate_yes: "Sí, desactivar",
    reactivate: "Reactivar",
    release: "Liberar",
    release_text: "Tu organización dejará de administrar la cuenta. Sigue siendo de la persona y, si la desactivaste, se abre otra vez. Para deshacerlo tendrías que invitarla de nuevo.",
    release_yes: "Sí, liberar",
    list_pages: "Páginas de la lista",
    to_first: "Ir a la primera página",
    more: "Más personas",
    revoked: "La invitación ya no sirve.",
    deactivated: "La cuenta está desactivada. Puedes reactivarla aquí.",
    reactivated: "La cuenta está activa otra vez.",
    released: "Tu organización ya no administra esa cuenta.",
    deactivated_letter: LetterWords {
        subject: "Tu cuenta fue desactivada",
        heading: "Tu cuenta fue desactivada",
        text: "La organización que administra tu cuenta la desactivó. Se cerraron todas tus sesiones y no podrás ingresar hasta que la cuenta se reactive.",
        button: "Ir a Biovity",
        or_copy: "O copia este enlace en tu navegador:",
        small: "Si crees que es un error, escribe a la organización o responde este correo.",
        why: "Recibes este correo porque se trata de tu cuenta de Biovity.",
    },
    reactivated_letter: LetterWords {
        subject: "Tu cuenta está activa otra vez",
        heading: "Tu cuenta está activa otra vez",
        text: "La organización que administra tu cuenta la reactivó. Ya puedes ingresar.",
        button: "Ingresar",
        or_copy: "O copia este enlace en tu navegador:",
        small: "Si olvidaste tu contraseña, desde la página de ingreso puedes elegir otra.",
        why: "Recibes este correo porque se trata de tu cuenta de Biovity.",
    },
    released_letter: RELEASED_SPANISH,
    released_open_letter: LetterWords {
        text: "La organización que administraba tu cuenta la liberó: está activa otra vez, ya puedes ingresar y nadie más la administra.",
        ..RELEASED_SPANISH
    },
};

impl ManageMembers {
    /// How many people there are.
    pub(in crate::accounts::organization) fn count(&self, people: i64) -> String {
        let number = self.locale.number(people);
        match (self.locale, people) {
            (Locale::En, 1) => "1 person".to_owned(),
            (Locale::En, _) => format!("{number} people"),
            (Locale::Es, 1) => "1 persona".to_owned(),
            (Locale::Es, _) => format!("{number} personas"),
        }
    }

    /// Since when somebody is a member.
    pub(in crate::accounts::organization) fn member_since(&self, at: &Timestamp) -> String {
        match self.locale {
            Locale::En => format!("Member since {}", self.locale.date(at)),
            Locale::Es => format!("Integrante desde el {}", self.locale.date(at)),
        }
    }

    /// Until when an invitation works.
    pub(in crate::accounts::organization) fn works_until(&self, at: &Timestamp) -> String {
        match self.locale {
            Locale::En => format!("Works until {}", self.locale.date_time(at)),
            Locale::Es => format!("Sirve hasta el {}", self.locale.date_time(at)),
        }
    }

    /// What was done with an address that somebody typed: the same whether or not it has an account.
    pub(in crate::accounts::organization) fn invited(&self, email: &str) -> String {
        match self.locale {
            Locale::En => format!("The invitation to {email} is on its way."),
            Locale::Es => format!("La invitación a {email} va en camino."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_counted_in_both_languages() {
        assert_eq!([0, 1, 1_200].map(|n| ENGLISH.count(n)), ["0 people", "1 person", "1,200 people"]);
        assert_eq!([0, 1, 1_200].map(|n| SPANISH.count(n)), ["0 personas", "1 persona", "1.200 personas"]);
    }

    #[test]
    fn times_are_told_in_a_sentence() {
        let at = "2026-11-24T15:04:00Z".parse().unwrap();
        assert_eq!(ENGLISH.member_since(&at), "Member since 24 Nov 2026");
        assert_eq!(SPANISH.works_until(&at), "Sirve hasta el 24 nov 2026, 12:04");
    }
}
