//! Whose events the log is searched for: what somebody did, and what was done to their account or their place.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::audit::account_history::former_owners;
use crate::values::email_address::EmailAddress;
use crate::values::search_term::escape_like;

/// Admins that a part of an address finds at most.
const MOST_ACTORS: i64 = 20;
/// Longest part of an address that is searched for, in characters; no address is longer.
const LONGEST_WHO: usize = 254;

/// The account with this address, and the admins whose address has this in it. Part of an address is looked for among
/// admins alone: there are few of them, and no index would find others within milliseconds whatever is typed.
const ACTORS: &str = include_str!("actors.sql");
/// The places with this address.
const PLACES: &str = include_str!("places.sql");

/// One way in which events are somebody's.
#[derive(Clone, Debug)]
pub(super) struct Whose {
    /// The id of the account or the place.
    pub(super) id: String,
    way: Way,
}

/// Each way has an index of its own, and is read by a query of its own.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// The account did it.
    Actor,
    /// It was done to the account.
    Account,
    /// It was done to the place.
    Place,
    /// It was done to the place and to others at once.
    PlaceAmongMany,
}

#[derive(QueryableByName)]
struct ActorRow {
    #[diesel(sql_type = Text)]
    id: String,
    /// Whether what was typed is its whole address.
    #[diesel(sql_type = Bool)]
    is_whole: bool,
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = Text)]
    id: String,
}

impl Whose {
    /// Those that are looked for; nothing when it is everybody's.
    ///
    /// # Errors
    /// When a statement fails.
    pub(super) fn find(conn: &mut PgConnection, who: &str) -> QueryResult<Option<Vec<Self>>> {
        let who: String = who.trim().chars().filter(|c| !c.is_control()).take(LONGEST_WHO).collect();
        if who.is_empty() {
            return Ok(None);
        }
        let pattern = format!("%{}%", escape_like(&who));
        let statement = diesel::sql_query(ACTORS).bind::<Text, _>(&who).bind::<Text, _>(pattern);
        let actors: Vec<ActorRow> = statement.bind::<BigInt, _>(MOST_ACTORS).load(conn)?;
        let places: Vec<PlaceRow> = diesel::sql_query(PLACES).bind::<Text, _>(&who).load(conn)?;
        let whose = |id: String, ways: &[Way]| -> Vec<_> {
            ways.iter().map(|way| Self { id: id.clone(), way: *way }).collect()
        };
        let of_actor =
            |ActorRow { id, is_whole }| whose(id, if is_whole { &[Way::Actor, Way::Account] } else { &[Way::Actor] });
        let of_place = |PlaceRow { id }| whose(id, &[Way::Place, Way::PlaceAmongMany]);
        let former = former(conn, &who, &actors)?;
        let actors = actors.into_iter().chain(former).flat_map(of_actor);
        Ok(Some(actors.chain(places.into_iter().flat_map(of_place)).collect()))
    }

    /// SQL for whether an event is theirs. `id` is SQL too: the parameter that holds the id as text.
    pub(super) fn condition(&self, id: &str) -> String {
        match self.way {
            Way::Actor => format!("actor_id = {id}"),
            Way::Account => format!("user_id = {id}"),
            Way::Place => format!("entry_id = ({id})::bigint"),
            Way::PlaceAmongMany => {
                let events = format!("SELECT event_id FROM audit_event_entry WHERE entry_id = ({id})::bigint");
                format!("id = ANY (ARRAY({events}))")
            }
        }
    }
}

/// The accounts that had this address before, if it is a whole one, but for those that were found.
fn former(conn: &mut PgConnection, who: &str, found: &[ActorRow]) -> QueryResult<Vec<ActorRow>> {
    let Ok(address) = EmailAddress::parse(who) else { return Ok(Vec::new()) };
    let owners = former_owners(conn, address.as_str())?.into_iter().map(|id| id.to_string());
    let others = owners.filter(|id| found.iter().all(|actor| actor.id != *id));
    Ok(others.map(|id| ActorRow { id, is_whole: true }).collect())
}
