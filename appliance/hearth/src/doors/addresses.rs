//! The addresses that the machine has on its networks, as the kernel tells them in `/proc/net`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The addresses by which neighbours reach this machine: those of IPv4 first, as people type them. Addresses of IPv6
/// that need the name of a network card to be understood are left out.
pub(super) fn of_this_machine() -> Vec<IpAddr> {
    let text = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let mut found = v4(&text("/proc/net/fib_trie"));
    found.extend(v6(&text("/proc/net/if_inet6")));
    found
}

/// Whether an address is one of a machine within a house; a name service that knows no answer may give one of a shop.
pub(super) fn is_of_a_house(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// Addresses whose next line says that they are the machine's own.
fn v4(trie: &str) -> Vec<IpAddr> {
    let mut found = Vec::new();
    let mut last = None;
    for line in trie.lines() {
        if let Some((_, address)) = line.split_once("|-- ") {
            last = address.trim().parse::<Ipv4Addr>().ok();
        } else if line.trim() == "/32 host LOCAL"
            && let Some(address) = last
            && !address.is_loopback()
            && !found.contains(&IpAddr::V4(address))
        {
            found.push(IpAddr::V4(address));
        }
    }
    found
}

fn v6(table: &str) -> Vec<IpAddr> {
    let parsed = table.lines().filter_map(|line| {
        let bits = u128::from_str_radix(line.split_whitespace().next()?, 16).ok()?;
        Some(Ipv6Addr::from_bits(bits))
    });
    parsed
        .filter(|address| !address.is_loopback() && !address.is_unicast_link_local())
        .map(IpAddr::V6)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{v4, v6};

    #[test]
    fn the_kernels_tables_are_read() {
        let trie = "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n     |-- 127.0.0.1\n        \
                    /32 host LOCAL\n     |-- 192.168.1.0\n        /24 link UNICAST\n     |-- 192.168.1.5\n        \
                    /32 host LOCAL\n     |-- 192.168.1.255\n        /32 link BROADCAST\nLocal:\n     |-- 192.168.1.5\n        \
                    /32 host LOCAL\n";
        assert_eq!(
            v4(trie),
            ["192.168.1.5".parse::<std::net::IpAddr>().expect("an address")]
        );
        let table = "00000000000000000000000000000001 01 80 10 80       lo\nfd000000000000000000000000000002 04 40 00 82     eth0\n\
                     fe8000000000000000fc00fffe000001 04 40 20 80     eth0\n";
        assert_eq!(
            v6(table),
            ["fd00::2".parse::<std::net::IpAddr>().expect("an address")]
        );
        assert!(v4("").is_empty() && v6("rubbish").is_empty());
    }
}
