//! The guards of pages: extractors that let only some visitors in, and send the others to log in or answer that there
//! is no such page.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use chrono::TimeDelta;

use super::viewer::{Viewer, Visitor};
use crate::db;
use crate::values::site_path::SitePath;
use crate::web::app::App;
use crate::web::error::Error;
use crate::web::page::address;
use crate::web::paths;

/// Sensitive pages ask for the password again when it was given longer ago than this.
pub const REAUTH_AFTER: TimeDelta = TimeDelta::minutes(10);
/// Admin pages ask for it again after this.
const REAUTH_AFTER_FOR_ADMINS: TimeDelta = TimeDelta::minutes(60);

/// Lets everyone in who is signed in. A guest is sent to the log-in page, and from there back; who sent a form learns there that
/// it was not saved.
#[derive(Debug)]
pub struct SignedIn(pub Arc<Viewer>);

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match Visitor::of(request) {
            Visitor::SignedIn(viewer) => Ok(Self(viewer)),
            Visitor::Guest if request.method().is_safe() => Err(Error::SignInFirst(return_path(request))),
            Visitor::Guest => Err(Error::SessionEnded(return_path(request))),
            Visitor::Unknown => Err(db::Error::Unavailable("the session could not be read".to_owned()).into()),
        })
    }
}

/// Lets everyone in who is signed in and gave the password within the last 10 minutes; the others are asked for it
/// again. A form that carries the password itself needs [`SignedIn`] alone.
#[derive(Debug)]
pub struct Recent(pub Arc<Viewer>);

impl FromRequest for Recent {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload).into_inner();
        ready(signed_in.and_then(|SignedIn(viewer)| authenticated_within(REAUTH_AFTER, viewer, request).map(Self)))
    }
}

/// Lets admins in; those who gave the password more than an hour ago are asked for it again, and those without a second
/// factor are led to where they set one up, if the operator requires it. A session of an account with a second factor was
/// started with it: switching it on ends all others. For everyone else who is signed in the page does not exist.
#[derive(Debug)]
pub struct Admin(pub Arc<Viewer>);

impl FromRequest for Admin {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload).into_inner();
        ready(signed_in.and_then(|SignedIn(viewer)| {
            if !viewer.is_admin() {
                return Err(Error::NOT_FOUND);
            }
            if !viewer.has_second_factor && requires_second_factor(request) {
                return Err(Error::SecondFactorFirst);
            }
            authenticated_within(REAUTH_AFTER_FOR_ADMINS, viewer, request).map(Self)
        }))
    }
}

/// Lets organizations in. For everyone else who is signed in the page does not exist.
#[derive(Debug)]
pub struct Organization(pub Arc<Viewer>);

impl FromRequest for Organization {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload).into_inner();
        let guarded =
            signed_in.and_then(|SignedIn(viewer)| viewer.is_organization().then_some(viewer).ok_or(Error::NOT_FOUND));
        ready(guarded.map(Self))
    }
}

fn requires_second_factor(request: &HttpRequest) -> bool {
    request.app_data::<Data<App>>().is_some_and(|app| app.config.admins_need_second_factor)
}

/// The viewer, if the password was given within this time.
fn authenticated_within(age: TimeDelta, viewer: Arc<Viewer>, request: &HttpRequest) -> Result<Arc<Viewer>, Error> {
    let now = request.app_data::<Data<App>>().map(|app| app.clock.now());
    let is_recent = now.is_some_and(|now| viewer.authenticated_at + age > now);
    if is_recent { Ok(viewer) } else { Err(Error::ReauthFirst(return_path(request))) }
}

/// Where to go on after logging in: the requested page, or the one with the form that was sent.
fn return_path(request: &HttpRequest) -> Option<SitePath> {
    let requested = address::of_page(request);
    if request.method().is_safe() {
        SitePath::parse(&requested)
    } else {
        let own_page = || paths::page(&requested).or_else(|| paths::page(&paths::page_of_form(request.path())));
        form_page(request).or_else(own_page)
    }
}

/// The page of a form, as the browser names it: a form may be sent to another address.
fn form_page(request: &HttpRequest) -> Option<SitePath> {
    let site = request.app_data::<Data<App>>()?.config.base_url.origin();
    let path = request.headers().get(header::REFERER)?.to_str().ok()?.strip_prefix(site)?;
    paths::page(path)
}
