//! Inviting a wave, or showing whom it would invite.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::moment::Moment;
use crate::api_key::bearer::WriterOf;
use crate::waitlist::joining::role::Role;
use crate::waitlist::waves::candidate::shown_people::ShownPeople;
use crate::waitlist::waves::forecast::{Forecast, RoleForecast};
use crate::waitlist::waves::new_wave::NewWave;
use crate::waitlist::waves::wave::Wave;
use crate::waitlist::waves::wave_size::{MOST, WaveSize};
use crate::web::submission::sent_form;
use crate::web::{self, Answer, FieldErrors, Problem, Request};

/// A wave: how many of each role, the oldest confirmed first.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWave)]
pub struct WaveRequest {
    /// People who look for work.
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 0, maximum = 10000)]
    employees: i64,
    /// Companies and institutions.
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 0, maximum = 10000)]
    organizations: i64,
    /// Only shows whom the wave would invite.
    #[serde(default)]
    rehearse: bool,
    /// `people` of a rehearsal: the wave takes exactly those. The numbers may be left out then; others than the rehearsal's
    /// are refused.
    #[serde(default)]
    people: Option<String>,
}

/// Whom a wave would invite.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rehearsal)]
pub struct RehearsalBody {
    /// People who look for work.
    employees: RoleBody,
    /// Companies and institutions.
    organizations: RoleBody,
    /// When the last invitation would have been sent.
    #[schema(value_type = String, format = DateTime)]
    done_at: Moment,
    /// All of them, to be sent with the request that starts the wave.
    people: String,
}

/// Whom a wave would invite of a role.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RehearsedRole)]
pub struct RoleBody {
    /// How many could be invited.
    available: i64,
    /// How many would be.
    invited: i64,
    /// The addresses of the first ten.
    first: Vec<String>,
    /// The address of the last, when it is none of those.
    last: Option<String>,
}

/// A wave that was started.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Wave)]
pub struct WaveBody {
    /// Its id.
    id: i64,
    /// How many it invites.
    invited: i64,
}

/// Starts the wave, or rehearses it.
///
/// # Errors
/// When the key is refused, or the database is unavailable.
#[utoipa::path(
    post, path = "/api/waves", operation_id = "start_wave", tag = "waves",
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, description = "Equal requests of one method to one address with this key take effect once within a day; one that asks for something else is refused (422)")),
    request_body = WaveRequest,
    responses(
        (status = 200, description = "Whom it would invite", body = RehearsalBody),
        (status = 201, description = "The wave is started", body = WaveBody),
        (status = 400, description = "The body cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No key that works", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key may only read", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Fewer wait, or the rehearsed people changed", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A member cannot be taken, or the Idempotency-Key was used for another wave", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(sent: WriterOf<WaveRequest>, context: Request, http: HttpRequest) -> web::Result {
    let (key, asked) = match sent {
        WriterOf { key, body: Ok(asked) } => (key, asked),
        WriterOf { body: Err(wrong), .. } => return Ok(Problem::in_members(wrong).response()),
    };
    let submission = sent_form::understand(&http, serde_json::to_string(&asked)?);
    let (size, shown) = match asked.parse() {
        Ok(read) => read,
        Err(errors) => return Ok(Problem::invalid(&errors).response()),
    };
    let Request { app, client, .. } = context;
    let now = app.clock.now();
    if asked.rehearse {
        // A rehearsal changes nothing, so it is never kept: what is there under its key is another request's.
        let rehearsed =
            app.db.read(move |conn| Ok((submission.find_answer(conn)?, Forecast::of(conn, now, size)?))).await?;
        return match rehearsed {
            (None, forecast) => Answer::json(&RehearsalBody::from(forecast))?.send(&http),
            (Some(_), _) => Ok(Problem::key_reused().response()),
        };
    }
    let wave = NewWave { size, shown, actor: key.actor(&client) };
    let written = app.db.write(move |conn| {
        let Some(id) = wave.start(conn, now)? else { return Ok(None) };
        let invited = Wave::find(conn, id)?.map_or(0, |wave| wave.total().chosen());
        let answered = Answer::json(&WaveBody { id: id.as_i64(), invited });
        // About nothing that an admin could change later, such as by a pause: the key would then start another wave.
        let answered = answered.map(|answer| answer.with_status(StatusCode::CREATED));
        if let Ok(answer) = &answered {
            submission.record(conn, answer)?;
        }
        Ok(Some(answered))
    });
    match written.await? {
        Some(answer) => answer?.send(&http),
        None => {
            Ok(Problem::new(StatusCode::CONFLICT, "Fewer wait than that, or not the people who were shown.").response())
        }
    }
}

impl WaveRequest {
    /// How many, and whom the rehearsal showed.
    fn parse(&self) -> Result<(WaveSize, Option<ShownPeople>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let shown =
            self.people.as_deref().map(|people| ShownPeople::parse(people).ok_or("These are no rehearsed people."));
        let shown = shown.and_then(|shown| errors.take("people", shown));
        for (field, number) in [("employees", self.employees), ("organizations", self.organizations)] {
            if !(0..=MOST).contains(&number) {
                errors.add(field, "A number from 0 to 10000.");
            }
        }
        let size = WaveSize { employees: self.employees, organizations: self.organizations };
        if shown.as_ref().is_some_and(|shown| size.total() > 0 && size != shown.size()) {
            errors.add("people", "The rehearsal showed other numbers: send those, or none.");
        }
        if errors.is_empty() && size.total() == 0 && shown.is_none() {
            errors.add("employees", "Nobody is asked for.");
        }
        if errors.is_empty() { Ok((size, shown)) } else { Err(errors) }
    }
}

/// Reads a whole number, however it is written: to JSON Schema, 5.0 is one too.
fn whole<'de, D: Deserializer<'de>>(member: D) -> Result<i64, D::Error> {
    let number = Value::deserialize(member)?;
    let rounded = || number.as_f64().filter(|float| float.fract() == 0.0)?.to_string().parse().ok();
    number.as_i64().or_else(rounded).ok_or_else(|| D::Error::custom("A whole number from 0 to 10000."))
}

impl From<Forecast> for RehearsalBody {
    fn from(forecast: Forecast) -> Self {
        let Forecast { roles, done_at, shown } = forecast;
        let of = |role: Role| {
            let found = roles.iter().find(|forecast| forecast.role == role);
            found.map_or_else(RoleBody::nobody, RoleBody::of)
        };
        Self {
            employees: of(Role::Employee),
            organizations: of(Role::Organization),
            done_at: Moment(done_at),
            people: shown.as_field(),
        }
    }
}

impl RoleBody {
    const fn nobody() -> Self {
        Self { available: 0, invited: 0, first: Vec::new(), last: None }
    }

    fn of(forecast: &RoleForecast) -> Self {
        let RoleForecast { available, invited, first, last, .. } = forecast;
        let first = first.iter().map(|candidate| candidate.email.clone()).collect();
        let last = last.as_ref().map(|candidate| candidate.email.clone());
        Self { available: *available, invited: *invited, first, last }
    }
}
