//! Who may do what: every method of every address, asked for by each kind of visitor, against a committed table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use crate::support::addresses::{self, Route};

mod brought;
pub mod world;

use world::{ROLES, World};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access.txt");
const COMMAND: &str = "UPDATE_TABLES=1 cargo test --test it access";

const HEAD: &str = "\
# Who may do what: every method of every address, asked for by each kind of visitor.
# Made by:  UPDATE_TABLES=1 cargo test --test it access
#
# A cell is the status and, for a redirect, where it leads; `next=…` leads back to the address itself, or to
# the page of its form; `ended=yes` says there that nothing was saved. POST sends a form that nobody filled in, from the
# site's own page. {id} is something that exists. HEAD is answered like GET.
#
# half: an employee who has given the password, and not yet the code. member: an employee whom the organization manages.
# inactive: signed in, then deactivated by an admin. late: an admin whose password was asked for 61 minutes ago.
#
# A provider is configured. To the addresses where it leads, each visitor brings what it has given: the way back of what
# that visitor began, somebody new who finishes signing up, and an account there that waits for its owner.
";

/// Answers of a route to each role.
type Row = Vec<String>;

#[tokio::test]
async fn every_route_answers_each_kind_of_visitor_as_the_table_says() {
    let rows = rows().await;
    for (route, row) in rows.iter().filter(|(route, _)| is_admins(&route.pattern)) {
        refuses_all_but_admins(route, row);
    }
    let half_way = rows.iter().filter(|(_, row)| row[at("half")] != row[at("guest")]);
    let half_way: Vec<_> = half_way.map(|(route, _)| route.pattern.as_str()).collect();
    assert_eq!(half_way, ["/login/code", "/login/code"], "before the code a visitor is a guest");
    let table = written(&rows);
    if is_update() {
        fs::write(TABLE, table).unwrap();
        return;
    }
    let committed = fs::read_to_string(TABLE).unwrap_or_default();
    let differences = differences(&committed, &table);
    assert!(
        differences.is_empty() && committed == table,
        "tests/it/access.txt is not what the site answers. If it is what you want, run `{COMMAND}`, and have the \
         difference reviewed:\n  {}",
        differences.join("\n  ")
    );
}

/// Asks for everything: first what changes nothing, last what ends a session or a membership.
async fn rows() -> Vec<(Route, Row)> {
    let world = World::new().await;
    let routes = addresses::routes();
    let mut answers = BTreeMap::new();
    let mut order: Vec<_> = routes.iter().collect();
    order.sort_by_key(|route| (world::comes_last(&route.pattern), route.method));
    for route in order {
        for role in ROLES {
            answers.insert((&route.pattern, route.method, role), world.answer(role, route).await);
        }
    }
    let row = |route: &Route| ROLES.map(|role| answers[&(&route.pattern, route.method, role)].clone()).to_vec();
    routes.iter().map(|route| (route.clone(), row(route))).collect()
}

/// The place of a role in a row.
fn at(role: &str) -> usize {
    ROLES.iter().position(|known| *known == role).unwrap()
}

fn is_admins(pattern: &str) -> bool {
    pattern == "/admin" || pattern.starts_with("/admin/") || pattern.starts_with("/admin.")
}

#[track_caller]
fn refuses_all_but_admins(route: &Route, row: &Row) {
    for (role, answer) in ROLES.iter().zip(row) {
        let is_refused = match *role {
            "guest" | "half" | "inactive" => answer.starts_with("303 /login"),
            "employee" | "organization" | "member" => answer == "404",
            _ => true,
        };
        assert!(is_refused, "{} {} answers {role}: {answer}", route.method, route.pattern);
    }
}

/// The table as its file holds it, in columns.
fn written(rows: &[(Route, Row)]) -> String {
    let heading = ["", "address"].into_iter().chain(ROLES).map(str::to_owned).collect();
    let lines =
        rows.iter().map(|(route, row)| [vec![route.method.to_owned(), route.pattern.clone()], row.clone()].concat());
    let lines: Vec<Vec<String>> = [heading].into_iter().chain(lines).collect();
    let widths: Vec<_> = (0..lines[0].len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default())
        .collect();
    let mut table = format!("{HEAD}\n");
    for line in lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        writeln!(table, "{}", cells.collect::<Vec<_>>().join("  ").trim_end()).unwrap();
    }
    table
}

/// What was committed and what is answered, route by route.
fn differences(committed: &str, table: &str) -> Vec<String> {
    let (committed, answered) = (by_route(committed), by_route(table));
    let routes: BTreeSet<_> = committed.keys().chain(answered.keys()).collect();
    let difference = |route: &&(&str, &str)| match (committed.get(*route), answered.get(*route)) {
        (None, Some(row)) => Some(format!("{} {} has no row yet: {row}", route.0, route.1)),
        (Some(_), None) => Some(format!("{} {} has a row, and no route", route.0, route.1)),
        (Some(before), Some(now)) if before != now => {
            Some(format!("{} {}\n    table: {before}\n    site:  {now}", route.0, route.1))
        }
        _ => None,
    };
    routes.iter().filter_map(difference).collect()
}

/// The cells of each row, by its method and address.
fn by_route(table: &str) -> BTreeMap<(&str, &str), String> {
    let rows = table.lines().filter(|line| !line.starts_with('#') && !line.trim_start().starts_with("address"));
    let cells = rows.map(|row| row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>());
    cells.filter_map(|cells| Some(((*cells.first()?, *cells.get(1)?), cells.get(2..)?.join(" · ")))).collect()
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says so")]
fn is_update() -> bool {
    std::env::var_os("UPDATE_TABLES").is_some()
}

#[test]
fn a_missing_row_and_a_row_without_a_route_are_told() {
    let row = |method, pattern: &str, answer: &str| {
        (Route { method, pattern: pattern.to_owned() }, vec![answer.to_owned(); ROLES.len()])
    };
    let committed =
        written(&[row("GET", "/", "200"), row("GET", "/old", "303 /login?next=…"), row("POST", "/", "404")]);
    let answered = written(&[row("GET", "/", "200"), row("GET", "/new", "404"), row("POST", "/", "422")]);
    let found = differences(&committed, &answered);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with("GET /new has no row yet: 404 · 404"), "{found:?}");
    assert_eq!(found[1], "GET /old has a row, and no route");
    assert!(found[2].contains("table: 404 · ") && found[2].contains("site:  422 · "), "{found:?}");
}

#[test]
fn routes_are_read_as_they_are_registered() {
    let paths = "pub const HOME: &str = \"/\";\npub const USER: &str = \"/admin/{id}\";\n\
                 pub const ADMIN: &str = \"/admin\";\npub const NEW: &str = \"/new\";";
    let source = "fn all() { let sign_up = |path| form(path, a, b);\n routes.service(page(paths::HOME, c))\n\
                  .service(sign_up(paths::NEW)).service(scope(paths::ADMIN).service(act(\n below(paths::USER), d))\n\
                  .service(page(\"\", e))) }";
    let routes = addresses::routes_in(source, &addresses::constants("", paths));
    let routes: Vec<_> = routes.into_iter().map(|route| format!("{} {}", route.method, route.pattern)).collect();
    assert_eq!(routes, ["GET /", "GET /new", "POST /new", "POST /admin/{id}", "GET /admin"]);
}
