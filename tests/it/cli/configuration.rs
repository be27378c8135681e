//! What the binary says of itself and of a wrong environment.

use std::process::Command;

use biovity::config::VARIABLES;

use super::Process;

const SERVER_UNIT: &str = include_str!("../../../deploy/systemd/biovity.service");
const WORKER_UNIT: &str = include_str!("../../../deploy/systemd/biovity-work.service");

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn it_knows_its_version_whatever_the_environment() {
    for arguments in [&["version"][..], &["--version"]] {
        let told = Process::start(arguments, &variables(&[("LISTEN", "nonsense")]), "").ended().await.succeeded();
        assert_eq!(told.out, format!("biovity {}\n", env!("CARGO_PKG_VERSION")));
    }
}

#[tokio::test]
async fn its_help_names_every_command_and_every_variable_with_its_default() {
    let help = Process::start(&["--help"], &[], "").ended().await.succeeded().out;
    for command in ["serve", "work", "migrate", "admin", "backup", "check", "version"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} is not in:\n{help}");
    }
    for variable in VARIABLES {
        assert!(help.contains(&format!("\n  {}\n", variable.name)), "{} is not in:\n{help}", variable.name);
        assert!(help.contains(&format!("[default: {}]", variable.default)), "{}", variable.name);
    }
}

#[tokio::test]
async fn its_manual_and_the_completions_of_a_shell_name_its_commands_whatever_the_environment() {
    for arguments in [&["man"][..], &["completions", "bash"], &["completions", "zsh"], &["completions", "fish"]] {
        let told = Process::start(arguments, &variables(&[("LISTEN", "nonsense")]), "").ended().await.succeeded();
        for command in ["serve", "migrate", "backup", "waitlist"] {
            assert!(told.out.contains(command), "{command} is not in {arguments:?}");
        }
    }
}

#[test]
fn completions_whose_reader_has_gone_away_end_without_a_panic() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_biovity"));
    let ended = command.args(["completions", "bash"]).stdout(writer).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.code() == Some(1) && !told.contains("panicked"), "{ended:?}");
}

/// The lines of a unit that confine it.
fn confinement(unit: &str) -> Vec<&str> {
    let (_, lines) = unit.split_once("\nCapabilityBoundingSet=\n").unwrap();
    lines.lines().take_while(|line| !line.starts_with('[')).collect()
}

#[test]
fn the_unit_of_a_worker_is_confined_as_that_of_the_server() {
    let lines = confinement(SERVER_UNIT);
    assert!(lines.len() > 15 && lines == confinement(WORKER_UNIT), "{lines:?}");
}

#[test]
fn the_files_of_a_deployment_set_variables_that_there_are() {
    let files = [
        SERVER_UNIT,
        WORKER_UNIT,
        include_str!("../../../deploy/systemd/biovity.socket"),
        include_str!("../../../deploy/container/Containerfile"),
        include_str!("../../../deploy/proxy/nginx.conf"),
        include_str!("../../../deploy/proxy/haproxy.cfg"),
        include_str!("../../../deploy/cluster/pgbouncer.ini"),
        include_str!("../../../docs/operating.md"),
    ];
    let is_outside = |c: char| !(c.is_ascii_uppercase() || c == '_' || c == '=');
    let set: Vec<_> =
        files.iter().flat_map(|file| file.split(is_outside)).filter_map(|word| word.split_once('=')).collect();
    let set: Vec<_> = set.into_iter().map(|(name, _)| name).filter(|name| name.contains('_')).collect();
    assert!(set.contains(&"DATABASE_URL") && set.contains(&"BASE_URL"), "{set:?}");
    // Read by the C library.
    let known = |name: &&str| *name == "MALLOC_ARENA_MAX" || VARIABLES.iter().any(|variable| variable.name == *name);
    let unknown: Vec<_> = set.into_iter().filter(|name| !known(name)).collect();
    assert_eq!(unknown, Vec::<&str>::new());
}

#[tokio::test]
async fn every_problem_of_the_environment_is_told_at_once_and_no_secret() {
    let wrong = variables(&[
        ("LISTEN", "localhost"),
        ("BASE_URL", "https://biovity.cl/app?hunter2"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x"),
        ("SECRET_KEY", "hunter2"),
        ("SMTP_URL", "http://user:hunter2@relay"),
        ("RATE_LIMITS", "maybe"),
        ("LOG_FORMAT", "xml"),
        ("CLIENT_IP_HEADER", "x-real-ip"),
    ]);
    for command in ["serve", "work", "migrate", "check"] {
        let refused = Process::start(&[command], &wrong, "").ended().await.failed();
        let unnamed: Vec<_> = wrong.iter().filter(|(name, _)| !refused.err.contains(name.as_str())).collect();
        assert!(unnamed.is_empty(), "{unnamed:?} is not in {}", refused.err);
        assert!(!refused.err.contains("hunter2") && refused.err.contains("--help"), "{}", refused.err);
    }
}

#[tokio::test]
async fn a_wrong_value_is_shown_with_what_is_expected_and_an_example() {
    let wrong = variables(&[("LISTEN", "localhost"), ("RATE_LIMITS", "maybe")]);
    let told = Process::start(&["check"], &wrong, "").ended().await.failed().err;
    for part in
        ["LISTEN is \"localhost\", which is not valid", "expected: Address and port", "example:  127.0.0.1:8080"]
    {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
    assert!(told.contains("RATE_LIMITS is \"maybe\"") && told.contains("example:  on or off"), "{told}");
}

#[tokio::test]
async fn its_help_says_what_commands_do_in_common_words_with_examples() {
    let help = |arguments: &'static [&str]| async { Process::start(arguments, &[], "").ended().await.succeeded().out };
    let all = help(&["--help"]).await;
    for words in [
        "Grant or revoke admin access",
        "Import and export the waitlist",
        "Send the queued email, webhooks, waves and imports",
    ] {
        assert!(all.contains(words), "{words} is not in:\n{all}");
    }
    for arguments in [&["--help"][..], &["admin", "--help"], &["waitlist", "--help"], &["mail", "--help"]] {
        assert!(help(arguments).await.contains("Examples:\n  biovity "), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_wrong_sender_hides_no_other_problem() {
    let wrong = variables(&[("MAIL_FROM", "hunter2@"), ("SECRET_KEY", "hunter2")]);
    let refused = Process::start(&["check"], &wrong, "").ended().await.failed();
    assert!(refused.err.contains("MAIL_FROM") && refused.err.contains("SECRET_KEY"), "{}", refused.err);
}

#[tokio::test]
async fn a_mail_user_without_a_password_is_told() {
    let refused =
        Process::start(&["check"], &variables(&[("SMTP_URL", "smtp://ana@relay")]), "").ended().await.failed();
    assert!(refused.err.contains("SMTP_URL names a user without a password"), "{}", refused.err);
}

#[tokio::test]
async fn production_asks_for_everything_it_needs() {
    let refused =
        Process::start(&["serve"], &variables(&[("BASE_URL", "https://biovity.cl")]), "").ended().await.failed();
    for name in ["DATABASE_URL", "SECRET_KEY", "SMTP_URL", "MAIL_FROM"] {
        assert!(refused.err.contains(&format!("{name} is required")), "{}", refused.err);
    }
    assert!(refused.err.contains("example:  smtps://user:password@host:465"), "{}", refused.err);
}

#[tokio::test]
async fn an_unknown_command_is_refused() {
    assert_eq!(Process::start(&["dance"], &[], "").ended().await.code, Some(2));
}
