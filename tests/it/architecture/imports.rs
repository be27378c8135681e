//! Who may import whom, and who alone does what.

use super::{Source, forbid, forbid_all, names};

/// The floors of the house, lowest first: a room imports from itself and from lower floors.
const FLOORS: [&[&str]; 14] = [
    &["values"],
    &["config"],
    &["schema"],
    &["db"],
    &["web"],
    &["audit"],
    &["mail"],
    &["webhook"],
    &["api_key"],
    &["accounts", "waitlist"],
    &["search"],
    &["server"],
    &["cli"],
    &["lib", "main"],
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms that a line names as `crate::room`, or `biovity::room` in `main.rs`.
fn imported(line: &str) -> impl Iterator<Item = &str> {
    let roots = ["crate::", "biovity::"].into_iter().flat_map(|root| line.match_indices(root));
    roots.filter_map(|(at, root)| line.get(at + root.len()..)?.split(|c: char| !c.is_alphanumeric() && c != '_').next())
}

fn may_import(source: &Source, room: &str) -> bool {
    room == source.room() || floor(room).is_none() || floor(room) < floor(source.room())
}

#[test]
fn every_room_has_its_floor() {
    let homeless = Source::application().into_iter().filter(|source| floor(source.room()).is_none());
    forbid_all("a new room gets its place in the order of imports", homeless.map(|source| source.path));
}

#[test]
fn a_room_imports_only_from_lower_floors() {
    let rule = "values < config < schema < db < web < audit < mail < webhook < api_key < accounts, waitlist < server < cli < \
         main";
    forbid(rule, &Source::application(), |source, line| imported(line).any(|room| !may_import(source, room)));
}

#[test]
fn a_template_names_only_what_its_room_may_import() {
    let templates = Source::all("templates", &["html", "txt", "svg"]);
    forbid("a template imports as its room does", &templates, |template, line| {
        imported(line).any(|room| !may_import(template, room))
    });
}

#[test]
fn an_import_says_its_whole_path() {
    let rule = "one `use crate::room::…` for each room, so that a reader and this test see who imports whom";
    forbid(rule, &Source::application(), |source, line| {
        line.contains("crate::{") || line.contains("super::super::super") || is_way_out(source, line)
    });
}

/// `super::super` in a file directly below a room leads out of the room.
fn is_way_out(source: &Source, line: &str) -> bool {
    source.path.matches('/').count() == 2 && source.stem() != "mod" && line.contains("super::super")
}

#[test]
fn a_file_of_a_feature_holds_sql_or_pages_never_both() {
    let features = Source::application().into_iter().filter(|source| ["accounts", "waitlist"].contains(&source.room()));
    let both = features.filter(|source| {
        let is_noun = source.names("diesel::") || source.names("crate::schema");
        is_noun && (source.names("actix_web::") || source.names("askama::"))
    });
    forbid_all("nouns hold state and SQL, verbs and letters hold pages", both.map(|source| source.path));
}

#[test]
fn letters_and_words_know_neither_the_database_nor_the_server() {
    let mut sources = Source::application();
    sources.retain(|source| matches!(source.stem(), "letters" | "words") && source.room() != "web");
    forbid("letters and words are texts", &sources, |_, line| {
        ["diesel::", "crate::schema", "actix_web::"].iter().any(|path| names(line, path))
    });
}

/// Fails where one of `words` stands outside the files that `is_home` knows.
fn only_at_home(rule: &str, words: &[&str], is_home: impl Fn(&str) -> bool) {
    forbid(rule, &Source::application(), |source, line| {
        !is_home(&source.path) && words.iter().any(|word| names(line, word))
    });
}

#[test]
fn only_the_configuration_reads_the_environment() {
    let words = ["env::var", "env::vars", "var_os", "vars_os", "set_var", "remove_var"];
    only_at_home("only `config` reads the environment", &words, |path| path == "src/config/environment.rs");
}

#[test]
fn only_the_clock_asks_the_time() {
    let rule = "only `values/clock.rs` asks the time: take `now` as a parameter";
    only_at_home(rule, &["Utc::now", "Local::now", "SystemTime::now"], |path| path == "src/values/clock.rs");
    only_at_home(rule, &["Instant::now"], |path| path == "src/values/clock.rs" || path.starts_with("src/db/embedded/"));
}

#[test]
fn only_the_relay_speaks_smtp() {
    let words = ["lettre::transport", "SmtpTransport", "AsyncSmtpTransport", "AsyncTransport", "AsyncSmtpConnection"];
    only_at_home("only `mail/delivery/relay` speaks SMTP", &words, |path| path.starts_with("src/mail/delivery/relay"));
}

#[test]
fn only_the_gate_touches_the_pool_and_blocking_threads() {
    let words = ["r2d2", "spawn_blocking", "web::block"];
    only_at_home("only `db` touches the pool and hands work to blocking threads", &words, |path| {
        path.starts_with("src/db/")
    });
}
