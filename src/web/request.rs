//! One extractor for what nearly every handler needs of a request.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::app::App;
use super::page::layout::Layout;
use super::submission::sent_form;
use super::submission::submission::Submission;
use super::visitor::client::Client;

/// The application, the layout of the answer, the client, and what was sent.
#[derive(Clone, Debug)]
pub struct Request {
    /// The application's shared parts.
    pub app: Data<App>,
    /// What the layout of the answer needs.
    pub layout: Layout,
    /// Whose address limits count and sessions remember.
    pub client: Client,
    /// The form that was sent, if it was.
    pub submission: Submission,
}

impl FromRequest for Request {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = Data::from_request(request, payload).into_inner();
        let layout = Layout::from_request(request, payload).into_inner();
        let client = Client::from_request(request, payload).into_inner();
        let submission = sent_form::of(request);
        ready(app.and_then(|app| Ok(Self { app, layout: layout?, client: client?, submission })))
    }
}
