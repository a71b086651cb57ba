//! `hotfix-bot notify-test NAME`: one test message to a channel of the server's.

use super::exit::{Exit, block_on, complain};
use crate::clock::Clock;
use crate::domain::text::try_out;
use crate::server;
use crate::settings;

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
The channel's settings are read from the environment, as `serve` reads them: CHANNEL_<NAME> and \
what stands beside it. Exit codes: 0: it took the message; 1: it did not; 2: there is no such \
channel, or a setting is wrong.";

/// Arguments of `notify-test`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The channel: OPS for CHANNEL_OPS
    #[arg(value_name = "NAME")]
    name: String,
}

/// Sends it, and says what came back; nothing of an address or a secret.
pub fn run(args: &Args) -> Exit {
    let all = settings::channels_of(std::env::vars_os());
    let all = match settings::read_channels(all) {
        Ok(all) => all,
        Err(wrong) => return complain(Exit::Usage, wrong),
    };
    let clock = Clock::system();
    let channels = server::channels(&all, clock.clone());
    let Some(channel) = channels.get(&args.name) else {
        let known: Vec<_> = channels.names().map(str::to_uppercase).collect();
        let known = match known.is_empty() {
            true => "no CHANNEL_<NAME> is set".to_owned(),
            false => format!("there are {}", known.join(", ")),
        };
        return complain(
            Exit::Usage,
            format_args!("there is no channel {:?}: {known}", args.name),
        );
    };
    let name = channel.name.clone();
    let (kind, repos) = (channel.kind.word(), channel.repos.join(", "));
    let bulletin = try_out(&name, clock.now());
    block_on(async {
        match channels.tell(&name, &bulletin, None).await {
            Ok(told) => {
                let id = told
                    .id
                    .map_or_else(String::new, |id| format!(", as message {id}"));
                println!("{name} ({kind}) took the test message{id}");
                match repos.is_empty() {
                    true => println!(
                        "It is open to no repository yet: set CHANNEL_{}_REPOS",
                        name.to_uppercase()
                    ),
                    false => println!("It is open to {repos}"),
                }
                Exit::Done
            }
            Err(error) => complain(
                Exit::Failed,
                format_args!("{name} ({kind}) did not take it: {error}"),
            ),
        }
    })
}
