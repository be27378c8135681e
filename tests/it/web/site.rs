//! Pages about the site itself.

use std::collections::BTreeSet;

use biovity::web::paths::LISTED;

use crate::support::TestSite;

#[tokio::test]
async fn crawlers_are_told_where_the_public_pages_are() {
    let site = TestSite::start().await;
    let robots = site.visitor().get("/robots.txt").await.has_status(200);
    assert!(robots.header("content-type").starts_with("text/plain"));
    for line in ["User-agent: *", "Disallow: /admin", "Disallow: /account"] {
        assert!(robots.body.lines().any(|known| known == line), "{line}");
    }
    let map = robots.body.lines().find_map(|line| line.strip_prefix("Sitemap: ")).unwrap();
    let map = site.visitor().get(map.strip_prefix(&site.base_url).unwrap()).await.has_status(200);
    assert_eq!(map.header("content-type"), "application/xml");
    let pages: Vec<_> = map.body.split("<loc>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(pages.len(), 9 * 3);
    for address in pages {
        let page = site.visitor().get(address.strip_prefix(&site.base_url).unwrap()).await.has_status(200);
        assert_eq!(page.attribute("meta[name=robots]", "content"), None, "a public page may be found");
        assert_eq!(page.attribute("link[rel=canonical]", "href").as_deref(), Some(address));
        for (language, address) in ["es", "en", "x-default"].map(|it| (it, page.attribute(&alternate(it), "href"))) {
            let line = format!("hreflang=\"{language}\" href=\"{}\"/>", address.unwrap());
            assert_eq!(map.body.matches(&line).count(), 3, "{line}");
        }
    }
}

fn alternate(language: &str) -> String {
    format!("link[rel=alternate][hreflang={language}]")
}

#[tokio::test]
async fn each_public_page_has_a_title_and_a_description_of_its_own_in_both_languages() {
    let site = TestSite::start().await;
    let (mut titles, mut descriptions) = (BTreeSet::new(), BTreeSet::new());
    for language in ["es", "en"] {
        for path in LISTED {
            let page = site.visitor().get(&format!("{path}?lang={language}")).await.has_status(200);
            let content = |name: &str| page.attribute(&format!("meta[{name}]"), "content").unwrap();
            let description = content("name=description");
            assert!((50..=160).contains(&description.chars().count()), "{description:?}");
            assert_eq!(content("property='og:description'"), description);
            let title = page.texts("head title").join("");
            assert_eq!(format!("{} · Biovity", content("property='og:title'")), title);
            let of_language = if language == "es" { "es_CL" } else { "en_GB" };
            assert_eq!(content("property='og:locale'"), of_language, "{path}");
            titles.insert(title);
            descriptions.insert(description);
        }
    }
    assert_eq!((titles.len(), descriptions.len()), (18, 18), "{titles:?} {descriptions:?}");
}

#[tokio::test]
async fn the_start_page_says_what_the_site_is_called_as_data_that_no_browser_runs() {
    let site = TestSite::start().await;
    for path in ["/", "/?lang=es"] {
        let page = site.visitor().get(path).await.has_status(200);
        assert_eq!(page.texts("script:not([type='application/ld+json'])"), [""; 0]);
        let told: serde_json::Value = serde_json::from_str(&page.texts("script").concat()).unwrap();
        let [named, owner] = [0, 1].map(|at| &told["@graph"][at]);
        assert_eq!((&named["@type"], &owner["@type"]), (&"WebSite".into(), &"Organization".into()));
        assert_eq!(named["url"], format!("{}/", site.base_url));
        let logo = owner["logo"].as_str().unwrap().strip_prefix(&site.base_url).unwrap().to_owned();
        site.visitor().get(&logo).await.has_status(200);
    }
}

#[tokio::test]
async fn a_page_that_is_shared_has_a_picture_in_its_language() {
    let site = TestSite::start().await;
    let mut pictures = BTreeSet::new();
    for language in ["es", "en"] {
        let page = site.visitor().get(&format!("/?lang={language}")).await.has_status(200);
        let address = page.attribute("meta[property='og:image']", "content").unwrap();
        let answer = site.visitor().request("GET", address.strip_prefix(&site.base_url).unwrap()).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), &answer.headers()["content-type"]), (200, &"image/png".parse().unwrap()));
        let picture = answer.bytes().await.unwrap();
        assert!(picture.len() < 60_000, "{} bytes", picture.len());
        assert_eq!(size(&picture), (1200, 630));
        pictures.insert(address);
        let icon = page.attribute("link[rel=apple-touch-icon]", "href").unwrap();
        let icon = site.visitor().request("GET", &icon).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(size(&icon), (180, 180));
    }
    assert_eq!(pictures.len(), 2);
}

/// Width and height, as a PNG begins with them.
fn size(png: &[u8]) -> (u32, u32) {
    assert!(png.starts_with(b"\x89PNG"));
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[tokio::test]
async fn what_is_not_for_strangers_asks_not_to_be_found() {
    let site = TestSite::start().await;
    let pages = [
        "/waitlist/joined",
        "/waitlist/confirm?token=x",
        "/verify-email?token=x",
        "/signup/check-email?lang=es",
        "/nothing",
    ];
    for path in pages {
        let page = site.visitor().get(path).await;
        assert_eq!(page.attribute("meta[name=robots]", "content").as_deref(), Some("noindex"), "{path}");
    }
}

#[tokio::test]
async fn the_privacy_page_says_what_is_held_in_both_languages() {
    let site = TestSite::start().await;
    site.visitor().get("/privacy").await.has_status(200).says("What we hold").says("Ley 21.719");
    site.spanish_visitor().get("/privacy").await.has_status(200).says("Qué guardamos").says("Ley 21.719");
}

#[tokio::test]
async fn people_find_whom_to_write_to_on_the_pages_and_in_emails() {
    let site = TestSite::with(&[("CONTACT_EMAIL", "hola@biovity.test")]).await;
    let ana = site.visitor();
    let footer = "footer a[href='mailto:hola@biovity.test']";
    assert_eq!(ana.get("/").await.texts(footer), ["Contact"]);
    ana.get("/privacy").await.says("You can also write to hola@biovity.test");
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.raw.contains("Reply-To: Biovity <hola@biovity.test>\r\n"), "{}", mail.raw);
    let nobody = TestSite::start().await;
    assert!(nobody.visitor().get("/").await.texts("footer a[href^='mailto:']").is_empty(), "no-reply answers nobody");
}

#[tokio::test]
async fn the_privacy_page_names_every_cookie_and_how_long_it_stays() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let log_in = ana.log_in("ana@example.cl", crate::support::PASSWORD).await;
    let language = ana.post("/language", &[("lang", "en")]).await;
    let joined = ana.join("eva@example.cl", "employee").await;
    let set = [&log_in, &language, &joined]
        .map(|page| page.headers.get_all("set-cookie").iter().collect::<Vec<_>>())
        .concat();
    let page = ana.get("/privacy").await.has_status(200);
    let listed = page.texts("li").into_iter().filter(|line| line.contains("log-in") || line.contains("language"));
    let listed: Vec<_> = listed.collect();
    let mut names = BTreeSet::new();
    for cookie in set {
        let cookie = cookie.to_str().unwrap();
        let name = cookie.split('=').next().unwrap();
        let seconds = cookie.split("Max-Age=").nth(1).and_then(|rest| rest.split(';').next()?.parse::<i64>().ok());
        let period = match seconds.unwrap() {
            31_536_000 => "a year",
            604_800 => "7 days",
            // What the log-in removes, and what the waitlist's form sets.
            0 | 500..=600 => "10 minutes",
            other => panic!("{cookie} lasts {other} seconds"),
        };
        let lines = page.texts("li");
        let line = lines.iter().find(|line| line.starts_with(&format!("{name} ")));
        assert!(line.is_some_and(|line| line.contains(period)), "{cookie}: {listed:?}");
        names.insert(name.to_owned());
    }
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["biovity", "biovity-device", "biovity-given", "lang"]);
    assert_eq!(page.texts("li code").len(), 7);
    page.says("its lines, for 30 days after").says("A session: 7 days from your last visit, never more than 30 days");
}
