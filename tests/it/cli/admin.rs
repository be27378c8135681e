//! `biovity admin`.

use super::{Ended, Home, KEY_BYTE, Process};
use crate::support::database::TestDatabase;
use crate::support::{PASSWORD, TestSite};

async fn admin(database: &TestDatabase, arguments: &[&str], input: &str) -> Ended {
    let mut variables = Home::new().variables();
    variables.push(("DATABASE_URL".to_owned(), database.text()));
    variables.push(("SECRET_KEY".to_owned(), KEY_BYTE.repeat(64)));
    Process::start(&[&["admin"], arguments].concat(), &variables, input).ended().await
}

#[tokio::test]
async fn admins_are_made_and_unmade_and_the_last_one_stays() {
    let site = TestSite::start().await;
    for email in ["ana@example.cl", " Bea@Example.CL "] {
        admin(&site.database, &["create", email], &format!("{PASSWORD}\n")).await.succeeded();
    }
    let bea = site.visitor();
    bea.log_in("bea@example.cl", PASSWORD).await.redirects_to("/admin");
    bea.get("/admin/waitlist").await.has_status(200);
    let revoked = admin(&site.database, &["revoke", "bea@example.cl"], "").await.succeeded();
    assert!(revoked.out.contains("bea@example.cl is no longer an admin"), "{revoked:?}");
    bea.get("/admin").await.redirects_to("/login?next=%2Fadmin");
    let last = admin(&site.database, &["revoke", "ana@example.cl"], "").await.failed();
    assert!(last.err.contains("last admin"), "{last:?}");
    let nobody = admin(&site.database, &["revoke", "cleo@example.cl"], "").await.failed();
    assert!(nobody.err.contains("there is no admin with the email cleo@example.cl"), "{nobody:?}");
    site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/admin");
}

#[tokio::test]
async fn an_account_that_exists_is_promoted_with_the_new_password() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let new = "otra clave muy larga 42";
    let made = admin(&site.database, &["create", "ana@example.cl"], &format!("{new}\r\n")).await.succeeded();
    assert!(made.out.contains("had an account and is now an admin"), "{made:?}");
    ana.get("/admin").await.redirects_to("/login?next=%2Fadmin");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(401);
    ana.log_in("ana@example.cl", new).await.redirects_to("/admin");
    let told = site.mail("ana@example.cl").await;
    assert_eq!(told.subject, "Your account is now an admin account");
    site.visitor().get(&told.link()).await.has_status(200).says("Secure your account");
}

#[tokio::test]
async fn weak_passwords_and_strange_addresses_are_refused_and_make_nobody() {
    let database = TestDatabase::migrated();
    for password in ["", "short", "password1", "biovity123", "ana.rojas@example.cl"] {
        let refused = admin(&database, &["create", "ana.rojas@example.cl"], &format!("{password}\n")).await.failed();
        assert!(refused.err.contains("choose another password: "), "{refused:?}");
    }
    for email in ["ana", "ana@localhost", "a b@example.cl"] {
        let refused = admin(&database, &["create", email], &format!("{PASSWORD}\n")).await.failed();
        assert!(refused.err.contains("is not an email address"), "{refused:?}");
    }
    assert_eq!(database.values("count(*)", "\"user\""), ["0"]);
}

#[tokio::test]
async fn an_organization_that_manages_others_is_refused_with_what_to_do() {
    let site = TestSite::start().await;
    let lab = site.organization("lab@example.cl").await;
    lab.post("/organization/members", &[("email", "ana@example.cl")]).await.redirects_to("/organization/members");
    let token = site.mail("ana@example.cl").await.token();
    let fields = [("token", token.as_str()), ("name", "Ana"), ("profession", "Biochemist"), ("password", PASSWORD)];
    site.visitor().post("/organization/invitation", &fields).await.redirects_to("/account");
    let refused = admin(&site.database, &["create", "lab@example.cl"], &format!("{PASSWORD}\n")).await.failed();
    assert!(refused.err.contains("release its members first"), "{refused:?}");
    lab.get("/organization/members").await.has_status(200).says("ana@example.cl");
}

#[tokio::test]
async fn an_admin_who_is_made_twice_at_once_is_made_once_and_both_say_so() {
    let site = TestSite::start().await;
    let input = format!("{PASSWORD}\n");
    let create = || admin(&site.database, &["create", "ana@example.cl"], &input);
    let (one, other) = tokio::join!(create(), create());
    assert!([&one, &other].iter().all(|it| it.out.contains("an admin")), "{one:?} {other:?}");
    one.succeeded();
    other.succeeded();
    assert_eq!(site.database.values("count(*)", "\"user\" WHERE type = 'admin'"), ["1"]);
}

#[tokio::test]
async fn beside_the_link_to_the_admin_pages_nobody_is_named_admin() {
    let site = TestSite::start().await;
    for (email, name) in [("ana@example.cl", "ana"), ("Admin@example.cl", "admin@example.cl")] {
        admin(&site.database, &["create", email], &format!("{PASSWORD}\n")).await.succeeded();
        let visitor = site.visitor();
        visitor.log_in(email, PASSWORD).await.redirects_to("/admin");
        assert_eq!(visitor.get("/admin").await.texts(".nav-name"), [name]);
    }
}
