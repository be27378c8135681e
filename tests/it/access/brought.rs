//! What a browser brings along from a provider: without it, the addresses to which providers lead answer everybody alike.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::world::World;
use crate::accounts::provider::back;
use crate::support::page::Page;
use crate::support::visitor::send;

/// An end of a token that the clock of this site does not reach, in seconds.
const FAR: i64 = 4_000_000_000;

/// Cookies beside the visitor's own, and the address with what the provider says in it.
pub struct Brought {
    pub path: String,
    pub cookies: Vec<String>,
}

impl World {
    /// What a visitor of this role brings to this address, by its cookie.
    pub(super) async fn brought(&self, role: &str, pattern: &str, path: &str) -> Brought {
        let own = || Brought { path: path.to_owned(), cookies: Vec::new() };
        match pattern {
            "/login/with/{id}/back" => self.attempt(role).await.unwrap_or_else(own),
            "/signup/finish" => {
                let page = self.identify(json!({ "sub": "new", "email": "new@gmail.com", "exp": FAR })).await;
                Brought { cookies: cookies(&page.redirects_to("/signup/finish")), ..own() }
            }
            "/account/providers/{id}/confirm" => {
                let email = format!("{role}@example.cl");
                let claims =
                    json!({ "sub": format!("{role} at Google"), "email": email, "hd": "example.cl", "exp": FAR });
                Brought { cookies: cookies(&self.identify(claims).await), ..own() }
            }
            _ => own(),
        }
    }

    /// The way back of what a visitor of this role began: a connection, else a log-in; nothing when both are refused.
    async fn attempt(&self, role: &str) -> Option<Brought> {
        self.issuer.say(|said| said.claims = json!({ "sub": role, "exp": FAR }));
        let connecting = self.as_role(role, "POST", "/account/providers/oidc/connect").await;
        let logging_in = self.as_role(role, "GET", "/login/with/oidc").await;
        let link = connecting.attribute("main a.button", "href").filter(|_| connecting.status == 200);
        let (address, begun) = match link {
            Some(link) => (link, connecting),
            None => (logging_in.header("location").to_owned(), logging_in),
        };
        let is_away = address.starts_with(&self.issuer.url);
        is_away.then(|| Brought { path: back("oidc", &address), cookies: cookies(&begun) })
    }

    async fn as_role(&self, role: &str, method: &str, path: &str) -> Page {
        let request: RequestBuilder = self.site.visitor().request(method, path).header("cookie", self.cookie(role));
        send(request.header("sec-fetch-site", "same-origin")).await
    }

    /// A guest comes back from Google, which says this.
    async fn identify(&self, claims: Value) -> Page {
        self.issuer.say(|said| said.claims = claims);
        crate::accounts::provider::log_in(&self.site.visitor(), "google").await
    }
}

fn cookies(page: &Page) -> Vec<String> {
    let set = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let has_value = |pair: &&str| pair.split_once('=').is_some_and(|(_, value)| !value.is_empty());
    set.filter_map(|cookie| cookie.split(';').next()).filter(has_value).map(str::to_owned).collect()
}
