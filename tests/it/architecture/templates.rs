//! What a template may hold, and whose it is.

use super::{Source, forbid, forbid_all};

fn all() -> Vec<Source> {
    Source::all("templates", &["html", "txt", "svg"])
}

/// Its name as askama and other templates know it: `waitlist/join.html`.
fn name(template: &Source) -> &str {
    template.path.trim_start_matches("templates/")
}

/// The template that a line of Rust renders.
fn rendered(line: &str) -> Option<&str> {
    line.split_once("template(")?.1.split_once("path = \"")?.1.split('"').next()
}

#[test]
fn a_room_renders_its_own_templates() {
    forbid(
        "templates/<room>/ belongs to src/<room>/, templates/mail/ to the letters",
        &Source::application(),
        |source, line| {
            rendered(line).is_some_and(|template| match template.split_once('/') {
                None => source.room() != "web",
                Some(("mailbox", _)) => source.path != "src/mail/mailbox.rs",
                Some(("queue", _)) => !source.path.starts_with("src/mail/queue_page"),
                Some(("mail", _)) => {
                    source.room() != "mail" && source.stem() != "letters" && !source.path.contains("/letters/")
                }
                Some((folder, _)) => folder != source.room(),
            })
        },
    );
}

#[test]
fn every_template_is_used() {
    let (templates, sources) = (all(), Source::application());
    let is_used = |template: &Source| {
        let quoted = format!("\"{}\"", name(template));
        let mut users = templates.iter().chain(&sources).filter(|user| user.path != template.path);
        users.any(|user| user.text.contains(&quoted))
    };
    let unused = templates.iter().filter(|template| !is_used(template));
    forbid_all(
        "a template is rendered by a source or included by a template",
        unused.map(|template| template.path.clone()),
    );
}

#[test]
fn a_template_escapes_everything() {
    forbid("nothing switches escaping off", &all(), |_, line| {
        let packed: String = line.split_whitespace().collect();
        packed.contains("|safe") || packed.contains("escape=\"none\"")
    });
}

#[test]
fn a_page_has_no_script_and_no_style_of_its_own() {
    let mut pages = all();
    // Mail programs know no style sheets.
    pages.retain(|template| !template.path.starts_with("templates/mail/"));
    forbid("the content security policy refuses them", &pages, |_, line| {
        ["<script", "<style", " style=", "javascript:", " onclick=", " onload=", " onsubmit="]
            .iter()
            .any(|word| line.contains(word))
    });
}

#[test]
fn an_address_comes_from_the_paths() {
    forbid("an address is a constant of `web/paths.rs`, so that none leads nowhere", &all(), |_, line| {
        ["href=\"/", "action=\"/", "src=\"/"].iter().any(|start| line.contains(start))
    });
}
