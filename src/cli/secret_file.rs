//! The secret key that nobody set: generated once and kept in the data folder.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, bail};

use crate::config::Config;
use crate::values::secret_key::{SecretKey, SecretKeys};

const FILE: &str = "secret_key";

/// The operator's keys, or the kept one.
pub(super) fn keys(config: &Config) -> anyhow::Result<SecretKeys> {
    if let Some(keys) = &config.secret_keys {
        return Ok(keys.clone());
    }
    fs::create_dir_all(&config.data_dir).with_context(|| format!("cannot make {}", config.data_dir.display()))?;
    let path = config.data_dir.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => match SecretKeys::parse(&text) {
            Some(keys) => Ok(keys),
            None => {
                bail!("{} holds no key; delete it to make a new one (everybody has to log in again)", path.display())
            }
        },
        Err(error) if error.kind() == ErrorKind::NotFound => generate(&path),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Readable by its owner alone, and whole or not there at all.
fn generate(path: &Path) -> anyhow::Result<SecretKeys> {
    let key = SecretKey::generate().context("no random bytes")?;
    let unfinished = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(key.to_base64().as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    Ok(SecretKeys { current: key, former: Vec::new() })
}
