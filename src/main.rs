//! The `biovity` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    match biovity::cli::run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("biovity: {error:#}");
            ExitCode::FAILURE
        }
    }
}
