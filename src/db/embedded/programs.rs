//! Where the programs of a PostgreSQL server are on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::Error;
use super::version::{OLDEST, major};

/// Folders named after a major version: parent and what precedes the number. `bin` follows.
const VERSIONED: [(&str, &str); 7] = [
    ("/usr/lib/postgresql", ""),                       // Debian, Ubuntu
    ("/usr", "pgsql-"),                                // Fedora and RHEL, from postgresql.org
    ("/usr/lib", "postgresql"),                        // openSUSE
    ("/opt/homebrew/opt", "postgresql@"),              // Homebrew
    ("/usr/local/opt", "postgresql@"),                 // Homebrew on Intel
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql@"), // Homebrew on Linux
    ("/Applications/Postgres.app/Contents/Versions", ""),
];

/// Folders of whatever version: Fedora, Arch, Alpine; FreeBSD; PostgreSQL's own default.
const UNVERSIONED: [&str; 4] = ["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin"];

/// Asks the shell, since it knows `PATH`.
const ON_PATH: &str = "command -v initdb; pg_config --bindir";

/// The programs of one version.
#[derive(Debug)]
pub struct Programs {
    bin: PathBuf,
    version: u32,
}

impl Programs {
    /// The programs in `pg_bin`, else in the usual places: of exactly the version that made an existing
    /// cluster, or the highest there is for a new one.
    pub fn find(pg_bin: Option<&Path>, cluster: Option<u32>) -> Result<Self, Error> {
        if let Some(version) = cluster.filter(|&version| version < OLDEST) {
            return Err(Error::TooOld(version));
        }
        let found = match (pg_bin, cluster) {
            (Some(bin), _) => Self::at(bin.to_owned()).ok_or_else(|| Error::NotPrograms(bin.to_owned()))?,
            (None, Some(version)) => Self::exactly(version).ok_or(Error::VersionMissing(version))?,
            (None, None) => Self::highest().ok_or(Error::NoPrograms)?,
        };
        match cluster {
            Some(version) if version != found.version => Err(Error::VersionMissing(version)),
            None if found.version < OLDEST => Err(Error::TooOld(found.version)),
            _ => Ok(found),
        }
    }

    /// The path of one program.
    pub fn path(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// Runs no program where the folder's name tells the version.
    fn exactly(version: u32) -> Option<Self> {
        let named = VERSIONED.iter().map(|(parent, prefix)| bin_of(parent, prefix, version));
        named
            .filter(|bin| has_programs(bin))
            .map(|bin| Self { bin, version })
            .next()
            .or_else(|| unversioned().find(|programs| programs.version == version))
            .or_else(|| on_path().find(|programs| programs.version == version))
    }

    fn highest() -> Option<Self> {
        versioned()
            .max_by_key(|programs| programs.version)
            .or_else(|| unversioned().max_by_key(|programs| programs.version))
            .or_else(|| on_path().max_by_key(|programs| programs.version))
    }

    fn at(bin: PathBuf) -> Option<Self> {
        if !has_programs(&bin) {
            return None;
        }
        let said = Command::new(bin.join("postgres")).arg("--version").stderr(Stdio::null()).output().ok()?;
        let version = major(&String::from_utf8_lossy(&said.stdout))?;
        Some(Self { bin, version })
    }
}

fn versioned() -> impl Iterator<Item = Programs> {
    VERSIONED.iter().flat_map(|&(parent, prefix)| {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        entries.filter_map(move |entry| {
            let version = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            let bin = bin_of(parent, prefix, version);
            has_programs(&bin).then_some(Programs { bin, version })
        })
    })
}

fn unversioned() -> impl Iterator<Item = Programs> {
    UNVERSIONED.iter().map(PathBuf::from).filter_map(Programs::at)
}

fn on_path() -> impl Iterator<Item = Programs> {
    let said = Command::new("/bin/sh").args(["-c", ON_PATH]).stderr(Stdio::null()).output();
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let bins: Vec<_> = said.lines().map(|line| PathBuf::from(line.trim_end_matches("/initdb"))).collect();
    bins.into_iter().filter_map(Programs::at)
}

fn bin_of(parent: &str, prefix: &str, version: u32) -> PathBuf {
    Path::new(parent).join(format!("{prefix}{version}")).join("bin")
}

fn has_programs(bin: &Path) -> bool {
    bin.join("initdb").is_file() && bin.join("postgres").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_of_an_old_version_is_refused() {
        assert!(matches!(Programs::find(None, Some(9)), Err(Error::TooOld(9))));
    }
}
