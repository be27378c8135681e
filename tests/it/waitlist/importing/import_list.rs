//! Bringing a list of places: what is read, what is refused, and a report whose sums add up.

use std::fmt::Write;

use super::import_page::{Report, import, is_done, report};
use crate::support::TestSite;
use crate::support::visitor::Visitor;

const IMPORTS: &str = "/admin/waitlist/imports";

#[tokio::test]
async fn a_dry_run_changes_nothing_and_says_what_would_happen() {
    let site = TestSite::start().await;
    site.visitor().join("old@example.cl", "employee").await;
    let boss = site.admin("boss@example.cl").await;
    boss.get(IMPORTS).await.has_status(200).says("Nothing has been imported yet").says("Past imports");
    let before = site.database.values("t::text", "waitlist t ORDER BY id");
    let list = "Role;Email\nempresa; NEW@Example.cl \npersona;old@example.cl\nboss;x@example.cl\npersona;no\n\
                persona;new@example.cl\nprofesional;'=1+1@x.cl\n";
    let path = import(&boss, "ask", list).await;
    let page = is_done(&boss, &path).await;
    assert_eq!(report(&page), Report { lines: 6, first: 2, listed: 1, repeated: 1, invalid: 2, opted_out: 0 });
    page.says("Checked, waiting for you").says("Imported by boss").says("Add 2 people");
    let rejects = is_done(&boss, &path).await.texts("tbody tr");
    assert_eq!(
        rejects,
        [
            "3 old@example.cl persona Already on the list",
            "4 x@example.cl boss Unknown role",
            "5 no persona Not an email address",
            "6 new@example.cl persona Twice in the file",
        ]
    );
    assert_eq!(site.database.values("t::text", "waitlist t ORDER BY id"), before);
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE kind LIKE 'waitlist%'"), ["1"]);
    boss.post(&format!("{path}/cancel"), &[]).await.redirects_to(&path);
    boss.get(&path).await.says("The import was cancelled. Nobody was added.").does_not_say("Add 2 people");
    boss.post(&format!("{path}/start"), &[]).await.has_status(409).says("That is no longer possible").says("Cancelled");
    boss.get(&path).await.says("Cancelled");
    assert_eq!(site.database.values("t::text", "waitlist t ORDER BY id"), before);
    boss.get(IMPORTS).await.says("Cancelled").does_not_say("Nothing has been imported yet");
    assert_eq!(
        site.database.values("action", "audit_event WHERE action LIKE 'import%' ORDER BY id"),
        ["import_checked", "import_cancelled"]
    );
}

/// With 100,000 the next test takes 16 s unoptimised.
const LINES: i64 = 20_000;

fn long_list() -> String {
    let mut list = "email,role\n".to_owned();
    for number in 0..LINES {
        let line = match number % 100 {
            90 => format!("broken{number},employee"),
            91 => format!("person{number}@example.cl,chief"),
            92 => format!("PERSON{}@example.cl,organization", number - 92),
            _ => format!("person{number}@example.cl,{}", if number % 2 == 0 { "employee" } else { "empresa" }),
        };
        writeln!(list, "{line}").unwrap();
    }
    list
}

#[tokio::test]
async fn a_long_list_with_bad_lines_ends_with_a_report_whose_sums_add_up() {
    let site = TestSite::start().await;
    for name in ["person7@example.cl", "person8@example.cl"] {
        site.visitor().join(name, "employee").await;
    }
    site.database.execute("UPDATE waitlist SET left_at = now() WHERE email = 'person8@example.cl'");
    let boss = site.admin("boss@example.cl").await;
    let path = import(&boss, "confirmed", &long_list()).await;
    let (first, invalid, repeated) = (LINES / 100 * 97 - 2, LINES / 50, LINES / 100);
    let whole = Report { lines: LINES, first, listed: 1, repeated, invalid, opted_out: 1 };
    assert_eq!(report(&is_done(&boss, &path).await), whole);
    boss.post(&format!("{path}/start"), &[]).await.redirects_to(&path);
    assert_eq!(report(&is_done(&boss, &path).await), whole);
    assert_eq!(site.database.values("count(*)", "waitlist WHERE import_id IS NOT NULL"), [first.to_string()]);
    let order = "waitlist WHERE import_id IS NOT NULL ORDER BY created_at, id LIMIT 3";
    let oldest = ["person0@example.cl", "person1@example.cl", "person2@example.cl"];
    assert_eq!(site.database.values("email", order), oldest);
    let confirmed = "confirmed_at = created_at AND consent = 'import:' || import_id";
    let confirmed = format!("waitlist WHERE import_id IS NOT NULL AND {confirmed}");
    assert_eq!(site.database.values("count(*)", &confirmed), [first.to_string()]);
    assert_eq!(site.database.values("count(*)", "outbox_letter WHERE kind LIKE 'waitlist%'"), ["2"]);
    let csv = boss.get(&format!("{path}/rejects.csv")).await.has_status(200);
    assert_eq!(csv.header("cache-control"), "no-store");
    assert_eq!(i64::try_from(csv.body.lines().count()).unwrap(), 1 + 1 + repeated + invalid + 1);
    let start = "\u{feff}line,reason,email,role\r\n9,Already on the list,person7@example.cl,empresa\r\n\
                 10,Left or was erased,person8@example.cl,employee\r\n92,Not an email address,broken90,employee\r\n";
    assert!(csv.body.starts_with(start), "{:?}", csv.body.get(..300));
}

#[tokio::test]
async fn a_hostile_file_is_refused_or_told_line_by_line() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let refused = [
        (b"PK\x03\x04\x14\0 a workbook".to_vec(), 422, "Save as"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), 422, "Save as"),
        ([vec![b'"'; 10 * 1024 * 1024], b"\"\n".to_vec()].concat(), 422, "An opening quote in line 1 is never closed"),
        (b"\n \n".to_vec(), 422, "The file has no lines"),
        (Vec::new(), 422, "Choose the file"),
        ([b"\n".to_vec(), vec![b','; 9_000_000]].concat(), 422, "Line 2 has more than 1,000 cells"),
        (b"a@x.cl,persona\n".repeat(200_001), 413, "Split it into several files"),
        (vec![b'a'; 16 * 1024 * 1024 + 1], 413, "Split it into several files"),
    ];
    for (file, status, words) in refused {
        let page = boss.upload(IMPORTS, &[("language", "en"), ("confirmation", "confirmed")], ("list", file)).await;
        let page = page.has_status(status).says(words).leads_on();
        assert_eq!(page.attribute("option[selected]", "value").as_deref(), Some("en"));
        assert_eq!(page.attribute("input[type=radio][checked]", "value").as_deref(), Some("confirmed"));
    }
    boss.post(IMPORTS, &[("language", "en")]).await.has_status(422).says("Choose the file");
    assert_eq!(site.database.values("count(*)", "waitlist_import"), ["0"]);
    let mut file = b"email;rol\nana@x.cl;organizaci\xf3n\n=1+1@x.cl;persona\n".to_vec();
    file.extend(vec![b'a'; 2_000]);
    file.push(b'\n');
    file.extend_from_slice(b"<script>alert(1)</script>;persona\nx\0y@x.cl;\x1b[31mpersona\n\xff\xfe;\xff\n");
    let page = is_done(&boss, &upload(&boss, file).await).await;
    assert_eq!(report(&page), Report { lines: 6, first: 2, listed: 0, repeated: 0, invalid: 4, opted_out: 0 });
    assert!(!page.body.contains("<script>"), "{}", page.body);
    page.says("<script>alert(1)</script>").says("x\u{FFFD}y@x.cl").says("\u{FFFD}[31mpersona");
}

#[tokio::test]
async fn only_admins_see_and_bring_lists() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let file = || ("list", b"eva@x.cl,persona\n".to_vec());
    ana.get(IMPORTS).await.has_status(404);
    ana.upload(IMPORTS, &[], file()).await.has_status(404);
    site.visitor().upload(IMPORTS, &[], file()).await.was_sent_too_late(IMPORTS);
    let boss = site.admin("boss@example.cl").await;
    for path in ["x", "~AA", "x/rejects.csv"] {
        boss.get(&format!("{IMPORTS}/{path}")).await.has_status(404);
    }
    assert_eq!(site.database.values("count(*)", "waitlist_import"), ["0"]);
}

#[tokio::test]
async fn an_upload_that_nobody_resumed_for_a_day_is_given_up() {
    let site = TestSite::start().await;
    site.database.execute(
        "INSERT INTO waitlist_import (id, state, made_at, locale) VALUES ('cut', 'reading', now(), 'es');
         INSERT INTO waitlist_import_line (import_id, line, typed_email, typed_role)
         SELECT 'cut', n, 'a' || n, 'b' FROM generate_series(1, 2500) n",
    );
    let mut conn = site.database.connect();
    let now = site.app.clock.now();
    let mut sweep = |days, minutes| {
        let now = now + chrono::TimeDelta::days(days) + chrono::TimeDelta::minutes(minutes);
        while biovity::waitlist::importing::import::sweep(&mut conn, now).unwrap() > 0 {}
    };
    sweep(0, 23 * 60);
    assert_eq!(site.database.values("state", "waitlist_import"), ["reading"]);
    sweep(1, 1);
    assert_eq!(site.database.values("state", "waitlist_import"), ["cancelled"]);
    sweep(31, 0);
    assert_eq!(site.database.values("count(*)", "waitlist_import_line"), ["2500"]);
    sweep(32, 0);
    assert_eq!(site.database.values("count(*)", "waitlist_import_line"), ["0"]);
}

async fn upload(boss: &Visitor, file: Vec<u8>) -> String {
    let page = boss.upload(IMPORTS, &[("language", "es"), ("confirmation", "ask")], ("list", file)).await;
    page.has_status(303).header("location").to_owned()
}

#[tokio::test]
async fn the_pages_speak_spanish() {
    let site = TestSite::start().await;
    site.admin("boss@example.cl").await;
    let jefa = site.spanish_visitor();
    jefa.log_in("boss@example.cl", crate::support::PASSWORD).await.redirects_to("/admin");
    jefa.get(IMPORTS).await.says("Aún no se ha importado nada").says("¿Estas personas confirmaron su correo?");
    let path = import(&jefa, "ask", "correo;rol\nana@x.cl;empresa\nx;y\n").await;
    let page = is_done(&jefa, &path).await;
    page.says("Se agregará 1 persona y se le pedirá confirmar su correo.")
        .says("Agregar 1 persona")
        .says("No es un correo")
        .says("Revisada, espera tu decisión");
    let file = jefa.get(&format!("{path}/rejects.csv")).await;
    assert!(file.body.ends_with("3,No es un correo,x,y\r\n"), "{}", file.body);
}

#[tokio::test]
async fn an_imported_throwaway_address_is_flagged() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let path = import(&boss, "confirmed", "email,role\na@mailinator.com,employee\nana@udd.cl,employee\n").await;
    is_done(&boss, &path).await;
    boss.post(&format!("{path}/start"), &[]).await.redirects_to(&path);
    is_done(&boss, &path).await.says("Added");
    assert_eq!(site.database.values("signals", "waitlist ORDER BY email"), ["{disposable}", "NULL"]);
    boss.get("/admin/waitlist?q=mailinator").await.says("Needs review");
}
