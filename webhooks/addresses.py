"""Which addresses a server may dial: our own table, since libraries' differ by version."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

#: IANA's special-purpose registries, and what once was there
REFUSED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "::/8",  # unspecified, loopback, IPv4-compatible and -mapped
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100::/8",
        "2001::/23",  # Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
        # only 2000::/3 is given out as global unicast
        "::/3",
        "4000::/2",
        "8000::/1",
    )
)
#: Below 1024 live services that read what was never meant for them (mail, databases, shells).
WEB_PORTS = frozenset({80, 443})


def judge(address: str, allow: Sequence[Network] = (), *, port: int = 443) -> str | None:
    """Why an IP address and port may not be dialled, or None if they may.

    An IPv4 address inside an IPv6 one is refused in every form but the mapped one, which is
    judged as the IPv4 address that it is. What `allow` holds may be dialled on every port.
    """
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return "it is not an IP address"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if any(parsed.version == network.version and parsed in network for network in allow):
        return None
    for network in REFUSED:
        if parsed.version == network.version and parsed in network:
            return f"it is in {network}, which is not public"
    if port < 1024 and port not in WEB_PORTS:
        return f"port {port} is not for the web; use 80, 443 or one from 1024"
    return None


def judge_host(host: str, allow: Sequence[Network] = (), *, port: int = 443) -> str | None:
    """The same for the host of an address that somebody writes down, long before it is dialled.

    An IP address is judged however it is spelt (`127.1`, `0x7f.1`, a decimal), and so is localhost.
    Where another name leads is asked, and judged, each time that it is dialled.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        name = "127.0.0.1"
    try:
        found = socket.getaddrinfo(name, port, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):  # a name, or no host at all
        return None
    return judge(str(found[0][4][0]), allow, port=port)
