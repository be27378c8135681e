//! A provider of OpenID Connect on this machine, which tells whatever a test wants, right or spoiled.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// Where it says what it is, and its keys.
pub const DISCOVERY: &str = "/.well-known/openid-configuration";
pub const KEYS: &str = "/keys";

const KEY: &str = include_str!("issuer_key.pem");
/// The client's.
const SECRET: &[u8] = b"hidden";

/// What it answers.
#[derive(Clone, Debug)]
pub struct Said {
    /// Claims of the token beside those that are always there; null removes one.
    pub claims: Value,
    /// Members of the answer that has the token beside those that are always there.
    pub more: Value,
    /// What it says when it is asked once more.
    pub user_info: Value,
    /// The algorithm that the token names.
    pub alg: &'static str,
    /// The key that it names, and publishes.
    pub kid: &'static str,
    pub is_signature_spoiled: bool,
    /// The status of the answer that has the token, and headers beside it.
    pub status: String,
    /// Whether it promises that each of its answers names it (RFC 9207).
    pub names_issuer: bool,
    /// Whether it hangs up on whoever asks for a token.
    pub is_down: bool,
    /// Bytes of white space before the answer that has the token.
    pub padding: usize,
    /// How late it answers at these of its addresses.
    pub delay: Duration,
    pub late_at: Vec<&'static str>,
}

/// A request that redeems a code.
#[derive(Clone, Debug, Default)]
pub struct Redemption {
    /// What the header says that names the client.
    pub authorization: String,
    pub form: Vec<(String, String)>,
}

/// The provider. It stops with the test.
#[derive(Clone, Debug)]
pub struct Issuer {
    pub url: String,
    pub said: Arc<Mutex<Said>>,
    /// Every code that was redeemed.
    pub codes: Arc<Mutex<Vec<String>>>,
    /// How the last one was.
    pub redeemed_by: Arc<Mutex<Redemption>>,
    curve: Arc<CurveKey>,
}

impl Issuer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let said = Said {
            claims: json!({}),
            more: json!({}),
            user_info: json!({}),
            alg: "RS256",
            kid: "one",
            is_signature_spoiled: false,
            status: "200 OK".to_owned(),
            names_issuer: false,
            is_down: false,
            padding: 0,
            delay: Duration::ZERO,
            late_at: vec!["/token"],
        };
        let issuer = Self {
            url,
            said: Arc::new(Mutex::new(said)),
            codes: Arc::default(),
            redeemed_by: Arc::default(),
            curve: Arc::new(CurveKey::generate()),
        };
        let answering = issuer.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let issuer = answering.clone();
                thread::spawn(move || issuer.answer(&stream));
            }
        });
        issuer
    }

    /// Changes what it says.
    pub fn say(&self, change: impl FnOnce(&mut Said)) {
        change(&mut self.said.lock().unwrap());
    }

    fn answer(&self, mut stream: &TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut first, mut length) = (String::new(), 0);
        reader.read_line(&mut first).unwrap_or_default();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or_default() <= 2 {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if let Some(value) = line.strip_prefix("authorization: Basic ") {
                value.trim().clone_into(&mut self.redeemed_by.lock().unwrap().authorization);
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let said = self.said.lock().unwrap().clone();
        let path = first.split(' ').nth(1).unwrap_or_default();
        let answer = match path {
            DISCOVERY => self.discovery(said.names_issuer),
            KEYS if said.alg == "ES256" => self.curve.keys(said.kid),
            KEYS => keys(said.kid),
            "/token" if said.is_down => return,
            "/token" => self.token(&said, &String::from_utf8(body).unwrap()),
            "/me" => said.user_info.clone(),
            _ => return,
        };
        if said.late_at.contains(&path) {
            thread::sleep(said.delay);
        }
        let padding = if path == "/token" { " ".repeat(said.padding) } else { String::new() };
        let text = format!("{padding}{answer}");
        let status = if path == "/token" { said.status.as_str() } else { "200 OK" };
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close");
        let _ = stream.write_all(format!("{head}\r\ncontent-length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    fn discovery(&self, names_issuer: bool) -> Value {
        let at = |path: &str| format!("{}{path}", self.url);
        json!({
            "issuer": self.url, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/me"), "jwks_uri": at(KEYS), "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": names_issuer,
        })
    }

    #[expect(clippy::disallowed_methods, reason = "the provider's clock is another")]
    /// The nonce is the code: a test puts the one of the attempt there.
    fn token(&self, said: &Said, form: &str) -> Value {
        let fields: Vec<_> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        let code = fields.iter().find(|(name, _)| name == "code").unwrap().1.clone();
        self.codes.lock().unwrap().push(code.clone());
        self.redeemed_by.lock().unwrap().form = fields;
        let now = chrono::Utc::now().timestamp();
        let mut claims = json!({
            "iss": self.url, "aud": "biovity", "sub": "ana-there", "iat": now, "exp": now + 300, "nonce": code,
            "email": "ana@gmail.com", "email_verified": true, "name": "Ana Rojas",
        });
        for (name, value) in said.claims.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let head = json!({ "alg": said.alg, "kid": said.kid, "typ": "JWT" });
        let signed = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let mut signature = match said.alg {
            "ES256" => self.curve.sign(&signed),
            // As anybody would who has the secret of the client.
            "HS256" => hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET), signed.as_bytes()).as_ref().to_vec(),
            _ => sign(&signed),
        };
        if said.is_signature_spoiled {
            signature[0] ^= 1;
        }
        let signature = if said.alg == "none" { String::new() } else { URL_SAFE_NO_PAD.encode(signature) };
        let mut answer = said.more.clone();
        answer["access_token"] = json!("opens-nothing");
        answer["token_type"] = json!("Bearer");
        answer["id_token"] = json!(format!("{signed}.{signature}"));
        answer
    }
}

fn sign(text: &str) -> Vec<u8> {
    let key = CoreRsaPrivateSigningKey::from_pem(KEY, None).unwrap();
    key.sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, text.as_bytes()).unwrap()
}

/// A key of the curve P-256, which signs by ES256.
#[derive(Debug)]
struct CurveKey(EcdsaKeyPair);

impl CurveKey {
    fn generate() -> Self {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pair.as_ref(), &random).unwrap())
    }

    fn sign(&self, text: &str) -> Vec<u8> {
        self.0.sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec()
    }

    /// The first byte of the public key says that both coordinates follow.
    fn keys(&self, kid: &str) -> Value {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(|part| URL_SAFE_NO_PAD.encode(part));
        json!({ "keys": [{ "kty": "EC", "crv": "P-256", "use": "sig", "kid": kid, "x": x, "y": y }] })
    }
}

fn keys(kid: &str) -> Value {
    let key = CoreRsaPrivateSigningKey::from_pem(KEY, Some(JsonWebKeyId::new(kid.to_owned()))).unwrap();
    json!({ "keys": [serde_json::to_value(key.as_verification_key()).unwrap()] })
}
