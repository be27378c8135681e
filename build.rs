//! Names every static file by its hash and compresses it, so that the binary serves it ready-made and for ever.

use std::fmt::Write as _;
use std::fs;
use std::io::{Error, Result, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A file of `static/`.
struct File {
    /// Its path below `static/`, such as `fonts/figtree.woff2`.
    name: String,
    body: Vec<u8>,
}

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=static");
    println!("cargo:rerun-if-changed=migrations");
    let mut files = Vec::new();
    let root = folder("CARGO_MANIFEST_DIR")?.join("static");
    collect(&root, &root, &mut files)?;
    // Style sheets last: they name other files by their hash.
    files.sort_by_key(|file| (file.extension() == "css", file.name.clone()));
    let out = folder("OUT_DIR")?;
    let mut served: Vec<(String, String)> = Vec::new();
    let mut table = String::from("&[\n");
    for (index, mut file) in files.into_iter().enumerate() {
        file.link(&served)?;
        let hashed = file.hashed();
        for (form, bytes) in [("raw", file.body.clone()), ("gz", gzip(&file.body)?), ("br", brotli(&file.body)?)] {
            fs::write(out.join(format!("{index}.{form}")), bytes)?;
        }
        let include = |form| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{index}.{form}\"))");
        let (raw, gzip, brotli) = (include("raw"), include("gz"), include("br"));
        let (name, content_type) = (&file.name, file.content_type());
        let fields = format!("name: {name:?}, path: \"/static/{hashed}\", content_type: {content_type:?}");
        writeln!(table, "Asset {{ {fields}, raw: {raw}, gzip: {gzip}, brotli: {brotli} }},").map_err(Error::other)?;
        served.push((file.name, hashed));
    }
    table.push(']');
    fs::write(out.join("assets.rs"), table)
}

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script its folders in the environment")]
fn folder(variable: &str) -> Result<PathBuf> {
    std::env::var(variable).map(PathBuf::from).map_err(Error::other)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<File>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            files.push(File { name: name.to_string_lossy().replace('\\', "/"), body: fs::read(&path)? });
        }
    }
    Ok(())
}

impl File {
    fn extension(&self) -> &str {
        self.name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// In a style sheet, `url("fonts/name.woff2")` becomes the hashed address of that file.
    fn link(&mut self, served: &[(String, String)]) -> Result<()> {
        if self.extension() == "css" {
            let mut text = String::from_utf8(std::mem::take(&mut self.body)).map_err(Error::other)?;
            for (name, hashed) in served {
                text = text.replace(&format!("url(\"{name}\")"), &format!("url(\"/static/{hashed}\")"));
            }
            self.body = text.into_bytes();
        }
        Ok(())
    }

    /// `fonts/figtree.woff2` becomes `figtree-0123456789ab.woff2`.
    fn hashed(&self) -> String {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "txt"));
        let hash: String = hex::encode(Sha256::digest(&self.body)).chars().take(12).collect();
        format!("{stem}-{hash}.{extension}")
    }

    fn content_type(&self) -> &'static str {
        match self.extension() {
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            "ico" => "image/x-icon",
            "png" => "image/png",
            "woff2" => "font/woff2",
            _ => "text/plain; charset=utf-8",
        }
    }
}

fn gzip(body: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body)?;
    encoder.finish()
}

fn brotli(mut body: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut body, &mut compressed, &brotli::enc::BrotliEncoderParams::default())?;
    Ok(compressed)
}
