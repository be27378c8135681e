//! A page as a visitor sees it.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use scraper::{Html, Selector};

/// An answer of the site, read whole.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// A form of a page, filled in.
#[derive(Clone, Debug)]
pub struct FilledForm {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl FilledForm {
    /// With this typed into a field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Page {
    pub async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    #[track_caller]
    pub fn has_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// 303 to this path.
    #[track_caller]
    pub fn redirects_to(self, path: &str) -> Self {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text());
        assert_eq!(self.header("location"), path);
        self
    }

    /// To the log-in, which says that nothing was saved, and from there back to this page.
    #[track_caller]
    pub fn was_sent_too_late(self, page: &str) -> Self {
        let next: String = form_urlencoded::byte_serialize(page.as_bytes()).collect();
        self.redirects_to(&format!("/login?next={next}&ended=yes"))
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.text().contains(words), "{words:?} is not in:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn does_not_say(self, words: &str) -> Self {
        assert!(!self.text().contains(words), "{words:?} is in:\n{}", self.text());
        self
    }

    /// A page with a heading and a way on; under `/api/` what went wrong.
    #[track_caller]
    pub fn leads_on(self) -> Self {
        if self.header("content-type").starts_with("application/json") {
            assert!(self.json()["error"].is_string(), "{}", self.body);
        } else if self.header("content-type") == "application/problem+json" {
            assert!(self.json()["detail"].is_string(), "{}", self.body);
        } else {
            assert_eq!(self.header("content-type"), "text/html; charset=utf-8", "{}", self.body);
            assert_eq!(self.texts("h1").len(), 1, "{}", self.text());
            assert!(!self.texts("main a[href], main form").is_empty(), "no way on: {}", self.text());
        }
        self
    }

    /// The body of an answer under `/api/`.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// The body as it would be with any other form key.
    pub fn body_without_keys(&self) -> String {
        let mut parts = self.body.split("name=\"form_key\" value=\"");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |body, part| body + part.split_once('"').map_or(part, |(_, rest)| rest))
    }

    /// The body without the keys of its forms and the tokens that it repeats, however they are encoded.
    pub fn body_without_tokens(&self) -> String {
        let body = self.body_without_keys().replace("name=\"token\" value=\"", "token=");
        let mut pieces = body.split("token=");
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |text, piece| text + piece.split_once('"').map_or("", |(_, rest)| rest))
    }

    /// The session cookie that came with it, as the browser would send it back.
    pub fn cookie(&self) -> Option<String> {
        let cookies = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
        pairs.find(|pair| pair.starts_with("biovity=")).map(str::to_owned)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What a reader reads, with white space folded.
    pub fn text(&self) -> String {
        // A place where an address may break holds no words apart.
        let html = Html::parse_document(&self.body.replace("<wbr>", ""));
        html.root_element().text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text of every element that matches.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(css).unwrap();
        let text = |element: scraper::ElementRef<'_>| {
            element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        html.select(&selector).map(text).collect()
    }

    /// The same with its white space, as of a program.
    pub fn listings(&self, css: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        html.select(&Selector::parse(css).unwrap()).map(|element| element.text().collect()).collect()
    }

    /// An attribute of the first element that matches.
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(css).unwrap();
        html.select(&selector).next().and_then(|element| element.attr(name)).map(str::to_owned)
    }

    /// The same of every element that matches and has it.
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(css).unwrap();
        html.select(&selector).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    /// The form that is sent to this path, as a browser would send it untouched.
    #[track_caller]
    pub fn form(&self, action: &str) -> FilledForm {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse("form[method=post]").unwrap();
        let path = |form: &scraper::ElementRef<'_>| {
            form.attr("action").unwrap().split('#').next().unwrap_or_default().to_owned()
        };
        let form = html.select(&selector).find(|form| path(form) == action);
        let form = form.unwrap_or_else(|| panic!("no form to {action} in:\n{}", self.text()));
        let fields = Selector::parse("input[name]").unwrap();
        let is_sent = |field: &scraper::ElementRef<'_>| {
            !matches!(field.attr("type"), Some("radio" | "checkbox")) || field.attr("checked").is_some()
        };
        let pair = |field: scraper::ElementRef<'_>| {
            (field.attr("name").unwrap().to_owned(), field.attr("value").unwrap_or_default().to_owned())
        };
        FilledForm { action: path(&form), fields: form.select(&fields).filter(is_sent).map(pair).collect() }
    }

    /// The form that chooses this language.
    pub fn language(&self, language: &str) -> FilledForm {
        let html = Html::parse_document(&self.body);
        let form = html.select(&Selector::parse("form.language").unwrap()).next().unwrap();
        let fields = Selector::parse("input[name]").unwrap();
        let pair = |field: scraper::ElementRef<'_>| {
            (field.attr("name").unwrap().to_owned(), field.attr("value").unwrap_or_default().to_owned())
        };
        let chosen = ("lang".to_owned(), language.to_owned());
        let fields = form.select(&fields).map(pair).chain([chosen]).collect();
        FilledForm { action: form.attr("action").unwrap().to_owned(), fields }
    }

    /// Where forms are sent that have an effect and no key of their own. The choice of a language is a cookie alone.
    pub fn forms_without_key(&self) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let forms = Selector::parse("form[method=post]:not(.language)").unwrap();
        let key = Selector::parse("[name=form_key][value]:not([value=''])").unwrap();
        let bare = html.select(&forms).filter(|form| form.select(&key).count() != 1);
        bare.map(|form| form.attr("action").unwrap_or_default().to_owned()).collect()
    }

    /// The value that a form shows in a field.
    pub fn value(&self, field: &str) -> String {
        self.attribute(&format!("[name={field}]"), "value").unwrap_or_default()
    }
}
