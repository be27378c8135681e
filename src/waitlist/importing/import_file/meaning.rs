//! What the cells of a list mean, however they are written: by the words of both languages, without case and accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::waitlist::joining::role::Role;

/// Words beside the one that names a role; "m" and "re" are what is left of "I'm" and "we're".
const FILLERS: [&str; 18] = [
    "soy", "somos", "i", "am", "m", "we", "are", "re", "a", "an", "the", "un", "una", "unos", "el", "la", "para",
    "como",
];

/// What cells call those who look for work.
const EMPLOYEE: [&str; 46] = [
    "employee",
    "employees",
    "professional",
    "professionals",
    "person",
    "people",
    "persons",
    "individual",
    "individuals",
    "candidate",
    "candidates",
    "worker",
    "workers",
    "job seeker",
    "job seekers",
    "jobseeker",
    "looking for work",
    "looking for job",
    "seeking work",
    "profesional",
    "profesionales",
    "empleado",
    "empleada",
    "empleados",
    "empleadas",
    "persona",
    "personas",
    "persona natural",
    "candidato",
    "candidata",
    "candidatos",
    "candidatas",
    "postulante",
    "postulantes",
    "trabajador",
    "trabajadora",
    "trabajadores",
    "busco trabajo",
    "busco empleo",
    "busco pega",
    "buscando trabajo",
    "buscando empleo",
    "buscar trabajo",
    "buscar empleo",
    "estudiante",
    "student",
];

/// What cells call those who hire.
const ORGANIZATION: [&str; 50] = [
    "organization",
    "organizations",
    "organisation",
    "organisations",
    "company",
    "companies",
    "employer",
    "employers",
    "business",
    "institution",
    "institutions",
    "recruiter",
    "recruiters",
    "hiring",
    "looking for people",
    "looking for talent",
    "looking for professionals",
    "looking to hire",
    "organizacion",
    "organizaciones",
    "empresa",
    "empresas",
    "compania",
    "companias",
    "institucion",
    "instituciones",
    "empleador",
    "empleadora",
    "empleadores",
    "reclutador",
    "reclutadora",
    "reclutadores",
    "laboratorio",
    "laboratorios",
    "universidad",
    "universidades",
    "startup",
    "persona juridica",
    "busco talento",
    "busco talentos",
    "busco personal",
    "busco profesionales",
    "busco candidatos",
    "buscamos talento",
    "buscamos personal",
    "buscamos profesionales",
    "ofrezco trabajo",
    "ofrezco empleo",
    "ofrecemos trabajo",
    "quiero contratar",
];

/// The words of a cell: letters and digits in small letters, without accents. `e-mail` is one word.
pub(super) fn words(cell: &str) -> Vec<String> {
    let plain: String = cell.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let mut words: Vec<String> = Vec::new();
    for word in plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(last) if last == "e" && word == "mail" => "email".clone_into(last),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// The role that a cell means. One that says more than a role, such as "I work for a company", means none: a wrong guess
/// would ask somebody for the wrong thing.
pub(super) fn role_of(cell: &str) -> Option<Role> {
    let said: Vec<_> = words(cell).into_iter().filter(|word| !FILLERS.contains(&word.as_str())).collect();
    let said = said.join(" ");
    match said.as_str() {
        said if EMPLOYEE.contains(&said) => Some(Role::Employee),
        said if ORGANIZATION.contains(&said) => Some(Role::Organization),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_by_what_it_means() {
        let employees = [
            "employee",
            " Profesional ",
            "EMPLEADAS",
            "Soy una persona",
            "Busco trabajo",
            "I am a job-seeker",
            "I’m looking for work",
        ];
        for cell in employees {
            assert_eq!(role_of(cell), Some(Role::Employee), "{cell}");
        }
        let organizations = [
            "Organización",
            "organizacion",
            "EMPRESAS",
            "Somos una compañía",
            "Ofrezco trabajo",
            "a company",
            "I'm hiring",
            "We’re hiring",
        ];
        for cell in organizations {
            assert_eq!(role_of(cell), Some(Role::Organization), "{cell}");
        }
        for cell in ["", "boss", "No soy una empresa", "Trabajo en una empresa", "empresa y persona", "soy"] {
            assert_eq!(role_of(cell), None, "{cell}");
        }
    }

    #[test]
    fn words_have_neither_case_nor_accents() {
        assert_eq!(words("¿Dirección de E-mail?").join(" "), "direccion de email");
        assert_eq!(words("email_address").join(" "), "email address");
        assert_eq!(words("E-MAIL 1 - Value").join(" "), "email 1 value");
    }
}
