//! Static files.

use biovity::web::assets::ASSETS;

use crate::support::TestSite;

/// The bytes of a file with their encoding, as a client with this `Accept-Encoding` gets them.
async fn fetch(site: &TestSite, path: &str, accepted: &str) -> (String, Vec<u8>) {
    let request = site.visitor().request("GET", path).header("accept-encoding", accepted);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    let headers = response.headers().clone();
    assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable", "{path}");
    assert_eq!(headers["vary"], "Accept-Encoding", "{path}");
    assert!(headers.get("set-cookie").is_none());
    let encoding = headers.get("content-encoding").map_or("", |value| value.to_str().unwrap()).to_owned();
    (encoding, response.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn every_static_file_is_kept_for_ever_in_its_smallest_form() {
    let site = TestSite::start().await;
    for asset in ASSETS {
        let original = std::fs::read(format!("{}/static/{}", env!("CARGO_MANIFEST_DIR"), asset.name)).unwrap();
        let (encoding, plain) = fetch(&site, asset.path, "").await;
        // The style sheet names the fonts by where they are served.
        let as_written = plain == original || asset.name == "app.css";
        assert!(encoding.is_empty() && as_written, "{} {encoding:?}", asset.name);
        let (encoding, brotli) = fetch(&site, asset.path, "gzip, deflate, br, zstd").await;
        if encoding.is_empty() {
            assert_eq!(brotli, plain, "{}", asset.name);
        } else {
            assert!(brotli.len() < plain.len(), "{}", asset.name);
        }
    }
}

#[tokio::test]
async fn a_client_gets_only_an_encoding_that_it_names() {
    let site = TestSite::start().await;
    let style = ASSETS.iter().find(|asset| asset.name == "app.css").unwrap().path;
    let encodings = [
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0", ""),
        ("identity", ""),
        ("zstd", ""),
        ("brr", ""),
        ("", ""),
    ];
    for (accepted, expected) in encodings {
        let (encoding, bytes) = fetch(&site, style, accepted).await;
        assert_eq!(encoding, expected, "{accepted}");
        assert_eq!(bytes.starts_with(&[0x1f, 0x8b]), expected == "gzip", "{accepted}");
    }
}

#[tokio::test]
async fn every_file_that_a_page_names_is_there() {
    let site = TestSite::start().await;
    let page = site.visitor().get("/").await.has_status(200);
    let links =
        ["link[rel=stylesheet]", "link[rel=preload]", "link[rel=icon]"].map(|css| page.attribute(css, "href").unwrap());
    for link in links {
        assert!(link.starts_with("/static/") && link.contains('-'), "{link}");
        fetch(&site, &link, "br").await;
    }
    let icon = site.visitor().get("/favicon.ico").await.has_status(200);
    assert_eq!(icon.header("cache-control"), "public, max-age=86400");
}

#[tokio::test]
async fn a_file_of_a_former_version_and_whatever_lies_outside_are_not_found() {
    let site = TestSite::start().await;
    for path in [
        "/static/app.css",
        "/static/app-000000000000.css",
        "/static",
        "/static/fonts",
        "/static/x%00.css",
        "/static/%ff",
    ] {
        site.visitor().get(path).await.has_status(404).leads_on();
    }
}
