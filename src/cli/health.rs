//! `hotfix-bot health`: asks the server on this machine whether it is ready, for
//! a container's health check.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use super::exit::{Exit, complain};
use crate::settings::defaults;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// Arguments of `health`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address that the server listens on [default: 127.0.0.1]
    #[arg(long, env = "HOST", value_name = "HOST")]
    host: Option<String>,

    /// Port that it listens on [default: 3000]
    #[arg(long, env = "PORT", value_name = "PORT")]
    port: Option<String>,
}

/// Exit code 0: it is ready.
pub fn run(args: &Args) -> Exit {
    let host = args.host.as_deref().filter(|host| !host.is_empty());
    let host = match host.unwrap_or(defaults::HOST) {
        // It listens on all addresses.
        "0.0.0.0" => "127.0.0.1",
        "::" | "[::]" => "::1",
        host => host,
    };
    let port = args.port.as_deref().filter(|port| !port.is_empty());
    let port = match port.map_or(Ok(defaults::PORT), str::parse) {
        Ok(port) => port,
        Err(_) => return complain(Exit::Usage, "PORT (--port) is wrong: expected a number"),
    };
    match ask(host, port) {
        Ok((200, _)) => Exit::Done,
        Ok((status, why)) => complain(Exit::Failed, format_args!("not ready ({status}): {why}")),
        Err(error) => complain(Exit::Failed, format_args!("{host}:{port}: {error}")),
    }
}

fn ask(host: &str, port: u16) -> std::io::Result<(u16, String)> {
    let no_address = || std::io::Error::other("no such address");
    let address = (host, port).to_socket_addrs()?.next();
    let address = address.ok_or_else(no_address)?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(4_096).read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| std::io::Error::other("it is no HTTP"))?;
    let why = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
    Ok((status, why.trim().to_owned()))
}
