//! The privacy page in Spanish.

use super::Text::{Fixed, Timed};
use super::{COUNT, Cookies, Privacy, Section, period};
use crate::values::locale::Locale::Es;
use crate::web::retention::{
    ADMIN_SESSION, BRIEF_COOKIE, DELETED_ACCOUNT, DELETED_PLACE, DELIVERY, DEVICE_COOKIE, ENDED_LINK, EVENT,
    IDENTIFIED_COOKIE, IDLE_SESSION, IMPORT_LINES, LANGUAGE_COOKIE, MAIL, SESSION, TRUSTED_DEVICE, UNCONFIRMED_PLACE,
    UNVERIFIED_ACCOUNT, WAITING_FILE,
};

/// The Spanish words.
pub(in crate::web::words) const SPANISH: Privacy = Privacy {
    title: "Privacidad",
    lead: "Biovity guarda poco sobre ti y te dice qué es. En esta página está todo.",
    sections: &[
        Section {
            heading: "Qué guardamos",
            points: &[
                (
                    "Si te uniste a la lista de espera:",
                    Fixed(
                        "tu correo, tu respuesta (que buscas trabajo o que quieres contratar), tu idioma, qué texto aceptaste, la fecha de cada paso (te uniste, confirmaste, te invitamos, etc.), el origen que nombraba el enlace por el que llegaste, como un boletín, y señales de que un programa llenó el formulario por ti.",
                    ),
                ),
                (
                    "Si tienes una cuenta:",
                    Fixed(
                        "tu nombre, correo y profesión, el idioma que elegiste, tu foto si la subiste, y la organización que administra tu cuenta si la hay. De tu contraseña guardamos solo un resumen irreversible: nadie puede leerla, tampoco nosotros. Si activaste la verificación en dos pasos, guardamos su secreto cifrado y de sus códigos de recuperación solo un resumen irreversible. Si ingresas con otro proveedor, como Google, guardamos su nombre y el identificador con que te conoce, y nada que nos permita actuar allá.",
                    ),
                ),
                ("De cada ingreso:", Fixed("la hora, la dirección IP y el nombre del navegador.")),
                (
                    "De cada paso importante para la seguridad de tu cuenta, como una contraseña o un correo nuevos:",
                    Fixed("qué fue, cuándo, y desde qué dirección IP y navegador."),
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
                "Para guardar tu lugar, dejarte entrar, proteger tu cuenta y poder dar cuenta de lo que hacemos. La lista de espera se basa en tu consentimiento, que das al unirte y confirmas con el enlace que te enviamos. La cuenta se basa en que quieras tenerla. No usamos los datos para nada más.",
            ),
        },
        Section {
            heading: "Por cuánto tiempo",
            points: &[
                (
                    "Un lugar en la lista de espera:",
                    Timed(|| {
                        format!(
                            "hasta que lo borres con el enlace privado de nuestros correos, o elimines una cuenta con el mismo correo. {} si te pedimos confirmarlo y no lo haces; {} después de que lo quitemos. Si sales, guardamos tu correo hasta que lo borres, para que nadie lo agregue otra vez por ti.",
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
                    "Una sesión:",
                    Timed(|| {
                        format!(
                            "{} desde tu última visita, nunca más de {}; la de una cuenta de administración, nunca más de {}. El ingreso mismo, con su fecha y su origen, es uno de los pasos de más abajo.",
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
                ("Los pasos importantes para la seguridad de tu cuenta:", Timed(|| format!("{}.", period(Es, EVENT)))),
                (
                    "Qué pasó con un correo:",
                    Timed(|| format!("{}, o hasta que se borre tu cuenta o tu lugar.", period(Es, MAIL))),
                ),
                (
                    "Lo que se le avisó sobre ti a otro programa nuestro:",
                    Timed(|| format!("{}, o hasta que se borre tu cuenta o tu lugar.", period(Es, DELIVERY))),
                ),
                (
                    "Una lista importada con tu correo:",
                    Timed(|| {
                        format!(
                            "sus líneas, {} después de que se agregó o se canceló; el archivo, mientras se lee, o hasta {} mientras se le pide otra vez la contraseña a quien administra.",
                            period(Es, IMPORT_LINES),
                            period(Es, WAITING_FILE)
                        )
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
                    "De una cuenta borrada no queda nada que te identifique. Durante {} guardamos solo constancia de que se hizo algo con ella y cuándo, sin tu nombre, correo, dirección IP ni navegador. De un lugar borrado de la lista de espera queda además una huella cifrada del correo, que nadie puede leer, para que ninguna lista lo traiga de vuelta.",
                    period(Es, EVENT)
                )
            }),
        },
        Section {
            heading: "Quién los ve",
            points: &[],
            text: Fixed(
                "Las personas que operan Biovity, los servidores que guardan los datos y llevan nuestros correos, y los programas que ellas conectaron. Si una organización administra tu cuenta, también ve tu nombre, tu correo, tu profesión y tu foto. No vendemos nada, y ninguna empresa de publicidad o analítica recibe nada: estas páginas no cargan nada de otros sitios y nuestros correos no te rastrean.",
            ),
        },
        Section {
            heading: "Tus derechos",
            points: &[],
            text: Fixed(
                "La ley chilena (Ley 19.628 y, desde el 1 de diciembre de 2026, Ley 21.719) te da derecho a ver tus datos, corregirlos, borrarlos, llevártelos, oponerte a su uso y pedir que se bloqueen. Cuando ingresas, puedes descargar tus datos y eliminar tu cuenta sin pedírnoslo, en la página de tu cuenta. El enlace privado de nuestros correos sobre la lista de espera muestra tu lugar, lo corrige, lo descarga y lo borra. Para todo lo demás, responde cualquiera de nuestros correos y dinos qué necesitas; no hace falta dar razones. Si crees que tratamos mal tus datos, también puedes reclamar ante la Agencia de Protección de Datos Personales cuando esté en funciones.",
            ),
        },
    ],
    contact: "También puedes escribir a",
    cookies: Cookies {
        heading: "Cookies",
        lead: "Si solo lees, no hay ninguna. Si no, hay como máximo estas:",
        session: Timed(|| {
            format!(
                "mantiene tu sesión, lleva mensajes a la página siguiente, cifrados, y reconoce la cuenta que creaste en este navegador; {} desde tu última visita.",
                period(Es, IDLE_SESSION)
            )
        }),
        device: Timed(|| {
            format!(
                "reconoce un dispositivo desde el que ingresaste, para que los intentos de otros no te dejen fuera y podamos avisarte de un dispositivo nuevo; no dice de quién es; {} desde tu último ingreso. Si quieres, en él no te pedimos el código por {}, y guardamos su navegador y dirección IP por el mismo tiempo, para que lo reconozcas y puedas hacer que lo pidamos de nuevo.",
                period(Es, DEVICE_COOKIE),
                period(Es, TRUSTED_DEVICE)
            )
        }),
        language: Timed(|| format!("recuerda tu idioma si lo eliges aquí; {}.", period(Es, LANGUAGE_COOKIE))),
        given: Timed(|| {
            format!(
                "lleva cifrado a la página siguiente lo que escribiste en un formulario, salvo la contraseña, o el correo de la cuenta cuyo enlace usaste, para mostrártelo ahí; {}.",
                period(Es, BRIEF_COOKIE)
            )
        }),
        attempts: Timed(|| {
            format!("reconoce un ingreso con otro proveedor mientras está en curso; {}.", period(Es, BRIEF_COOKIE))
        }),
        identified: Timed(|| {
            format!(
                "lleva lo que ese proveedor dijo de ti hasta que terminas de crear tu cuenta, cifrado; {}.",
                period(Es, IDENTIFIED_COOKIE)
            )
        }),
        waiting: Timed(|| {
            format!(
                "lleva lo mismo hasta que ingresas a la cuenta que tiene tu correo, cifrado; {}.",
                period(Es, BRIEF_COOKIE)
            )
        }),
    },
};
