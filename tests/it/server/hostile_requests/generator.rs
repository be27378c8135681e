//! Requests from a seed: a route, a method, a query, headers and a body, each of them right, odd or wrong.

use std::fmt::Write;

use crate::support::addresses::{self, Route};
use crate::support::torture::Seeded;

const IDS: [&str; 12] = [
    "x",
    "1",
    "-1",
    "0",
    "9223372036854775808",
    "018f0000-0000-7000-8000-000000000000",
    "%00",
    "..",
    "%2e%2e%2f",
    "a%20b",
    "\u{202e}x",
    "",
];
const METHODS: [&str; 12] =
    ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", "G\u{0}T", "PROPFIND"];
const NAMES: [&str; 34] = [
    "email",
    "role",
    "form_key",
    "token",
    "password",
    "current_password",
    "name",
    "profession",
    "next",
    "lang",
    "q",
    "act",
    "expected",
    "from",
    "to",
    "sort",
    "state",
    "after",
    "before",
    "cursor",
    "page",
    "employees",
    "organizations",
    "ids",
    "id",
    "language",
    "confirmation",
    "kind",
    "website",
    "avatar",
    "list",
    "column",
    "x",
    "",
];
const VALUES: [&str; 38] = [
    "",
    "ana@example.cl",
    "employee",
    "admin",
    "on",
    "1",
    "-1",
    "0",
    "99999999999999999999",
    "1e308",
    "NaN",
    "%00",
    "%0d%0aX:%20y",
    "%ff%fe",
    "%c3%28",
    "%e2%80%ae",
    "%ef%bf%bd",
    "%",
    "%zz",
    "%2525",
    "'%3b--",
    "%25%5c_",
    "=cmd|%27/c%27!A0",
    "../../etc/passwd",
    "//evil.example/",
    "https://evil.example",
    "2026-02-30",
    "9999-12-31",
    "-271821-04-20",
    "0000-01-01T00:00:00Z",
    "018f0000-0000-7000-8000-000000000000",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "a@b",
    "@",
    "%f0%9f%98%80@x.cl",
    "xn--@xn--a.xn--b",
    "%f0%9d%94%b8",
    "a+b+%2b",
];
const TYPES: [&str; 9] = [
    "application/x-www-form-urlencoded",
    "application/json",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "text/plain",
    "application/x-www-form-urlencoded; charset=utf-16",
    "APPLICATION/JSON;;;",
    "\u{fffd}",
    "a",
];
/// Headers that a client may send besides, whole lines.
const HEADERS: [&str; 27] = [
    "Expect: 100-continue",
    "Expect: x",
    "Range: bytes=0-",
    "Range: bytes=-1,5-2",
    "If-None-Match: *",
    "If-Modified-Since: x",
    "Accept-Language: es;q=9,*;q=x",
    "Accept-Language: ,,,;;;",
    "Accept-Encoding: br;q=0, *",
    "Accept: \u{1}",
    "Origin: null",
    "Origin: https://evil.example",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Site: none",
    "X-Forwarded-For: 1.2.3.4, [::1",
    "Forwarded: for=\"[::1]:x\";;",
    "Upgrade: h2c",
    "Upgrade: websocket",
    "Connection: close, close",
    "Connection: upgrade",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding: chunked, chunked",
    "Content-Encoding: gzip",
    "Content-Length: -1",
    "Authorization: Basic \u{e9}",
    " folded: x",
    "X: \u{7f}",
];
const HOSTS: [&str; 7] = ["x", "", "a b", "localhost:99999", "[::1", "evil.example", "\u{e9}"];
const JSON: [&str; 8] = [
    "{}",
    "[]",
    "null",
    "{\"email\":1}",
    "{\"email\":\"\\ud800\",\"role\":null}",
    "{\"email\":\"\\u0000@x.cl\",\"role\":\"employee\"}",
    "{\"email\":{\"a\":[[[[[]]]]]}}",
    "{\"email\":\"a\",",
];
const PARTS: [&str; 6] = [
    "--b\r\nContent-Disposition: form-data; name=\"list\"; filename=\"\u{0}\"\r\n\r\nemail,role\n\"\r\n--b--\r\n",
    "--b\r\nContent-Disposition: form-data; name=\"avatar\"; filename=a.png\r\n\r\n\u{fffd}PNG\r\n--b--\r\n",
    "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
    "--b\r\n\r\n--b\r\n\r\n--b--",
    "--c\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--c--\r\n",
    "--b\r\nContent-Disposition: form-data; name=\"name\"\r\nContent-Length: 99\r\n\r\n",
];

/// Makes one request after the other.
pub struct Generator {
    pub seed: u64,
    seeded: Seeded,
    routes: Vec<Route>,
    cookies: Vec<String>,
}

impl Generator {
    /// With the cookies of some who are signed in.
    pub fn new(seed: u64, cookies: Vec<String>) -> Self {
        Self { seed, seeded: Seeded(seed), routes: addresses::routes(), cookies }
    }

    /// The bytes of a request. One in twenty is none at all, or has some of its bytes changed.
    pub fn request(&mut self) -> Vec<u8> {
        let body = self.body();
        let mut request = self.head(body.len()).into_bytes();
        request.extend(body);
        if self.seeded.once_in(40) {
            return (0..self.seeded.below(400)).map(|_| self.byte()).collect();
        }
        if self.seeded.once_in(40) {
            for _ in 0..=self.seeded.below(6) {
                let at = self.seeded.below(request.len());
                request[at] = self.byte();
            }
        }
        request
    }

    fn byte(&mut self) -> u8 {
        self.seeded.next().to_le_bytes()[0]
    }

    fn head(&mut self, length: usize) -> String {
        let at = self.seeded.below(self.routes.len());
        let route = self.routes[at].clone();
        let method = if self.seeded.once_in(5) { self.seeded.one_of(&METHODS) } else { route.method };
        let (path, query) = (self.path(&route.pattern), self.pairs());
        let mark = if query.is_empty() || method == "POST" && !self.seeded.once_in(4) { "" } else { "?" };
        let query = if mark.is_empty() { "" } else { &query };
        let version = if self.seeded.once_in(30) {
            self.seeded.one_of(&["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/9.9", "http/1.1", "HTTP/1.1 x", ""])
        } else {
            "HTTP/1.1"
        };
        let host = if self.seeded.once_in(10) { self.seeded.one_of(&HOSTS) } else { "x" };
        let mut head = format!("{method} {path}{mark}{query} {version}\r\nHost: {host}\r\n");
        self.add_headers(&mut head, length);
        head + "\r\n"
    }

    fn path(&mut self, pattern: &str) -> String {
        let id = self.seeded.one_of(&IDS);
        let path = pattern.replace("{id}", id).replace("{name}", id);
        match self.seeded.below(30) {
            0 => format!("{path}/"),
            1 => format!("/{path}"),
            2 => format!("http://x{path}"),
            3 => format!("{path}/{}", "a/".repeat(self.seeded.below(500))),
            4 => format!("{path}%{:02x}", self.byte()),
            5 => "*".to_owned(),
            _ => path,
        }
    }

    fn add_headers(&mut self, head: &mut String, length: usize) {
        match self.seeded.below(12) {
            0 => {}
            1 => write!(head, "Content-Length: {}\r\n", length / 2).unwrap(),
            2 => write!(head, "Content-Length: {}\r\n", length + 7).unwrap(),
            3 => head.push_str("Transfer-Encoding: chunked\r\n"),
            4 => write!(head, "Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n").unwrap(),
            _ => write!(head, "Content-Length: {length}\r\n").unwrap(),
        }
        if !self.seeded.once_in(8) {
            head.push_str("Sec-Fetch-Site: same-origin\r\n");
        }
        let kind = if self.seeded.once_in(3) { self.seeded.one_of(&TYPES) } else { TYPES[0] };
        write!(head, "Content-Type: {kind}\r\n").unwrap();
        for _ in 0..self.seeded.below(3) {
            write!(head, "{}\r\n", self.seeded.one_of(&HEADERS)).unwrap();
        }
        if self.seeded.once_in(200) {
            head.extend((0..120).map(|number| format!("X-{number}: y\r\n")));
        }
        if let Some(cookie) = self.cookie() {
            write!(head, "Cookie: {cookie}\r\n").unwrap();
        }
    }

    fn cookie(&mut self) -> Option<String> {
        let at = self.seeded.below(self.cookies.len());
        let own = self.cookies[at].clone();
        match self.seeded.below(12) {
            0 | 1 => None,
            2 => Some(own.chars().take(own.len() / 2).chain(['x']).collect()),
            3 => Some(format!("biovity={}", "A".repeat(self.seeded.below(9_000)))),
            4 => Some(format!("lang={}; {own}; =; ;a=\"\u{1}", self.seeded.one_of(&VALUES))),
            5 => Some(format!("{own}; {own}")),
            _ => Some(own),
        }
    }

    /// Fields with values, as a query or a form has them.
    fn pairs(&mut self) -> String {
        let count = if self.seeded.once_in(150) { 1_500 } else { self.seeded.below(7) };
        let pair = |_| {
            let value = self.seeded.one_of(&VALUES).to_owned();
            let value = if self.seeded.once_in(60) { "y".repeat(self.seeded.below(20_000)) } else { value };
            format!("{}={value}", self.seeded.one_of(&NAMES))
        };
        (0..count).map(pair).collect::<Vec<_>>().join("&")
    }

    fn body(&mut self) -> Vec<u8> {
        match self.seeded.below(10) {
            0 => Vec::new(),
            1 => self.seeded.one_of(&JSON).into(),
            2 => self.seeded.one_of(&PARTS).into(),
            3 => (0..self.seeded.below(2_000)).map(|_| self.byte()).collect(),
            4 => format!("{:x}\r\n{}\r\n0\r\n\r\n", self.seeded.below(40), "z".repeat(20)).into_bytes(),
            _ => self.pairs().into_bytes(),
        }
    }
}
