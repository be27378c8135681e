//! Making a cluster: `initdb`, then the application's role and database.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::process::{Output, Stdio};

use super::error::Error;
use super::folders::{self, Folders};
use super::programs::Programs;
use super::server_log;
use super::system_user::SystemUser;

/// The role the application connects as, and the database it owns.
pub const NAME: &str = "biovity";

/// Makes the cluster in a folder of its own and renames that when it is whole: an interrupted one is never used. `initdb`
/// holds `lock` too, so that after a kill of this process the next start waits for the end of `initdb`.
pub fn create(programs: &Programs, user: SystemUser, folders: &Folders, lock: &File) -> Result<(), Error> {
    let creation = Creation { programs, user, folders };
    match creation.initdb("C.UTF-8", lock) {
        // Some systems (macOS) lack C.UTF-8. With C, upper and lower case of letters outside ASCII are not compared.
        Err(Error::Failed { output, .. }) if output.contains("locale") => creation.initdb("C", lock)?,
        outcome => outcome?,
    }
    creation.add_database()?;
    folders.keep_finished()
}

struct Creation<'a> {
    programs: &'a Programs,
    user: SystemUser,
    folders: &'a Folders,
}

impl Creation<'_> {
    /// No password: whoever may open the folder of the socket may connect, and the server does not listen on the network.
    /// Texts are put in the order of their bytes: C.UTF-8 has the same order, but PostgreSQL before 17 does not know that and
    /// asks the C library for each comparison.
    fn initdb(&self, locale: &str, lock: &File) -> Result<(), Error> {
        self.empty()?;
        let program = self.programs.path("initdb");
        let stdin = lock.try_clone().map_err(Error::io("share the lock with", &program))?;
        let output = self
            .user
            .command(&program)
            .args(["--username=postgres", "--auth-local=trust", "--auth-host=reject"])
            .args(["--encoding=UTF8", "--data-checksums", "--lc-collate=C", "--locale", locale, "-D"])
            .arg(self.folders.unfinished())
            .stdin(stdin)
            .output()
            .map_err(Error::io("run", &program))?;
        succeeded(&output, "could not make a database (initdb)")
    }

    /// An empty folder for the cluster, whatever an interrupted start has left there.
    fn empty(&self) -> Result<(), Error> {
        let unfinished = self.folders.unfinished();
        match fs::remove_dir_all(&unfinished) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(Error::io("remove", &unfinished)(e)),
            _ => folders::open_folder(&unfinished, 0o700)?,
        }
        self.user.chown(&unfinished)
    }

    /// In single-user mode, which needs no server: the application's role owns its database and no more.
    fn add_database(&self) -> Result<(), Error> {
        let program = self.programs.path("postgres");
        let mut child = self
            .user
            .command(&program)
            .args(["--single", "-c", "exit_on_error=on", "-c", "log_checkpoints=off", "-D"])
            .arg(self.folders.unfinished())
            .arg("postgres")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::io("run", &program))?;
        if let Some(mut stdin) = child.stdin.take() {
            let statements = format!("CREATE ROLE {NAME} LOGIN;\nCREATE DATABASE {NAME} OWNER {NAME};\n");
            // When the server ended early, its own output tells why; the broken pipe would not.
            let _ = stdin.write_all(statements.as_bytes());
        }
        let output = child.wait_with_output().map_err(Error::io("run", &program))?;
        succeeded(&output, "could not add the application's database")
    }
}

/// The last lines of what a program said, when it failed.
pub fn succeeded(output: &Output, task: &str) -> Result<(), Error> {
    if output.status.success() {
        return Ok(());
    }
    Err(Error::Failed { task: task.to_owned(), output: server_log::last_lines(&output.stderr) })
}
