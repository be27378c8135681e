//! The order of the rooms inside `accounts` and inside `waitlist`.

use super::graph::Graph;
use super::{Source, forbid_all};

/// The floors of each big room, lowest first. Rooms on one floor never import each other.
const FLOORS: [(&str, &[&[&str]]); 2] = [
    (
        "accounts",
        &[
            &["user"],
            &["one_time_code"],
            &["session"],
            &["recovery"],
            &["provider"],
            &["sign_up", "email_change", "second_factor", "profile", "own_data", "organization"],
            &["directory"],
        ],
    ),
    ("waitlist", &[&["joining"], &["place", "review", "importing", "waves"], &["overview", "api"]]),
];

/// A room inside a room, as `accounts` and `session`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room<'a> {
    pub outer: &'a str,
    /// `mod` for what lies in no room.
    pub inner: &'a str,
}

impl<'a> Room<'a> {
    /// Of a source, an SQL file or a template in one of the big rooms.
    pub fn of(path: &'a str) -> Option<Self> {
        let mut parts = path.split('/').skip(1);
        let (outer, inner) = (parts.next()?, parts.next()?);
        let is_big = FLOORS.iter().any(|(big, _)| *big == outer);
        is_big.then(|| Self { outer, inner: inner.split('.').next().unwrap_or(inner) })
    }

    /// Counted from the lowest; nothing for a room without a place.
    pub fn floor(self) -> Option<usize> {
        let (_, floors) = FLOORS.iter().find(|(outer, _)| *outer == self.outer)?;
        floors.iter().position(|rooms| rooms.contains(&self.inner))
    }

    /// Whether it stands on the other, or is the other.
    pub fn stands_on(self, other: Self) -> bool {
        self.outer != other.outer
            || self.inner == other.inner
            || other.floor().is_some() && other.floor() < self.floor()
    }
}

const RULE: &str = "accounts: user < one_time_code < session < recovery < provider < sign_up, email_change, second_factor, \
                    profile, own_data, organization < directory; waitlist: joining < place, review, importing, waves \
                    < overview, api";

#[test]
fn every_room_inside_a_room_has_its_floor() {
    let sources =
        [Source::application(), Source::all("src", &["sql"]), Source::all("templates", &["html", "txt", "svg"])];
    let homeless = sources
        .iter()
        .flatten()
        .map(|source| source.path.as_str())
        .filter(|path| Room::of(path).is_some_and(|room| room.floor().is_none() && !path.ends_with("/mod.rs")));
    forbid_all("a new room inside a room gets its place in the order", homeless.map(str::to_owned));
}

#[test]
fn a_room_inside_a_room_imports_only_from_lower_floors() {
    let graph = Graph::of_sources();
    let broken = graph.arrows().filter(|arrow| {
        let rooms = Room::of(&arrow.from.path).zip(Room::of(&arrow.to.path));
        rooms.is_some_and(|(from, to)| from.inner != "mod" && !from.stands_on(to))
    });
    forbid_all(RULE, broken.map(|arrow| format!("{}:{} names {}", arrow.from.path, arrow.line, arrow.to.path)));
}

/// What a line of a template names: `accounts/user` for `crate::accounts::user::…` and for `"accounts/user/_back.html"`.
fn named(line: &str) -> Vec<Room<'_>> {
    let paths = line.split("crate::").skip(1).map(|rest| rest.split("::").collect::<Vec<_>>());
    let quoted = line.split('"').skip(1).step_by(2).map(|text| text.split('/').collect::<Vec<_>>());
    let is_name = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let rooms =
        paths.chain(quoted).filter(|parts| parts.len() > 2).map(|parts| Room { outer: parts[0], inner: parts[1] });
    rooms.filter(|room| is_name(room.inner) && FLOORS.iter().any(|(outer, _)| *outer == room.outer)).collect()
}

#[test]
fn a_template_names_only_what_its_room_inside_a_room_may_import() {
    let templates = Source::all("templates", &["html", "txt", "svg"]);
    let broken = templates.iter().flat_map(|template| {
        let may = |named: Room<'_>| {
            Room::of(&template.path).is_some_and(|own| own.outer == named.outer && own.stands_on(named))
        };
        let lines = template.numbered().filter(move |(_, line)| named(line).into_iter().any(|room| !may(room)));
        lines.map(|(number, line)| format!("{}:{number}: {}", template.path, line.trim()))
    });
    forbid_all(RULE, broken);
}

#[test]
fn the_order_of_rooms_is_read_as_it_is_written() {
    let room = |path| Room::of(path).unwrap();
    let (session, recovery) = (room("src/accounts/session/log_in.rs"), room("src/accounts/recovery/reset_link.sql"));
    assert!(recovery.stands_on(session) && session.stands_on(session) && !session.stands_on(recovery));
    let (place, waves) = (room("templates/waitlist/place/place.html"), room("src/waitlist/waves/mod.rs"));
    assert!(!place.stands_on(waves) && !waves.stands_on(place));
    assert_eq!(room("src/accounts/new_room/page.rs").floor(), None);
    assert_eq!(Room::of("src/mail/link.rs"), None);
    let line = "{% include \"waitlist/place/_place_held.html\" %}{{ crate::accounts::user::state::of(x) }}";
    let rooms: Vec<_> = named(line).iter().map(|room| room.inner).collect();
    assert_eq!(rooms, ["user", "place"]);
}
