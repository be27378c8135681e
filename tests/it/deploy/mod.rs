//! The files of `deploy/`, read by the programs that they are for, wherever these are installed.

mod container;
mod monitoring;
mod node;
mod proxy;

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::support::torture::report;

/// Whether a program is installed. Where it is not, that is said.
fn has(program: &str) -> bool {
    let folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin"];
    let is_there = folders.iter().any(|folder| PathBuf::from(folder).join(program).exists());
    if !is_there {
        report("files of deploy/ are read", program, format!("skipped: {program} is missing"), "");
    }
    is_there
}

/// Where a file of the sources is.
fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs a program that has to succeed.
#[track_caller]
fn succeeds(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    output
}
