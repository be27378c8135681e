//! Names every static file by its hash and compresses it, so that the binary serves it ready-made and for ever.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=static");
    println!("cargo:rerun-if-changed=migrations");
    let out = PathBuf::from(std::env::var("OUT_DIR").map_err(std::io::Error::other)?);
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").map_err(std::io::Error::other)?).join("static");
    let mut files = Vec::new();
    collect(&root, &root, &mut files)?;
    // Style sheets last: they name other files by their hash.
    files.sort_by_key(|(name, _)| (name.ends_with(".css"), name.clone()));
    let mut served: Vec<(String, String)> = Vec::new();
    let mut table = String::from("&[\n");
    for (index, (name, mut body)) in files.into_iter().enumerate() {
        if Path::new(&name).extension().is_some_and(|extension| extension == "css") {
            body = link(&body, &served)?;
        }
        let hashed = hashed(&name, &body);
        for (extension, bytes) in [("raw", body.clone()), ("gz", gzip(&body)?), ("br", brotli(&body)?)] {
            fs::write(out.join(format!("{index}.{extension}")), bytes)?;
        }
        table.push_str(&format!(
            "Asset {{ name: {name:?}, path: \"/static/{hashed}\", content_type: {:?}, raw: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{index}.raw\")), gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{index}.gz\")), brotli: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{index}.br\")) }},\n",
            content_type(&name)
        ));
        served.push((name, hashed));
    }
    table.push(']');
    fs::write(out.join("assets.rs"), table)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            files.push((name.to_string_lossy().replace('\\', "/"), fs::read(&path)?));
        }
    }
    Ok(())
}

/// Replaces `url("fonts/name.woff2")` by the hashed address of that file.
fn link(css: &[u8], served: &[(String, String)]) -> std::io::Result<Vec<u8>> {
    let mut text = String::from_utf8(css.to_vec()).map_err(std::io::Error::other)?;
    for (name, hashed) in served {
        text = text.replace(&format!("url(\"{name}\")"), &format!("url(\"/static/{hashed}\")"));
    }
    Ok(text.into_bytes())
}

/// `fonts/inter.woff2` becomes `inter-0123456789ab.woff2`.
fn hashed(name: &str, body: &[u8]) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, "bin"));
    format!("{stem}-{}.{extension}", &hex::encode(Sha256::digest(body))[..12])
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ico") => "image/x-icon",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body)?;
    encoder.finish()
}

fn brotli(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*body, &mut compressed, &brotli::enc::BrotliEncoderParams::default())?;
    Ok(compressed)
}
