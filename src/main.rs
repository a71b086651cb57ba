use std::process::ExitCode;

fn main() -> ExitCode {
    hotfix_bot::cli::run(std::env::args_os()).into()
}
