//! Who may use the emulator's own endpoints: programs on this machine, and not web pages in its
//! browsers.

use std::net::{IpAddr, SocketAddr};

use hyper::{
    HeaderMap,
    header::{HOST, HeaderValue, ORIGIN},
    http::uri::Authority,
};

use crate::refusal::Refusal;

/// Refuses a request that a web page of another origin may have caused.
///
/// A page can send requests to a loopback address under the page's own `Origin`, and under its own
/// `Host` after its name was made to resolve to a loopback address (DNS rebinding).
pub(super) fn check(headers: &HeaderMap, address: SocketAddr) -> Result<(), Refusal> {
    let refuse = |header: &str| {
        let message = format!(
            "The header {header} is foreign: use http://{address}, or localhost with this port."
        );
        Err(Refusal::new(403, message))
    };
    let hosts: Vec<_> = headers.get_all(HOST).iter().collect();
    if hosts.len() != 1 || !hosts.iter().all(|host| is_own(host, address)) {
        return refuse("Host");
    }
    let of_own_page = |origin: &HeaderValue| {
        let host = origin.as_bytes().strip_prefix(b"http://");
        host.and_then(|host| HeaderValue::from_bytes(host).ok())
            .is_some_and(|host| is_own(&host, address))
    };
    if !headers.get_all(ORIGIN).iter().all(of_own_page) {
        return refuse("Origin");
    }
    let mut sites = headers.get_all("sec-fetch-site").iter();
    if !sites.all(|site| site == "same-origin" || site == "none") {
        return refuse("Sec-Fetch-Site");
    }
    Ok(())
}

/// Returns whether `host:port` is this machine's loopback interface or the listening address
/// itself.
fn is_own(host: &HeaderValue, address: SocketAddr) -> bool {
    let Some(authority) = host
        .to_str()
        .ok()
        .and_then(|host| host.parse::<Authority>().ok())
        .filter(|authority| !authority.as_str().contains('@'))
    else {
        return false;
    };
    let name = authority.host();
    let ip = name.trim_start_matches('[').trim_end_matches(']').parse();
    let own_name = match ip {
        Ok(ip) => IpAddr::is_loopback(&ip) || ip == address.ip(),
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    };
    own_name && authority.port_u16().unwrap_or(80) == address.port()
}
