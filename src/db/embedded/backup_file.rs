//! A backup: all that the database holds, in one file that this or a later version of PostgreSQL reads back.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::cluster::Settings;
use super::error::Error;
use super::folders::Folders;
use super::initdb::succeeded;
use super::programs::Programs;
use super::system_user::SystemUser;

/// How long to wait for a table that a migration has locked, in milliseconds.
const LOCK_TIMEOUT: &str = "--lock-wait-timeout=10000";

/// Neither asks who owns what: the application's role owns all of its database.
const NO_OWNERS: [&str; 2] = ["--no-owner", "--no-privileges"];

/// Writes a backup of the embedded database at `url` as it is at this moment, while others write into it. The file appears
/// whole or not at all, readable by its owner alone; one that is there already stays. Returns its size in bytes.
///
/// # Errors
/// When `pg_dump` fails, or the file exists or cannot be written.
pub fn write(settings: &Settings, url: &str, file: &Path) -> Result<u64, Error> {
    let folders = Folders::open(&settings.data_dir)?;
    let programs = Programs::find(settings.pg_bin.as_deref(), folders.cluster_version()?)?;
    let unfinished = file.with_added_extension(format!("unfinished-{}", std::process::id()));
    let written = dump(&programs, url, &unfinished).and_then(|()| publish(&unfinished, file));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Gives a whole file its name, unless another file has it. Returns its size in bytes.
fn publish(unfinished: &Path, file: &Path) -> Result<u64, Error> {
    // An empty file takes the name first: a rename by itself would replace what is there, and a link is more than some file
    // systems can do (FAT).
    new_file(file)?;
    let published = fs::rename(unfinished, file).and_then(|()| {
        // A rename outlives a loss of power only when its folder was written too.
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::File::open(folder)?.sync_all()?;
        Ok(fs::metadata(file)?.len())
    });
    published.map_err(Error::io("write", file))
}

/// Readable by its owner alone.
fn new_file(file: &Path) -> Result<fs::File, Error> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    opened.map_err(Error::io("write", file))
}

/// Reads a backup into the empty embedded database at `url`: all of it, or nothing.
///
/// # Errors
/// When the file cannot be read or is no backup, or `pg_restore` fails.
pub fn read(programs: &Programs, url: &str, file: &Path) -> Result<(), Error> {
    let input = fs::File::open(file).map_err(Error::io("read", file))?;
    let mut command = command(programs, "pg_restore", url);
    let output = run(command.args(["--exit-on-error", "--single-transaction"]).stdin(input))?;
    succeeded(&output, &format!("could not read the backup {}", file.display()))
}

fn dump(programs: &Programs, url: &str, file: &Path) -> Result<(), Error> {
    let output = new_file(file)?;
    let copy = output.try_clone().map_err(Error::io("write", file))?;
    let mut command = command(programs, "pg_dump", url);
    let said = run(command.args(["--format=custom", LOCK_TIMEOUT]).stdout(copy).stderr(Stdio::piped()))?;
    succeeded(&said, "could not write a backup (pg_dump)")?;
    output.sync_all().map_err(Error::io("write", file))
}

/// As ourselves: the socket is open to us, and the file need not be open to the server's user.
fn command(programs: &Programs, name: &str, url: &str) -> Command {
    let mut command = SystemUser::ourselves().command(programs.path(name));
    command.args(NO_OWNERS).arg("--dbname").arg(url);
    command
}

fn run(command: &mut Command) -> Result<Output, Error> {
    let spawned = command.spawn().and_then(std::process::Child::wait_with_output);
    spawned.map_err(|error| Error::io("run", Path::new(command.get_program()))(error))
}
