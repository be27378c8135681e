//! The words of the start page: what Biovity is, for whom, how it works.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct HomeWords {
    /// Its name in the browser's tab and in search results.
    pub title: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// Its first sentences.
    pub lead: &'static str,
    /// And that of whoever is not signed in.
    pub lead_join: &'static str,
    /// The button that people who are signed in get instead of the form.
    pub to_account: &'static str,
    /// Heads the two sides.
    pub sides_heading: &'static str,
    /// What each side gets.
    pub sides: [Side; 2],
    /// Heads the steps.
    pub steps_heading: &'static str,
    /// The steps: heading and text.
    pub steps: [(&'static str, &'static str); 3],
}

/// People who look for work, or companies.
#[derive(Debug)]
pub struct Side {
    /// Who that is.
    pub heading: &'static str,
    /// What they get: in a few words, and in a sentence.
    pub points: [(&'static str, &'static str); 3],
}

static ENGLISH: HomeWords = HomeWords {
    title: "Biotechnology work in Chile",
    heading: "Where Chile’s biotechnology finds its people",
    lead: "Biovity connects people who work in the life sciences with the laboratories, companies and institutes that need them.",
    lead_join: "Join the waitlist and we will write to you when it is your turn.",
    to_account: "Go to your account",
    sides_heading: "One field, two sides of the bench",
    sides: [
        Side {
            heading: "If you are looking for work",
            points: [
                (
                    "Only biotechnology",
                    "From the bench to quality, regulation and data: roles where your training counts.",
                ),
                (
                    "Your data is yours",
                    "A private link shows where your place stands, and corrects or erases what we hold.",
                ),
                (
                    "A fair order",
                    "The oldest confirmed places are invited first. Nobody pays or shares their way ahead.",
                ),
            ],
        },
        Side {
            heading: "If you are hiring",
            points: [
                ("People from the field", "A site made for those who work, study or research in the life sciences."),
                ("A quick start", "An email address is enough to join. The rest can wait."),
                ("No noise", "We write about your place and your account, and nothing else."),
            ],
        },
    ],
    steps_heading: "How it works",
    steps: [
        ("Leave your email", "Tell us whether you are looking for work or hiring. That is all we ask."),
        ("Confirm it is yours", "We send a link. Open it on any device and press one button."),
        ("Come in when invited", "We write to the address you confirmed when it is your turn."),
    ],
};

static SPANISH: HomeWords = HomeWords {
    title: "Trabajo en biotecnología en Chile",
    heading: "Donde la biotecnología en Chile encuentra a su gente",
    lead: "Biovity une a quienes trabajan en ciencias de la vida con los laboratorios, empresas e institutos que los necesitan.",
    lead_join: "Únete a la lista de espera y te escribiremos cuando sea tu turno.",
    to_account: "Ir a tu cuenta",
    sides_heading: "Un mismo campo, dos lados del mesón",
    sides: [
        Side {
            heading: "Si buscas trabajo",
            points: [
                (
                    "Solo biotecnología",
                    "Del laboratorio a la calidad, la regulación y los datos: puestos donde tu formación cuenta.",
                ),
                (
                    "Tus datos son tuyos",
                    "Un enlace privado muestra cómo va tu lugar, y corrige o borra lo que guardamos.",
                ),
                (
                    "Un orden justo",
                    "Primero invitamos a quienes confirmaron y más han esperado. Nadie avanza pagando ni compartiendo enlaces.",
                ),
            ],
        },
        Side {
            heading: "Si quieres contratar",
            points: [
                (
                    "Gente del área",
                    "Un sitio hecho para quienes trabajan, estudian o investigan en ciencias de la vida.",
                ),
                ("Empezar toma un minuto", "Basta un correo para unirte. Lo demás puede esperar."),
                ("Sin ruido", "Te escribimos sobre tu lugar y tu cuenta, nada más."),
            ],
        },
    ],
    steps_heading: "Cómo funciona",
    steps: [
        ("Deja tu correo", "Cuéntanos si buscas trabajo o quieres contratar. No pedimos más."),
        ("Confirma que es tuyo", "Te enviamos un enlace. Ábrelo en cualquier dispositivo y presiona un botón."),
        ("Entra cuando te invitemos", "Cuando sea tu turno, te escribiremos al correo que confirmaste."),
    ],
};

impl HomeWords {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }
}
