//! What a letter looks like.

use mail_parser::{Message, MessageParser, MimeHeaders};
use scraper::{Html, Selector};

use super::{join, row};
use crate::support::smtp::Mail;
use crate::support::{PASSWORD, TestSite};

const ENGLISH: [&str; 3] =
    ["Confirm your place on the Biovity waitlist", "Verify your email", "You already have an account"];
const SPANISH: [&str; 3] =
    ["Confirma tu lugar en la lista de espera de Biovity", "Verifica tu correo", "Ya tienes una cuenta"];

/// Every letter there is, to readers of one language.
async fn letters(site: &TestSite, language: &str) -> Vec<Mail> {
    let visitor = if language == "es" { site.spanish_visitor() } else { site.visitor() };
    let address = format!("ana.{language}@example.cl");
    visitor.join(&address, "employee").await.redirects_to("/waitlist/joined");
    site.deliver_mail().await;
    visitor.sign_up("employee", &address).await.redirects_to("/signup/check-email");
    visitor.press(&site.mail(&address).await.link()).await.redirects_to("/account");
    visitor.sign_up("employee", &address).await.redirects_to("/signup/check-email");
    site.mails(&address).await
}

fn parse(mail: &Mail) -> Message<'_> {
    MessageParser::default().parse(mail.raw.as_bytes()).unwrap()
}

fn attributes(html: &Html, css: &str, name: &str) -> Vec<String> {
    let selector = Selector::parse(css).unwrap();
    html.select(&selector).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_letter_is_text_and_html_in_the_language_of_its_reader() {
    let site = TestSite::start().await;
    for (language, subjects) in [("en", ENGLISH), ("es", SPANISH)] {
        let mails = letters(&site, language).await;
        assert_eq!(mails.iter().map(|mail| mail.subject.as_str()).collect::<Vec<_>>(), subjects);
        for mail in &mails {
            let message = parse(mail);
            let kind = message.root_part().content_type().unwrap();
            assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("alternative")));
            assert_eq!((message.text_body_count(), message.html_body_count(), message.attachment_count()), (1, 1, 0));
            let html = Html::parse_document(&mail.html);
            assert_eq!(attributes(&html, "html", "lang"), [language]);
            assert!(mail.html.contains("color-scheme"), "dark mode");
            let spanish = mail.text.contains("Si no") || mail.text.contains("correo");
            assert_eq!(spanish, language == "es", "{}", mail.text);
        }
    }
}

#[tokio::test]
async fn a_letter_fetches_nothing_and_leads_nowhere_but_here() {
    let site = TestSite::start().await;
    for mail in [letters(&site, "en").await, letters(&site, "es").await].concat() {
        let html = Html::parse_document(&mail.html);
        let fetching =
            Selector::parse("img, link, script, iframe, object, embed, video, audio, [src], [background]").unwrap();
        assert_eq!(html.select(&fetching).count(), 0, "{}", mail.subject);
        let markup = mail.html.to_ascii_lowercase();
        assert!(!markup.contains("url(") && !markup.contains("@import") && !markup.contains("javascript:"));
        let links = attributes(&html, "[href]", "href");
        assert!(
            !links.is_empty() && links.iter().all(|link| link.starts_with(&format!("{}/", site.base_url))),
            "{links:?}"
        );
        assert!(links.iter().all(|link| mail.text.contains(link.as_str())), "both parts lead to the same page");
        for part in [&mail.text, &mail.html] {
            assert!(
                !["[[", "]]", "{{", "}}", "{%"].iter().any(|mark| part.contains(mark)),
                "a placeholder is left: {part}"
            );
        }
    }
}

#[tokio::test]
async fn a_letter_says_who_wrote_it_to_whom_and_when_and_asks_for_no_reply_by_machines() {
    let site = TestSite::start().await;
    site.visitor().join(" María@Example.cl ", "employee").await.has_status(422);
    site.visitor().join(" Ana@Example.CL ", "employee").await.redirects_to("/waitlist/joined");
    let mail = site.mail("ana@example.cl").await;
    let (message, letter) = (parse(&mail), row(&site, "ana@example.cl"));
    let host = site.base_url.trim_start_matches("http://").split(':').next().unwrap();
    assert_eq!(message.message_id(), Some(format!("{}@{host}", letter.id).as_str()));
    assert_eq!(message.date().unwrap().to_timestamp(), letter.created_at.timestamp());
    assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert_eq!(message.header_raw("From").map(str::trim), Some("Biovity <no-reply@biovity.test>"));
    assert_eq!(message.header_raw("To").map(str::trim), Some("ana@example.cl"));
    assert!(message.cc().is_none() && message.bcc().is_none() && message.reply_to().is_none());
    assert!(mail.raw.is_ascii(), "no relay has to translate it");
}

#[tokio::test]
async fn no_table_holds_the_token_of_a_link_before_or_after_it_is_sent() {
    let site = TestSite::start().await;
    join(&site, "ana@example.cl").await;
    site.visitor().sign_up("employee", "bea@example.cl").await.redirects_to("/signup/check-email");
    let tables = ["outbox_letter", "verification", "\"user\"", "waitlist", "account", "session"];
    let everything =
        || tables.map(|table| site.database.values("to_jsonb(t)", &format!("{table} AS t"))).concat().join("\n");
    let before = everything();
    let tokens = [site.mail("ana@example.cl").await.token(), site.mail("bea@example.cl").await.token()];
    let after = everything();
    for text in [&before, &after] {
        assert!(tokens.iter().all(|token| token.len() == 43 && !text.contains(token.as_str())));
        assert!(!text.contains(PASSWORD));
    }
    let letter = row(&site, "ana@example.cl");
    assert_eq!((letter.text_body.as_str(), letter.html_body.as_str()), ("", ""), "kept no longer than needed");
}
