//! The words of the privacy page: what is held, why, for how long.

/// The page.
#[derive(Debug)]
pub struct Privacy {
    /// Its heading.
    pub title: &'static str,
    /// Its first sentence.
    pub lead: &'static str,
    /// Its parts.
    pub sections: &'static [Section],
}

/// A part of the page.
#[derive(Debug)]
pub struct Section {
    /// Its heading.
    pub heading: &'static str,
    /// Its list, each point with its subject and its text.
    pub points: &'static [(&'static str, &'static str)],
    /// Its paragraph.
    pub text: &'static str,
}

/// The English words.
pub(super) const ENGLISH: Privacy = Privacy {
    title: "Privacy",
    lead: "Biovity holds little about you and says what it is. This page is the whole of it.",
    sections: &[
        Section {
            heading: "What we hold",
            points: &[
                (
                    "If you joined the waitlist:",
                    "your email address, whether you are looking for work or hiring, your language, which text you agreed to, when each step of your place was taken, and signs that a program joined in your name.",
                ),
                (
                    "If you have an account:",
                    "your name, email address and profession, your picture if you gave one, and the organization that manages your account if there is one. Your password is kept only as a hash: nobody can read it, and neither can we.",
                ),
                ("For each login:", "the time, the network address and the name of the browser."),
                (
                    "For each step that your account’s safety rests on:",
                    "such as a new password or address: what it was, when, and the network address and browser it came from.",
                ),
                (
                    "For each email we send you:",
                    "its kind and subject, when it was sent and what your mail server answered.",
                ),
            ],
            text: "We do not ask for your RUT, your birthday, your phone number or your salary.",
        },
        Section {
            heading: "Why",
            points: &[],
            text: "To keep your place, let you in, protect your account and answer for what we did. The waitlist rests on your consent, which you give by joining and confirm by the link we send. An account rests on your wish to have one. We use the data for nothing else.",
        },
        Section {
            heading: "How long",
            points: &[
                (
                    "A place on the waitlist:",
                    "until you erase it by the private link in our emails, or delete an account with the same address. 14 days if we ask you to confirm it and you never do; 30 days after we remove it. If you leave, the address stays, so that nobody adds it again for you, until you erase it.",
                ),
                (
                    "An account:",
                    "until you delete it, and 7 days more, in which it is closed and you can change your mind.",
                ),
                ("An account opened here whose address is never verified:", "7 days after our last email about it."),
                ("A login:", "7 days from your last visit, never more than 30 days."),
                ("A link that we sent you:", "until you use it, or 7 days after it ended."),
                ("The steps that your account’s safety rests on:", "a year."),
                ("What became of an email:", "90 days, or until your account or your place is erased."),
            ],
            text: "Of an erased account nothing remains that names you: only, until the year is over, that something was done with it and when, without your name, address, network address or browser. Of an erased place on the waitlist a keyed fingerprint of the address stays as well, which nobody can read back, so that no list brings it in again.",
        },
        Section {
            heading: "Who sees it",
            points: &[],
            text: "The people who run Biovity, and the servers that store it and carry our email. We sell nothing, and no advertiser or analytics company gets anything: these pages load nothing from other sites and our emails hold no tracking.",
        },
        Section {
            heading: "Cookies",
            points: &[],
            text: "One cookie keeps you logged in and carries messages from one page to the next, and one remembers your language if you choose it here. If you only read, there is no cookie at all.",
        },
        Section {
            heading: "Your rights",
            points: &[],
            text: "Chilean law (Ley 19.628 and, from 1 December 2026, Ley 21.719) gives you the right to see your data, correct it, erase it, take it with you, object to its use and have it blocked. Once you are logged in, you download your data and delete your account by yourself, on the page of your account. The private link in our emails about the waitlist shows your place, corrects it, downloads it, and erases it. For everything else, answer any of our emails and say what you would like; you need not give a reason. If you think we treat your data wrongly, you can also complain to the Agencia de Protección de Datos Personales once it is at work.",
        },
    ],
};

/// The Spanish words.
pub(super) const SPANISH: Privacy = Privacy {
    title: "Privacidad",
    lead: "Biovity guarda poco sobre ti y te dice qué es. Esta página lo cuenta todo.",
    sections: &[
        Section {
            heading: "Qué guardamos",
            points: &[
                (
                    "Si te uniste a la lista de espera:",
                    "tu correo, si buscas trabajo o personas, tu idioma, qué texto aceptaste, cuándo se dio cada paso de tu lugar y señales de que un programa se unió por ti.",
                ),
                (
                    "Si tienes una cuenta:",
                    "tu nombre, correo y profesión, tu foto si la subiste, y la organización que administra tu cuenta si la hay. De tu contraseña guardamos solo un resumen irreversible: nadie puede leerla, tampoco nosotros.",
                ),
                ("De cada ingreso:", "la hora, la dirección de red y el nombre del navegador."),
                (
                    "De cada paso del que depende la seguridad de tu cuenta:",
                    "como una contraseña o un correo nuevos: qué fue, cuándo, y desde qué dirección de red y navegador.",
                ),
                (
                    "De cada correo que te enviamos:",
                    "su tipo y asunto, cuándo salió y qué respondió tu servidor de correo.",
                ),
            ],
            text: "No te pedimos el RUT, la fecha de nacimiento, el teléfono ni la renta.",
        },
        Section {
            heading: "Para qué",
            points: &[],
            text: "Para cuidar tu lugar, dejarte entrar, proteger tu cuenta y responder por lo que hicimos. La lista de espera se basa en tu consentimiento, que das al unirte y confirmas con el enlace que te enviamos. La cuenta se basa en que quieras tenerla. No usamos los datos para nada más.",
        },
        Section {
            heading: "Por cuánto tiempo",
            points: &[
                (
                    "Un lugar en la lista de espera:",
                    "hasta que lo borres con el enlace privado de nuestros correos, o elimines una cuenta con el mismo correo. 14 días si te pedimos confirmarlo y no lo haces; 30 días después de que lo quitamos. Si sales, guardamos la dirección para que nadie la agregue otra vez por ti, hasta que la borres.",
                ),
                ("Una cuenta:", "hasta que la elimines, y 7 días más, en los que está cerrada y puedes arrepentirte."),
                (
                    "Una cuenta creada aquí cuyo correo nunca se verifica:",
                    "7 días después de nuestro último correo sobre ella.",
                ),
                ("Un ingreso:", "7 días desde tu última visita, nunca más de 30 días."),
                ("Un enlace que te enviamos:", "hasta que lo uses, o 7 días después de vencer."),
                ("Los pasos de los que depende la seguridad de tu cuenta:", "un año."),
                ("Qué pasó con un correo:", "90 días, o hasta que se borre tu cuenta o tu lugar."),
            ],
            text: "De una cuenta borrada no queda nada que te nombre: solo, hasta que se cumpla el año, que algo se hizo con ella y cuándo, sin tu nombre, correo, dirección de red ni navegador. De un lugar borrado de la lista de espera queda además una huella cifrada del correo, que nadie puede leer, para que ninguna lista lo traiga de vuelta.",
        },
        Section {
            heading: "Quién los ve",
            points: &[],
            text: "Las personas que operan Biovity y los servidores que guardan los datos y llevan nuestros correos. No vendemos nada, y ninguna empresa de publicidad o analítica recibe nada: estas páginas no cargan nada de otros sitios y nuestros correos no te rastrean.",
        },
        Section {
            heading: "Cookies",
            points: &[],
            text: "Una cookie mantiene tu sesión y lleva mensajes de una página a la siguiente, y otra recuerda tu idioma si lo eliges aquí. Si solo lees, no hay ninguna.",
        },
        Section {
            heading: "Tus derechos",
            points: &[],
            text: "La ley chilena (Ley 19.628 y, desde el 1 de diciembre de 2026, Ley 21.719) te da derecho a ver tus datos, corregirlos, borrarlos, llevártelos, oponerte a su uso y pedir que se bloqueen. Con tu sesión iniciada, descargas tus datos y eliminas tu cuenta sin pedírnoslo, en la página de tu cuenta. El enlace privado de nuestros correos sobre la lista de espera muestra tu lugar, lo corrige, lo descarga y lo borra. Para todo lo demás, responde cualquiera de nuestros correos y dinos qué necesitas; no hace falta dar razones. Si crees que tratamos mal tus datos, también puedes reclamar ante la Agencia de Protección de Datos Personales cuando esté en funciones.",
        },
    ],
};
