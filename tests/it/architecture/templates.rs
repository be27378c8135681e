//! What a template may hold, and whose it is.

use super::{Source, forbid, forbid_all};

fn all() -> Vec<Source> {
    Source::all("templates", &["html", "txt", "svg"])
}

/// Its name as askama and other templates know it: `waitlist/joining/join.html`.
fn name(template: &Source) -> &str {
    template.path.trim_start_matches("templates/")
}

/// Whether it is a mail's, or a part of one.
fn is_letter(template: &Source) -> bool {
    let parts = ["templates/mail/_layout.html", "templates/mail/_parts.html"];
    parts.contains(&template.path.as_str()) || template.text.contains("\"mail/_layout.html\"")
}

/// The template that a line of Rust renders.
fn rendered(line: &str) -> Option<&str> {
    line.split_once("template(")?.1.split_once("path = \"")?.1.split('"').next()
}

/// `waitlist/joining` for `src/waitlist/joining/join.rs` and `templates/waitlist/joining/join.html`; `web` for what lies
/// in `src/web` and below.
fn folder(path: &str) -> &str {
    let path = path.trim_start_matches("src/").trim_start_matches("templates/");
    let rooms_inside = usize::from(["accounts/", "waitlist/", "mail/"].iter().any(|room| path.starts_with(room)));
    path.match_indices('/').nth(rooms_inside).map_or("", |(at, _)| path.split_at(at).0)
}

#[test]
fn a_room_renders_its_own_templates() {
    forbid("templates/<room>/ belongs to src/<room>/", &Source::application(), |source, line| {
        rendered(line).is_some_and(|template| folder(template) != folder(&source.path))
    });
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
    pages.retain(|template| !is_letter(template));
    forbid("the content security policy refuses them", &pages, |_, line| {
        // Data for search engines, which no browser runs and no policy refuses.
        let line = line.replace("<script type=\"application/ld+json\">", "");
        ["<script", "<style", " style=", "javascript:", " onclick=", " onload=", " onsubmit="]
            .iter()
            .any(|word| line.contains(word))
    });
}

#[test]
fn a_button_sends_its_form_where_the_form_says() {
    let mut pages = all();
    // What chooses a language does as little where the form of the page itself is sent.
    pages.retain(|template| !template.path.ends_with("web/layout.html"));
    let rule = "w3m and lynx know no formaction: there, a button to cancel would do what the form is for";
    forbid(rule, &pages, |_, line| line.contains("formaction"));
}

/// The names in a text.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '-'))
}

/// The classes that the selectors of a style sheet name.
fn classes(style: &Source) -> Vec<String> {
    let without_comments: String =
        style.text.split("*/").map(|part| part.split("/*").next().unwrap_or_default()).collect();
    let selectors = without_comments.split(['}', ';']).filter_map(|rule| rule.rsplit_once('{')).map(|(it, _)| it);
    let named = selectors.flat_map(|it| it.split('.').skip(1)).filter_map(|rest| names(rest).next());
    named.filter(|class| class.starts_with(|sign: char| sign.is_ascii_alphabetic())).map(str::to_owned).collect()
}

#[test]
fn a_rule_of_the_style_sheet_is_for_what_a_template_has() {
    let templates = all();
    let is_used = |class: &String| {
        // The end of a name may be a value: `class="chart-{{ role }}"`.
        let built = class.rsplit_once('-').map(|(beginning, _)| format!("\"{beginning}-{{{{"));
        let is_built = |text: &str| built.as_ref().is_some_and(|beginning| text.contains(beginning));
        templates.iter().any(|template| names(&template.text).any(|name| name == class) || is_built(&template.text))
    };
    let styles = Source::all("static", &["css"]);
    let unused = styles.iter().flat_map(classes).filter(|class| !is_used(class));
    forbid_all("a class that no template has needs no rule", unused);
}

#[test]
fn the_parts_of_a_table_say_what_they_are() {
    let mut pages = all();
    pages.retain(|template| !is_letter(template));
    let parts = ["table", "thead", "tbody", "tr", "th", "td"];
    let is_bare = |tag: &str| {
        let (name, _) = tag.split_once([' ', '>', '{']).unwrap_or((tag, ""));
        parts.contains(&name) && !tag.contains(" role=\"")
    };
    let rule = "the style sheet turns tables into cards on narrow screens, which takes away what the elements are: each \
                says its role";
    forbid(rule, &pages, |_, line| {
        line.split('<').skip(1).any(|rest| is_bare(rest.split('>').next().unwrap_or_default()))
    });
}

#[test]
fn an_address_comes_from_the_paths() {
    forbid("an address is a constant of `web/paths.rs`, so that none leads nowhere", &all(), |_, line| {
        ["href=\"/", "action=\"/", "src=\"/"].iter().any(|start| line.contains(start))
    });
}

#[test]
fn a_form_that_acts_has_a_key() {
    let mut pages = all();
    // These send a form once more as it was, with the key that it had.
    let again = ["templates/accounts/session/resubmit.html", "templates/web/error_page.html"];
    pages.retain(|template| !again.contains(&template.path.as_str()));
    let bare = pages.iter().flat_map(|template| {
        let forms = template.text.split("<form ").skip(1).map(|rest| rest.split("</form>").next().unwrap_or(rest));
        let acts = forms.filter(|form| form.contains("method=\"post\"") && !form.starts_with("class=\"language\""));
        let bare = acts.filter(|form| !form.contains("web/_form_key.html"));
        bare.map(|form| format!("{}: {}", template.path, form.lines().next().unwrap_or_default())).collect::<Vec<_>>()
    });
    let rule = "a form with an effect includes `web/_form_key.html`: pressing it twice must be pressing it once";
    forbid_all(rule, bare);
}
