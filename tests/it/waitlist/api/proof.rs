//! What a program that reads the description finds out about the API.

use std::process::Command;

use crate::support::TestSite;

const DESCRIPTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
const SETTINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemathesis.toml");
/// Requests that are made up for each address; with those that belong together, some hundreds in all.
const EXAMPLES: &str = "40";

#[tokio::test]
#[ignore = "needs schemathesis (PyPI): make proof"]
#[expect(clippy::disallowed_methods, reason = "a command runs as a visitor's, beside the site")]
async fn schemathesis_finds_nothing_against_the_description() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "write").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, confirmed_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() FROM generate_series(1, 30) n",
    );
    // It leaves files behind where it runs.
    let folder = tempfile::tempdir().unwrap();
    let (url, header) = (site.base_url.clone(), format!("Authorization: Bearer {key}"));
    let run = move || {
        let options = ["run", DESCRIPTION, "--url", &url, "-H", &header, "--max-examples", EXAMPLES];
        let mut command = Command::new("schemathesis");
        command.args(["--config-file", SETTINGS]).args(options).args(["--seed", "1", "--no-color"]);
        command.current_dir(folder.path()).output().unwrap()
    };
    let run = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}
