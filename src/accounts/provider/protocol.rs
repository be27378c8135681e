//! OpenID Connect as this site speaks it: the types of its messages, and how a token is verified.

use chrono::TimeDelta;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AdditionalProviderMetadata, Client, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    ExtraTokenFields, IdToken, IdTokenClaims, IdTokenVerifier, ProviderMetadata, StandardErrorResponse,
    StandardTokenResponse, TokenResponse, UserInfoClaims,
};
use serde::{Deserialize, Serialize};

use crate::values::clock::Timestamp;

pub(super) mod members;
pub(super) mod signed_token;

/// How far the clock of a provider may be from ours.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// Signatures that are accepted: never `none`, and never one with a secret that both sides know.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] =
    [CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256];

/// What tokens of Google say beyond the standard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GoogleClaims {
    /// The domain that Google hosts for an organization.
    pub(super) hd: Option<String>,
}

impl AdditionalClaims for GoogleClaims {}

/// What a discovery says beyond what the library reads.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct IssuerAnswer {
    /// Whether every answer names its issuer (RFC 9207).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for IssuerAnswer {}

/// A discovery.
pub type Metadata = ProviderMetadata<
    IssuerAnswer,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What comes with the redemption of a code beside what the site does not need. The token stays as it was sent until it is
/// verified.
#[derive(Debug, Serialize, Deserialize)]
pub struct TokenFields {
    pub(super) id_token: Option<String>,
}

impl ExtraTokenFields for TokenFields {}

type Tokens = StandardTokenResponse<TokenFields, CoreTokenType>;

impl TokenResponse<GoogleClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>
    for Tokens
{
    /// None is read here: see `signed_token`.
    fn id_token(&self) -> Option<&Token> {
        None
    }
}

/// What redeems a code.
pub(super) type OidcClient = Client<
    GoogleClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A token that says who somebody is.
pub(super) type Token =
    IdToken<GoogleClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
/// What it says.
pub(super) type TokenClaims = IdTokenClaims<GoogleClaims, CoreGenderClaim>;
/// What the provider says when it is asked once more.
pub(super) type UserInfo = UserInfoClaims<GoogleClaims, CoreGenderClaim>;

/// Verifies audience and times of a token by our clock. Who verifies the issuer is the caller, which knows all
/// of its spellings; whether it was issued to us, [`is_issued_to`] says.
pub(super) fn verifier(client: &OidcClient, now: Timestamp) -> IdTokenVerifier<'_, CoreJsonWebKey> {
    let is_from_the_past = move |issued: Timestamp| {
        if issued <= now + LEEWAY { Ok(()) } else { Err("it was issued in the future".to_owned()) }
    };
    client
        .id_token_verifier()
        .set_allowed_algs(ALGORITHMS)
        .require_issuer_match(false)
        // Other audiences are none of ours to know; that the token is not theirs says the party that it names.
        .set_other_audience_verifier_fn(|_| true)
        .set_time_fn(move || now - LEEWAY)
        .set_issue_time_verifier_fn(is_from_the_past)
}

/// Whether a token was issued to this client: one of several audiences names the client that it was issued to, and so may
/// any other (OpenID Connect Core 1.0, 3.1.3.7, rules 3 to 5).
pub(super) fn is_issued_to(client_id: &str, claims: &TokenClaims) -> bool {
    match claims.authorized_party() {
        Some(party) => party.as_str() == client_id,
        None => claims.audiences().len() == 1,
    }
}
