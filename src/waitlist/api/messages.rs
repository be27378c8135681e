//! The messages of webhooks, as the description of the API tells them. The triggers of the database write their `data`.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{ContentBuilder, HttpMethod, ObjectBuilder, PathItem, Ref, Required, Response};

use crate::values::clock::Timestamp;
use crate::values::locale::Locale;
use crate::webhook::event::{Event, PROBE};
use crate::webhook::words::Words;

/// The headers of the Standard Webhooks specification.
const HEADERS: [(&str, &str); 3] = [
    ("webhook-id", "The same whenever the message comes again"),
    ("webhook-timestamp", "When it was sent, in seconds since 1970"),
    (
        "webhook-signature",
        "`v1,` and the signature; two of them, with a space between, for a day after the secret was replaced",
    ),
];

/// What is told of a place on the waitlist.
#[derive(Debug, ToSchema)]
#[schema(as = EntryMessage)]
pub struct EntryMessage {
    /// Its id.
    pub id: i64,
    /// `employee` or `organization`.
    pub role: String,
    /// `joined`, `confirmed`, `invited`, `signed_up`, `bounced`, `left` or `deleted`.
    pub state: String,
    /// When it joined.
    #[schema(value_type = String, format = DateTime)]
    pub joined_at: Timestamp,
    /// When the address was confirmed.
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub confirmed_at: Option<Timestamp>,
    /// When the invitation was sent.
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub invited_at: Option<Timestamp>,
    /// When the address had an account.
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub signed_up_at: Option<Timestamp>,
    /// When mail to it was refused.
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub bounced_at: Option<Timestamp>,
    /// When its owner left.
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub left_at: Option<Timestamp>,
    /// The address, where an admin ticked it.
    #[schema(nullable = false)]
    pub email: Option<String>,
    /// Of two messages about one id, the one with the greater number is the newer.
    pub sequence: i64,
}

/// What is told of a place that was erased.
#[derive(Debug, ToSchema)]
#[schema(as = ErasedEntryMessage)]
pub struct ErasedEntryMessage {
    /// The id that it had.
    pub id: i64,
    /// `erased`.
    pub state: String,
    /// The greatest number of all messages about it.
    pub sequence: i64,
}

/// What is told of an account.
#[derive(Debug, ToSchema)]
#[schema(as = AccountMessage)]
pub struct AccountMessage {
    /// Its id.
    pub id: String,
    /// `employee`, `organization` or `admin`.
    pub r#type: String,
    /// `unverified` or `verified`.
    pub state: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The address, where an admin ticked it.
    #[schema(nullable = false)]
    pub email: Option<String>,
    /// Of two messages about one id, the one with the greater number is the newer.
    pub sequence: i64,
}

/// What is told of an account that was deleted.
#[derive(Debug, ToSchema)]
#[schema(as = DeletedAccountMessage)]
pub struct DeletedAccountMessage {
    /// The id that it had.
    pub id: String,
    /// `deleted`.
    pub state: String,
    /// The greatest number of all messages about it.
    pub sequence: i64,
}

/// What a probe says: nothing that happened.
#[derive(Debug, ToSchema)]
#[schema(as = ProbeMessage)]
pub struct ProbeMessage {
    /// The id of the webhook.
    pub webhook: String,
}

/// What a program is sent, by the name of the event.
pub(super) fn all() -> BTreeMap<&'static str, PathItem> {
    let words = Words::of(Locale::En);
    let told = Event::ALL.map(|event| (event.as_str(), words.of_event(event), data_of(event)));
    let probe = (PROBE, "an admin tries the webhook", "ProbeMessage");
    let item = |name, summary, data| (name, PathItem::new(HttpMethod::Post, post(name, summary, data)));
    told.into_iter().chain([probe]).map(|(name, summary, data)| item(name, summary, data)).collect()
}

/// The schema of what is told of an event.
const fn data_of(event: Event) -> &'static str {
    match event {
        Event::Erased => "ErasedEntryMessage",
        Event::AccountDeleted => "DeletedAccountMessage",
        Event::AccountCreated | Event::AccountVerified => "AccountMessage",
        Event::Joined | Event::Confirmed | Event::Invited | Event::SignedUp | Event::Bounced | Event::Left => {
            "EntryMessage"
        }
    }
}

/// The request that tells it.
fn post(name: &'static str, summary: &str, data: &str) -> Operation {
    let time = SchemaFormat::KnownFormat(KnownFormat::DateTime);
    let timestamp = ObjectBuilder::new().schema_type(Type::String).format(Some(time));
    let message = ObjectBuilder::new()
        .property("type", ObjectBuilder::new().schema_type(Type::String).enum_values(Some([json!(name)])))
        .property("timestamp", timestamp.description(Some("When it happened")))
        .property("data", Ref::from_schema_name(data))
        .required("type")
        .required("timestamp")
        .required("data");
    let json = ContentBuilder::new().schema(Some(message)).build();
    let body = RequestBodyBuilder::new().required(Some(Required::True)).content("application/json", json).build();
    let headers = HEADERS.map(|(name, description)| {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let header = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header).required(Required::True);
        header.description(Some(description)).schema(Some(text)).build()
    });
    OperationBuilder::new()
        .tag("webhooks")
        .operation_id(Some(name.replace('.', "_")))
        .summary(Some(summary))
        .securities(Some([]))
        .parameters(Some(headers))
        .request_body(Some(body))
        .response("2XX", Response::new("It was received"))
        .response("410", Response::new("The program wants nothing more: the webhook is switched off"))
        .response("default", Response::new("It comes again: ten times in all, over three days"))
        .build()
}
