//! The token of a provider, and whether the provider signed it. The library reads the issuer as an address only; Google may
//! name itself `accounts.google.com`, without a scheme. Such a token is verified as it was sent, and read with its issuer
//! spelled out.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::CoreJsonWebKey;
use openidconnect::{ClaimsVerificationError, IdTokenVerifier, JsonWebKey, NonceVerifier, SignatureVerificationError};
use serde_json::{Map, Value};
use url::Url;

use super::{ALGORITHMS, Token, TokenClaims};
use crate::accounts::provider::fault::Fault;

/// A token.
#[derive(Debug)]
pub(in crate::accounts::provider) struct SignedToken {
    token: Token,
    /// What was sent, where the token is read with another spelling of its issuer.
    sent: Option<Sent>,
}

/// What a provider signed, and how.
#[derive(Debug)]
struct Sent {
    message: String,
    signature: Vec<u8>,
}

impl SignedToken {
    /// Reads one of a provider with these names.
    pub(in crate::accounts::provider) fn parse(text: &str, issuers: &[String]) -> Result<Self, Fault> {
        let (sent, text) = match Sent::without_scheme(text, issuers) {
            Some((sent, respelled)) => (Some(sent), respelled),
            None => (None, text.to_owned()),
        };
        let token = Token::from_str(&text).map_err(|error| Fault::untrusted(&error))?;
        Ok(Self { token, sent })
    }

    /// What it says, once it is verified.
    pub(in crate::accounts::provider) fn claims(
        &self,
        verifier: &IdTokenVerifier<'_, CoreJsonWebKey>,
        nonce: impl NonceVerifier,
    ) -> Result<&TokenClaims, ClaimsVerificationError> {
        let Some(sent) = &self.sent else { return self.token.claims(verifier, nonce) };
        self.verify(sent, verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
        // The signature was verified above; everything else is still.
        self.token.claims(&verifier.clone().insecure_disable_signature_check(), nonce)
    }

    /// Whether what was sent is signed by a key of the provider, which the library chooses.
    fn verify(
        &self,
        Sent { message, signature }: &Sent,
        verifier: &IdTokenVerifier<'_, CoreJsonWebKey>,
    ) -> Result<(), SignatureVerificationError> {
        let algorithm = self.token.signing_alg()?;
        if !ALGORITHMS.contains(algorithm) {
            return Err(SignatureVerificationError::DisallowedAlg("neither RS256 nor ES256".to_owned()));
        }
        self.token.signing_key(verifier)?.verify_signature(algorithm, message.as_bytes(), signature)
    }
}

impl Sent {
    /// A token whose issuer is one of these and no address, and the same with the first of them.
    fn without_scheme(text: &str, issuers: &[String]) -> Option<(Self, String)> {
        let (message, signature) = text.rsplit_once('.')?;
        let (head, claims) = message.split_once('.')?;
        let mut claims: Map<String, Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let issuer = claims.get("iss")?.as_str()?;
        if Url::parse(issuer).is_ok() || !issuers.iter().any(|known| known == issuer) {
            return None;
        }
        claims.insert("iss".to_owned(), issuers.first()?.as_str().into());
        let respelled = format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string()));
        Some((Self { message: message.to_owned(), signature: URL_SAFE_NO_PAD.decode(signature).ok()? }, respelled))
    }
}
