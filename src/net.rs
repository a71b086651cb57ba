//! Which hosts this server asks where somebody else names the address: those of
//! the public net, over TLS, at the very places that their name was found to lead
//! to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::{Client, Url, redirect};
use url::Host;

/// Who may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Public hosts, over TLS.
    #[default]
    Public,
    /// This machine, too: for rehearsals and tests.
    Anywhere,
}

/// Why nobody is asked at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It is none that may be asked: not public, not `https`, with a password.
    Forbidden,
    /// Its name leads nowhere, as far as is known.
    Silent,
}

/// The part of the patience within which a connection stands, or nothing was sent.
pub const CONNECTED: f32 = 0.4;

/// A client for one address, good for one question: it is asked at the places that
/// its name leads to now, as looked up again it might lead elsewhere. It follows
/// no redirect and no proxy.
///
/// # Errors
/// See [`Closed`].
pub async fn client(
    url: &Url,
    reach: Reach,
    agent: &str,
    patience: Duration,
) -> Result<Client, Closed> {
    let all = places(url, reach).await?;
    let host = url.host_str().unwrap_or_default();
    Client::builder()
        .user_agent(agent)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .connect_timeout(patience.mul_f32(CONNECTED))
        .timeout(patience)
        .resolve_to_addrs(host, &all)
        .build()
        .map_err(|_| Closed::Silent)
}

/// The places that an address leads to, where all of them may be asked.
///
/// # Errors
/// See [`Closed`].
pub async fn places(url: &Url, reach: Reach) -> Result<Vec<SocketAddr>, Closed> {
    let open = reach == Reach::Anywhere;
    let bare = url.username().is_empty() && url.password().is_none();
    let usual = url.scheme() == "https" && url.port().is_none();
    if !bare || !(usual || open && matches!(url.scheme(), "http" | "https")) {
        return Err(Closed::Forbidden);
    }
    let port = url.port_or_known_default().unwrap_or(443);
    let all = match url.host() {
        Some(Host::Ipv4(ip)) => vec![SocketAddr::from((ip, port))],
        Some(Host::Ipv6(ip)) => vec![SocketAddr::from((ip, port))],
        Some(Host::Domain(name)) => {
            let found = tokio::net::lookup_host((name, port)).await;
            found.map_err(|_| Closed::Silent)?.collect()
        }
        None => return Err(Closed::Forbidden),
    };
    match all.as_slice() {
        [] => Err(Closed::Silent),
        all if open || all.iter().all(|at| is_public(at.ip())) => Ok(all.to_vec()),
        _ => Err(Closed::Forbidden),
    }
}

/// Whether it is a host of the public net, and no part of a net that stands
/// behind this server.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// IANA's registry of special addresses, and what is no host.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b)))
}

/// Of the addresses that are given out (2000::/3) those that hold no other one.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, high, low] = ip.segments();
    if [a, b, c, d, e, f] == [0x64, 0xff9b, 0, 0, 0, 0] {
        // The way of a net without IPv4 to a host of it.
        let [high, low] = [high.to_be_bytes(), low.to_be_bytes()];
        return is_public_v4(Ipv4Addr::new(high[0], high[1], low[0], low[1]));
    }
    let given = a & 0xe000 == 0x2000;
    // Teredo and others of 2001::/23, documentation, 6to4.
    let special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002;
    // 3fff::/20: documentation as well.
    given && !special && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_the_public_net_alone_are_asked() {
        for ip in [
            "1.1.1.1",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "172.32.0.1",
            "192.167.0.1",
            "198.20.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    async fn of(url: &str) -> Result<Vec<SocketAddr>, Closed> {
        places(&url.parse().unwrap(), Reach::Public).await
    }

    #[tokio::test]
    async fn what_is_written_otherwise_is_the_same_host() {
        for url in [
            "http://1.1.1.1/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost/",
            "https://169.254.169.254/latest/meta-data",
            "https://user@1.1.1.1/",
            "https://user:word@1.1.1.1/",
            "https://1.1.1.1:8443/",
            "ftp://1.1.1.1/",
            "file:///etc/passwd",
        ] {
            assert_eq!(of(url).await, Err(Closed::Forbidden), "{url}");
        }
        assert!(of("https://1.1.1.1/a?b#c").await.is_ok());
    }
}
