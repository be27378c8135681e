//! The development mailbox: the mails sent, readable in the browser, while there is no SMTP server.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Path};
use askama::Template;

use super::mailbox_folder::{Folder, StoredMail};
use super::words::Words;
use crate::web::page::response;
use crate::web::{self, App, Error, Layout};

/// Mails on the page.
const MOST: usize = 100;

#[derive(Template)]
#[template(path = "mail/mailbox.html")]
struct ListPage {
    layout: Layout,
    t: &'static Words,
    mails: Vec<StoredMail>,
}

#[derive(Template)]
#[template(path = "mail/mailbox_letter.html")]
struct LetterPage {
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

/// The newest mails.
///
/// # Errors
/// Not found where mail goes to an SMTP server; a fault of ours when the folder cannot be read.
pub async fn list(app: Data<App>, layout: Layout) -> web::Result {
    let mails = folder(&app)?.newest(MOST).map_err(|error| Error::Internal(error.into()))?;
    Ok(unkept(response::ok(ListPage { t: Words::of(layout.locale), layout, mails })?))
}

/// One mail as text, with its links.
///
/// # Errors
/// Not found, when there is no such mail, or mail goes to an SMTP server.
pub async fn show(app: Data<App>, layout: Layout, id: Path<String>) -> web::Result {
    let mail = folder(&app)?.find(&id).ok_or(Error::NOT_FOUND)?;
    Ok(unkept(response::ok(LetterPage { t: Words::of(layout.locale), layout, mail })?))
}

/// Anyone who reaches the page reads every mail, links that reset passwords included: never in production.
fn folder(app: &App) -> Result<Folder, Error> {
    let real = app.config.smtp_url.is_some() || app.config.is_production();
    if real { Err(Error::NOT_FOUND) } else { Ok(Folder::of(&app.config)) }
}

fn unkept(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl LetterPage {
    fn pieces(&self) -> Vec<Piece<'_>> {
        pieces(&self.mail.text)
    }
}

/// Tells the links of a text from the rest. Only `http` and `https`: nothing that runs becomes a link.
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

/// Up to white space or a mark that stands around links; a full stop at its end is the sentence's.
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
