//! The secret key when `SECRET_KEY` is not set: generated once and kept in the data folder.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, bail};
use uuid::Uuid;

use crate::config::Config;
use crate::values::secret_key::{SecretKey, SecretKeys};

const FILE: &str = "secret_key";

/// The operator's keys, or the one in the data folder.
pub(super) fn keys(config: &Config) -> anyhow::Result<SecretKeys> {
    if let Some(keys) = &config.secret_keys {
        return Ok(keys.clone());
    }
    fs::create_dir_all(&config.data_dir).with_context(|| format!("cannot create {}", config.data_dir.display()))?;
    check_owner(&config.data_dir)?;
    let path = config.data_dir.join(FILE);
    if path.exists() { read(&path) } else { generate(&path) }
}

/// Writes a new key, readable by its owner alone. The file appears complete or not at all; of two processes that start at
/// once, the second reads the first one's key.
fn generate(path: &Path) -> anyhow::Result<SecretKeys> {
    let key = SecretKey::generate().context("no random bytes")?;
    let unfinished = path.with_extension(Uuid::now_v7().to_string());
    // The file must be new: as root, this process would write through a symbolic link that somebody planted.
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(key.to_base64().as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&unfinished, path);
    fs::remove_file(&unfinished)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => read(path),
    }
}

fn read(path: &Path) -> anyhow::Result<SecretKeys> {
    match SecretKeys::parse(&fs::read_to_string(path)?) {
        Some(keys) => Ok(keys),
        None => bail!("{} holds no key; delete it to make a new one (everybody has to log in again)", path.display()),
    }
}

/// Refuses a folder of another user, who could replace the key in it.
fn check_owner(folder: &Path) -> anyhow::Result<()> {
    let owner = fs::metadata(folder)?.uid();
    let ours = nix::unistd::geteuid().as_raw();
    anyhow::ensure!(
        owner == ours,
        "{} belongs to another user; set DATA_DIR to a folder of your own",
        folder.display()
    );
    Ok(())
}
