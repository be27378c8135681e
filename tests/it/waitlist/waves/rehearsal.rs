//! What a wave would do, and starting it as it was shown.

use biovity::waitlist::waves::wave_size::WaveSize;
use diesel::{Connection, QueryResult};

use super::{REHEARSAL, WAVES, go_on, invited, press, rehearse, site_with, start};
use crate::support::TestSite;
use crate::support::database::rows_read;
use crate::support::visitor::send;

#[tokio::test]
async fn a_rehearsal_shows_who_what_and_when_and_changes_nothing() {
    let (site, admin) = site_with(12, 2).await;
    site.database.execute("UPDATE waitlist SET role = 'professional' WHERE email = 'e2@example.cl'");
    admin.get(WAVES).await.has_status(200).leads_on().says("12 can be invited now.").says("No wave yet");
    let before = site.database.contents();
    let page = rehearse(&admin, "11", "5").await.has_status(200).says("11 of 12 who can be invited");
    let page = page.says("2 of 2 who can be invited").says("120 emails a minute").says("e11@example.cl");
    let first: Vec<_> = (1..=10).map(|n| format!("e{n}@example.cl")).collect();
    assert_eq!(page.texts("section:first-child li .address"), first);
    assert_eq!(page.texts("section:nth-child(2) li .address"), ["o1@example.cl", "o2@example.cl"]);
    let page = page.says("Es tu turno: crea tu cuenta en Biovity").says("It’s your turn: create your Biovity account");
    let link = format!("{}/signup/invited?token=…", site.base_url);
    assert_eq!(page.texts(".mail-text").iter().filter(|text| text.contains(&link)).count(), 2);
    let page = page.does_not_say("[[").says("Invite 13 people");
    assert_eq!(["employees", "organizations"].map(|field| page.value(field)), ["11", "2"]);
    assert!(site.database.contents() == before);
    admin.post("/language", &[("lang", "es")]).await.has_status(303);
    let before = site.database.contents();
    rehearse(&admin, "11", "5")
        .await
        .has_status(200)
        .says("11 de 12 a quienes se puede invitar")
        .says("Invitar a 13 personas");
    let list = admin.get(WAVES).await.has_status(200).says("¿Cuántas invitaciones?");
    list.says("Se puede invitar a 12 ahora.");
    assert!(site.database.contents() == before);
}

#[tokio::test]
async fn with_nobody_to_invite_the_pages_say_so_and_what_comes_first() {
    const NOBODY: &str = "Nobody can be invited now: nobody with a confirmed place is waiting.";
    let (site, admin) = site_with(0, 1).await;
    admin.get(WAVES).await.says(NOBODY).says("1 can be invited now.").does_not_say("once they confirm");
    admin.get("/admin").await.says("1 confirmed person is waiting: invite them");
    start(&admin, 0, 1).await;
    admin.get("/admin").await.does_not_say("see who has not confirmed");
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let overview = admin.get("/admin").await.says("Nobody can be invited now: see who has not confirmed");
    let waves = admin.get(WAVES).await.says(NOBODY).does_not_say("0 can be").says("once they confirm their place");
    for (page, link) in [(overview, "main p > a.button[href*=joined]"), (waves, "main p > a[href*=joined]")] {
        let list = page.attribute(link, "href").unwrap();
        assert_eq!(list, "/admin/waitlist?state=joined");
        admin.get(&list).await.says("ana@example.cl");
    }
    admin.post("/language", &[("lang", "es")]).await.has_status(303);
    admin.get("/admin").await.says("Ahora no hay a quién invitar: ver quiénes no han confirmado");
    admin.get(WAVES).await.says("Ahora no hay a quién invitar: nadie con su lugar confirmado está en espera.");
}

#[tokio::test]
async fn thousands_in_a_wave_are_not_counted_one_by_one_to_tell_how_many_are_left() {
    let (site, admin) = site_with(6_000, 3).await;
    start(&admin, 5_500, 2).await;
    admin.get(WAVES).await.has_status(200).says("500 can be invited now.").says("1 can be invited now.");
    let read = site.database.connect().transaction(|conn| {
        assert_eq!(WaveSize::available(conn)?, WaveSize { employees: 500, organizations: 1 });
        QueryResult::Ok(rows_read(conn, "waitlist_invitation"))
    });
    assert_eq!(read, Ok(0));
}

#[tokio::test]
async fn while_an_admin_has_stopped_all_mail_a_rehearsal_and_a_wave_say_so() {
    let (_site, admin) = site_with(3, 0).await;
    let page = start(&admin, 1, 0).await;
    admin.post("/admin/mail/pause", &[]).await.redirects_to("/admin/mail");
    for path in [page.as_str(), &format!("{REHEARSAL}?employees=1&organizations=0")] {
        let page = admin.get(path).await.has_status(200).says("No email has been sent since").says("paused by");
        page.says("on hold until email goes out again").does_not_say("The last email goes out");
    }
    admin.post("/admin/mail/resume", &[]).await.redirects_to("/admin/mail");
    admin.get(&page).await.does_not_say("No email has been sent since");
    rehearse(&admin, "1", "0").await.says("The last email goes out around");
}

#[tokio::test]
async fn numbers_that_are_none_come_back_with_what_is_wrong() {
    let (site, admin) = site_with(1, 0).await;
    for (employees, organizations) in
        [("-1", "0"), ("10001", ""), ("x", "1"), ("1.5", "0"), ("99999999999999999999", "0")]
    {
        let page = rehearse(&admin, employees, organizations).await.has_status(422).says("from 0 to 10,000").leads_on();
        assert_eq!(page.value("employees"), employees);
        let fields = [("employees", employees), ("organizations", organizations)];
        admin.post(WAVES, &fields).await.has_status(422).says("from 0 to 10,000");
    }
    let both = rehearse(&admin, "x", "y").await.says("Job seekers: enter a number from 0");
    assert_eq!(both.texts("#problem a")[1], "Organizations: enter a number from 0 to 10,000");
    for nobody in ["", "0"] {
        rehearse(&admin, nobody, nobody).await.has_status(422).says("Enter how many to invite");
        admin.post(WAVES, &[("employees", nobody), ("organizations", nobody)]).await.has_status(422);
    }
    rehearse(&admin, "0", "5").await.has_status(200).says("Nobody can be invited").leads_on();
    admin.get(&format!("{REHEARSAL}?employees=1&employees=2")).await.has_status(422);
    assert_eq!(site.database.values("count(*)", "waitlist_wave"), ["0"]);
}

#[tokio::test]
async fn a_wave_takes_exactly_the_people_whom_its_rehearsal_showed() {
    let (site, admin) = site_with(6, 2).await;
    // Joined first, and confirms only after the rehearsal.
    site.database.execute("UPDATE waitlist SET confirmed_at = NULL WHERE email = 'e1@example.cl'");
    let rehearsal = rehearse(&admin, "3", "1").await.has_status(200);
    site.database.execute("UPDATE waitlist SET confirmed_at = now() WHERE email = 'e1@example.cl'");
    site.database.execute("UPDATE waitlist SET left_at = now() WHERE email IN ('e3@example.cl', 'o1@example.cl')");
    let wave = press(&admin, &rehearsal).await.has_status(303).header("location").to_owned();
    assert_eq!(taken(&site), ["e2@example.cl", "e4@example.cl"]);
    let told = "The wave is on its way. 2 of the 4 can no longer be invited and are skipped.";
    admin.get(&wave).await.says(told).says("0 of 2");
}

#[tokio::test]
async fn fewer_than_were_asked_for_are_told_of_before_and_after() {
    let (site, admin) = site_with(3, 1).await;
    let rehearsal = rehearse(&admin, "900", "1").await.has_status(200).says("3 of 3 who can be invited");
    let rehearsal = rehearsal.says("You asked for 900: no more can be invited now.").does_not_say("You asked for 1:");
    let jefa = site.spanish_visitor();
    jefa.log_in("admin@example.cl", crate::support::PASSWORD).await.redirects_to("/admin");
    rehearse(&jefa, "900", "1").await.says("Pediste 900: ahora no se puede invitar a más.");
    site.database.execute("UPDATE waitlist SET left_at = now() WHERE email = 'e2@example.cl'");
    let wave = press(&admin, &rehearsal).await.has_status(303).header("location").to_owned();
    admin.get(&wave).await.says("1 of the 4 can no longer be invited and is skipped.");
}

#[tokio::test]
async fn whoever_confirms_sees_the_list_anew_when_it_cannot_be_told_who_was_shown() {
    let (site, admin) = site_with(5, 0).await;
    site.database.execute("UPDATE waitlist SET left_at = now() WHERE email = 'e2@example.cl'");
    let rehearsal = rehearse(&admin, "3", "0").await.has_status(200);
    // Somebody who had left is back, between those who were shown.
    site.database.execute("UPDATE waitlist SET left_at = NULL WHERE email = 'e2@example.cl'");
    let moved = press(&admin, &rehearsal).await.has_status(409).says("The list has changed").says("3 of 5 who can be");
    assert_eq!(site.database.values("count(*)", "waitlist_wave"), ["0"]);
    press(&admin, &moved).await.has_status(303);
    assert_eq!(taken(&site), ["e1@example.cl", "e2@example.cl", "e3@example.cl"]);
    for (people, status) in [("x", 400), ("0.0.0.0.0.0.0.0.0.0.0.0.0", 409)] {
        admin.post(WAVES, &[("employees", "1"), ("organizations", "0"), ("people", people)]).await.has_status(status);
    }
}

#[tokio::test]
async fn a_rehearsal_that_is_confirmed_twice_or_again_by_back_is_one_wave() {
    let (site, admin) = site_with(200, 0).await;
    let rehearsal = rehearse(&admin, "60", "0").await.has_status(200).form(WAVES);
    let pages = admin.send_fifty_at_once(&rehearsal).await;
    let wave = pages[0].header("location").to_owned();
    for page in pages {
        page.redirects_to(&wave);
    }
    go_on(&site, 3).await;
    admin.send(&rehearsal).await.redirects_to(&wave);
    assert_eq!(site.database.values("count(*)", "waitlist_wave"), ["1"]);
    assert_eq!(site.database.values("count(*)", "waitlist_invitation"), ["60"]);
    // Without the form's key, as a program may send it, the people are taken once all the same.
    let mut bare = rehearsal.clone();
    bare.fields.retain(|(name, _)| name != "form_key");
    admin.send(&bare).await.has_status(409);
    assert_eq!(site.database.values("count(*)", "waitlist_invitation"), ["60"]);
}

#[tokio::test]
async fn a_rehearsal_holds_while_another_wave_goes_on_between_its_people() {
    let (site, admin) = site_with(30, 0).await;
    site.database.execute("UPDATE waitlist SET confirmed_at = NULL WHERE email LIKE 'e1_@example.cl'");
    start(&admin, 20, 0).await;
    site.database.execute("UPDATE waitlist SET confirmed_at = now() - interval '1 hour' WHERE confirmed_at IS NULL");
    let rehearsal = rehearse(&admin, "10", "0").await.has_status(200);
    go_on(&site, 2).await;
    press(&admin, &rehearsal).await.has_status(303);
    assert_eq!(site.database.values("count(*)", "waitlist_invitation WHERE wave_id = 2"), ["10"]);
}

/// Whom waves have taken so far.
fn taken(site: &TestSite) -> Vec<String> {
    site.database.values("email", "waitlist_invitation JOIN waitlist ON waitlist.id = entry_id ORDER BY email")
}

#[tokio::test]
async fn of_two_admins_who_invite_the_same_people_at_once_each_person_gets_one_mail() {
    let (site, admin) = site_with(100, 0).await;
    let other = site.admin("other@example.cl").await;
    let rehearsals = [rehearse(&admin, "100", "0").await, rehearse(&other, "100", "0").await];
    let (one, two) = tokio::join!(press(&admin, &rehearsals[0]), press(&other, &rehearsals[1]));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    go_on(&site, 14).await;
    let mails = invited(&site);
    assert_eq!(mails.len(), 100);
    assert_eq!(mails.iter().collect::<std::collections::BTreeSet<_>>().len(), 100);
}

#[tokio::test]
async fn two_waves_at_once_take_different_people_the_oldest_first() {
    let (site, admin) = site_with(10, 4).await;
    start(&admin, 3, 1).await;
    start(&admin, 3, 1).await;
    let of = |wave: u8| {
        let rows = format!(
            "waitlist_invitation JOIN waitlist ON waitlist.id = entry_id WHERE wave_id = {wave} ORDER BY email"
        );
        site.database.values("email", &rows)
    };
    assert_eq!(of(1), ["e1", "e2", "e3", "o1"].map(|name| format!("{name}@example.cl")));
    assert_eq!(of(2), ["e4", "e5", "e6", "o2"].map(|name| format!("{name}@example.cl")));
    rehearse(&admin, "9", "9").await.says("4 of 4 who can be invited").says("2 of 2 who can be invited");
}

#[tokio::test]
async fn only_admins_see_and_start_waves() {
    let (site, _) = site_with(1, 0).await;
    let ana = site.employee("ana@example.cl").await;
    for path in [WAVES, REHEARSAL] {
        ana.get(path).await.has_status(404);
        site.visitor().get(path).await.has_status(303);
    }
    ana.post(WAVES, &[("employees", "1")]).await.has_status(404);
    let foreign = site.admin("boss@example.cl").await.request("POST", WAVES).header("sec-fetch-site", "cross-site");
    send(foreign.form(&[("employees", "1")])).await.has_status(403);
    assert_eq!(site.database.values("count(*)", "waitlist_wave"), ["0"]);
}

#[tokio::test]
async fn whoever_changes_role_while_a_wave_waits_blocks_no_other_wave() {
    let (site, admin) = site_with(2, 2).await;
    let page = start(&admin, 1, 0).await;
    admin.post(&format!("{page}/pause"), &[]).await.redirects_to(&page);
    site.database.execute("UPDATE waitlist SET role = 'organization' WHERE email = 'e1@example.cl'");
    let rehearsal =
        rehearse(&admin, "5", "5").await.says("1 of 1 who can be invited").says("2 of 2 who can be invited");
    press(&admin, &rehearsal).await.has_status(303);
    admin.post(&format!("{page}/resume"), &[]).await.redirects_to(&page);
    go_on(&site, 4).await;
    assert_eq!(invited(&site).len(), 4, "everybody is invited, once");
}
