//! The page of one mail of the development mailbox, with its links.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Path};
use askama::Template;

use super::access::{folder, no_store};
use super::folder::StoredMail;
use super::words::Words;
use crate::web::page::response;
use crate::web::{self, App, Error, Layout};

/// A mail brings its own styles, and nothing else: whatever else it held would not run or be fetched here.
const LETTER_CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                          frame-ancestors 'none'; sandbox allow-popups allow-top-navigation-by-user-activation";

#[derive(Template)]
#[template(path = "mail/mailbox/mail_page.html")]
struct MailPage {
    layout: Layout,
    t: &'static Words,
    mail: StoredMail,
}

/// A piece of a mail's text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
}

/// One mail as text, with its links.
///
/// # Errors
/// Not found, when there is no such mail, or mail goes to an SMTP server.
pub async fn show(app: Data<App>, layout: Layout, id: Path<String>) -> web::Result {
    let mail = folder(&app)?.find(&id).ok_or(Error::NOT_FOUND)?;
    Ok(no_store(response::ok(MailPage { t: Words::of(layout.locale), layout, mail })?))
}

/// The HTML part of a mail, as its reader sees it.
///
/// # Errors
/// Not found, when there is no such mail, it has no such part, or mail goes to an SMTP server.
pub async fn show_html(app: Data<App>, id: Path<String>) -> web::Result {
    let html = folder(&app)?.find(&id).and_then(|mail| mail.html).ok_or(Error::NOT_FOUND)?;
    let mut page = HttpResponse::Ok().content_type(response::HTML).body(html);
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(LETTER_CSP));
    Ok(no_store(page))
}

impl MailPage {
    fn pieces(&self) -> Vec<Piece<'_>> {
        pieces(&self.mail.text)
    }
}

/// Splits a text into links and the rest. Only `http` and `https` are links: `javascript:` and the like never are.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = next_link(rest) {
        let (before, from) = rest.split_at(start);
        let (link, after) = from.split_at(link_length(from));
        pieces.extend([Piece::Text(before), Piece::Link(link)]);
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| *piece != Piece::Text(""));
    pieces
}

fn next_link(text: &str) -> Option<usize> {
    ["https://", "http://"].iter().filter_map(|scheme| text.find(scheme)).min()
}

/// The length of the link at the beginning. It ends at white space or at a mark that stands around links; a full stop at
/// its end belongs to the sentence.
fn link_length(from: &str) -> usize {
    let end = from.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"'`".contains(c));
    let (link, _) = from.split_at(end.unwrap_or(from.len()));
    link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']).len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_are_told_from_the_sentence_around_them() {
        let text = "Here:\n\nhttp://localhost:8080/verify-email?token=a-_b\n\nor (https://biovity.cl/x).";
        assert_eq!(
            pieces(text),
            [
                Piece::Text("Here:\n\n"),
                Piece::Link("http://localhost:8080/verify-email?token=a-_b"),
                Piece::Text("\n\nor ("),
                Piece::Link("https://biovity.cl/x"),
                Piece::Text(")."),
            ]
        );
    }

    #[test]
    fn nothing_that_runs_becomes_a_link() {
        let text = "javascript:alert(1) data:text/html,x //evil.example";
        assert_eq!(pieces(text), [Piece::Text(text)]);
        assert_eq!(pieces(""), []);
    }

    proptest! {
        #[test]
        fn no_character_is_lost(text in "\\PC{0,80}|(https?://|[a-z .ñ<>\"\n)]){0,20}") {
            let pieces = pieces(&text);
            let whole: String = pieces.iter().map(|(Piece::Text(part) | Piece::Link(part))| *part).collect();
            prop_assert_eq!(whole, text.clone());
            for piece in pieces {
                if let Piece::Link(link) = piece {
                    prop_assert!(link.starts_with("http") && !link.contains(['"', '<', ' ']));
                }
            }
        }
    }
}
