//! How a rehearsal is asked for.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Play a whole hotfix on the built-in sample project; nothing leaves this machine
#[derive(Clone, Debug, Default, clap::Args)]
pub struct RehearseArgs {
    /// Rehearse on a clone of this repository, which is only read, in place of the sample
    #[arg(long, value_name = "PATH")]
    pub repo: Option<PathBuf>,
    /// Start from this release in place of the newest; newer ones are left out
    #[arg(long, value_name = "TAG", requires = "repo")]
    pub base: Option<String>,
    /// GitHub's Latest, which no clone tells
    #[arg(long, value_name = "TAG", requires = "repo")]
    pub latest: Option<String>,
    /// What the repository is called, where its clone has no `origin` that tells
    #[arg(long, value_name = "OWNER/NAME", requires = "repo", value_parser = name)]
    pub name: Option<(String, String)>,
    /// Use this hotfix.toml in place of the one that is committed on the default branch
    #[arg(long, value_name = "FILE", requires = "repo")]
    pub config: Option<PathBuf>,
    /// What the maintainer says at the beginning, for example "/hotfix start v1.2.3", or once it
    /// is offered (override, waive, test); may be repeated
    #[arg(long, value_name = "COMMAND")]
    pub answer: Vec<String>,
    /// Which packages the stand-in's registries know: auto (those whose repository shows that they are
    /// published), all, or none
    #[arg(
        long,
        value_name = "WHICH",
        value_enum,
        default_value_t,
        requires = "repo"
    )]
    pub registry: OnRegistry,
    /// Play a scenario: one that comes along, or a file of your own, such as mine.toml; `list` says
    /// what each shows
    #[arg(long, value_name = "NAME|FILE", conflicts_with_all = ["repo", "people", "fail"])]
    pub scenario: Option<String>,
    /// The fix: a commit of the repository, which the developer picks and pushes
    #[arg(long, value_name = "SHA", requires = "repo", conflicts_with = "pick")]
    pub fix: Option<String>,
    /// The fix: a commit of the default branch, which the bot is asked to pick
    #[arg(long, value_name = "SHA", requires = "repo")]
    pub pick: Option<String>,
    /// Let this workflow's run fail once
    #[arg(long, value_name = "WORKFLOW")]
    pub fail: Option<String>,
    /// How many people may push (2); 1: one person labels, fixes and releases alone
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=50))]
    pub people: Option<u32>,
    /// Simulated seconds for each real one; without it, time is skipped wherever nothing happens
    #[arg(long, value_name = "N", value_parser = speed)]
    pub speed: Option<f64>,
    /// Show the hotfix on a page of this machine, such as 127.0.0.1:8080 [without an address: a free
    /// port], while it is played and after it, until Ctrl-C
    #[arg(
        long,
        value_name = "ADDRESS",
        num_args = 0..=1,
        default_missing_value = "127.0.0.1:0",
        value_parser = on_this_machine
    )]
    pub page: Option<SocketAddr>,
    /// Print the end alone: what was left, the timeline, the last line
    #[arg(long, short)]
    pub quiet: bool,
    /// Leave repositories, database, deliveries and API calls in this new or empty folder
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Write a report as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// Which packages the stand-in's registries know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum OnRegistry {
    /// Those whose repository shows that they are published.
    #[default]
    Auto,
    /// Every one that may be published.
    All,
    /// None.
    None,
}

fn name(text: &str) -> Result<(String, String), String> {
    let fits = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !part.is_empty() && part != "." && part != ".." && part.chars().all(plain)
    };
    let parts = text.split_once('/').filter(|(o, n)| fits(o) && fits(n));
    let (owner, name) = parts.ok_or("expected OWNER/NAME")?;
    Ok((owner.to_owned(), name.to_owned()))
}

/// What a rehearsal shows is shown to whoever reaches it.
fn on_this_machine(text: &str) -> Result<SocketAddr, String> {
    let address: Option<SocketAddr> = text.parse().ok();
    let address = address.filter(|it| it.ip().is_loopback());
    address.ok_or("expected an address of this machine with a port, 127.0.0.1:8080".to_owned())
}

fn speed(text: &str) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| "expected a number, for example 60".to_owned())?;
    let fits = number.is_finite() && (0.001..=1_000_000.0).contains(&number);
    fits.then_some(number)
        .ok_or("expected a number above 0".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_read() {
        #[derive(clap::Parser)]
        struct Cli {
            #[command(flatten)]
            args: RehearseArgs,
        }
        let read = |args: &[&str]| {
            <Cli as clap::Parser>::try_parse_from([&["rehearse"], args].concat()).map(|c| c.args)
        };
        assert_eq!(read(&["--speed", "60"]).unwrap().speed, Some(60.0));
        let named = read(&["--repo", "x", "--name", "a/b"]).unwrap().name;
        assert_eq!(named, Some(("a".to_owned(), "b".to_owned())));
        for wrong in ["a", "a/b/c", "/b", "../b"] {
            let args = ["--repo", "x", "--name", wrong];
            assert_eq!(read(&args).unwrap_err().exit_code(), 2, "{wrong}");
        }
        let page = |args: &[&str]| read(args).unwrap().page.map(|it| it.to_string());
        assert_eq!(page(&["--quiet"]), None);
        assert_eq!(page(&["--page"]).as_deref(), Some("127.0.0.1:0"));
        assert_eq!(page(&["--page", "--quiet"]).as_deref(), Some("127.0.0.1:0"));
        assert_eq!(page(&["--page", "[::1]:80"]).as_deref(), Some("[::1]:80"));
        for wrong in [
            "0.0.0.0:80",
            "192.0.2.1:80",
            "127.0.0.1",
            "80",
            "localhost:80",
        ] {
            let told = read(&["--page", wrong]).unwrap_err();
            assert_eq!(told.exit_code(), 2, "{wrong}");
        }
        for wrong in ["0", "-1", "fast", "inf", "NaN"] {
            assert_eq!(
                read(&["--speed", wrong]).unwrap_err().exit_code(),
                2,
                "{wrong}"
            );
        }
    }
}
