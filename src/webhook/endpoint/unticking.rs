//! What an endpoint is told no more, and what becomes of what waits of it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use serde_json::Value;

use super::{Choice, Endpoint, names};
use crate::schema::webhook;

/// The name by which the address is unticked, as the deliveries have it.
const ADDRESS: &str = "email";

impl Endpoint {
    /// Has it told this from now on. What was written with the address before is sent without it, once that is no longer
    /// ticked: the worker looks before each call. What is unticked is forgotten by
    /// [sweeps](crate::webhook::past_delivery::unticked::sweep), within a minute: there may be any number of deliveries. It is
    /// forgotten for good, also where it is ticked again before all of it is: else a part would be told.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn choose(&self, conn: &mut PgConnection, choice: &Choice) -> QueryResult<()> {
        let chosen = (webhook::events.eq(names(&choice.events)), webhook::with_address.eq(choice.with_address));
        diesel::update(webhook::table.find(self.id.as_str())).set(chosen).execute(conn)?;
        let before = self.choice();
        if before.holds_more_than(choice) {
            let mut unticked = names(&before.events);
            unticked.retain(|name| !names(&choice.events).contains(name));
            unticked.extend((before.with_address && !choice.with_address).then_some(ADDRESS));
            let forget = diesel::sql_query(include_str!("unticking/forget.sql")).bind::<Text, _>(self.id.as_str());
            forget.bind::<Array<Text>, _>(unticked).execute(conn)?;
        }
        Ok(())
    }

    /// Up to which delivery what was unticked is still forgotten, by its name: as the database reads it.
    #[must_use]
    pub const fn unticked(&self) -> &Value {
        &self.unticked
    }

    /// Whether it is told a delivery of this event with this number: the event is ticked, and was when that was written.
    #[must_use]
    pub fn is_told(&self, event: &str, number: i64) -> bool {
        let is_ticked = self.choice().events.iter().any(|ticked| ticked.as_str() == event);
        is_ticked && self.unticked[event].as_i64().is_none_or(|last| last < number)
    }
}
