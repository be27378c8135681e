//! How many entries there are, of each role in each state, and where they came from.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api_key::bearer::Reader;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::waitlist::joining::totals::{self, SourceTotal, Totals};
use crate::web::{self, Answer, App, Problem};

/// Sources that are told: those from which most came.
const SOURCES: i64 = 100;

/// The totals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Totals)]
pub struct TotalsBody {
    /// All but the deleted.
    listed: i64,
    /// People who look for work, by state.
    employees: BTreeMap<&'static str, i64>,
    /// Companies and institutions, by state.
    organizations: BTreeMap<&'static str, i64>,
    /// Where the listed came from, the largest sources first, at most a hundred.
    sources: Vec<SourceBody>,
}

/// How many came from a source.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourceTotal)]
pub struct SourceBody {
    /// The source.
    source: String,
    /// How many joined.
    joined: i64,
    /// How many of them confirmed.
    confirmed: i64,
}

/// The totals.
///
/// # Errors
/// When the key is refused, or the database is unavailable.
#[utoipa::path(
    get, path = "/api/totals", operation_id = "read_totals", tag = "waitlist",
    responses(
        (status = 200, description = "The totals", body = TotalsBody),
        (status = 401, description = "No key that works", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn show(_: Reader, app: Data<App>, http: HttpRequest) -> web::Result {
    let read = app.db.read(|conn| Ok((Totals::all(conn)?, totals::by_source(conn, SOURCES)?)));
    let (totals, sources) = read.await?;
    let of = |role| State::ALL.map(|state| (state.as_str(), totals.of(Some(role), &[state]))).into_iter().collect();
    let body = TotalsBody {
        listed: totals.listed(None),
        employees: of(Role::Employee),
        organizations: of(Role::Organization),
        sources: sources.into_iter().map(SourceBody::from).collect(),
    };
    Answer::json(&body)?.send(&http)
}

impl From<SourceTotal> for SourceBody {
    fn from(SourceTotal { source, joined, confirmed }: SourceTotal) -> Self {
        Self { source, joined, confirmed }
    }
}
