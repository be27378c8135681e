//! A visitor: an HTTP client with cookies and a language, who follows no redirect unasked.

use std::net::IpAddr;

use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};

use super::PASSWORD;
use super::page::{FilledForm, Page};

/// Somebody with a browser.
#[derive(Clone, Debug)]
pub struct Visitor {
    client: Client,
    base_url: String,
}

impl Visitor {
    pub fn new(base_url: &str, language: &str, address: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(language).unwrap());
        // Nobody speaks TLS here, but the client wants to be able to.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .tls_certs_only([])
            .cookie_store(true)
            .redirect(Policy::none())
            .default_headers(headers)
            .user_agent("Mozilla/5.0 (test)")
            .local_address(address.parse::<IpAddr>().unwrap())
            .build()
            .unwrap();
        Self { client, base_url: base_url.to_owned() }
    }

    /// The same browser at another address of the site: cookies know no ports.
    pub fn at(&self, base_url: &str) -> Self {
        Self { client: self.client.clone(), base_url: base_url.to_owned() }
    }

    /// A request to be changed before it is sent.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(method.parse().unwrap(), format!("{}{path}", self.base_url))
    }

    /// A request of a program with this key.
    pub fn program(&self, key: &str, method: &str, path: &str) -> RequestBuilder {
        self.request(method, path).header("authorization", format!("Bearer {key}"))
    }

    pub async fn get(&self, path: &str) -> Page {
        send(self.request("GET", path)).await
    }

    /// Sends this cookie, such as an old one, instead of those that the browser has.
    pub async fn get_with(&self, path: &str, cookie: &str) -> Page {
        send(self.request("GET", path).header("cookie", cookie)).await
    }

    /// Sends a form as a browser does from our own page.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        send(self.request("POST", path).header("sec-fetch-site", "same-origin").form(fields)).await
    }

    /// Sends a form of a page.
    pub async fn send(&self, form: &FilledForm) -> Page {
        send(self.request("POST", &form.action).header("sec-fetch-site", "same-origin").form(&form.fields)).await
    }

    /// Sends a form of a page fifty times at once, with the cookies that the browser has.
    pub async fn send_fifty_at_once(&self, form: &FilledForm) -> Vec<Page> {
        let presses = (0..50).map(|_| {
            let (visitor, form) = (self.clone(), form.clone());
            tokio::spawn(async move { visitor.send(&form).await })
        });
        let presses: Vec<_> = presses.collect();
        let mut pages = Vec::new();
        for press in presses {
            pages.push(press.await.unwrap());
        }
        pages
    }

    /// Sends a form of a page as often at once, each time with this cookie instead of those that the browser has.
    pub async fn send_at_once(&self, form: &FilledForm, cookie: &str, times: usize) -> Vec<Page> {
        let presses = (0..times).map(|_| {
            let request = self.request("POST", &form.action).header("sec-fetch-site", "same-origin");
            tokio::spawn(send(request.header("cookie", cookie).form(&form.fields)))
        });
        let presses: Vec<_> = presses.collect();
        let mut pages = Vec::new();
        for press in presses {
            pages.push(press.await.unwrap());
        }
        pages
    }

    /// Sends a form with a file as a browser does.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], (field, file): (&str, Vec<u8>)) -> Page {
        let text = |form: Form, (name, value): &(&str, &str)| form.text((*name).to_owned(), (*value).to_owned());
        let file = Part::bytes(file).file_name("IMG 0001.JPG").mime_str("image/jpeg").unwrap();
        let form = fields.iter().fold(Form::new(), text).part(field.to_owned(), file);
        send(self.request("POST", path).header("sec-fetch-site", "same-origin").multipart(form)).await
    }

    /// Opens a mail's link and presses its first button.
    pub async fn press(&self, link: &str) -> Page {
        let page = self.get(link).await.has_status(200);
        let action = page.attribute("main form", "action").unwrap();
        let token = page.value("token");
        self.post(&action, &[("token", &token)]).await
    }

    /// Opens the link of a verification mail in a browser that did not sign up, and gives the password.
    pub async fn verify(&self, link: &str, password: &str) -> Page {
        let page = self.get(link).await.has_status(200);
        assert!(page.attribute("main form input[type=password][name=password]", "id").is_some(), "{}", page.text());
        self.post("/verify-email", &[("token", &page.value("token")), ("password", password)]).await
    }

    pub async fn join(&self, email: &str, role: &str) -> Page {
        self.post("/waitlist", &[("email", email), ("role", role)]).await
    }

    pub async fn sign_up(&self, kind: &str, email: &str) -> Page {
        self.sign_up_with(kind, email, PASSWORD).await
    }

    pub async fn sign_up_with(&self, kind: &str, email: &str, password: &str) -> Page {
        let fields = [("name", "Ana Rojas"), ("email", email), ("profession", "Biochemist"), ("password", password)];
        self.post(&format!("/signup/{kind}"), &fields).await
    }

    pub async fn log_in(&self, email: &str, password: &str) -> Page {
        self.post("/login", &[("email", email), ("password", password)]).await
    }

    pub async fn log_out(&self) -> Page {
        self.post("/logout", &[]).await
    }
}

pub async fn send(request: RequestBuilder) -> Page {
    Page::read(request.send().await.unwrap()).await
}
