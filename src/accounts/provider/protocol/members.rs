//! What is read of an answer of a provider. Providers add members of their own, and some write those of the standard
//! in a form of their own: what is not read keeps nobody from logging in.

use std::pin::Pin;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use serde_json::{Map, Value};

use crate::accounts::provider::http_client::{HttpClient, HttpError};

/// What is read of the answer to a code.
pub(in crate::accounts::provider) const OF_TOKENS: &[&str] =
    &["access_token", "token_type", "id_token", "error", "error_description"];
/// What is read of what a provider says of somebody.
pub(in crate::accounts::provider) const OF_USER_INFO: &[&str] = &["sub", "email", "email_verified", "name"];

/// Asks a provider for a JSON object of which only these members are read.
pub(in crate::accounts::provider) struct Reader<'a> {
    pub(in crate::accounts::provider) http: &'a HttpClient,
    pub(in crate::accounts::provider) read: &'static [&'static str],
}

impl<'c> AsyncHttpClient<'c> for Reader<'_> {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let (head, body) = self.http.call(request).await?.into_parts();
            let object: Option<Map<String, Value>> = serde_json::from_slice(&body).ok();
            let body = object.map_or(body, |mut members| {
                keep_read(&mut members, self.read);
                Value::Object(members).to_string().into_bytes()
            });
            Ok(http::Response::from_parts(head, body))
        })
    }
}

/// Leaves only these members. One that may be missing is as good as missing when it is in no form that the standard has.
pub(super) fn keep_read(members: &mut Map<String, Value>, read: &[&str]) {
    members.retain(|name, value| read.contains(&name.as_str()) && is_readable(name, value));
}

fn is_readable(name: &str, value: &Value) -> bool {
    match name {
        "email" | "name" | "hd" => value.is_string(),
        "email_verified" => value.is_boolean() || matches!(value.as_str(), Some("true" | "false")),
        _ => true,
    }
}
