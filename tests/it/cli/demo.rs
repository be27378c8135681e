//! `biovity demo`.

use super::Home;
use crate::support::database::TestDatabase;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// The lists of admins, and the links in each to one of what it lists.
const LISTS: [(&str, &str); 19] = [
    ("/admin", ""),
    ("/admin?days=90", ""),
    ("/admin/waitlist", "main td a[href*='/entries/']"),
    ("/admin/waitlist?state=joined", "main td a[href*='/entries/']"),
    ("/admin/waitlist?state=bounced&role=employee", "main td a[href*='/entries/']"),
    ("/admin/waitlist?state=signed_up&role=organization", "main td a[href*='/entries/']"),
    ("/admin/waitlist?state=left", "main td a[href*='/entries/']"),
    ("/admin/waitlist/deletions", "main td a[href*='/deletions/']"),
    ("/admin/waitlist/waves", "main td a[href*='/waves/']"),
    ("/admin/waitlist/waves/rehearsal?employees=20&organizations=5", ""),
    ("/admin/waitlist/imports", "main td a[href*='/imports/']"),
    ("/admin/users", "main td a[href*='/users/']"),
    ("/admin/mail", "main td a[href*='/mail/']"),
    ("/admin/mail?state=waiting", "main td a[href*='/mail/']"),
    ("/admin/mail?state=refused", "main td a[href*='/mail/']"),
    ("/admin/audit", ""),
    ("/admin/audit?action=webhook_switched_off", ""),
    ("/admin/webhooks", "main td a[href*='/webhooks/']"),
    ("/admin/keys", "main td a[href*='/keys/']"),
];
/// What the states of lists must not be without.
const OTHERS: [&str; 9] = [
    "/admin/mail?state=sent",
    "/admin/mail?state=expired",
    "/admin/mail?state=cancelled",
    "/admin/users?state=deactivated&kind=admin",
    "/admin/users?state=leaving&kind=admin",
    "/admin/users?state=unverified",
    "/admin/users?kind=organization",
    "/admin/waitlist?state=invited",
    "/admin/waitlist?state=deleted",
];

/// What stands behind a name in what the command printed.
fn printed(out: &str, name: &str) -> String {
    let line = out.lines().find_map(|line| line.trim().strip_prefix(name)).unwrap_or_else(|| panic!("{name}: {out}"));
    line.trim_start_matches(':').trim().to_owned()
}

/// The password, with which what the command printed ends: what comes then is up to whoever ran it, and `make demo` serves the
/// site by itself.
fn password_at_the_end(out: &str) -> String {
    let password = printed(out, "password");
    assert!(out.ends_with(&format!("\npassword: {password}\n")), "{out}");
    assert_eq!(out.matches("biovity serve").count(), 1, "{out}");
    password
}

#[tokio::test]
async fn a_demonstration_shows_every_page_of_admins_alive_in_both_languages() {
    let home = Home::new();
    let mut making = home.command(&["demo"]);
    // Ten seconds alone; all tests run at once.
    making.end_within(180).await;
    let made = making.ended().await.succeeded();
    let password = password_at_the_end(&made.out);
    assert_eq!(home.command(&["waitlist", "recount"]).ended().await.succeeded().out, "the totals were right\n");
    let listed = home.command(&["waitlist", "export"]).ended().await.succeeded();
    let places: Vec<_> = listed.out.lines().skip(1).collect();
    assert!((1_000..1_500).contains(&places.len()), "{} places", places.len());
    let is_made_up = |place: &&&str| {
        let domain = place.split(',').next().and_then(|email| email.split('@').nth(1)).unwrap_or_default();
        domain.ends_with("example.cl") || domain.ends_with("example.com")
    };
    assert_eq!(places.iter().filter(is_made_up).count(), places.len());

    let mut serving = home.command(&["serve"]);
    serving.says("Biovity is at").await;
    for language in ["en", "es"] {
        let base_url = format!("http://127.0.0.1:{}", home.port);
        let admin = Visitor::new(&base_url, language, "127.0.0.1");
        admin.log_in(&printed(&made.out, "admin"), &password).await.redirects_to("/admin");
        for (list, link) in LISTS {
            let page = is_alive(&admin, list).await;
            if !link.is_empty() {
                let one = page.attribute(link, "href").unwrap_or_else(|| panic!("no {link} on {list}"));
                is_alive(&admin, &one).await;
            }
        }
        for list in OTHERS {
            is_alive(&admin, list).await;
        }
    }
    for (kind, words) in [("organization", "You joined on"), ("job seeker", "managed by Andes Genómica")] {
        let visitor = home.visitor();
        visitor.log_in(&printed(&made.out, kind), &password).await.redirects_to("/account");
        visitor.get("/account").await.says(words);
        visitor.get("/account/activity").await.has_status(200);
    }
    serving.stop().await;

    let again = home.command(&["demo"]).ended().await.failed();
    assert!(again.err.contains("holds places or accounts already") && again.err.contains("DATA_DIR="), "{again:?}");
}

/// A page with something on it.
async fn is_alive(admin: &Visitor, path: &str) -> Page {
    let page = admin.get(path).await.has_status(200);
    assert_eq!(page.texts("main .empty"), [""; 0], "{path}");
    page
}

#[tokio::test]
async fn a_demonstration_is_made_nowhere_but_in_an_embedded_database_that_sends_no_mail() {
    let (home, database) = (Home::new(), TestDatabase::migrated());
    let refused = home.command_on(&database, &["demo"], &[]).ended().await.failed();
    assert!(refused.err.contains("DATABASE_URL is set: unset it"), "{refused:?}");
    let mut variables = home.variables();
    variables.push(("SMTP_URL".to_owned(), "smtp://127.0.0.1:9".to_owned()));
    let refused = super::Process::start(&["demo"], &variables, "").ended().await.failed();
    assert!(refused.err.contains("SMTP_URL is set: unset it"), "{refused:?}");
    assert!(!home.path("postgres").exists());
}
