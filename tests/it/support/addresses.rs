//! Every address of the site, read from the sources, so that a new one is met by the tests that walk them all.

use std::fs;

/// An address and where it stands in the sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `waitlist::JOIN`, as the routes name it.
    pub name: String,
    /// `/waitlist`, with something in the place of a parameter.
    pub path: String,
    /// The same with its parameter: `/admin/users/{id}`.
    pattern: String,
}

/// A method that an address answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub method: &'static str,
    /// `/admin/users/{id}`, as the paths name it.
    pub pattern: String,
}

/// What registers an address in `src/server/routes.rs`, with the methods that it then answers. `GET` answers `HEAD` too.
const REGISTERING: [(&str, &[&str]); 4] =
    [("page", &["GET"]), ("form", &["GET", "POST"]), ("act", &["POST"]), ("record", &["GET", "PATCH", "DELETE"])];

/// Every address that `src/server/routes.rs` registers.
pub fn all() -> Vec<Address> {
    let (routes, known) = (source("src/server/routes.rs"), known());
    let mut names: Vec<_> = routes.split("paths::").skip(1).map(name).collect();
    names.retain(|name| name.ends_with(char::is_uppercase));
    names.sort_unstable();
    names.dedup();
    let addresses: Vec<_> = names.into_iter().map(|name| find(&known, name)).collect();
    assert!(addresses.len() > 20, "the routes could not be read: {addresses:?}");
    addresses
}

/// Every method of every address that `src/server/routes.rs` registers, by address.
pub fn routes() -> Vec<Route> {
    let mut routes = routes_in(&source("src/server/routes.rs"), &known());
    routes.sort_by(|one, other| (&one.pattern, one.method).cmp(&(&other.pattern, other.method)));
    routes
}

/// Those of a source, by what it calls the addresses.
pub fn routes_in(source: &str, known: &[Address]) -> Vec<Route> {
    let packed: String = source.chars().filter(|c| !c.is_whitespace()).collect();
    let registered: Vec<_> = packed.split(".service(").skip(1).filter_map(|call| registered(&packed, call)).collect();
    let calls = packed.matches(".service(scope(").count() + registered.len();
    assert_eq!(
        packed.matches(".service(").count() + packed.matches(".route(").count(),
        calls,
        "a route is registered by something else than `page`, `form`, `act` and `record`, which this table cannot read"
    );
    let scope = packed.split("scope(paths::").nth(1).map(name);
    let routes = registered.into_iter().flat_map(|(methods, address)| {
        let pattern = find(known, if address.is_empty() { scope.unwrap_or_default() } else { address }).pattern;
        methods.iter().map(move |method| Route { method, pattern: pattern.clone() })
    });
    routes.collect()
}

/// The methods that `page(paths::HOME,…` registers, and the name of the address; none for the scope's own address.
fn registered<'a>(packed: &str, call: &'a str) -> Option<(&'static [&'static str], &'a str)> {
    let (register, rest) = call.split_once('(')?;
    // `let sign_up = |path| form(path, …)` registers as `form` does.
    let alias = packed.split_once(&format!("let{register}=|path|")).and_then(|(_, rest)| rest.split('(').next());
    let (_, methods) = REGISTERING.iter().find(|(name, _)| *name == alias.unwrap_or(register))?;
    let rest = rest.strip_prefix("below(").unwrap_or(rest);
    rest.strip_prefix("paths::")
        .map(name)
        .or_else(|| rest.starts_with("\"\",").then_some(""))
        .map(|name| (*methods, name))
}

/// The constant that a text begins with.
fn name(text: &str) -> &str {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next().unwrap_or_default()
}

/// The constants of every file of paths; those of a room with its name before theirs.
fn known() -> Vec<Address> {
    let files = fs::read_dir(format!("{}/src/web/paths", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
    let of_file = |name: String| {
        let room = ["accounts", "api_key", "audit", "mail", "search", "waitlist", "webhook"]
            .into_iter()
            .find(|room| name == format!("{room}.rs"));
        let module = room.map(|room| format!("{room}::")).unwrap_or_default();
        constants(&module, &source(&format!("src/web/paths/{name}")))
    };
    names.flat_map(of_file).collect()
}

fn find(known: &[Address], name: &str) -> Address {
    let found = known.iter().find(|address| address.name == name);
    found.cloned().unwrap_or_else(|| panic!("{name} is not among the paths"))
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
pub fn constants(module: &str, source: &str) -> Vec<Address> {
    let lines = source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str = \""));
    lines
        .map(|(name, value)| {
            let pattern = value.trim_end_matches("\";").to_owned();
            let path = pattern.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            Address { name: format!("{module}{name}"), path, pattern }
        })
        .collect()
}
