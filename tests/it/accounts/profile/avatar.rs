//! Pictures of people: what is taken, what is kept of it, and who may see it.

use chrono::TimeDelta;
use image::{ImageFormat, RgbImage};

use crate::support::page::Page;
use crate::support::pictures::{BLUE, RED, WHITE, assert_near, bomb, glass, photo, png};
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const FIELDS: [(&str, &str); 2] = [("name", "Ana Rojas"), ("profession", "Biochemist")];

async fn upload(visitor: &Visitor, file: Vec<u8>) -> Page {
    visitor.upload("/account", &FIELDS, ("avatar", file)).await
}

/// Where the account page finds the picture; nothing while it is generated.
async fn address(visitor: &Visitor) -> Option<String> {
    let page = visitor.get("/account").await.has_status(200);
    let address = page.attribute("main img.avatar", "src");
    assert_ne!(page.texts("main svg.avatar").is_empty(), address.is_none(), "one of the two");
    address
}

async fn bytes(visitor: &Visitor, address: &str) -> Vec<u8> {
    visitor.request("GET", address).send().await.unwrap().bytes().await.unwrap().to_vec()
}

async fn seen(visitor: &Visitor, address: &str) -> RgbImage {
    let jpeg = bytes(visitor, address).await;
    image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap().into_rgb8()
}

#[tokio::test]
async fn who_gave_no_picture_is_shown_by_initials() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    assert_eq!(address(&ana).await, None);
    let page = ana.get("/account").await;
    assert_eq!(page.texts("svg.avatar"), ["AR"]);
    assert!(page.attribute(&format!("form[action='{REMOVE}']"), "method").is_none(), "nothing to remove");
}

const REMOVE: &str = "/account/avatar/remove";

#[tokio::test]
async fn a_photo_is_turned_cut_and_kept_without_what_its_device_wrote() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    upload(&ana, photo()).await.redirects_to("/account");
    ana.get("/account").await.says("Your profile is saved.");
    let address = address(&ana).await.unwrap();
    let picture = seen(&ana, &address).await;
    assert_eq!(picture.dimensions(), (256, 256));
    assert_near(&picture, (128, 20), RED);
    assert_near(&picture, (128, 235), BLUE);
    let kept = String::from_utf8_lossy(&bytes(&ana, &address).await).into_owned();
    for told in ["Exif", "Canon", "70.66W", "IMG"] {
        assert!(!kept.contains(told), "{told}");
    }
    assert!(site.database.contents().values().all(|rows| !rows.contains(&hex::encode("70.66W"))));
}

#[tokio::test]
async fn what_is_transparent_becomes_white() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for file in glass() {
        upload(&ana, file).await.redirects_to("/account");
        let picture = seen(&ana, &address(&ana).await.unwrap()).await;
        assert_near(&picture, (10, 10), WHITE);
        assert_near(&picture, (128, 128), RED);
    }
}

#[tokio::test]
async fn a_picture_may_be_kept_for_ever_by_whoever_was_shown_it() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    upload(&ana, photo()).await.redirects_to("/account");
    let address = address(&ana).await.unwrap();
    assert!(address.strip_prefix("/avatar/").is_some_and(|id| id.len() == 43), "{address}");
    site.later(TimeDelta::days(2)).await;
    for visitor in [&ana, &site.visitor()] {
        let before = site.database.values("updated_at", "session");
        let head = visitor.request("GET", &address).send().await.unwrap();
        let header = |name: &str| head.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        assert_eq!(head.status().as_u16(), 200);
        assert_eq!(header("content-type"), "image/jpeg");
        assert_eq!(header("cache-control"), "private, max-age=31536000, immutable");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!((header("set-cookie"), header("vary")), (String::new(), String::new()));
        assert_eq!(site.database.values("updated_at", "session"), before, "no session was looked at");
    }
    assert_eq!(ana.request("HEAD", &address).send().await.unwrap().status().as_u16(), 200);
}

#[tokio::test]
async fn each_upload_has_an_address_of_its_own_and_ends_the_one_before() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    upload(&ana, photo()).await.redirects_to("/account");
    let first = address(&ana).await.unwrap();
    upload(&ana, photo()).await.redirects_to("/account");
    let second = address(&ana).await.unwrap();
    assert_ne!(first, second);
    ana.get(&first).await.has_status(404).leads_on();
    assert_eq!(seen(&site.visitor(), &second).await.dimensions(), (256, 256));
    assert_eq!(site.database.values("count(*)", "avatar"), ["1"]);
    let events = site.database.values("count(*)", "audit_event WHERE action = 'picture_changed'");
    assert_eq!(events, ["2"]);
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'profile_changed'"), ["0"]);
}

#[tokio::test]
async fn a_picture_that_was_removed_is_gone() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    upload(&ana, photo()).await.redirects_to("/account");
    let former = address(&ana).await.unwrap();
    site.visitor().post(REMOVE, &[]).await.was_sent_too_late("/account");
    for _ in 0..2 {
        ana.post(REMOVE, &[]).await.redirects_to("/account");
        ana.get("/account").await.says("The picture was removed.");
        assert_eq!(address(&ana).await, None);
    }
    ana.get(&former).await.has_status(404);
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'picture_removed'"), ["1"]);
    assert_eq!(site.database.values("coalesce(avatar, '')", "\"user\""), [""]);
}

#[tokio::test]
async fn an_address_that_nobody_was_given_leads_nowhere() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    upload(&ana, photo()).await.redirects_to("/account");
    let user = site.database.values("id", "\"user\"").concat();
    for id in ["x", &user, &"A".repeat(43), &format!("{}.jpg", "A".repeat(43))] {
        ana.get(&format!("/avatar/{id}")).await.has_status(404).leads_on();
    }
}

#[tokio::test]
async fn what_is_no_picture_is_refused_with_the_reason() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    let (photo, [glass, webp]) = (photo(), glass());
    let (still, damaged) = ("Choose a still picture: PNG, JPEG or WebP", "The picture cannot be read");
    let bad: [(&[u8], &str); 12] = [
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", still),
        (b"GIF89a\x01\0\x01\0\0\0\0;", still),
        (b"<!doctype html><script>alert(1)</script>", still),
        (b"%PDF-1.7", still),
        (b"x", still),
        (b"\x89PNG\r\n\x1a\n", damaged),
        (b"\xff\xd8\xff\xd9", damaged),
        (b"RIFF\x04\0\0\0WEBP", damaged),
        (&photo[..photo.len() / 2], damaged),
        (&glass[..glass.len() / 2], damaged),
        (&webp[..webp.len() / 2], damaged),
        (&bomb(), "The picture has too many pixels"),
    ];
    for (file, reason) in bad {
        let page = upload(&ana, file.to_vec()).await.has_status(422).says(reason);
        assert_eq!(page.attribute("#problem a", "href").as_deref(), Some("#avatar"));
        assert_eq!(page.attribute("[aria-invalid]", "name").as_deref(), Some("avatar"));
        assert_eq!(page.value("profession"), "Biochemist");
    }
    ana.post("/language", &[("lang", "es"), ("next", "/account")]).await.redirects_to("/account");
    upload(&ana, b"x".to_vec()).await.has_status(422).says("Elige una imagen fija: PNG, JPEG o WebP");
    upload(&ana, bomb()).await.has_status(422).says("La foto tiene demasiados píxeles");
    assert_eq!(site.database.values("count(*)", "avatar"), ["0"]);
    assert_eq!(address(&ana).await, None);
}

#[tokio::test]
async fn a_picture_of_more_than_two_mebibytes_is_too_much_and_the_form_says_so() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let sized = |bytes: usize| {
        let mut file = photo();
        file.resize(bytes, 0);
        file
    };
    upload(&ana, sized(2 * 1024 * 1024)).await.redirects_to("/account");
    let kept = address(&ana).await;
    for bytes in [2 * 1024 * 1024 + 1, 2 * 1024 * 1024 + 20_000, 9_000_000] {
        let fields = [("name", "Ana Soto"), ("profession", "")];
        let page = ana.upload("/account", &fields, ("avatar", sized(bytes))).await.has_status(413).leads_on();
        let page = page.says("The picture is larger than 2 MB").says("Enter your profession");
        assert_eq!(page.value("name"), "Ana Soto");
        assert_eq!(page.header("cache-control"), "no-store");
    }
    ana.post("/language", &[("lang", "es"), ("next", "/account")]).await.redirects_to("/account");
    upload(&ana, sized(3_000_000)).await.has_status(413).says("La foto pesa más de 2 MB");
    assert_eq!(address(&ana).await, kept);
}

#[tokio::test]
async fn a_good_picture_beside_a_wrong_name_has_to_be_chosen_again() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.upload("/account", &[("name", ""), ("profession", "x")], ("avatar", photo())).await.has_status(422);
    page.says("Enter your name").says("The picture has not been saved yet; choose it again");
    assert_eq!(address(&ana).await, None);
}

#[tokio::test]
async fn no_file_leaves_the_picture_as_it_is() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    upload(&ana, png(300, 300)).await.redirects_to("/account");
    let before = address(&ana).await;
    upload(&ana, vec![]).await.redirects_to("/account");
    ana.post("/account", &FIELDS).await.redirects_to("/account");
    assert!(before.is_some());
    assert_eq!(address(&ana).await, before);
}

#[tokio::test]
async fn the_address_of_another_site_stays_and_is_never_loaded() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let old = format!("https://lh3.example.com/{}", "x".repeat(9_000));
    site.database.execute(&format!(r#"UPDATE "user" SET avatar = '{old}'"#));
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    assert_eq!(address(&ana).await, None);
    ana.post(REMOVE, &[]).await.redirects_to("/account");
    ana.post("/account", &[("name", "Ana Soto"), ("profession", "x")]).await.redirects_to("/account");
    ana.get("/account").await.says("Ana Soto").does_not_say("lh3.example.com");
    assert_eq!(site.database.values("avatar", "\"user\""), [old]);
}

#[tokio::test]
async fn many_pictures_at_once_wait_or_are_told_to_come_back() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    let file = png(2_000, 2_000);
    let uploads: Vec<_> = (0..14)
        .map(|_| {
            let (ana, file) = (ana.clone(), file.clone());
            tokio::spawn(async move { upload(&ana, file).await })
        })
        .collect();
    let mut saved = 0;
    for sent in uploads {
        let page = sent.await.unwrap();
        match page.status.as_u16() {
            303 => saved += 1,
            503 => assert!(!page.leads_on().header("retry-after").is_empty()),
            other => panic!("{other}"),
        }
    }
    assert!(saved > 0);
    ana.get("/account").await.has_status(200);
}

#[tokio::test]
async fn pictures_without_end_are_too_often() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for _ in 0..30 {
        ana.post("/account", &FIELDS).await.redirects_to("/account");
    }
    upload(&ana, photo()).await.has_status(429).leads_on();
    let eva = site.employee("eva@example.cl").await;
    upload(&eva, photo()).await.redirects_to("/account");
}
