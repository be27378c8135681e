//! The page of all keys, with the form that makes one.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::api_key::{Access, ApiKey};
use super::key_secret::{KeySecret, Seed};
use super::new_key::{KeyName, NewKey};
use super::words::Words;
use crate::audit::event::Actor;
use crate::values::clock::Timestamp;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, Error, FieldErrors, Form, Layout, Request, paths};

/// Lifetimes to choose from, in days, as the form holds them.
pub(super) const LIFETIMES: [&str; 3] = ["30", "90", "365"];
/// The choice of a key that works until it is revoked.
pub(super) const FOR_EVER: &str = "never";

/// The form, as typed.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct KeyForm {
    name: String,
    access: String,
    lifetime: String,
}

/// The form as it is first shown: with the least rights and a year's end.
impl Default for KeyForm {
    fn default() -> Self {
        let [_, _, year] = LIFETIMES;
        Self { name: String::new(), access: Access::Read.as_str().to_owned(), lifetime: year.to_owned() }
    }
}

#[derive(Template)]
#[template(path = "api_key/key_list.html")]
struct KeysPage {
    t: &'static Words,
    layout: Layout,
    keys: Vec<ApiKey>,
    now: Timestamp,
    form: KeyForm,
    errors: FieldErrors,
}

/// What was typed, as far as it can be read.
struct Asked {
    name: KeyName,
    access: Access,
    lifetime: Option<TimeDelta>,
}

/// The keys.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout) -> web::Result {
    response::ok(KeysPage::read(&app, layout, KeyForm::default(), FieldErrors::default()).await?)
}

/// Makes a key, and goes on to the page that shows it once.
///
/// # Errors
/// When the database is unavailable, or the operating system has no random bytes.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    form: Form<KeyForm>,
) -> web::Result {
    let (t, now) = (Words::of(layout.locale), app.clock.now());
    let Asked { name, access, lifetime } = match form.parse(t) {
        Ok(asked) if layout.unsent.is_none() => asked,
        read => {
            let errors = FieldErrors::to_tell(&layout, read);
            return show_again(&app, layout, form.into_inner(), errors).await;
        }
    };
    let seed = Seed::generate().map_err(|error| Error::Internal(anyhow::Error::msg(error.to_string())))?;
    let secret = KeySecret::of_seed(&app.keys, &seed);
    let key = NewKey { name, access, lifetime, secret, actor: Actor::new(&viewer.id, &client) };
    // By a time that all replicas share: another one may show the key.
    let shown_from = app.db.read(ApiKey::database_time).await?;
    let page = paths::with_id(paths::api_key::SHOWN, &seed.page_id(&app.keys, shown_from));
    let answer = Answer::see_other(page);
    if submission.write(&app.db, &answer, move |conn| key.make(conn, now)).await?.is_some() {
        return answer.send(&http);
    }
    let mut errors = FieldErrors::default();
    errors.add("name", t.too_many);
    show_again(&app, layout, form.into_inner(), errors).await
}

/// The page again, with what is wrong with the form.
async fn show_again(app: &App, layout: Layout, form: KeyForm, errors: FieldErrors) -> web::Result {
    response::with_status(errors.status(), KeysPage::read(app, layout, form, errors).await?)
}

impl KeyForm {
    fn parse(&self, t: &Words) -> Result<Asked, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", KeyName::parse(&self.name).map_err(|problem| t.name_problem(problem)));
        let access = errors.take("access", Access::parse(&self.access).ok_or(t.no_access));
        let is_for_ever = self.lifetime == FOR_EVER;
        let days = LIFETIMES.into_iter().find(|days| *days == self.lifetime).and_then(|days| days.parse().ok());
        let days = errors.take(
            "lifetime",
            days.map(TimeDelta::days)
                .filter(|_| !is_for_ever)
                .map_or_else(|| if is_for_ever { Ok(None) } else { Err(t.no_lifetime) }, |days| Ok(Some(days))),
        );
        let (Some(name), Some(access), Some(lifetime)) = (name, access, days) else { return Err(errors) };
        Ok(Asked { name, access, lifetime })
    }
}

impl KeysPage {
    async fn read(app: &App, layout: Layout, form: KeyForm, errors: FieldErrors) -> Result<Self, Error> {
        let (now, keys) = (app.clock.now(), app.db.read(ApiKey::all).await?);
        let layout = layout.with_typed(paths::api_key::KEYS);
        Ok(Self { t: Words::of(layout.locale), layout, keys, now, form, errors })
    }

    fn revoke(key: &ApiKey) -> String {
        paths::with_id(paths::api_key::REVOKE, key.id.as_str())
    }
}
