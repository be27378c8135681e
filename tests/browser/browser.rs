//! Headless Chromium over `WebDriver`, with JavaScript turned off; Firefox instead where `BROWSER=firefox` says so.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::error::NewSessionError;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::support::unused_address;

/// Longest wait for a page.
const PATIENCE: Duration = Duration::from_secs(10);

/// A browser of one person; its driver ends with it.
pub struct Browser {
    client: Client,
    base_url: String,
    driver: Child,
}

impl Browser {
    pub async fn open(base_url: &str, language: &str) -> Self {
        let (program, capabilities) = if is_firefox() { firefox(language) } else { chromium(language) };
        let [port, own] = [unused_address().port(), unused_address().port()];
        let mut driver = Command::new(program);
        driver.arg(format!("--port={port}"));
        if is_firefox() {
            // Where it speaks with the browser, which would be the same place for every test.
            driver.args(["--websocket-port", "0", "--marionette-port", &own.to_string()]);
        }
        let driver = driver.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let driver = driver.unwrap_or_else(|_| {
            panic!(
                "{program} is missing: `make test` installs Chromium's, `make proof` says where Firefox's comes from"
            )
        });
        let client = connect(port, &capabilities).await;
        Self { client, base_url: base_url.to_owned(), driver }
    }

    pub async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base_url)).await.unwrap();
    }

    /// Makes the window so many pixels wide.
    pub async fn resize(&self, width: u32) {
        self.client.set_window_size(width, 900).await.unwrap();
    }

    /// Opens a page, which is no wider than the window. Names the widest element of one that is.
    pub async fn fits(&self, path: &str) {
        self.go(path).await;
        let measured = self.client.execute(include_str!("widest.js"), Vec::new()).await.unwrap();
        assert!(measured["page"].as_f64() <= measured["window"].as_f64(), "{path} is too wide: {measured}");
        assert!(measured["under_label"].is_null(), "{path}: a part of a cell stands under its label: {measured}");
    }

    /// How many pixels a script returns of the page that is open.
    pub async fn pixels(&self, script: &str) -> f64 {
        self.client.execute(script, Vec::new()).await.unwrap().as_f64().unwrap()
    }

    /// Ticks the card of a role.
    pub async fn choose(&self, role: &str) {
        let card = format!("//label[.//input[@name='role' and @value='{role}']]");
        self.client.find(Locator::XPath(&card)).await.unwrap().click().await.unwrap();
    }

    pub async fn fill(&self, field: &str, text: &str) {
        let input = self.client.find(Locator::Id(field)).await.unwrap();
        input.clear().await.unwrap();
        input.send_keys(text).await.unwrap();
    }

    /// Sends the form of a field with the Enter key.
    pub async fn send(&self, field: &str) {
        let input = self.client.find(Locator::Id(field)).await.unwrap();
        input.send_keys(&char::from(Key::Enter).to_string()).await.unwrap();
    }

    /// Presses the button of this name.
    pub async fn press(&self, label: &str) {
        let button = format!("//button[normalize-space()='{label}']");
        self.client.find(Locator::XPath(&button)).await.unwrap().click().await.unwrap();
    }

    /// Clicks the first element that matches, as soon as the page has one.
    pub async fn click(&self, css: &str) {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element.click().await.unwrap(),
            Err(error) => panic!("no {css} ({error}) in: {}", self.text().await),
        }
    }

    /// Types into the first field that matches, as soon as the page has one.
    pub async fn type_into(&self, css: &str, text: &str) {
        let field = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        field.unwrap().send_keys(text).await.unwrap();
    }

    /// Chooses a file.
    pub async fn attach(&self, field: &str, path: &str) {
        self.client.find(Locator::Id(field)).await.unwrap().send_keys(path).await.unwrap();
    }

    /// Follows the link that holds these words.
    pub async fn follow(&self, words: &str) {
        let link = format!("//a[contains(., '{words}')]");
        self.client.find(Locator::XPath(&link)).await.unwrap().click().await.unwrap();
    }

    /// Waits until the address bar shows this path.
    pub async fn is_at(&self, path: &str) {
        let arrived = async {
            while self.client.current_url().await.unwrap().path() != path {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, arrived).await.is_ok();
        let url = self.client.current_url().await.unwrap();
        assert!(in_time, "not at {path} but at {url}: {}", self.text().await);
    }

    /// Waits until the page shows these words.
    pub async fn says(&self, words: &str) {
        let shown = async {
            while !self.text().await.contains(words) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, shown).await.is_ok();
        assert!(in_time, "{words:?} is not in: {}", self.text().await);
    }

    pub async fn does_not_say(&self, words: &str) {
        assert!(!self.text().await.contains(words));
    }

    pub async fn value(&self, field: &str) -> String {
        let input = self.client.find(Locator::Id(field)).await.unwrap();
        input.prop("value").await.unwrap().unwrap_or_default()
    }

    /// The id of the element with the focus.
    pub async fn focused(&self) -> String {
        self.client.active_element().await.unwrap().attr("id").await.unwrap().unwrap_or_default()
    }

    pub async fn close(mut self) {
        self.client.clone().close().await.unwrap();
        self.driver.kill().unwrap();
        self.driver.wait().unwrap();
    }

    async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }
}

impl Drop for Browser {
    /// After a failed test too.
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says so")]
fn is_firefox() -> bool {
    std::env::var_os("BROWSER").is_some_and(|name| name == "firefox")
}

/// The driver and what it is asked for.
fn chromium(language: &str) -> (&'static str, Value) {
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-extensions",
        "--window-size=390,900",
        "--hide-scrollbars", // as on a telephone, where they take no room
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    ];
    let preferences = json!({
        "intl.accept_languages": language,
        "profile.managed_default_content_settings.javascript": 2,
    });
    ("chromedriver", json!({ "goog:chromeOptions": { "args": arguments, "prefs": preferences } }))
}

fn firefox(language: &str) -> (&'static str, Value) {
    let preferences = json!({ "intl.accept_languages": language, "javascript.enabled": false });
    let arguments = ["-headless", "--width=390", "--height=900"];
    ("geckodriver", json!({ "moz:firefoxOptions": { "args": arguments, "prefs": preferences } }))
}

async fn connect(port: u16, capabilities: &Value) -> Client {
    let capabilities = capabilities.as_object().unwrap();
    let address = format!("http://127.0.0.1:{port}");
    for _ in 0..250 {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        match builder.capabilities(capabilities.clone()).connect(&address).await {
            Ok(client) => return client,
            Err(NewSessionError::SessionNotCreated(reason)) => panic!("{reason:?}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    panic!("the browser's driver does not answer");
}
