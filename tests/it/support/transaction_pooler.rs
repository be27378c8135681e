//! A pooler in transaction mode, as hard on its clients as `PgBouncer` before 1.21: each transaction gets the server
//! connection that has rested longest, and the names of statements are not translated.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use super::database::TestDatabase;

/// Connections to the server.
const SERVERS: usize = 3;
/// The message of a client that only asks for encryption.
const SSL_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();

#[derive(Default)]
struct Servers {
    idle: Mutex<VecDeque<UnixStream>>,
    returned: Condvar,
}

/// Its address as an operator would set it, without any mark.
pub fn start(database: &TestDatabase) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let servers = Arc::new(Servers::default());
    for _ in 0..SERVERS {
        servers.idle.lock().unwrap().push_back(connect(database).unwrap());
    }
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let servers = Arc::clone(&servers);
            thread::spawn(move || serve(client, &servers));
        }
    });
    format!("postgresql://biovity@127.0.0.1:{port}/{}", database.name())
}

/// Opens a connection to the server and waits until it is ready.
fn connect(database: &TestDatabase) -> io::Result<UnixStream> {
    let mut server = UnixStream::connect(TestDatabase::socket())?;
    let parameters = format!("user\0biovity\0database\0{}\0client_encoding\0UTF8\0\0", database.name());
    let mut startup = 196_608_u32.to_be_bytes().to_vec();
    startup.extend(parameters.as_bytes());
    server.write_all(&[&length(&startup), &startup[..]].concat())?;
    while read_message(&mut server)?[0] != b'Z' {}
    Ok(server)
}

fn serve(mut client: TcpStream, servers: &Servers) -> io::Result<()> {
    while read_body(&mut client)?[4..8] == SSL_REQUEST {
        client.write_all(b"N")?;
    }
    // Signed in, with a key of its own, and ready.
    client.write_all(&[&b"R\0\0\0\x08\0\0\0\0"[..], b"K\0\0\0\x0c\0\0\0\x01\0\0\0\x01", b"Z\0\0\0\x05I"].concat())?;
    loop {
        let mut message = read_message(&mut client)?;
        if message[0] == b'X' {
            return Ok(());
        }
        let mut server = servers.take();
        loop {
            server.write_all(&message)?;
            // A query, or the end of a series of messages.
            if message[0] == b'Q' || message[0] == b'S' {
                let ready = answer(&mut server, &mut client)?;
                if ready[5] == b'I' {
                    break;
                }
            }
            message = read_message(&mut client)?;
        }
        servers.give_back(server);
    }
}

/// Passes on what the server answers, up to its being ready.
fn answer(server: &mut UnixStream, client: &mut TcpStream) -> io::Result<Vec<u8>> {
    loop {
        let message = read_message(server)?;
        client.write_all(&message)?;
        if message[0] == b'Z' {
            return Ok(message);
        }
    }
}

impl Servers {
    fn take(&self) -> UnixStream {
        let mut idle = self.returned.wait_while(self.idle.lock().unwrap(), |idle| idle.is_empty()).unwrap();
        idle.pop_front().unwrap()
    }

    fn give_back(&self, server: UnixStream) {
        self.idle.lock().unwrap().push_back(server);
        self.returned.notify_one();
    }
}

/// The length of a message counts itself.
fn length(body: &[u8]) -> [u8; 4] {
    u32::try_from(body.len() + 4).unwrap().to_be_bytes()
}

fn read_message(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut kind = [0];
    from.read_exact(&mut kind)?;
    Ok([&kind[..], &read_body(from)?].concat())
}

fn read_body(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let mut body = vec![0; u32::from_be_bytes(length) as usize - 4];
    from.read_exact(&mut body)?;
    Ok([&length[..], &body].concat())
}
