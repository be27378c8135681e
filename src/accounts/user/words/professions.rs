//! The professions that forms suggest: what people in the field are called.

use crate::values::locale::Locale;

static ENGLISH: [&str; 16] = [
    "Biochemist",
    "Bioinformatician",
    "Biologist",
    "Biomedical engineer",
    "Bioprocess engineer",
    "Biotechnologist",
    "Biotechnology engineer",
    "Chemical engineer",
    "Clinical research associate",
    "Food engineer",
    "Geneticist",
    "Laboratory technician",
    "Microbiologist",
    "Molecular biologist",
    "Pharmaceutical chemist",
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
