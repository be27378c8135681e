//! The npm package `oidc-provider`, as a process: a provider that others wrote, with pages of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use super::page::{FilledForm, Page};
use super::visitor::Visitor;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oidc_provider/provider.mjs");
/// Most pages and redirects between leaving the site and coming back.
const MOST_STEPS: usize = 12;

/// One for all tests of this program. Its standard input closes when the program ends, and it ends by that.
static RUNNING: OnceLock<Running> = OnceLock::new();

struct Running {
    url: String,
    _process: Child,
}

/// Where it listens. Whoever asks first starts it.
pub fn url() -> &'static str {
    &RUNNING.get_or_init(Running::start).url
}

/// Logs in there as this person, consents, and gives the path by which the browser comes back. Nobody is asked to log in
/// who has done so in this browser.
pub async fn log_in(browser: &Visitor, address: &str, person: &str) -> String {
    walk(browser, address, async |there, page| there.send(&form(page, person)).await).await
}

/// Says no there, and gives the path by which the browser comes back.
pub async fn refuse(browser: &Visitor, address: &str) -> String {
    let cancel = |page: &Page| path(&page.attribute(".login-help a", "href").unwrap()).unwrap();
    walk(browser, address, async |there, page| there.get(&cancel(page)).await).await
}

/// Follows the provider's redirects, and answers its pages, until one leads back to the site.
async fn walk(browser: &Visitor, address: &str, answer: impl AsyncFn(&Visitor, &Page) -> Page) -> String {
    let there = browser.at(url());
    let mut page = there.get(&path(address).unwrap()).await;
    for _ in 0..MOST_STEPS {
        page = match way_on(&page) {
            Some(Ok(path)) => there.get(&path).await,
            Some(Err(back)) => return back,
            None => answer(&there, &page).await,
        };
    }
    panic!("no way back from the provider: {}", page.text());
}

/// Where a redirect leads: to a path of the provider, or back to one of the site.
fn way_on(page: &Page) -> Option<Result<String, String>> {
    let to = page.header("location");
    if to.is_empty() {
        return None;
    }
    Some(path(to).ok_or_else(|| {
        let back = url::Url::parse(to).unwrap();
        format!("{}?{}", back.path(), back.query().unwrap_or_default())
    }))
}

/// The path of an address of the provider.
fn path(address: &str) -> Option<String> {
    address.strip_prefix(url()).or_else(|| Some(address).filter(|path| path.starts_with('/'))).map(str::to_owned)
}

/// Its form, as this person fills it in.
fn form(page: &Page, person: &str) -> FilledForm {
    let action = page.clone().has_status(200).attribute("form", "action").unwrap();
    let form = FilledForm { action: path(&action).unwrap(), ..page.form(&action) };
    if form.fields.iter().any(|(name, _)| name == "login") {
        return form.with("login", person).with("password", "any");
    }
    form
}

impl Running {
    fn start() -> Self {
        let mut process = Command::new("node")
            .arg(SCRIPT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is missing; `make test` installs it");
        let mut lines = BufReader::new(process.stdout.as_mut().unwrap()).lines().map_while(Result::ok);
        let url = lines.find(|line| line.starts_with("http://"));
        let url = url.expect("oidc-provider does not start; `make test` installs it");
        Self { url, _process: process }
    }
}
