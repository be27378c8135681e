//! The token of a provider, and whether the provider signed it. It is verified as it was sent. Of it only what a log-in needs
//! is read: a claim that nobody here asks for keeps nobody out, whatever its form. The library reads the issuer as
//! an address; Google may name itself `accounts.google.com`, without a scheme, which is spelled out.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::CoreJsonWebKey;
use openidconnect::{ClaimsVerificationError, IdTokenVerifier, JsonWebKey, NonceVerifier, SignatureVerificationError};
use serde_json::{Map, Value};
use url::Url;

use super::members::keep_read;
use super::{ALGORITHMS, Token, TokenClaims};
use crate::accounts::provider::fault::Fault;

/// The claims that are read.
const CLAIMS: [&str; 11] = ["iss", "sub", "aud", "azp", "exp", "iat", "nonce", "email", "email_verified", "name", "hd"];

/// A token.
#[derive(Debug)]
pub(in crate::accounts::provider) struct SignedToken {
    /// As it is read.
    token: Token,
    /// What was signed.
    message: String,
    signature: Vec<u8>,
}

impl SignedToken {
    /// Reads one of a provider with these names.
    pub(in crate::accounts::provider) fn parse(text: &str, issuers: &[String]) -> Result<Self, Fault> {
        let (message, signature) = text.rsplit_once('.').unwrap_or_default();
        let (head, claims) = message.split_once('.').unwrap_or_default();
        let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|error| Fault::untrusted(&error))?;
        let mut claims: Map<String, Value> =
            serde_json::from_slice(&claims).map_err(|error| Fault::untrusted(&error))?;
        keep_read(&mut claims, &CLAIMS);
        spell_issuer(&mut claims, issuers);
        let read = format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string()));
        let token = Token::from_str(&read).map_err(|error| Fault::untrusted(&error))?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|error| Fault::untrusted(&error))?;
        Ok(Self { token, message: message.to_owned(), signature })
    }

    /// What it says, once it is verified.
    pub(in crate::accounts::provider) fn claims(
        &self,
        verifier: &IdTokenVerifier<'_, CoreJsonWebKey>,
        nonce: impl NonceVerifier,
    ) -> Result<&TokenClaims, ClaimsVerificationError> {
        self.verify(verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
        // The signature was verified above; everything else is still.
        self.token.claims(&verifier.clone().insecure_disable_signature_check(), nonce)
    }

    /// Whether what was sent is signed by a key of the provider, which the library chooses.
    fn verify(&self, verifier: &IdTokenVerifier<'_, CoreJsonWebKey>) -> Result<(), SignatureVerificationError> {
        let algorithm = self.token.signing_alg()?;
        if !ALGORITHMS.contains(algorithm) {
            return Err(SignatureVerificationError::DisallowedAlg("neither RS256 nor ES256".to_owned()));
        }
        self.token.signing_key(verifier)?.verify_signature(algorithm, self.message.as_bytes(), &self.signature)
    }
}

/// Writes an issuer that is one of these and no address as the first of them.
fn spell_issuer(claims: &mut Map<String, Value>, issuers: &[String]) {
    let is_other_spelling = |issuer: &str| Url::parse(issuer).is_err() && issuers.iter().any(|known| known == issuer);
    if claims.get("iss").and_then(Value::as_str).is_some_and(is_other_spelling)
        && let Some(first) = issuers.first()
    {
        claims.insert("iss".to_owned(), first.as_str().into());
    }
}
