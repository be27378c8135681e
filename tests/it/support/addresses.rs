//! Every address of the site, read from the sources, so that a new one is met by the tests that walk them all.

use std::fs;

/// An address and where it stands in the sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `waitlist::JOIN`, as the routes name it.
    pub name: String,
    /// `/waitlist`, with something in the place of a parameter.
    pub path: String,
}

/// Every address that `src/server/routes.rs` registers.
pub fn all() -> Vec<Address> {
    let routes = source("src/server/routes.rs");
    let room = |name| constants(&format!("{name}::"), &source(&format!("src/web/paths/{name}.rs")));
    let rooms = ["accounts", "audit", "mail", "waitlist"].map(room).concat();
    let known = [constants("", &source("src/web/paths/site.rs")), rooms].concat();
    let uses = routes.split("paths::").skip(1).map(|rest| {
        rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next().unwrap_or_default().to_owned()
    });
    let mut names: Vec<_> = uses.filter(|name| name.ends_with(char::is_uppercase)).collect();
    names.sort();
    names.dedup();
    let address = |name: String| {
        let found = known.iter().find(|address| address.name == name);
        found.cloned().unwrap_or_else(|| panic!("{name} is not among the paths"))
    };
    let addresses: Vec<_> = names.into_iter().map(address).collect();
    assert!(addresses.len() > 20, "the routes could not be read: {addresses:?}");
    addresses
}

/// Those below `/admin`.
pub fn of_admins() -> Vec<Address> {
    let addresses: Vec<_> = all().into_iter().filter(|address| address.path.starts_with("/admin")).collect();
    assert!(addresses.len() > 1, "the admin's routes could not be read");
    addresses
}

fn source(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The constants of a file, with the name of its module before theirs.
fn constants(module: &str, source: &str) -> Vec<Address> {
    let lines = source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str = \""));
    lines
        .map(|(name, value)| {
            let path =
                value.trim_end_matches("\";").split('/').map(|part| if part.starts_with('{') { "x" } else { part });
            Address { name: format!("{module}{name}"), path: path.collect::<Vec<_>>().join("/") }
        })
        .collect()
}
