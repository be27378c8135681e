//! The words of the privacy page: what is held, why, for how long.

use std::fmt;

use Text::{Fixed, Timed};
use chrono::TimeDelta;

use crate::values::locale::Locale::{self, En, Es};
use crate::web::retention::{
    ADMIN_SESSION, COUNT_SECONDS, DELETED_ACCOUNT, DELETED_PLACE, DEVICE_COOKIE, ENDED_LINK, EVENT, IDLE_SESSION,
    IMPORT_LINES, LANGUAGE_COOKIE, MAIL, SESSION, UNCONFIRMED_PLACE, UNVERIFIED_ACCOUNT,
};

const COUNT: TimeDelta = TimeDelta::seconds(COUNT_SECONDS as i64);

/// The page.
#[derive(Debug)]
pub struct Privacy {
    /// Its heading.
    pub title: &'static str,
    /// Its first sentence.
    pub lead: &'static str,
    /// Its parts.
    pub sections: &'static [Section],
    /// Its last part.
    pub cookies: Cookies,
}

/// A part of the page.
#[derive(Debug)]
pub struct Section {
    /// Its heading.
    pub heading: &'static str,
    /// Its list, each point with its subject and its text.
    pub points: &'static [(&'static str, Text)],
    /// Its paragraph.
    pub text: Text,
}

/// The part about cookies: what each is for.
#[derive(Debug)]
pub struct Cookies {
    /// Its heading.
    pub heading: &'static str,
    /// Its first sentence.
    pub lead: &'static str,
    /// The session's cookie.
    pub session: Text,
    /// The device's cookie.
    pub device: Text,
    /// The language's cookie.
    pub language: Text,
}

/// A text of the page.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    /// One without times.
    Fixed(&'static str),
    /// One with the times for which data is kept.
    Timed(fn() -> String),
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fixed(text) => f.write_str(text),
            Timed(text) => f.write_str(&text()),
        }
    }
}

/// A period in words.
fn period(locale: Locale, period: TimeDelta) -> String {
    match (locale, period.num_days(), period.num_hours()) {
        (En, 365, _) => "a year".to_owned(),
        (Es, 365, _) => "un año".to_owned(),
        (En, 1, _) => "a day".to_owned(),
        (Es, 1, _) => "un día".to_owned(),
        (En, 0, hours) => format!("{hours} hours"),
        (Es, 0, hours) => format!("{hours} horas"),
        (En, days, _) => format!("{days} days"),
        (Es, days, _) => format!("{days} días"),
    }
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
                    Fixed(
                        "your email address, whether you are looking for work or hiring, your language, which text you agreed to, when each step of your place was taken, and signs that a program joined in your name.",
                    ),
                ),
                (
                    "If you have an account:",
                    Fixed(
                        "your name, email address and profession, your picture if you gave one, and the organization that manages your account if there is one. Your password is kept only as a hash: nobody can read it, and neither can we.",
                    ),
                ),
                ("For each login:", Fixed("the time, the network address and the name of the browser.")),
                (
                    "For each step that your account’s safety rests on:",
                    Fixed(
                        "such as a new password or address: what it was, when, and the network address and browser it came from.",
                    ),
                ),
                (
                    "For each email we send you:",
                    Fixed("its kind and subject, when it was sent and what your mail server answered."),
                ),
            ],
            text: Fixed("We do not ask for your RUT, your birthday, your phone number or your salary."),
        },
        Section {
            heading: "Why",
            points: &[],
            text: Fixed(
                "To keep your place, let you in, protect your account and answer for what we did. The waitlist rests on your consent, which you give by joining and confirm by the link we send. An account rests on your wish to have one. We use the data for nothing else.",
            ),
        },
        Section {
            heading: "How long",
            points: &[
                (
                    "A place on the waitlist:",
                    Timed(|| {
                        format!(
                            "until you erase it by the private link in our emails, or delete an account with the same address. {} if we ask you to confirm it and you never do; {} after we remove it. If you leave, the address stays, so that nobody adds it again for you, until you erase it.",
                            period(En, UNCONFIRMED_PLACE),
                            period(En, DELETED_PLACE)
                        )
                    }),
                ),
                (
                    "An account:",
                    Timed(|| {
                        format!(
                            "until you delete it, and {} more, in which it is closed and you can change your mind.",
                            period(En, DELETED_ACCOUNT)
                        )
                    }),
                ),
                (
                    "An account opened here whose address is never verified:",
                    Timed(|| format!("{} after our last email about it.", period(En, UNVERIFIED_ACCOUNT))),
                ),
                (
                    "A login:",
                    Timed(|| {
                        format!(
                            "{} from your last visit, never more than {}, an admin’s never more than {}. That you logged in, when and from where is one of the steps below.",
                            period(En, IDLE_SESSION),
                            period(En, SESSION),
                            period(En, ADMIN_SESSION)
                        )
                    }),
                ),
                (
                    "A link that we sent you:",
                    Timed(|| format!("until you use it, or {} after it ended.", period(En, ENDED_LINK))),
                ),
                ("The steps that your account’s safety rests on:", Timed(|| format!("{}.", period(En, EVENT)))),
                (
                    "What became of an email:",
                    Timed(|| format!("{}, or until your account or your place is erased.", period(En, MAIL))),
                ),
                (
                    "A list that somebody brought with your address in it:",
                    Timed(|| format!("its lines {} after it was added or cancelled.", period(En, IMPORT_LINES))),
                ),
                (
                    "How often something was asked from your network or for your address:",
                    Timed(|| {
                        format!("{} at most, under a keyed fingerprint that nobody can read back.", period(En, COUNT))
                    }),
                ),
            ],
            text: Timed(|| {
                format!(
                    "Of an erased account nothing remains that names you: only, until {} has passed since, that something was done with it and when, without your name, address, network address or browser. Of an erased place on the waitlist a keyed fingerprint of the address stays as well, which nobody can read back, so that no list brings it in again.",
                    period(En, EVENT)
                )
            }),
        },
        Section {
            heading: "Who sees it",
            points: &[],
            text: Fixed(
                "The people who run Biovity, and the servers that store it and carry our email. We sell nothing, and no advertiser or analytics company gets anything: these pages load nothing from other sites and our emails hold no tracking.",
            ),
        },
        Section {
            heading: "Your rights",
            points: &[],
            text: Fixed(
                "Chilean law (Ley 19.628 and, from 1 December 2026, Ley 21.719) gives you the right to see your data, correct it, erase it, take it with you, object to its use and have it blocked. Once you are logged in, you download your data and delete your account by yourself, on the page of your account. The private link in our emails about the waitlist shows your place, corrects it, downloads it, and erases it. For everything else, answer any of our emails and say what you would like; you need not give a reason. If you think we treat your data wrongly, you can also complain to the Agencia de Protección de Datos Personales once it is at work.",
            ),
        },
    ],
    cookies: Cookies {
        heading: "Cookies",
        lead: "If you only read, there is no cookie at all. Otherwise there are at most these:",
        session: Timed(|| {
            format!(
                "keeps you logged in, carries messages from one page to the next and knows the sign-up that you made in this browser; {} from your last visit.",
                period(En, IDLE_SESSION)
            )
        }),
        device: Timed(|| {
            format!(
                "knows a device on which you logged in, so that nobody else’s attempts keep you out and we can tell you of a new device; it does not say whose it is; {} from your last login.",
                period(En, DEVICE_COOKIE)
            )
        }),
        language: Timed(|| format!("remembers your language if you choose it here; {}.", period(En, LANGUAGE_COOKIE))),
    },
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
                    Fixed(
                        "tu correo, si buscas trabajo o personas, tu idioma, qué texto aceptaste, cuándo se dio cada paso de tu lugar y señales de que un programa se unió por ti.",
                    ),
                ),
                (
                    "Si tienes una cuenta:",
                    Fixed(
                        "tu nombre, correo y profesión, tu foto si la subiste, y la organización que administra tu cuenta si la hay. De tu contraseña guardamos solo un resumen irreversible: nadie puede leerla, tampoco nosotros.",
                    ),
                ),
                ("De cada ingreso:", Fixed("la hora, la dirección de red y el nombre del navegador.")),
                (
                    "De cada paso del que depende la seguridad de tu cuenta:",
                    Fixed(
                        "como una contraseña o un correo nuevos: qué fue, cuándo, y desde qué dirección de red y navegador.",
                    ),
                ),
                (
                    "De cada correo que te enviamos:",
                    Fixed("su tipo y asunto, cuándo salió y qué respondió tu servidor de correo."),
                ),
            ],
            text: Fixed("No te pedimos el RUT, la fecha de nacimiento, el teléfono ni la renta."),
        },
        Section {
            heading: "Para qué",
            points: &[],
            text: Fixed(
                "Para cuidar tu lugar, dejarte entrar, proteger tu cuenta y responder por lo que hicimos. La lista de espera se basa en tu consentimiento, que das al unirte y confirmas con el enlace que te enviamos. La cuenta se basa en que quieras tenerla. No usamos los datos para nada más.",
            ),
        },
        Section {
            heading: "Por cuánto tiempo",
            points: &[
                (
                    "Un lugar en la lista de espera:",
                    Timed(|| {
                        format!(
                            "hasta que lo borres con el enlace privado de nuestros correos, o elimines una cuenta con el mismo correo. {} si te pedimos confirmarlo y no lo haces; {} después de que lo quitamos. Si sales, guardamos la dirección para que nadie la agregue otra vez por ti, hasta que la borres.",
                            period(Es, UNCONFIRMED_PLACE),
                            period(Es, DELETED_PLACE)
                        )
                    }),
                ),
                (
                    "Una cuenta:",
                    Timed(|| {
                        format!(
                            "hasta que la elimines, y {} más, en los que está cerrada y puedes arrepentirte.",
                            period(Es, DELETED_ACCOUNT)
                        )
                    }),
                ),
                (
                    "Una cuenta creada aquí cuyo correo nunca se verifica:",
                    Timed(|| {
                        format!("{} después de nuestro último correo sobre ella.", period(Es, UNVERIFIED_ACCOUNT))
                    }),
                ),
                (
                    "Un ingreso:",
                    Timed(|| {
                        format!(
                            "{} desde tu última visita, nunca más de {}; el de un administrador, nunca más de {}. Que ingresaste, cuándo y desde dónde es uno de los pasos de más abajo.",
                            period(Es, IDLE_SESSION),
                            period(Es, SESSION),
                            period(Es, ADMIN_SESSION)
                        )
                    }),
                ),
                (
                    "Un enlace que te enviamos:",
                    Timed(|| format!("hasta que lo uses, o {} después de vencer.", period(Es, ENDED_LINK))),
                ),
                (
                    "Los pasos de los que depende la seguridad de tu cuenta:",
                    Timed(|| format!("{}.", period(Es, EVENT))),
                ),
                (
                    "Qué pasó con un correo:",
                    Timed(|| format!("{}, o hasta que se borre tu cuenta o tu lugar.", period(Es, MAIL))),
                ),
                (
                    "Una lista que alguien trajo con tu correo:",
                    Timed(|| {
                        format!("sus líneas, {} después de que se agregó o se canceló.", period(Es, IMPORT_LINES))
                    }),
                ),
                (
                    "Cuántas veces se pidió algo desde tu red o para tu correo:",
                    Timed(|| {
                        format!("{} como máximo, bajo una huella cifrada que nadie puede leer.", period(Es, COUNT))
                    }),
                ),
            ],
            text: Timed(|| {
                format!(
                    "De una cuenta borrada no queda nada que te nombre: solo, hasta que pase {} desde entonces, que algo se hizo con ella y cuándo, sin tu nombre, correo, dirección de red ni navegador. De un lugar borrado de la lista de espera queda además una huella cifrada del correo, que nadie puede leer, para que ninguna lista lo traiga de vuelta.",
                    period(Es, EVENT)
                )
            }),
        },
        Section {
            heading: "Quién los ve",
            points: &[],
            text: Fixed(
                "Las personas que operan Biovity y los servidores que guardan los datos y llevan nuestros correos. No vendemos nada, y ninguna empresa de publicidad o analítica recibe nada: estas páginas no cargan nada de otros sitios y nuestros correos no te rastrean.",
            ),
        },
        Section {
            heading: "Tus derechos",
            points: &[],
            text: Fixed(
                "La ley chilena (Ley 19.628 y, desde el 1 de diciembre de 2026, Ley 21.719) te da derecho a ver tus datos, corregirlos, borrarlos, llevártelos, oponerte a su uso y pedir que se bloqueen. Con tu sesión iniciada, descargas tus datos y eliminas tu cuenta sin pedírnoslo, en la página de tu cuenta. El enlace privado de nuestros correos sobre la lista de espera muestra tu lugar, lo corrige, lo descarga y lo borra. Para todo lo demás, responde cualquiera de nuestros correos y dinos qué necesitas; no hace falta dar razones. Si crees que tratamos mal tus datos, también puedes reclamar ante la Agencia de Protección de Datos Personales cuando esté en funciones.",
            ),
        },
    ],
    cookies: Cookies {
        heading: "Cookies",
        lead: "Si solo lees, no hay ninguna. Si no, hay a lo más estas:",
        session: Timed(|| {
            format!(
                "mantiene tu sesión, lleva mensajes de una página a la siguiente y reconoce el registro que hiciste en este navegador; {} desde tu última visita.",
                period(Es, IDLE_SESSION)
            )
        }),
        device: Timed(|| {
            format!(
                "reconoce un dispositivo en el que ingresaste, para que los intentos de otros no te dejen fuera y podamos avisarte de un dispositivo nuevo; no dice de quién es; {} desde tu último ingreso.",
                period(Es, DEVICE_COOKIE)
            )
        }),
        language: Timed(|| format!("recuerda tu idioma si lo eliges aquí; {}.", period(Es, LANGUAGE_COOKIE))),
    },
};
