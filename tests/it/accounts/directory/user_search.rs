//! Searching the list.

use super::user_list::{emails, expected, shows};
use crate::support::TestSite;
use crate::support::visitor::Visitor;

/// A site with accounts of these addresses and names, the last one the newest.
async fn with(people: &[(&str, &str)]) -> (TestSite, Visitor) {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    let quoted = |text: &str| text.replace('\'', "''");
    for (number, (email, name)) in people.iter().enumerate() {
        site.database.execute(&format!(
            r#"INSERT INTO "user" (id, email, name, "isEmailVerified", "createdAt", profession, type)
               VALUES ('{number}', '{}', '{}', true, now() + {number} * interval '1 minute', '', 'employee')"#,
            quoted(email),
            quoted(name)
        ));
    }
    (site, admin)
}

async fn found(admin: &Visitor, term: &str) -> Vec<String> {
    let term: String = form_urlencoded::byte_serialize(term.as_bytes()).collect();
    emails(&admin.get(&format!("/admin/users?q={term}")).await.has_status(200))
}

#[tokio::test]
async fn any_part_of_an_address_or_a_name_finds_it_in_any_case() {
    let (_site, admin) = with(&[
        ("ana.rojas@example.cl", "Ana María Rojas"),
        ("Pedro@Lab.CL", "Pedro Núñez"),
        ("x@y.cl", "ROJAS y Cía."),
    ])
    .await;
    for (term, emails) in [
        ("rojas", vec!["x@y.cl", "ana.rojas@example.cl"]),
        ("ROJAS", vec!["x@y.cl", "ana.rojas@example.cl"]),
        ("  a.roj ", vec!["ana.rojas@example.cl"]),
        ("na mar", vec!["ana.rojas@example.cl"]),
        ("maría", vec!["ana.rojas@example.cl"]),
        ("@lab.cl", vec!["Pedro@Lab.CL"]),
        ("pedro@LAB", vec!["Pedro@Lab.CL"]),
        ("úñez", vec!["Pedro@Lab.CL"]),
        ("rojas ana", vec![]),
        ("example.clana", vec![]),
    ] {
        assert_eq!(found(&admin, term).await, emails, "{term:?}");
    }
}

#[tokio::test]
async fn a_name_is_found_without_its_accents_and_an_address_by_its_domain_as_people_read_it() {
    let (_site, admin) = with(&[
        ("m@example.cl", "MARÍA MUÑOZ"),
        ("ana@xn--and-6ma2c.cl", "Ana"),
        ("j@example.cl", "Jose\u{301} Nun\u{303}ez"),
    ])
    .await;
    for (term, emails) in [
        ("munoz", vec!["m@example.cl"]),
        ("muñoz", vec!["m@example.cl"]),
        ("maria mu", vec!["m@example.cl"]),
        ("mä", vec!["m@example.cl"]),
        ("núñez", vec!["j@example.cl"]),
        ("ñandú", vec!["ana@xn--and-6ma2c.cl"]),
        ("Ana@Ñandú.cl", vec!["ana@xn--and-6ma2c.cl"]),
    ] {
        let found = found(&admin, term).await;
        assert_eq!(found, emails, "{term:?}");
    }
}

#[tokio::test]
async fn what_stands_for_others_elsewhere_stands_for_itself() {
    let people = [
        ("a_b@example.cl", "100% Bio"),
        ("axb@example.cl", r"Back\slash"),
        ("o'neill@example.cl", "Sean O'Neill \"Jr\""),
        ("under_score@example.cl", "Under Score"),
    ];
    let (_site, admin) = with(&people).await;
    for (term, emails) in [
        ("a_b@", vec!["a_b@example.cl"]),
        ("a_b@exam", vec!["a_b@example.cl"]),
        ("100%", vec!["a_b@example.cl"]),
        ("%", vec![]),
        ("_", vec![]),
        ("%%%", vec![]),
        ("exam%cl", vec![]),
        ("example_cl", vec![]),
        (r"back\slash", vec!["axb@example.cl"]),
        (r"\", vec![]),
        (r"back\\slash", vec![]),
        ("o'neill", vec!["o'neill@example.cl"]),
        ("o'", vec!["o'neill@example.cl"]),
        ("\"jr\"", vec![]),
        ("neill \"jr\"", vec!["o'neill@example.cl"]),
        ("' OR '1'='1", vec![]),
        ("under_", vec!["under_score@example.cl"]),
        ("$1", vec![]),
    ] {
        assert_eq!(found(&admin, term).await, emails, "{term:?}");
    }
}

#[tokio::test]
async fn one_or_two_letters_find_how_an_address_or_a_name_begins() {
    let people = [
        ("ana@example.cl", "Zoe"),
        ("zoe@example.cl", "Ana"),
        ("pana@example.cl", "Susana"),
        ("%x@example.cl", "Ñandú"),
    ];
    let (_site, admin) = with(&people).await;
    assert_eq!(found(&admin, "a").await, ["zoe@example.cl", "ana@example.cl"]);
    assert_eq!(found(&admin, "AN").await, ["zoe@example.cl", "ana@example.cl"]);
    assert_eq!(found(&admin, "ana").await, ["pana@example.cl", "zoe@example.cl", "ana@example.cl"]);
    assert_eq!(found(&admin, "%").await, ["%x@example.cl"]);
    assert_eq!(found(&admin, "ñ").await, ["%x@example.cl"]);
    assert_eq!(found(&admin, "e").await, Vec::<String>::new());
}

/// Whatever is searched for among many accounts: those who match are in their hundreds, new and old.
#[tokio::test]
async fn a_search_finds_what_lies_years_back() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, name, "isEmailVerified", "isActive", profession, type, "createdAt")
           SELECT 'n' || n, 'new' || n || '@example.cl', 'Common Name', n % 90 > 0, true, '', 'employee', now() - n * interval '1 minute'
           FROM generate_series(1, 5000) n;
           INSERT INTO "user" (id, email, name, "isEmailVerified", "isActive", profession, type, "createdAt")
           SELECT 'o' || n, 'old' || n || '@antigua.cl', 'Common Name', true, n % 3 > 0, '', 'organization',
             now() - interval '1 year' - (n / 3) * interval '40 days' FROM generate_series(1, 130) n;
           INSERT INTO "user" (id, email, name, profession, type, "createdAt")
           VALUES ('first', 'first@antigua.cl', 'The First', '', 'employee', '1970-01-01'), ('z', 'z@antigua.cl', 'Z', '', 'employee', '0044-03-15')"#,
    );
    for (view, condition) in [
        ("q=antigua", "email LIKE '%antigua%'"),
        ("q=old1", "email LIKE '%old1%'"),
        ("q=antigua&state=deactivated", r#"email LIKE '%antigua%' AND NOT "isActive""#),
        ("kind=organization", "type = 'organization'"),
        ("state=deactivated", r#"NOT "isActive""#),
        ("state=unverified", r#""isActive" AND "isEmailVerified" IS NOT TRUE"#),
        ("q=first", "email LIKE 'first%'"),
        ("q=ol", "email LIKE 'ol%'"),
        ("q=new49", "email LIKE 'new49%'"),
        ("q=nobody+at+all", "false"),
    ] {
        shows(&admin, &format!("/admin/users?{view}"), &expected(&site, condition)).await;
    }
    admin.get("/admin/users?q=antigua").await.says("More than 100 accounts");
    admin.get("/admin/users?q=common").await.says("More than 100 accounts");
    admin.get("/admin/users?state=deactivated").await.says("43 accounts");
}

#[tokio::test]
async fn a_search_needs_no_index() {
    let (site, admin) = with(&[("ana@example.cl", "Ana"), ("pedro@example.cl", "Pedro")]).await;
    site.database.execute("DROP EXTENSION pg_trgm CASCADE");
    assert_eq!(found(&admin, "pedr").await, ["pedro@example.cl"]);
    assert_eq!(found(&admin, "pe").await, ["pedro@example.cl"]);
}

#[tokio::test]
async fn the_longest_term_is_only_a_term() {
    let (_site, admin) = with(&[("ana@example.cl", "Ana")]).await;
    assert_eq!(found(&admin, &"x".repeat(3_000)).await, Vec::<String>::new());
    assert_eq!(found(&admin, &"ñ'%_\\ ".repeat(300)).await, Vec::<String>::new());
}
