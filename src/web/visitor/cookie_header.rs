//! The cookies of a request, before the session's is opened, and that of an answer, after it is closed.

use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, CookieJar};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::cookie::{encryption_key, name};
use super::language_cookie;
use super::{device, sealed_cookie};
use crate::values::secret_key::{SecretKey, SecretKeys};
use crate::web::app::App;

/// Removes all cookies but our own from the request, since a malformed one of another site on the domain would make all
/// of them unreadable. Encrypts a session cookie of a former key with the current one, since actix-session knows only
/// one key.
///
/// # Errors
/// Those of the services within.
pub async fn prepare(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let app = request.app_data::<Data<App>>().cloned();
    if let Some(app) = &app
        && !(app.keys.former.is_empty() && is_readable(request.headers()))
    {
        keep_own(request.headers_mut(), app);
    }
    let mut response = next.call(request).await?;
    if let Some(app) = &app {
        unescape(response.headers_mut(), name(&app.config));
    }
    Ok(response)
}

fn keep_own(headers: &mut HeaderMap, app: &App) {
    let name = name(&app.config);
    let sealed = sealed_cookie::ALL.map(|cookie| cookie.name(&app.config));
    let known = [[name, language_cookie::COOKIE, device::cookie_name(&app.config)].as_slice(), &sealed].concat();
    let attempts = sealed_cookie::ATTEMPT.name(&app.config);
    let ours = own_pairs(headers, |name| known.contains(&name) || name.starts_with(attempts));
    let cookies = ours.iter().filter_map(|pair| Cookie::parse_encoded(pair.clone()).ok());
    let reencrypted = cookies.filter(|cookie| cookie.name() == name).find_map(|cookie| reencrypt(&cookie, &app.keys));
    let pairs = ours.into_iter().map(|pair| match &reencrypted {
        Some(current) if pair.split_once('=').is_some_and(|(its, _)| its == name) => current.clone(),
        _ => pair,
    });
    let header = HeaderValue::from_str(&pairs.collect::<Vec<_>>().join("; "));
    headers.insert(header::COOKIE, header.unwrap_or(HeaderValue::from_static("")));
}

/// Sets the session's cookie as it is: no character of base64 needs an escape (RFC 6265, section 4.1.1), which every request
/// would bring back to be read byte by byte.
fn unescape(headers: &mut HeaderMap, name: &str) {
    if !headers.contains_key(header::SET_COOKIE) {
        return;
    }
    for value in headers.remove(header::SET_COOKIE).collect::<Vec<_>>() {
        let text = value.to_str().ok().filter(|text| text.split_once('=').is_some_and(|(its, _)| its == name));
        let plain = text.map(|text| text.replace("%2B", "+").replace("%2F", "/").replace("%3D", "="));
        let plain = plain.and_then(|text| HeaderValue::from_str(&text).ok());
        headers.append(header::SET_COOKIE, plain.unwrap_or(value));
    }
}

/// Whether every cookie can be read, which is so but for foreign ones of old applications: nothing is copied then.
fn is_readable(headers: &HeaderMap) -> bool {
    // What is above ASCII when decoded may be no UTF-8.
    let is_ascii = |text: &str| text.split('%').skip(1).all(|hex| hex.bytes().next().is_none_or(|digit| digit < b'8'));
    let is_pair = |pair: &str| pair.split_once('=').is_some_and(|(name, _)| !name.trim().is_empty()) && is_ascii(pair);
    let is_readable = |line: &str| line.split(';').map(str::trim).all(|pair| pair.is_empty() || is_pair(pair));
    let mut lines = headers.get_all(header::COOKIE).map(HeaderValue::as_bytes);
    lines.all(|line| line.is_ascii() && std::str::from_utf8(line).is_ok_and(is_readable))
}

/// The pairs of these names. Each pair is read by itself: a foreign cookie that is no text, such as a raw `ñ`, must not
/// cost a visitor the others.
fn own_pairs(headers: &HeaderMap, is_ours: impl Fn(&str) -> bool) -> Vec<String> {
    let lines = headers.get_all(header::COOKIE).map(HeaderValue::as_bytes);
    let pairs = lines.flat_map(|line| line.split(|byte| *byte == b';'));
    let pairs = pairs.filter_map(|pair| std::str::from_utf8(pair).ok()).map(str::trim);
    let own = pairs.filter(|pair| pair.split_once('=').is_some_and(|(name, _)| is_ours(name)));
    own.filter(|pair| Cookie::parse_encoded(*pair).is_ok()).map(str::to_owned).collect()
}

/// The same cookie under the current key; nothing when it is under that key already, or no key decrypts it.
fn reencrypt(cookie: &Cookie<'static>, keys: &SecretKeys) -> Option<String> {
    let mut jar = CookieJar::new();
    jar.add_original(cookie.clone());
    let decrypt = |key: &SecretKey| jar.private(&encryption_key(key)).get(cookie.name());
    if decrypt(&keys.current).is_some() {
        return None;
    }
    let plain = keys.former.iter().find_map(decrypt)?;
    let mut encrypted = CookieJar::new();
    encrypted.private_mut(&encryption_key(&keys.current)).add(plain);
    encrypted.get(cookie.name()).map(|cookie| cookie.encoded().stripped().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cookies_that_can_be_read_are_left_as_they_are() {
        let stays = |line: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_bytes(line.as_bytes()).unwrap());
            is_readable(&headers)
        };
        for line in ["biovity=a%2Fb%3D%3D; lang=es", "lang=es;", "a=b=c", "x=%41%7f", "x="] {
            assert!(stays(line), "{line}");
            assert!(line.split(';').filter(|it| !it.is_empty()).all(|it| Cookie::parse_encoded(it).is_ok()), "{line}");
        }
        for line in ["x=%ff; lang=es", "x=%zz", "x=ñ", "alone", "=x", "a=b; =x", "x=%C3%B1"] {
            assert!(!stays(line), "{line}");
        }
    }
}
