//! Several hosts in one URL, of which some hang and one refuses.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use biovity::server;
use biovity::values::database_url::DatabaseUrl;

use crate::support::database::TestDatabase;

/// What a server says that lacks the database.
const REFUSAL: &[u8] = b"SFATAL\0C3D000\0Mno such database\0\0";

/// A server whose kernel takes connections, and that says nothing.
fn hanging() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

/// The port of a server that answers, and refuses everybody.
fn refusing() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = port_of(&listener);
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let length = u32::try_from(REFUSAL.len() + 4).unwrap().to_be_bytes();
            let _ = stream.read(&mut [0; 1_000]);
            let _ = stream.write_all(&[b"E", &length[..], REFUSAL].concat());
        }
    });
    port
}

fn port_of(listener: &TcpListener) -> u16 {
    listener.local_addr().unwrap().port()
}

/// A URL with three hosts before that of the database.
fn behind(database: &TestDatabase, ports: [u16; 3]) -> DatabaseUrl {
    let [one, another, third] = ports;
    let text = database.text().replace("host=", "host=127.0.0.1,127.0.0.1,127.0.0.1,");
    let ports = format!("port={one},{another},{third},5432");
    DatabaseUrl::parse(&format!("{text}&sslmode=disable&gssencmode=disable&{ports}")).unwrap()
}

#[test]
fn of_four_hosts_the_last_is_asked_although_two_hang_and_one_refuses() {
    let (database, hanging, refusing) = (TestDatabase::empty(), [hanging(), hanging()], refusing());
    let [one, another] = hanging.each_ref().map(port_of);
    for ports in [[one, another, refusing], [refusing, one, another]] {
        let since = Instant::now();
        let connected = server::connect(&behind(&database, ports));
        assert!(connected.is_ok(), "{:?}", connected.err());
        assert!(since.elapsed() < Duration::from_secs(5), "{ports:?}: {:?}", since.elapsed());
    }
}

#[test]
fn hosts_that_all_hang_are_asked_once() {
    let hanging = [hanging(), hanging(), hanging()];
    let [one, another, third] = hanging.each_ref().map(port_of);
    let url = format!("postgres://u@127.0.0.1:{one},127.0.0.1:{another},127.0.0.1:{third}/x?sslmode=disable");
    let since = Instant::now();
    assert!(server::connect(&DatabaseUrl::parse(&url).unwrap()).is_err());
    assert!(since.elapsed() < Duration::from_secs(7), "{:?}", since.elapsed());
}
