//! A password: how strong it must be, and how it is kept.

use std::fmt;

use argon2::password_hash::phc::{Output, PasswordHash as Phc, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::feedback::{Suggestion, Warning};

use crate::db::Memory;

mod better_auth;
mod strength;

/// Fewest and most characters (the limits of Better Auth, which the seed uses).
pub const MIN_CHARACTERS: usize = 8;
/// See [`MIN_CHARACTERS`].
pub const MAX_CHARACTERS: usize = 128;

/// Argon2id with m = 19456 KiB, t = 2, p = 1: OWASP's first choice.
const PARAMETERS: Params = Params::DEFAULT;

/// The hash of a random password, made with [`PARAMETERS`]. It is checked for unknown addresses, so that they take as long.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Ymlvdml0eS1kZWNveS0wMQ$uZpTqS7b5rLxH0i0Qm3Jm8H1cV0nN2yqv2p5o4m8c1E";

/// A password as typed; prints as `Password(…)`.
#[derive(Clone)]
pub struct Password(SecretString);

/// How a typed password is the one of a hash.
#[derive(Clone, Debug)]
pub enum Match {
    /// The hash stays.
    Current,
    /// The next log-in should replace the hash by one of this form of the password, which every device types.
    Outdated(Password),
}

/// Why a password is refused. Printed for the command line; pages have words of their own.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    /// Nothing was typed.
    #[error("it is empty")]
    Empty,
    /// Fewer than [`MIN_CHARACTERS`].
    #[error("it has fewer than {MIN_CHARACTERS} characters")]
    TooShort,
    /// More than [`MAX_CHARACTERS`]; it is never cut.
    #[error("it has more than {MAX_CHARACTERS} characters")]
    TooLong,
    /// Too easy to guess: why, and what would help.
    #[error("it is easy to guess; three or four uncommon words are better")]
    Weak(Option<Warning>, Vec<Suggestion>),
}

impl Password {
    /// Reads a new password. `about` is what an attacker would try first: the address, the name. It may take
    /// milliseconds: pages leave it to the threads of the hasher.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(typed: &str, about: &[&str]) -> Result<Self, Problem> {
        let typed = Self::parse_length(typed)?;
        strength::check(&typed, about).map_err(|weak| Problem::Weak(weak.warning, weak.suggestions))?;
        Ok(Self::typed(&typed))
    }

    /// The normalized text of a new password, whose length alone is checked.
    pub(super) fn parse_length(typed: &str) -> Result<String, Problem> {
        let typed = typed.nfc().collect::<String>();
        match typed.chars().take(MAX_CHARACTERS + 1).count() {
            0 => Err(Problem::Empty),
            count if count < MIN_CHARACTERS => Err(Problem::TooShort),
            count if count > MAX_CHARACTERS => Err(Problem::TooLong),
            _ => Ok(typed),
        }
    }

    /// A password typed to log in. Its strength is not checked, since it only has to match the hash.
    #[must_use]
    pub fn typed(typed: &str) -> Self {
        Self(SecretString::from(typed))
    }

    /// The same in Unicode's form NFC: one device types `ñ` as one character, another as `n` and a tilde.
    fn normalized(&self) -> Self {
        Self(SecretString::from(self.0.expose_secret().nfc().collect::<String>()))
    }

    /// The same in form NFKC, which is in form NFC too. The old application hashed this one, so an ellipsis and three dots
    /// are one password to its users.
    fn compatible(&self) -> Self {
        Self(SecretString::from(self.0.expose_secret().nfkc().collect::<String>()))
    }

    fn has_form(&self, form: &Self) -> bool {
        self.0.expose_secret() == form.0.expose_secret()
    }

    /// Whether both are one password, on whatever devices they were typed.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.normalized().has_form(&other.normalized())
    }

    /// Hashes it; some 15 ms of one core.
    ///
    /// # Errors
    /// When the operating system has no random bytes for the salt.
    pub fn hash(&self, memory: &mut Memory) -> Result<PasswordHash, Error> {
        let mut bytes = [0; Salt::RECOMMENDED_LENGTH];
        getrandom::fill(&mut bytes).map_err(|_| Error)?;
        let salt = Salt::new(&bytes).map_err(|_| Error)?;
        let output = self.normalized().derive(&PARAMETERS, &salt, memory)?;
        let algorithm = Algorithm::Argon2id.ident();
        let params = (&PARAMETERS).try_into().map_err(|_| Error)?;
        let phc = Phc { algorithm, version: Some(Version::V0x13.into()), params, salt: Some(salt), hash: Some(output) };
        Ok(PasswordHash(phc.to_string()))
    }

    /// Whether it is the password of this hash. Takes as long without a hash as with one.
    #[must_use]
    pub fn matches(&self, hash: Option<&PasswordHash>, memory: &mut Memory) -> bool {
        self.find_match(hash, memory).is_some()
    }

    /// How it is the password of this hash, if it is. Takes as long without a hash as with one.
    #[must_use]
    pub fn find_match(&self, hash: Option<&PasswordHash>, memory: &mut Memory) -> Option<Match> {
        if let Some(old) = hash.filter(|hash| better_auth::is_old(&hash.0)) {
            return better_auth::matches(self.0.expose_secret(), &old.0).then(|| Match::Outdated(self.compatible()));
        }
        // Hash even for unknown users: the time taken must not reveal them.
        let known = hash.and_then(|hash| Phc::new(&hash.0).ok());
        let is_known = known.is_some();
        let phc = known.or_else(|| Phc::new(DECOY).ok())?;
        let (salt, expected) = (phc.salt?, phc.hash?);
        let params = Params::try_from(&phc).ok()?;
        // `Output` compares in constant time.
        let mut is_of = |form: &Self| form.derive(&params, &salt, memory).is_ok_and(|output| output == expected);
        let (normalized, compatible) = (self.normalized(), self.compatible());
        let is_current = hash.is_some_and(|hash| !hash.is_outdated());
        let as_stored = |form: Self| if is_current { Match::Current } else { Match::Outdated(form) };
        let found = if is_of(&normalized) {
            Some(as_stored(normalized))
        } else if !compatible.has_form(&normalized) && is_of(&compatible) {
            Some(as_stored(compatible))
        } else if !self.has_form(&normalized) && is_of(self) {
            // Hashes from before passwords were normalized are of the form that was typed then.
            Some(Match::Outdated(normalized))
        } else {
            None
        };
        found.filter(|_| is_known)
    }

    fn derive(&self, params: &Params, salt: &Salt, memory: &mut Memory) -> Result<Output, Error> {
        memory.resize(params.block_count().max(memory.len()), Block::default());
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        argon2
            .hash_password_into_with_memory(self.0.expose_secret().as_bytes(), salt, &mut output, memory.as_mut_slice())
            .map_err(|_| Error)?;
        Output::new(&output).map_err(|_| Error)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Hashing failed, which only a lack of random bytes or a damaged hash can cause.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct Error;

/// What is kept of a password: a PHC string. Prints as `PasswordHash(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The hash as its column holds it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it was made in another way than today's.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        let current =
            format!("$argon2id$v=19$m={},t={},p={}$", PARAMETERS.m_cost(), PARAMETERS.t_cost(), PARAMETERS.p_cost());
        !self.0.starts_with(&current)
    }
}

impl From<String> for PasswordHash {
    fn from(column: String) -> Self {
        Self(column)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let mut memory = Memory::new();
        let hash = Password::typed("correct horse battery").hash(&mut memory).unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && !hash.is_outdated());
        assert!(Password::typed("correct horse battery").matches(Some(&hash), &mut memory));
        assert!(!Password::typed("correct horse battery ").matches(Some(&hash), &mut memory));
        assert!(!Password::typed("correct horse battery").matches(None, &mut memory));
    }

    #[test]
    fn every_device_types_the_same_password() {
        let (composed, decomposed) =
            ("pi\u{F1}ones sobre un volc\u{E1}n 41", "pin\u{303}ones sobre un volca\u{301}n 41");
        let mut memory = Memory::new();
        for (set, typed) in [(composed, decomposed), (decomposed, composed), (decomposed, decomposed)] {
            let hash = Password::parse(set, &[]).unwrap().hash(&mut memory).unwrap();
            assert!(Password::typed(typed).matches(Some(&hash), &mut memory), "{set} {typed}");
        }
        // As it was hashed before: the form that was typed.
        let salt = Salt::new(&[7; 16]).unwrap();
        let raw = Password::typed(decomposed).derive(&PARAMETERS, &salt, &mut memory).unwrap();
        let params = (&PARAMETERS).try_into().unwrap();
        let algorithm = Algorithm::Argon2id.ident();
        let phc = Phc { algorithm, version: Some(Version::V0x13.into()), params, salt: Some(salt), hash: Some(raw) };
        let former = PasswordHash::from(phc.to_string());
        let Some(Match::Outdated(form)) = Password::typed(decomposed).find_match(Some(&former), &mut memory) else {
            panic!("it would work on one device alone for ever")
        };
        assert!(Password::typed(composed).matches(Some(&form.hash(&mut memory).unwrap()), &mut memory));
        assert!(!Password::typed("pinones sobre un volcan 41").matches(Some(&former), &mut memory));
    }

    #[test]
    fn the_decoy_costs_what_a_hash_costs() {
        assert!(!PasswordHash::from(DECOY.to_owned()).is_outdated());
        let phc = Phc::new(DECOY).unwrap();
        assert_eq!(phc.hash.unwrap().len(), Params::DEFAULT_OUTPUT_LEN);
        assert_eq!(phc.salt.unwrap().len(), Salt::RECOMMENDED_LENGTH);
    }

    #[test]
    fn hashes_with_other_parameters_are_read_and_outdated() {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8192, 1, 1, None).unwrap());
        let other = argon2::PasswordHasher::hash_password(&argon2, b"correct horse battery").unwrap().to_string();
        let hash = PasswordHash::from(other);
        assert!(
            hash.is_outdated() && Password::typed("correct horse battery").matches(Some(&hash), &mut Memory::new())
        );
        let damaged = PasswordHash::from("$argon2id$v=19$m=1".to_owned());
        assert!(!Password::typed("correct horse battery").matches(Some(&damaged), &mut Memory::new()));
    }

    #[test]
    fn weak_passwords_are_refused_with_a_reason() {
        let about = ["ana.rojas@example.cl", "Ana Rojas"];
        assert_eq!(Password::parse("", &about).unwrap_err(), Problem::Empty);
        assert_eq!(Password::parse("ñandú-7", &about).unwrap_err(), Problem::TooShort);
        assert_eq!(Password::parse(&"x".repeat(129), &about).unwrap_err(), Problem::TooLong);
        for weak in [
            "password",
            "12345678",
            "biovity2026",
            "anarojas1",
            "rojas.ana7",
            "aaaaaaaaaaaa",
            "ana.rojas@example.cl",
            "ana.rojas@example.cl1",
        ] {
            assert!(matches!(Password::parse(weak, &about), Err(Problem::Weak(..))), "{weak}");
        }
        assert!(Password::parse("lluvia sobre el volcán", &about).is_ok());
        assert!(Password::parse(&"quillay 🧬 ".repeat(12), &about).is_ok());
    }
}
