//! The page about the API: its examples run as they stand there.

use std::process::Command;

use crate::support::TestSite;

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a command runs as a visitor's, beside the site")]
async fn every_example_runs_as_it_stands_there() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let key = site.key(&admin, "write").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, confirmed_at) \
         SELECT 'p' || n || '@example.cl', 'employee', now() FROM generate_series(1, 3) n",
    );
    assert_eq!(site.database.values("min(id)", "waitlist"), ["1"]);
    let examples = site.visitor().get("/docs/api").await.has_status(200).texts("code.example");
    assert_eq!(examples.len(), 8);
    for example in examples {
        // The page's text is read with its line ends folded.
        let command = format!("{} -sS -o /dev/null -w '%{{http_code}}'", example.replace("\\ ", " "));
        let (shell, key) = (command.clone(), key.clone());
        let run = move || Command::new("sh").args(["-c", &shell]).env("KEY", key).output().unwrap();
        let run = tokio::task::spawn_blocking(run).await.unwrap();
        let status = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(status.starts_with('2'), "{command}: {status} {}", String::from_utf8_lossy(&run.stderr));
    }
}

#[tokio::test]
async fn the_page_is_in_both_languages_and_leads_to_the_description() {
    let site = TestSite::start().await;
    site.visitor().get("/docs/api?lang=es").await.has_status(200).says("Ejemplos").says("La clave");
    let page = site.visitor().get("/docs/api").await.says("Examples");
    assert!(page.attribute("a[href='/api/openapi.json']", "href").is_some());
}
