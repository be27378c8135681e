//! Joining the waitlist.

use tokio::task::JoinSet;

use crate::support::TestSite;

/// The addresses and roles on the list, as the database holds them.
fn listed(site: &TestSite) -> Vec<String> {
    site.database.values("email || ' ' || role", "waitlist ORDER BY id")
}

#[tokio::test]
async fn joining_twice_is_a_conflict_and_sends_one_mail() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    ana.join("ANA@example.cl", "organization").await.has_status(409).says("Email already on waitlist");
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
    assert_eq!(listed(&site), ["ana@example.cl employee"], "the first answer stays");
}

#[tokio::test]
async fn who_joins_reads_pages_and_mail_in_their_language() {
    let site = TestSite::start().await;
    let cases = [
        (
            site.visitor(),
            "eva@example.cl",
            "Check your inbox",
            "Confirm your place on the Biovity waitlist",
            "Email already on waitlist",
        ),
        (
            site.spanish_visitor(),
            "ana@example.cl",
            "Revisa tu correo",
            "Confirma tu lugar en la lista de espera de Biovity",
            "Este correo ya está en la lista de espera",
        ),
    ];
    for (visitor, email, inbox, subject, already) in cases {
        let form = visitor.get("/waitlist").await.has_status(200);
        let action = form.attribute("main form", "action").unwrap();
        let action = action.split('#').next().unwrap();
        let joined = visitor.post(action, &[("email", email), ("role", "employee"), ("leave_empty", "")]).await;
        joined.redirects_to("/waitlist/joined");
        visitor.get("/waitlist/joined").await.has_status(200).says(inbox);
        assert_eq!(site.mail(email).await.subject, subject);
        let conflict = visitor.join(email, "employee").await.has_status(409);
        assert_eq!(conflict.texts("h1"), [already]);
        conflict.leads_on();
    }
}

#[tokio::test]
async fn one_mailbox_has_one_place_however_it_is_typed() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.join("  Ana.Rojas+bio@ÑANDÚ.cl ", "employee").await.redirects_to("/waitlist/joined");
    for typed in [
        "ana.rojas+bio@ñandú.cl",
        "ANA.ROJAS+BIO@XN--AND-6MA2C.CL",
        "ana.\u{200b}rojas+bio@ñandú.cl",
        "\u{feff}ana.rojas+bio@ñandú.cl\u{a0}",
        "ana.rojas+bio@n\u{303}andu\u{301}.cl",
    ] {
        ana.join(typed, "organization").await.has_status(409);
    }
    for other in ["anarojas+bio@ñandú.cl", "ana.rojas@ñandú.cl", "ana.rojas+bio@nandu.cl"] {
        ana.join(other, "employee").await.redirects_to("/waitlist/joined");
    }
    assert_eq!(listed(&site)[0], "ana.rojas+bio@xn--and-6ma2c.cl employee");
}

#[tokio::test]
async fn a_row_of_the_old_application_keeps_its_place() {
    let site = TestSite::start().await;
    site.database.execute("INSERT INTO waitlist (email, role) VALUES ('Ana.Rojas@Example.CL', 'professional')");
    let ana = site.visitor();
    for typed in ["ana.rojas@example.cl", "Ana.Rojas@Example.CL", "ANA.ROJAS@EXAMPLE.CL"] {
        ana.join(typed, "employee").await.has_status(409).says("Email already on waitlist");
    }
    assert_eq!(listed(&site), ["Ana.Rojas@Example.CL professional"], "untouched");
}

#[tokio::test]
async fn a_wrong_form_comes_back_with_what_was_typed() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let page = ana.join("ana@example", "organization").await.has_status(422);
    page.clone().says("Enter an email address like name@example.com").does_not_say("Choose what brings you here");
    assert_eq!(page.value("email"), "ana@example");
    assert_eq!(page.attribute("input[checked]", "value").as_deref(), Some("organization"));
    let page = ana.join("ana@example.cl", "boss").await.has_status(422).says("Choose what brings you here");
    assert_eq!((page.value("email").as_str(), page.attribute("input[checked]", "value")), ("ana@example.cl", None));
    ana.join("", "").await.has_status(422).says("Enter your email address").says("Choose what brings you here");
    ana.join(&format!("{}@example.cl", "a".repeat(65)), "employee").await.has_status(422).says("too long");
    assert!(listed(&site).is_empty());
}

#[tokio::test]
async fn only_the_two_roles_can_be_had() {
    let site = TestSite::start().await;
    for role in ["professional", "admin", "Employee", "employee ", "employee\u{0}", "employee,organization", "0"] {
        let status = site.visitor().join("ana@example.cl", role).await.status.as_u16();
        assert!([400, 422].contains(&status), "{role:?}: {status}");
    }
    assert!(listed(&site).is_empty());
}

#[tokio::test]
async fn a_machine_that_fills_in_the_hidden_field_learns_nothing_and_joins_nobody() {
    let site = TestSite::start().await;
    let fields = [("email", "bot@example.cl"), ("role", "employee"), ("leave_empty", "http://spam.example")];
    let bot = site.visitor().post("/waitlist", &fields).await.redirects_to("/waitlist/joined");
    let person = site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let names = |page: &crate::support::page::Page| page.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&bot), names(&person));
    assert_eq!(listed(&site), ["ana@example.cl employee"]);
    assert!(site.mails("bot@example.cl").await.is_empty());
}

#[tokio::test]
async fn a_link_may_choose_the_role_beforehand() {
    let site = TestSite::start().await;
    for (query, chosen) in [
        ("", None),
        ("?role=employee", Some("employee")),
        ("?role=organization", Some("organization")),
        ("?role=admin", None),
        ("?role=employee&role=organization", None),
        ("?email=x@example.cl", None),
    ] {
        let page = site.visitor().get(&format!("/waitlist{query}")).await.has_status(200);
        assert_eq!(page.attribute("input[checked]", "value").as_deref(), chosen, "{query}");
        assert_eq!(page.value("email"), "", "a link fills in no address");
    }
}

#[tokio::test]
async fn of_fifty_at_once_one_joins() {
    let site = TestSite::start().await;
    let mut crowd = JoinSet::new();
    for number in 0..50 {
        let ana = site.visitor();
        let typed = if number % 2 == 0 { "ana@example.cl" } else { "Ana@Example.CL" };
        crowd.spawn(async move { ana.join(typed, "employee").await.status.as_u16() });
    }
    let statuses = crowd.join_all().await;
    let count = |status: u16| statuses.iter().filter(|known| **known == status).count();
    assert_eq!((count(303), count(409)), (1, 49), "{statuses:?}");
    assert_eq!(listed(&site), ["ana@example.cl employee"]);
    assert_eq!(site.mails("ana@example.cl").await.len(), 1);
}

#[tokio::test]
async fn the_mail_holds_its_two_links_and_nothing_that_anyone_typed() {
    let site = TestSite::start().await;
    site.visitor().join("buy-pills-now@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let mail = site.mail("buy-pills-now@example.cl").await;
    for part in [&mail.text, &mail.html] {
        assert!(!part.contains("buy-pills"), "{part}");
        let tokens: Vec<_> =
            part.split("?token=").skip(1).map(|rest| rest.chars().take(43).collect::<String>()).collect();
        let (confirm, place) = (tokens.first().unwrap(), tokens.last().unwrap());
        assert!(*confirm == mail.token() && place != confirm, "{tokens:?}");
        assert!(tokens.iter().all(|token| [confirm, place].contains(&token)), "{tokens:?}");
        assert!(site.database.contents().values().all(|rows| !rows.contains(place)), "the token is in a table");
    }
    assert!(mail.link().starts_with("/waitlist/confirm?token="));
    assert!(!mail.html.contains("<img") && !mail.html.contains("<script"));
    assert!(site.database.contents().values().all(|rows| !rows.contains(&mail.token())), "the token is in a table");
}

#[tokio::test]
async fn who_is_signed_in_need_not_type_the_address() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    assert_eq!(ana.get("/waitlist").await.value("email"), "ana@example.cl");
    assert_eq!(site.visitor().get("/waitlist").await.value("email"), "");
}
