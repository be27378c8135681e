//! The words of signing up: the pages, sign-up by invitation, verifying an address, and the letters.

use crate::accounts::user::words::LetterWords;
use crate::values::account_kind::AccountKind;
use crate::values::locale::Locale;

mod finish;

pub use finish::Finish;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(super) which_account: &'static str,
    /// What search engines show of the choice.
    pub(super) which_description: &'static str,
    pub(super) for_people: &'static str,
    pub(super) for_people_text: &'static str,
    pub(super) for_people_more: &'static str,
    pub(super) for_organizations: &'static str,
    pub(super) for_organizations_text: &'static str,
    pub(super) for_organizations_more: &'static str,
    pub(super) have_account: &'static str,
    invited_connect: &'static str,
    pub(super) open_mine: &'static str,
    pub(super) open_ours: &'static str,
    pub(super) open_mine_lead: &'static str,
    pub(super) open_ours_lead: &'static str,
    open_mine_description: &'static str,
    open_ours_description: &'static str,
    pub(super) finish: Finish,
    pub(super) check_inbox: &'static str,
    pub(super) check_inbox_lead: &'static str,
    pub(super) nothing_arrived: &'static str,
    pub(super) nothing_arrived_text: &'static str,
    pub(super) reset_instead: &'static str,
    pub(super) resend_lead: &'static str,
    pub(super) is_this_yours: &'static str,
    pub(super) someone_entered: &'static str,
    pub(super) verify_if_you: &'static str,
    pub(super) verify: &'static str,
    pub(super) not_me: &'static str,
    pub(super) not_me_hint: &'static str,
    pub(super) not_me_keeps_hint: &'static str,
    pub(super) chosen_password_hint: &'static str,
    pub(super) no_such_sign_up: &'static str,
    pub(super) reset_hint: &'static str,
    pub(super) no_password_yet: &'static str,
    pub(super) no_password_of_provider: &'static str,
    pub(super) send_reset: &'static str,
    pub(super) verified: &'static str,
    verified_mine: &'static str,
    verified_ours: &'static str,
    pub(super) verified_other: &'static str,
    pub(super) removed: &'static str,
    pub(super) rejected: &'static str,
    pub(super) invited_lead: &'static str,
    pub(super) invited_welcome: &'static str,
    pub(super) invited_taken: &'static str,
    pub(super) invited_taken_text: &'static str,
    pub(super) invited_forgot: &'static str,
    pub(super) invitation_gone: &'static str,
    pub(super) invited_before: &'static str,
    pub(super) invited_opened: &'static str,
    pub(super) verified_before: &'static str,
    pub(super) rejected_before: &'static str,
    /// The letter that verifies an address.
    pub(super) verify_letter: LetterWords,
    /// The same for who signed up with another provider.
    pub(super) verify_letter_of_provider: LetterWords,
    /// The letter that says that there is an account.
    pub(super) already_letter: LetterWords,
    /// The same for who came with another provider.
    pub(super) already_letter_of_provider: LetterWords,
    /// Its link that sets a new password.
    pub(super) already_letter_forgot: &'static str,
}

const VERIFY_LETTER_ENGLISH: LetterWords = LetterWords {
    subject: "Verify your email",
    heading: "Is this your email?",
    text: "Someone, hopefully you, wants to use Biovity with this email. Open the page and press “Verify” to start using your account. On another device it also asks for your password.",
    button: "Verify my email",
    or_copy: "Or copy this link into your browser:",
    small: "The link works for 24 hours. If it wasn’t you, open it and press “It wasn’t me”, or do nothing: the account then stays closed.",
    why: "You are receiving this email because someone entered this address at Biovity, to create an account or to verify it.",
};

const ALREADY_LETTER_ENGLISH: LetterWords = LetterWords {
    subject: "You already have an account",
    heading: "You already have an account",
    text: "Someone, perhaps you, tried to create a Biovity account with this email. There is one already, so nothing was changed. Log in with the password you chose.",
    button: "Log in",
    or_copy: "Or copy this link into your browser:",
    small: "If it wasn’t you, you don’t have to do anything: nobody was told that you have an account.",
    why: "You are receiving this email because someone tried to create a Biovity account with this address.",
};

static ENGLISH: Words = Words {
    which_account: "Which account do you need?",
    which_description: "Create your Biovity account: for people looking for biotechnology work in Chile, and for the organizations that hire them.",
    for_people: "I’m looking for work",
    for_people_text: "For professionals, scientists, technicians and students.",
    for_people_more: "Create my account",
    for_organizations: "I’m hiring",
    for_organizations_text: "For companies, laboratories, institutes and universities.",
    for_organizations_more: "Create our account",
    have_account: "Already have an account?",
    invited_connect: "Afterwards you can connect % under “Ways to log in” on your account page.",
    open_mine: "Create your account",
    open_ours: "Create your organization’s account",
    open_mine_lead: "For people looking for work in biotechnology. All four fields are required.",
    open_ours_lead: "For companies and institutions that are hiring in biotechnology.",
    open_mine_description: "Create a Biovity account as a professional, technician or scientist: your name, your email, your profession and a password.",
    open_ours_description: "Create a Biovity account for your company or institution and reach people who work in biotechnology in Chile.",
    finish: finish::ENGLISH,
    check_inbox: "Check your inbox to verify your email",
    check_inbox_lead: "We sent you a message that says what to do next.",
    nothing_arrived: "Nothing arrived?",
    nothing_arrived_text: "Wait a minute, then look in the spam folder. If the email is wrong, just create the account again with the right one.",
    reset_instead: "Still nothing? Choose a new password: that verifies your email too.",
    resend_lead: "Which email did you create your account with? If it still has to be verified, we will send a new link there.",
    is_this_yours: "Is this your email?",
    someone_entered: "Someone wants to use Biovity with",
    verify_if_you: "Verify it if that was you.",
    verify: "Verify",
    not_me: "It wasn’t me",
    not_me_hint: "“It wasn’t me” removes the unverified account, and everything that was waiting for this email to be verified.",
    not_me_keeps_hint: "“It wasn’t me” ends everything that was waiting for this email to be verified. The account existed before that, and stays as it is.",
    chosen_password_hint: "The password you chose when you created your account. It tells your account from one that someone else tried to create with your email.",
    no_such_sign_up: "No account was created with this email and this password. Try again, or ask for a link to choose a new password.",
    reset_hint: "Forgot it? We will send a link to this email, so that you can choose a new password. That verifies the email too.",
    no_password_of_provider: "This account has no password yet. Open this link in the browser in which you began, or ask here for one to choose a password; that verifies your email too.",
    no_password_yet: "This account has no password yet. We will send a link to this email, so that you can choose one. That verifies the email too.",
    send_reset: "Send me the link",
    verified: "Your email is verified. Welcome to Biovity.",
    verified_mine: "Your email is verified, and your job seeker account is ready. You can log in now.",
    verified_ours: "Your email is verified, and your organization’s account is ready. You can log in now.",
    verified_other: "Your email is verified. You can log in now.",
    removed: "The account was removed. We will not write to this email about it again.",
    rejected: "Everything that was waiting for this email to be verified has ended. The account with it stays as it was.",
    invited_lead: "Your turn has come. The link you opened verifies your email, so there is no other message to wait for.",
    invited_welcome: "Welcome! Your account is ready.",
    invited_taken: "You already have an account",
    invited_taken_text: "There is an account with the email",
    invited_forgot: "Choose a new password",
    invitation_gone: "It has already been used, a newer one replaced it, or it has expired. If you have created your account, log in. If not, look for our newest email, or reply to it.",
    invited_before: "Your account was created. Log in with the password you chose.",
    invited_opened: "An account has been created with this invitation.",
    verified_before: "Your email is verified and your account is ready.",
    rejected_before: "You said that it wasn’t you, and what was waiting for this email has ended. If you want an account with it, create one.",
    verify_letter: VERIFY_LETTER_ENGLISH,
    verify_letter_of_provider: LetterWords {
        text: "Someone, hopefully you, wants to use Biovity with this email and another provider, such as Google. Open the page in the browser in which you began and press “Verify”: that is all. In any other browser you choose a password first, and connect the provider on your account page later.",
        ..VERIFY_LETTER_ENGLISH
    },
    already_letter: ALREADY_LETTER_ENGLISH,
    already_letter_of_provider: LetterWords {
        text: "Someone, perhaps you, tried to log in with an account at another provider, such as Google, that has this email. You already have a Biovity account with it, so nothing was changed. To use the provider from now on, log in as before and connect it under “Ways to log in”: the button leads there.",
        ..ALREADY_LETTER_ENGLISH
    },
    already_letter_forgot: "Forgot your password? Choose a new one with this link, which works for one hour",
};

const VERIFY_LETTER_SPANISH: LetterWords = LetterWords {
    subject: "Verifica tu correo",
    heading: "¿Es tuyo este correo?",
    text: "Alguien (esperamos que seas tú) quiere usar Biovity con este correo. Abre la página y presiona “Verificar” para empezar a usar tu cuenta. Si lo haces en un dispositivo distinto del que usaste para crearla, la página también te pide tu contraseña.",
    button: "Verificar mi correo",
    or_copy: "O copia este enlace en tu navegador:",
    small: "El enlace sirve por 24 horas. Si no fuiste tú, ábrelo y presiona “No fui yo”, o no hagas nada: así la cuenta queda cerrada.",
    why: "Recibes este correo porque alguien escribió esta dirección en Biovity, para crear una cuenta o para verificarla.",
};

const ALREADY_LETTER_SPANISH: LetterWords = LetterWords {
    subject: "Ya tienes una cuenta",
    heading: "Ya tienes una cuenta",
    text: "Alguien, quizás tú, intentó crear una cuenta en Biovity con este correo. Ya existe una, así que no cambiamos nada. Ingresa con la contraseña que elegiste.",
    button: "Ingresar",
    or_copy: "O copia este enlace en tu navegador:",
    small: "Si no fuiste tú, no tienes que hacer nada: a nadie le dijimos que tienes una cuenta.",
    why: "Recibes este correo porque alguien intentó crear una cuenta en Biovity con esta dirección.",
};

static SPANISH: Words = Words {
    which_account: "¿Qué cuenta necesitas?",
    which_description: "Crea tu cuenta en Biovity: para quienes buscan trabajo en biotecnología en Chile y para las organizaciones que quieren contratar.",
    for_people: "Busco trabajo",
    for_people_text: "Para profesionales, técnicos, investigadores y estudiantes.",
    for_people_more: "Crear mi cuenta",
    for_organizations: "Quiero contratar",
    for_organizations_text: "Para empresas, laboratorios, institutos y universidades.",
    for_organizations_more: "Crear nuestra cuenta",
    have_account: "¿Ya tienes una cuenta?",
    invited_connect: "Después podrás conectar % en “Formas de ingresar”, en la página de tu cuenta.",
    open_mine: "Crea tu cuenta",
    open_ours: "Crea la cuenta de tu organización",
    open_mine_lead: "Para quienes buscan trabajo en biotecnología. Los cuatro campos son obligatorios.",
    open_ours_lead: "Para empresas e instituciones que quieren contratar en biotecnología.",
    open_mine_description: "Crea tu cuenta en Biovity como profesional, técnico o investigador: tu nombre, tu correo, tu profesión y una contraseña.",
    open_ours_description: "Crea la cuenta de tu empresa o institución en Biovity y llega a quienes trabajan en biotecnología en Chile.",
    finish: finish::SPANISH,
    check_inbox: "Revisa tu correo para verificarlo",
    check_inbox_lead: "Te enviamos un mensaje que dice cómo seguir.",
    nothing_arrived: "¿No llegó nada?",
    nothing_arrived_text: "Espera un minuto y revisa la carpeta de spam. Si el correo no es el correcto, crea la cuenta otra vez con el que corresponde.",
    reset_instead: "¿Sigue sin llegar? Elige una contraseña nueva: eso también verifica tu correo.",
    resend_lead: "¿Con qué correo creaste tu cuenta? Si falta verificarlo, te enviaremos un enlace nuevo.",
    is_this_yours: "¿Es tuyo este correo?",
    someone_entered: "Alguien quiere usar Biovity con",
    verify_if_you: "Verifícalo si fuiste tú.",
    verify: "Verificar",
    not_me: "No fui yo",
    not_me_hint: "“No fui yo” elimina la cuenta sin verificar y todo lo que dependía de verificar este correo.",
    not_me_keeps_hint: "“No fui yo” anula todo lo que dependía de verificar este correo. La cuenta es más antigua y queda como está.",
    chosen_password_hint: "La contraseña que elegiste al crear tu cuenta. Así distinguimos tu cuenta de una que otra persona haya intentado crear con tu correo.",
    no_such_sign_up: "No se creó ninguna cuenta con este correo y esta contraseña. Inténtalo otra vez, o pide un enlace para elegir una contraseña nueva.",
    reset_hint: "¿Ya no la recuerdas? Te enviaremos a este correo un enlace para elegir una contraseña nueva. Eso también lo verifica.",
    no_password_of_provider: "Esta cuenta aún no tiene contraseña. Abre este enlace en el navegador en que empezaste, o pide aquí uno para elegir una contraseña; eso también verifica tu correo.",
    no_password_yet: "Esta cuenta aún no tiene contraseña. Te enviaremos a este correo un enlace para elegir una. Eso también lo verifica.",
    send_reset: "Enviarme el enlace",
    verified: "Tu correo está verificado. Te damos la bienvenida a Biovity.",
    verified_mine: "Tu correo está verificado y tu cuenta para buscar trabajo está lista. Ya puedes ingresar.",
    verified_ours: "Tu correo está verificado y la cuenta de tu organización está lista. Ya puedes ingresar.",
    verified_other: "Tu correo está verificado. Ya puedes ingresar.",
    removed: "La cuenta se eliminó. No volveremos a escribir a este correo por ella.",
    rejected: "Anulamos todo lo que dependía de verificar este correo. La cuenta que lo tiene queda como estaba.",
    invited_lead: "Llegó tu turno. El enlace que abriste verifica tu correo, así que no hay otro mensaje que esperar.",
    invited_welcome: "¡Te damos la bienvenida! Tu cuenta está lista.",
    invited_taken: "Ya tienes una cuenta",
    invited_taken_text: "Hay una cuenta con el correo",
    invited_forgot: "Elegir otra contraseña",
    invitation_gone: "Ya se usó, lo reemplazó uno más nuevo o venció. Si ya creaste tu cuenta, ingresa. Si no, busca nuestro correo más nuevo, o respóndelo.",
    invited_before: "Tu cuenta se creó. Ingresa con la contraseña que elegiste.",
    invited_opened: "Con esta invitación ya se creó una cuenta.",
    verified_before: "Tu correo está verificado y tu cuenta está lista.",
    rejected_before: "Dijiste que no fuiste tú, y anulamos lo que dependía de verificar este correo. Si quieres una cuenta con él, créala.",
    verify_letter: VERIFY_LETTER_SPANISH,
    verify_letter_of_provider: LetterWords {
        text: "Alguien (esperamos que seas tú) quiere usar Biovity con este correo y con otro proveedor, como Google. Abre la página en el navegador en que empezaste y presiona “Verificar”: eso es todo. En cualquier otro navegador primero eliges una contraseña, y después conectas el proveedor en la página de tu cuenta.",
        ..VERIFY_LETTER_SPANISH
    },
    already_letter: ALREADY_LETTER_SPANISH,
    already_letter_of_provider: LetterWords {
        text: "Alguien, quizás tú, intentó ingresar con una cuenta de otro proveedor, como Google, que tiene este correo. Ya tienes una cuenta de Biovity con el mismo correo, así que no cambiamos nada. Para usar ese proveedor desde ahora, ingresa como siempre y conéctalo en “Formas de ingresar”: el botón te lleva ahí.",
        ..ALREADY_LETTER_SPANISH
    },
    already_letter_forgot: "¿Olvidaste tu contraseña? Elige una nueva con este enlace, que sirve por una hora",
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

    /// That these providers can be connected later.
    pub(super) fn invited_connect(&self, providers: &str) -> String {
        self.invited_connect.replace('%', providers)
    }

    /// The message after verifying an address in a browser that did not sign up: it names the account that took effect.
    pub(super) const fn verified_log_in(&self, kind: AccountKind) -> &'static str {
        match kind {
            AccountKind::Employee => self.verified_mine,
            AccountKind::Organization => self.verified_ours,
            AccountKind::Admin => self.verified_other,
        }
    }

    /// The title of the form that opens an account of this kind.
    pub(super) const fn open(&self, kind: AccountKind) -> &'static str {
        if matches!(kind, AccountKind::Organization) { self.open_ours } else { self.open_mine }
    }

    /// What search engines show of the form of this kind.
    pub(super) const fn open_description(&self, kind: AccountKind) -> &'static str {
        if matches!(kind, AccountKind::Organization) { self.open_ours_description } else { self.open_mine_description }
    }

    /// What the form of this kind says below its title.
    pub(super) const fn open_lead(&self, kind: AccountKind) -> &'static str {
        if matches!(kind, AccountKind::Organization) { self.open_ours_lead } else { self.open_mine_lead }
    }

    /// The button of the form of this kind.
    pub(super) const fn open_button(&self, kind: AccountKind) -> &'static str {
        if matches!(kind, AccountKind::Organization) { self.for_organizations_more } else { self.for_people_more }
    }
}
