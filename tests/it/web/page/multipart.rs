//! Forms with a file: whatever a body is made of, the answer is a page and nothing breaks.

use crate::support::page::Page;
use crate::support::pictures::photo;
use crate::support::visitor::{Visitor, send};
use crate::support::wire::Wire;
use crate::support::{PASSWORD, TestSite};

const TYPE: &str = "multipart/form-data; boundary=x";

/// A part with these headers behind its `Content-Disposition: form-data`.
fn part(headers: &str, content: &[u8]) -> Vec<u8> {
    [b"--x\r\nContent-Disposition: form-data; ", headers.as_bytes(), b"\r\n\r\n", content, b"\r\n"].concat()
}

fn text(name: &str, value: &str) -> Vec<u8> {
    part(&format!("name=\"{name}\""), value.as_bytes())
}

fn file(name: &str, content: &[u8]) -> Vec<u8> {
    part(&format!("name=\"{name}\"; filename=\"a.png\"\r\nContent-Type: image/png"), content)
}

/// A name, a profession and these parts, closed as it should be.
fn body(parts: &[Vec<u8>]) -> Vec<u8> {
    [text("name", "Ana Soto"), text("profession", "Geneticist"), parts.concat(), b"--x--\r\n".to_vec()].concat()
}

/// A site and somebody who is signed in.
struct Sender {
    site: TestSite,
    ana: Visitor,
}

impl Sender {
    async fn start() -> Self {
        let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
        let ana = site.employee("ana@example.cl").await;
        Self { site, ana }
    }

    async fn send(&self, content_type: &str, body: Vec<u8>) -> Page {
        let request = self.ana.request("POST", "/account").header("sec-fetch-site", "same-origin");
        send(request.header("content-type", content_type).body(body)).await
    }

    /// The form is refused with a page, and nothing was changed.
    async fn is_refused(&self, status: u16, body: Vec<u8>) {
        let what = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        let page = self.send(TYPE, body).await;
        assert_eq!(page.status.as_u16(), status, "{what}");
        page.leads_on();
        assert_eq!(self.names(), ["Ana Rojas"], "{what}");
    }

    /// The form is taken; its picture too, or none.
    async fn is_taken(&self, body: Vec<u8>, picture: bool) {
        let what = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        let page = self.send(TYPE, body).await;
        assert_eq!(page.status.as_u16(), 303, "{what}\n{}", page.text());
        assert_eq!(self.names(), ["Ana Soto"], "{what}");
        assert_eq!(self.site.database.values("count(*) > 0", "avatar"), [picture.to_string()], "{what}");
        self.ana.post("/account/avatar/remove", &[]).await.redirects_to("/account");
        self.ana.post("/account", &[("name", "Ana Rojas"), ("profession", "x")]).await.redirects_to("/account");
    }

    fn names(&self) -> Vec<String> {
        self.site.database.values("name", "\"user\"")
    }
}

#[tokio::test]
async fn a_form_is_read_as_browsers_send_it() {
    let sender = Sender::start().await;
    sender.is_taken(body(&[]), false).await;
    sender.is_taken(body(&[file("avatar", &photo())]), true).await;
    let nothing = part("name=\"avatar\"; filename=\"\"\r\nContent-Type: application/octet-stream", b"");
    sender.is_taken(body(&[nothing]), false).await;
    sender.is_taken(body(&[file("avatar", b"")]), false).await;
    sender.is_taken(body(&[text("type", "admin"), text("other", "a\r\nb"), text("other", "c")]), false).await;
    sender.is_taken([b"a preamble\r\n".to_vec(), body(&[])].concat(), false).await;
    let typed = part("name=\"other\"\r\nContent-Type: text/plain; charset=utf-8", "ñ".as_bytes());
    sender.is_taken(body(&[typed]), false).await;
    let page = sender.send("Multipart/Form-Data;boundary=\"x\"", body(&[])).await;
    page.redirects_to("/account");
}

#[tokio::test]
async fn the_name_and_type_that_a_file_claims_do_not_matter() {
    let sender = Sender::start().await;
    for claims in
        ["filename=\"../../etc/passwd\"", "filename=\"x.svg\"\r\nContent-Type: image/svg+xml", "filename=\"\""]
    {
        sender.is_taken(body(&[part(&format!("name=\"avatar\"; {claims}"), &photo())]), true).await;
    }
}

#[tokio::test]
async fn text_in_the_place_of_a_file_is_no_file() {
    let sender = Sender::start().await;
    sender.is_taken(body(&[text("avatar", "https://evil.example/x.png")]), false).await;
    sender.is_refused(400, body(&[text("avatar", "x"), file("avatar", &photo())])).await;
}

#[tokio::test]
async fn a_file_where_none_was_asked_for_is_refused() {
    let sender = Sender::start().await;
    for name in ["name", "other", "avatar[]", "Avatar", ""] {
        let parts = [text("profession", "x"), file(name, &photo()), b"--x--\r\n".to_vec()].concat();
        sender.is_refused(400, parts).await;
    }
    sender.is_refused(400, body(&[file("avatar", &photo()), file("avatar", &photo())])).await;
    sender.is_refused(400, body(&[file("avatar", &photo()), file("other", b"x")])).await;
}

#[tokio::test]
async fn text_follows_the_rules_of_every_form() {
    let sender = Sender::start().await;
    sender.is_refused(400, body(&[text("name", "Eve")])).await;
    for value in [b"a\0b".as_slice(), b"\xff", b"\xc3\x28", b"\xed\xa0\x80"] {
        sender.is_refused(400, body(&[part("name=\"other\"", value)])).await;
    }
    sender.is_refused(400, body(&[part("name=\"oth\0er\"", b"x")])).await;
    let escapes = [text("name", "%00+%ff&profession=x"), text("profession", "x"), b"--x--\r\n".to_vec()].concat();
    sender.send(TYPE, escapes).await.redirects_to("/account");
    assert_eq!(sender.names(), ["%00+%ff&profession=x"]);
}

#[tokio::test]
async fn a_broken_body_is_refused() {
    let sender = Sender::start().await;
    let whole = body(&[file("avatar", &photo())]);
    for left in [0, 1, 3, 5, 30, 60, whole.len() / 2, whole.len() - 10, whole.len() - 4] {
        sender.is_refused(400, whole[..left].to_vec()).await;
    }
    let other = [
        b"name=Ana&profession=x".to_vec(),
        b"--y\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nEve\r\n--y--\r\n".to_vec(),
        body(&[b"--x\r\n\r\nno headers\r\n".to_vec()]),
        body(&[b"--x\r\nContent-Type: text/plain\r\n\r\nno name\r\n".to_vec()]),
        body(&[b"--x\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n".to_vec()]),
        body(&[part("filename=\"a\"", b"no name")]),
        body(&[part("name=\"a\"\r\nContent-Type: multipart/mixed; boundary=y", b"--y--")]),
        body(&[part("name=\"a\"\r\nContent-Length: 99999999", b"x")]),
        body(&[part("name=\"a\"\r\nContent-Length: -1", b"x")]),
    ];
    for body in other {
        sender.is_refused(400, body).await;
    }
    for content_type in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\""]
    {
        sender.send(content_type, whole.clone()).await.has_status(400).leads_on();
    }
    for content_type in ["multipart/mixed; boundary=x", "multipart/form-datax; boundary=x", "image/png"] {
        sender.send(content_type, whole.clone()).await.has_status(415).leads_on();
    }
}

#[tokio::test]
async fn every_part_of_a_body_has_a_bound() {
    let sender = Sender::start().await;
    sender.is_taken(body(&[text("other", &"x".repeat(16_000))]), false).await;
    sender.is_refused(413, body(&[text("other", &"x".repeat(17_000))])).await;
    sender.is_refused(413, body(&[text("a", &"x".repeat(9_000)), text("b", &"x".repeat(9_000))])).await;
    sender.is_refused(413, body(&[text(&"x".repeat(17_000), "")])).await;
    let parts = |count: usize| (0..count).map(|n| text(&n.to_string(), "")).collect::<Vec<_>>();
    sender.is_taken(body(&parts(25)), false).await;
    sender.is_refused(400, body(&parts(40))).await;
    sender.is_refused(400, body(&[part(&format!("name=\"a\"{}", "\r\nX-A: b".repeat(40)), b"")])).await;
    sender.is_refused(413, body(&[part(&format!("name=\"a\"\r\nX-A: {}", "b".repeat(100_000)), b"")])).await;
    let long = [vec![b'\n'; 3_000_000], body(&[])].concat();
    sender.is_refused(413, long).await;
    sender.is_refused(413, body(&[file("other", &vec![0; 40 << 20])])).await;
}

#[tokio::test]
async fn a_guest_is_sent_to_log_in_before_anything_large_is_read() {
    let site = TestSite::start().await;
    let mut wire = Wire::to(&site.base_url).await;
    let head = format!("POST /account HTTP/1.1\r\nhost: x\r\ncontent-type: {TYPE}\r\ncontent-length: 2000000\r\n\r\n");
    wire.send(head).await;
    wire.answer().await.unwrap().was_sent_too_late("/account");
}

#[tokio::test]
async fn a_form_with_a_file_from_another_site_is_refused() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let request = ana.request("POST", "/account").header("sec-fetch-site", "cross-site");
    send(request.header("content-type", TYPE).body(body(&[]))).await.has_status(403).leads_on();
    assert_eq!(site.database.values("name", "\"user\""), ["Ana Rojas"]);
}
