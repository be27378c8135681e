//! The ceilings: what this machine does at most, by programs that do nothing but the work itself.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Bytes, Data, Form, get, post};
use actix_web::{App, HttpResponse, HttpServer};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use serde::Deserialize;

/// Names the variable that makes this program the bare server, and holds its port.
pub const PORT: &str = "BARE_PORT";
const DATABASE: &str = "BARE_DATABASE";
const HEAD: &str = "BARE_HEAD";
const BODY: &str = "BARE_BODY";
/// As many as the site has.
const CONNECTIONS: u32 = 10;

/// The table of the seed, as the application has it that this one replaces.
pub const TABLE: &str = "CREATE TABLE waitlist (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, \
                         role text NOT NULL, created_at timestamptz NOT NULL DEFAULT now()); \
                         CREATE INDEX ON waitlist (email); CREATE INDEX ON waitlist (role)";
const INSERT: &str = "INSERT INTO waitlist (email, role) VALUES (:email, 'employee')";

diesel::table! {
    waitlist {
        id -> BigInt,
        email -> Text,
        role -> Text,
    }
}

/// A server of its own process: a page that is there already, and a form that inserts one row.
pub struct Bare {
    process: Child,
    pub port: u16,
}

impl Bare {
    /// Serves the bytes of this page, with its headers, and inserts into this database.
    pub fn start(page: &str, database: &str) -> Self {
        let port = super::site::free_port();
        let (head, body) = page.split_once("\r\n\r\n").unwrap();
        let program = Command::new(std::env::current_exe().unwrap())
            .envs([(PORT, port.to_string().as_str()), (DATABASE, database), (HEAD, head), (BODY, body)])
            .stderr(Stdio::null())
            .spawn();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { process: program.unwrap(), port }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[derive(Deserialize)]
struct Typed {
    email: String,
    role: String,
}

/// Runs the bare server, until it is ended.
pub fn serve(port: &str) {
    let variable = |name| std::env::var(name).unwrap();
    let skipped = ["content-length", "date", "set-cookie"];
    let lines: Vec<_> = variable(HEAD)
        .lines()
        .skip(1)
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap()))
        .filter(|(name, _)| !skipped.contains(&name.as_str()))
        .collect();
    let page = Data::from(Arc::new((lines, Bytes::from(variable(BODY)))));
    let pool = Pool::builder().max_size(CONNECTIONS).test_on_check_out(false);
    let pool = Data::new(pool.build(ConnectionManager::<PgConnection>::new(variable(DATABASE))).unwrap());
    let server = HttpServer::new(move || {
        let app = App::new().app_data(page.clone()).app_data(pool.clone());
        app.route("/waitlist", get().to(show)).route("/waitlist", post().to(create))
    });
    let server = server.bind(format!("127.0.0.1:{port}")).unwrap();
    actix_web::rt::System::new().block_on(server.run()).unwrap();
}

type Page = (Vec<(HeaderName, HeaderValue)>, Bytes);

async fn show(page: Data<Page>) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    for (name, value) in &page.0 {
        answer.insert_header((name.clone(), value.clone()));
    }
    answer.body(page.1.clone())
}

async fn create(pool: Data<Pool<ConnectionManager<PgConnection>>>, Form(typed): Form<Typed>) -> HttpResponse {
    let insert = move || {
        let row = (waitlist::email.eq(typed.email), waitlist::role.eq(typed.role));
        diesel::insert_into(waitlist::table).values(row).execute(&mut pool.get().unwrap()).unwrap()
    };
    actix_web::web::block(insert).await.unwrap();
    HttpResponse::SeeOther().insert_header(("location", "/waitlist/joined")).finish()
}

/// The same INSERT a second by pgbench over ten connections; nothing where it is not installed.
pub fn pgbench(folder: &Path, database: &str, lasts: Duration) -> Option<f64> {
    let script = folder.join("insert.sql");
    let email = "\\set a random(1, 1000000000)\n\\set b random(1, 1000000000)\n";
    std::fs::write(&script, format!("{email}{}", INSERT.replace(":email", ":a || '.' || :b || '@bare.example.cl'")))
        .unwrap();
    let seconds = lasts.as_secs().max(1).to_string();
    let mut pgbench = Command::new("pgbench");
    pgbench.args(["--no-vacuum", "--protocol=prepared", "--client=10", "--jobs=2", "--time", &seconds, "--file"]);
    let output = pgbench.arg(&script).arg(database).output().ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("tps = "));
    Some(line?.split(' ').next()?.parse().unwrap())
}

/// Argon2 hashes a second with the site's parameters, on all cores, each in memory that is reused.
pub fn argon2(lasts: Duration) -> f64 {
    let cores = std::thread::available_parallelism().unwrap().get();
    let began = Instant::now();
    let hash = || {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
        let mut memory = vec![Block::default(); Params::DEFAULT.block_count()];
        let (mut output, mut hashes) = ([0; 32], 0_u32);
        while began.elapsed() < lasts {
            argon2
                .hash_password_into_with_memory(b"quillay sobre el", b"some salt of it", &mut output, &mut memory)
                .unwrap();
            hashes += 1;
        }
        hashes
    };
    let hashes: u32 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(hash)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    f64::from(hashes) / began.elapsed().as_secs_f64()
}
