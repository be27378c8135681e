//! The people and companies of the demonstration. Their addresses are all below example.cl and example.com.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use super::random::Random;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::locale::Locale;
use crate::values::single_line::{OrganizationName, Profession};
use crate::web::visitor::client::Client;
use crate::web::visitor::source::Source;

const FIRST: [&str; 32] = [
    "Camila",
    "José",
    "María",
    "Diego",
    "Catalina",
    "Felipe",
    "Javiera",
    "Matías",
    "Constanza",
    "Sebastián",
    "Fernanda",
    "Nicolás",
    "Valentina",
    "Ignacio",
    "Francisca",
    "Rodrigo",
    "Carolina",
    "Cristóbal",
    "Daniela",
    "Tomás",
    "Paula",
    "Andrés",
    "Isidora",
    "Pablo",
    "Antonia",
    "Vicente",
    "Sofía",
    "Benjamín",
    "Rayén",
    "Lautaro",
    "Millaray",
    "Josefa",
];
const LAST: [&str; 40] = [
    "González",
    "Muñoz",
    "Rojas",
    "Díaz",
    "Pérez",
    "Soto",
    "Contreras",
    "Silva",
    "Martínez",
    "Sepúlveda",
    "Morales",
    "Rodríguez",
    "López",
    "Fuentes",
    "Hernández",
    "Torres",
    "Araya",
    "Flores",
    "Espinoza",
    "Valenzuela",
    "Castillo",
    "Tapia",
    "Reyes",
    "Gutiérrez",
    "Castro",
    "Pizarro",
    "Álvarez",
    "Vásquez",
    "Carrasco",
    "Cortés",
    "Núñez",
    "Jara",
    "Vergara",
    "Riquelme",
    "Bravo",
    "Vera",
    "Molina",
    "Huenchumil",
    "Catrileo",
    "Saavedra",
];
const PROFESSIONS: [&str; 12] = [
    "Bioquímica",
    "Ingeniería en biotecnología",
    "Técnico de laboratorio",
    "Biología molecular",
    "Bioinformática",
    "Química y farmacia",
    "Microbiología",
    "Control de calidad",
    "Asuntos regulatorios",
    "Bioprocesos",
    "Ensayos clínicos",
    "Genómica",
];
/// The more often one stands here, the more people have it.
const DOMAINS: [&str; 6] =
    ["example.com", "example.com", "example.com", "correo.example.cl", "alumnos.example.cl", "lab.example.cl"];
/// The provider that takes no mail at the moment, and asks to come back.
pub(super) const SLOW_DOMAIN: &str = "buzon.example.com";
const PLACES: [&str; 12] = [
    "Andes",
    "Austral",
    "Pacífico",
    "Maule",
    "Atacama",
    "Biobío",
    "Chiloé",
    "Aconcagua",
    "Patagonia",
    "Elqui",
    "Maipo",
    "Ñuble",
];
const FIELDS: [&str; 8] =
    ["Genómica", "Vacunas", "Bioinsumos", "Proteínas", "Algas", "Farma", "Celular", "Diagnóstica"];
const MAILBOXES: [&str; 4] = ["personas", "contacto", "seleccion", "laboratorio"];
const BROWSERS: [&str; 4] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0.0.0 Mobile Safari/537.36",
];

/// Everybody who was made up, by address, with the name.
#[derive(Clone, Debug, Default)]
pub(super) struct People(HashMap<EmailAddress, String>);

impl People {
    /// A person whom nobody has met yet, with a mailbox at one of the usual providers, or at this one.
    pub(super) fn person(&mut self, random: &mut Random, domain: Option<&str>) -> EmailAddress {
        loop {
            let name = format!("{} {} {}", random.pick(&FIRST), random.pick(&LAST), random.pick(&LAST));
            let domain = domain.unwrap_or_else(|| random.pick(&DOMAINS));
            if let Some(email) = self.add(&slug(&name, "."), domain, name) {
                return email;
            }
        }
    }

    /// A company by one of its mailboxes, unless somebody has met that: there are only some hundreds.
    pub(super) fn company(&mut self, random: &mut Random) -> Option<EmailAddress> {
        let name = format!("{} {}", random.pick(&PLACES), random.pick(&FIELDS));
        let domain = format!("{}.example.cl", slug(&name, ""));
        self.add(random.pick(&MAILBOXES), &domain, name)
    }

    /// Somebody with this address and name.
    pub(super) fn known(&mut self, email: &str, name: &str) -> EmailAddress {
        let email = EmailAddress::from(email.to_owned());
        self.0.insert(email.clone(), name.to_owned());
        email
    }

    /// The name of an address.
    pub(super) fn name(&self, email: &EmailAddress) -> OrganizationName {
        let known = self.0.get(email).and_then(|name| OrganizationName::parse(name).ok());
        known.unwrap_or_else(|| OrganizationName::from_known("Biovity"))
    }

    fn add(&mut self, mailbox: &str, domain: &str, name: String) -> Option<EmailAddress> {
        let email = EmailAddress::from(format!("{mailbox}@{domain}"));
        let is_new = !self.0.contains_key(&email);
        is_new.then(|| {
            self.0.insert(email.clone(), name);
            email
        })
    }
}

/// What somebody does for a living.
pub(super) fn profession(random: &mut Random) -> Profession {
    Profession::from_known(random.pick(&PROFESSIONS))
}

/// The language of somebody: mostly Spanish.
pub(super) fn locale(random: &mut Random) -> Locale {
    if random.happens(120) { Locale::En } else { Locale::Es }
}

/// Where somebody came from: half of them by a link that names its source.
pub(super) fn source(at: Timestamp) -> Option<Source> {
    let sources = ["newsletter", "linkedin.com", "newsletter", "feria-biotec"];
    sources.get(usize::try_from(at.timestamp().rem_euclid(8)).ok()?).and_then(|source| Source::parse(source))
}

/// Where somebody is: an address of documentation (RFC 5737) and a usual browser.
pub(super) fn client(random: &mut Random) -> Client {
    let last = u8::try_from(1 + random.below(250)).unwrap_or(1);
    let address = IpAddr::V4(Ipv4Addr::new(203, 0, 113, last));
    Client { address, user_agent: random.pick(&BROWSERS).to_owned() }
}

/// The name in lower case without accents, its words joined by this.
fn slug(name: &str, between: &str) -> String {
    let plain = |letter: char| match letter {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' => 'u',
        'ñ' => 'n',
        other => other,
    };
    let words: Vec<String> = name.split(' ').map(|word| word.to_lowercase().chars().map(plain).collect()).collect();
    words.join(between)
}
