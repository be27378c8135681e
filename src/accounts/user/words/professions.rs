//! The professions that forms suggest: what people in the field are called.

use crate::values::locale::Locale;

static ENGLISH: [&str; 16] = [
    "Biochemist",
    "Bioinformatician",
    "Biologist",
    "Biomedical Engineer",
    "Bioprocess Engineer",
    "Biotechnologist",
    "Biotechnology Engineer",
    "Chemical Engineer",
    "Clinical Research Associate",
    "Food Engineer",
    "Geneticist",
    "Laboratory Technician",
    "Microbiologist",
    "Molecular Biologist",
    "Pharmaceutical Chemist",
    "Pharmacologist",
];

static SPANISH: [&str; 16] = [
    "Biología",
    "Biología molecular",
    "Bioinformática",
    "Bioquímica",
    "Biotecnología",
    "Farmacología",
    "Genética",
    "Ingeniería biomédica",
    "Ingeniería civil química",
    "Ingeniería en alimentos",
    "Ingeniería en bioprocesos",
    "Ingeniería en biotecnología",
    "Investigación clínica",
    "Microbiología",
    "Química y farmacia",
    "Técnico de laboratorio",
];

/// Those of a language. Everybody may type another one.
#[must_use]
pub fn suggested(locale: Locale) -> &'static [&'static str] {
    match locale {
        Locale::En => &ENGLISH,
        Locale::Es => &SPANISH,
    }
}
