//! Lists as programs save them: what each brings, and the one sentence about a file that is no list.

use std::fs;

use super::import_page::{Report, import, is_done, report};
use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

const IMPORTS: &str = "/admin/waitlist/imports";
const FIELDS: [(&str, &str); 2] = [("language", "es"), ("confirmation", "confirmed")];

/// A line of `expected.tsv`.
struct Expected {
    file: String,
    new: i64,
    rejected: i64,
    /// What is said of a file that is no list.
    problem: Option<String>,
}

fn read(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/it/data/lists/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn expected() -> Vec<Expected> {
    let table = String::from_utf8(read("expected.tsv")).unwrap();
    let expected = |line: &str| {
        let [file, new, rejected, said] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let (new, rejected) = (new.parse().unwrap(), rejected.parse().unwrap());
        let problem = (new + rejected == 0).then(|| said.split([':', ';']).next().unwrap().to_owned());
        Expected { file: file.to_owned(), new, rejected, problem }
    };
    table.lines().skip(1).map(expected).collect()
}

async fn upload(boss: &Visitor, file: impl Into<Vec<u8>>) -> Page {
    boss.upload(IMPORTS, &FIELDS, ("list", file.into())).await
}

#[tokio::test]
async fn lists_are_taken_as_programs_save_them() {
    let site = TestSite::start().await;
    site.visitor().join("already@example.cl", "employee").await;
    let boss = site.admin("boss@example.cl").await;
    let expected = expected();
    assert_eq!(expected.len(), 13);
    for Expected { file, new, rejected, problem } in expected {
        let page = upload(&boss, read(&file)).await;
        if let Some(problem) = problem {
            let errors = page.has_status(422).texts(".notice.problem li");
            assert_eq!(errors.len(), 1, "{file}: one sentence, not {errors:?}");
            assert!(errors[0].to_lowercase().contains(&problem), "{file}: {errors:?}");
            continue;
        }
        let path = page.has_status(303).header("location").to_owned();
        let report = report(&is_done(&boss, &path).await);
        let rejects = report.listed + report.repeated + report.invalid + report.opted_out;
        assert_eq!((report.first, rejects), (new, rejected), "{file}");
        if file == "twice-and-listed.csv" {
            assert_eq!((report.listed, report.repeated), (1, 1));
        }
    }
    assert_eq!(site.database.values("count(*)", "waitlist_import"), ["10"], "a file that is no list stages nothing");
}

#[tokio::test]
async fn roles_and_addresses_are_those_of_the_file() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    for (file, people) in [
        ("google-forms.csv", ["ana@example.cl employee", "beto@example.cl organization"].as_slice()),
        ("sin-tilde.csv", &["ana@example.cl employee", "lab@example.cl organization"]),
        ("utf16.csv", &["ana@example.cl employee", "munoz@example.cl organization"]),
        ("windows-1252.csv", &["ana@example.cl organization"]),
        ("crm.csv", &["ana@example.cl organization"]),
    ] {
        let path = upload(&boss, read(file)).await.has_status(303).header("location").to_owned();
        is_done(&boss, &path).await;
        boss.post(&format!("{path}/start"), &[]).await.redirects_to(&path);
        is_done(&boss, &path).await.says("Added");
        let added = site.database.values("email || ' ' || role", "waitlist WHERE import_id IS NOT NULL ORDER BY id");
        assert_eq!(added, people, "{file}");
        boss.post(&format!("{path}/undo"), &[]).await.redirects_to(&path);
        is_done(&boss, &path).await.says("Undone");
    }
}

#[tokio::test]
async fn separators_inside_a_quoted_heading_and_empty_first_rows_hide_nothing() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let person = "ana@example.cl;empresa";
    for list in [
        format!("\"¿Área (I+D, calidad)?\";email;role\nI+D;{person}\n"),
        format!("\"¿Área (I+D, calidad, ventas, otra)?\";email;role\nI+D;{person}\n"),
        format!(";;\n\n;;\nemail;role;x\n{person};\n"),
        format!(",,\r\nemail;role\r\n{person}\r\n"),
        format!("\nsep=;\nemail;role\n{person}\n"),
        format!(";;\r\n\"sep=;\"\r\nemail;role\r\n{person}\r\n"),
    ] {
        let page = is_done(&boss, &import(&boss, "ask", &list).await).await;
        let whole = Report { lines: 1, first: 1, listed: 0, repeated: 0, invalid: 0, opted_out: 0 };
        assert_eq!(report(&page), whole, "{list}");
    }
}

#[tokio::test]
async fn a_list_without_roles_asks_for_one_role_and_keeps_the_file_meanwhile() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let page = upload(&boss, read("thunderbird.csv")).await.has_status(422).leads_on();
    assert_eq!(
        page.texts("#role-error"),
        ["Error: There is no column for the role. Choose one role for all of them here, or name a column Role or Rol."]
    );
    let kept = page.value("kept_file");
    assert_eq!(kept.len(), 36);
    // Asked as an admin is asked, and not as a visitor who joins.
    assert_eq!(page.texts("select[name=role] option"), ["Choose a role", "Job seekers", "Organizations"]);
    let page = page.says("Role of everyone on this list");
    page.does_not_say("What brings you here?").says("Everyone on this list gets this role.");
    // The file is nobody else's.
    let other = site.admin("other@example.cl").await;
    let fields = [FIELDS.as_slice(), &[("role", "organization"), ("kept_file", &kept)]].concat();
    other.upload(IMPORTS, &fields, ("list", Vec::new())).await.has_status(422).says("Choose the file");
    let again =
        boss.upload(IMPORTS, &[FIELDS.as_slice(), &[("kept_file", &kept)]].concat(), ("list", Vec::new())).await;
    assert_eq!(again.has_status(422).value("kept_file"), kept, "kept once");
    let page = boss.upload(IMPORTS, &fields, ("list", Vec::new())).await.has_status(303);
    let path = page.header("location").to_owned();
    is_done(&boss, &path).await.says("Add 1 person");
    boss.post(&format!("{path}/start"), &[]).await.redirects_to(&path);
    is_done(&boss, &path).await;
    assert_eq!(site.database.values("email || ' ' || role", "waitlist"), ["ana@example.cl organization"]);
    let mut conn = site.database.connect();
    let later = site.app.clock.now() + chrono::TimeDelta::minutes(61);
    assert_eq!(biovity::web::page::kept_upload::sweep(&mut conn, later).unwrap(), 1);
}

#[tokio::test]
async fn no_quote_swallows_five_hundred_people() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let people = (0..500).fold(String::new(), |people, number| people + &format!("p{number}@example.cl,employee\n"));
    for end in ["", "\"z@example.cl\",employee\n", "z@example.cl,\"employee\"\n"] {
        let list = format!("email,role\nana@example.cl,employee\n\"beto@example.cl,employee\n{people}{end}");
        let page = upload(&boss, list).await.has_status(422);
        page.says("An opening quote in line 3 is never closed");
    }
    assert_eq!(site.database.values("count(*)", "waitlist_import"), ["0"]);
}

#[tokio::test]
async fn the_rejects_file_has_every_line_whole_and_can_be_brought_again() {
    let site = TestSite::start().await;
    site.visitor().join("old@example.cl", "employee").await;
    let boss = site.admin("boss@example.cl").await;
    let list = "Nombre;Correo;Rol;Nota\nAna;ana@x.cl;empresa;uno\n\"Soto; Eva\";eva@;persona;\"dos\nlíneas\"\n\
                Old;old@example.cl;persona;tres\nAna;ANA@x.cl;persona;=1+1\nBeto;beto@x.cl;jefe\n";
    let path = import(&boss, "confirmed", list).await;
    let page = is_done(&boss, &path).await;
    assert_eq!(report(&page), Report { lines: 5, first: 1, listed: 1, repeated: 1, invalid: 2, opted_out: 0 });
    let rejects = boss.get(&format!("{path}/rejects.csv")).await.has_status(200);
    let lines = "\u{feff}line,reason,Nombre,Correo,Rol,Nota\r\n\
                 3,Not an email address,Soto; Eva,eva@,persona,\"dos\nlíneas\"\r\n\
                 5,Already on the list,Old,old@example.cl,persona,tres\r\n\
                 6,Twice in the file,Ana,ANA@x.cl,persona,'=1+1\r\n\
                 7,Unknown role,Beto,beto@x.cl,jefe\r\n";
    assert_eq!(rejects.body, lines);
    boss.post(&format!("{path}/start"), &[]).await.redirects_to(&path);
    is_done(&boss, &path).await;
    let kept = "waitlist_import_line WHERE outcome = 'added' AND whole IS NOT NULL";
    assert_eq!(site.database.values("count(*)", kept), ["0"], "a line that was taken need not be kept whole");
    let mended = rejects.body.replace("eva@", "eva@x.cl").replace("jefe", "empresa");
    let page = is_done(&boss, &import(&boss, "confirmed", &mended).await).await;
    assert_eq!(report(&page), Report { lines: 4, first: 2, listed: 2, repeated: 0, invalid: 0, opted_out: 0 });
}

#[tokio::test]
async fn what_separates_the_columns_is_told_when_we_do_not_know_it() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    for list in ["email|role\nana@x.cl|persona\n", "sep=|\nemail|role\nana@x.cl|persona\n"] {
        upload(&boss, list).await.has_status(422).says("Separate them with commas, semicolons or tabs");
    }
    let jefa = site.spanish_visitor();
    jefa.log_in("boss@example.cl", crate::support::PASSWORD).await.redirects_to("/admin");
    upload(&jefa, "nombre\nAna\n").await.has_status(422).says("No hay una columna con los correos");
    let open = upload(&jefa, "email\n\"ana@x.cl\nb\n").await.has_status(422);
    assert_eq!(open.texts("#role-error").len(), 0, "a file that cannot be read is not worth a question");
    open.says("Una comilla que se abre en la línea 2 no se cierra nunca");
}

#[tokio::test]
async fn utf16_is_read_in_either_order_without_a_mark() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let list = "correo;rol;nombre\nana@example.cl;empresa;Ñandú\n";
    let orders: [fn(u16) -> [u8; 2]; 2] = [u16::to_le_bytes, u16::to_be_bytes];
    for bytes in orders {
        let file: Vec<u8> = list.encode_utf16().flat_map(bytes).collect();
        let path = upload(&boss, file).await.has_status(303).header("location").to_owned();
        let whole = Report { lines: 1, first: 1, listed: 0, repeated: 0, invalid: 0, opted_out: 0 };
        assert_eq!(report(&is_done(&boss, &path).await), whole);
    }
}
