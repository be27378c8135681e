//! The visitors of the loads: readers of one page, people who join, people who log in.

use std::cell::RefCell;
use std::rc::Rc;

use super::driver::{Answer, Visitor, header};

/// Reads one page again and again, with these cookies.
#[derive(Clone)]
pub struct Reader {
    request: Vec<u8>,
}

impl Reader {
    pub fn of(path: &str, cookies: &str) -> Self {
        let cookies = if cookies.is_empty() { String::new() } else { format!("Cookie: {cookies}\r\n") };
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Language: es\r\n{cookies}\r\n");
        Self { request: request.into_bytes() }
    }
}

impl Visitor for Reader {
    fn request(&mut self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.request);
    }

    fn see(&mut self, _: &Answer<'_>) {}
}

/// A form that a visitor of this number of the run sends, from a network of their own, as limits count them.
fn post(into: &mut Vec<u8>, path: &str, number: u32, lines: &str, body: &str) {
    let [_, a, b, c] = number.to_be_bytes();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nX-Forwarded-For: 10.{a}.{b}.{c}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n{lines}Content-Length: {}\r\n\r\n",
        body.len(),
    );
    into.extend_from_slice(head.as_bytes());
    into.extend_from_slice(body.as_bytes());
}

/// Everyone who joins in one run. Each has an address of their own.
#[derive(Clone)]
pub struct Joiners(Rc<RefCell<Joined>>);

struct Joined {
    run: String,
    next: u32,
    /// The hidden fields of the form, as the page gave them out.
    hidden: String,
    /// The numbers of those who were told that they are listed.
    stored: Vec<u32>,
}

impl Joiners {
    /// People of this run, with the form of this page.
    pub fn new(run: &str, page: &str) -> Self {
        let hidden = ["rendered", "form_key"].iter().filter_map(|name| hidden(page, name)).collect::<String>();
        Self(Rc::new(RefCell::new(Joined { run: run.to_owned(), next: 0, hidden, stored: Vec::new() })))
    }

    /// So many connections of them.
    pub fn many(&self, connections: usize) -> Vec<Joiner> {
        (0..connections).map(|_| Joiner { all: self.clone(), number: 0 }).collect()
    }

    /// The addresses of those who were told that they are listed.
    pub fn stored(&self) -> Vec<String> {
        let joined = self.0.borrow();
        joined.stored.iter().map(|number| address(&joined.run, *number)).collect()
    }
}

/// A connection over which they join, one after the other.
pub struct Joiner {
    all: Joiners,
    number: u32,
}

impl Visitor for Joiner {
    fn request(&mut self, into: &mut Vec<u8>) {
        let mut joined = self.all.0.borrow_mut();
        joined.next += 1;
        self.number = joined.next;
        let email = address(&joined.run, self.number).replace('@', "%40");
        let role = if self.number.is_multiple_of(7) { "organization" } else { "employee" };
        post(into, "/waitlist", self.number, "", &format!("email={email}&role={role}{}", joined.hidden));
    }

    fn see(&mut self, answer: &Answer<'_>) {
        if answer.status == 303 {
            self.all.0.borrow_mut().stored.push(self.number);
        }
    }
}

fn address(run: &str, number: u32) -> String {
    format!("{run}.{number}@joins.example.cl")
}

/// A hidden field of a page, as a form sends it.
fn hidden(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(format!("&{name}={}", rest.split('"').next()?))
}

/// Somebody who logs in again and again, on a device that is known and has no session: as when the last one has ended.
pub struct Returning {
    pub email: String,
    pub password: &'static str,
    /// Numbers the networks from which they come.
    pub network: u32,
    cookies: String,
}

impl Returning {
    pub fn new(email: String, password: &'static str, network: u32) -> Self {
        Self { email, password, network, cookies: String::new() }
    }
}

impl Visitor for Returning {
    fn request(&mut self, into: &mut Vec<u8>) {
        self.network += 1_000;
        let fields = [("email", self.email.as_str()), ("password", self.password)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let cookies = if self.cookies.is_empty() { String::new() } else { format!("Cookie: {}\r\n", self.cookies) };
        post(into, "/login", self.network, &cookies, &body);
    }

    fn see(&mut self, answer: &Answer<'_>) {
        let set = answer.head.lines().filter(|line| header(line, "set-cookie").is_some());
        let pairs = set.filter_map(|line| line.split_once(": ")?.1.split(';').next());
        let pairs = pairs.filter(|pair| pair.starts_with("biovity-device="));
        self.cookies = pairs.collect::<Vec<_>>().join("; ");
    }
}
