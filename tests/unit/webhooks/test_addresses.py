"""Which addresses may be dialled: every special range, its edges, and what is just outside."""

from ipaddress import IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.addresses import REFUSED, judge, judge_host

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2001:200::1",
    "2003::1",
    "2606:4700:4700::1111",
    "2a00::1",
    "::ffff:8.8.8.8",
]

PRIVATE = {
    "this network": "0.0.0.0",
    "private 10": "10.1.2.3",
    "shared": "100.64.0.1",
    "loopback": "127.0.0.1",
    "loopback's end": "127.255.255.255",
    "cloud metadata": "169.254.169.254",
    "private 172": "172.16.0.1",
    "private 172's end": "172.31.255.255",
    "protocol assignments": "192.0.0.9",
    "documentation 1": "192.0.2.1",
    "AS112": "192.31.196.1",
    "AMT": "192.52.193.1",
    "6to4 relay": "192.88.99.1",
    "private 192": "192.168.1.1",
    "AS112 direct": "192.175.48.1",
    "benchmarks": "198.19.255.255",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "multicast": "224.0.0.1",
    "multicast's end": "239.255.255.255",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "unspecified": "::",
    "loopback 6": "::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped private": "::ffff:10.0.0.1",
    "mapped metadata": "::ffff:a9fe:a9fe",
    "compatible": "::127.0.0.1",
    "translated": "::ffff:0:127.0.0.1",
    "NAT64 of metadata": "64:ff9b::a9fe:a9fe",
    "NAT64 of a public address": "64:ff9b::8.8.8.8",
    "NAT64 local": "64:ff9b:1::1",
    "discard": "100::1",
    "dummy": "100:0:0:1::1",
    "Teredo": "2001:0:7f00:1::1",
    "benchmarks 6": "2001:2::1",
    "ORCHID": "2001:10::1",
    "ORCHID 2": "2001:20::1",
    "DRIP": "2001:30::1",
    "documentation 6": "2001:db8::1",
    "6to4 of loopback": "2002:7f00:1::1",
    "AS112 6": "2620:4f:8000::1",
    "documentation 6 again": "3fff::1",
    "segment routing": "5f00::1",
    "unique local": "fd00::1",
    "unique local's other half": "fc00::1",
    "link local": "fe80::1",
    "link local with a zone": "fe80::1%eth0",
    "site local": "fec0::1",
    "multicast 6": "ff02::1",
    "never given out": "4000::1",
    "never given out either": "1fff::1",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_dialled(address: str) -> None:
    assert judge(address) is None


@pytest.mark.parametrize("address", PRIVATE.values(), ids=PRIVATE.keys())
def test_special_addresses_may_not(address: str) -> None:
    reason = judge(address)
    assert reason is not None
    assert "not public" in reason


@pytest.mark.parametrize("network", REFUSED, ids=str)
def test_every_range_is_refused_to_its_edges(network) -> None:  # type: ignore[no-untyped-def]
    assert judge(str(network[0])) is not None
    assert judge(str(network[-1])) is not None


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f.1", "1.2.3.4.5", "::g"])
def test_what_is_not_an_address_is_refused(text: str) -> None:
    assert judge(text) == "it is not an IP address"


@given(st.integers(0, 2**128 - 1))
def test_ipv6_outside_global_unicast_is_refused(number: int) -> None:
    address = IPv6Address(number)
    if address not in ip_network("2000::/3") and not address.ipv4_mapped:
        assert judge(str(address)) is not None


def test_an_allowed_network_may_be_dialled_in_both_spellings() -> None:
    allow = [ip_network("127.0.0.0/8"), ip_network("fd00:1::/32")]
    assert judge("127.0.0.1", allow) is None
    assert judge("::ffff:127.0.0.1", allow) is None
    assert judge("fd00:1::5", allow) is None
    assert judge("::1", allow) is not None
    assert judge("10.0.0.1", allow) is not None


@pytest.mark.parametrize("port", [80, 443, 1024, 5000, 8080, 65535])
def test_ports_of_the_web(port: int) -> None:
    assert judge("1.1.1.1", port=port) is None


@pytest.mark.parametrize("port", [0, 1, 22, 25, 53, 110, 143, 465, 587, 1023])
def test_other_low_ports_are_refused_unless_the_network_is_allowed(port: int) -> None:
    reason = judge("1.1.1.1", port=port)
    assert reason is not None
    assert f"port {port}" in reason
    assert judge("10.0.0.1", [ip_network("10.0.0.0/8")], port=port) is None


@pytest.mark.parametrize(
    "host",
    ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "10.1", "localhost", "LOCALHOST.",
     "a.localhost", "::1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "169.254.169.254"],
)  # fmt: skip
def test_a_host_is_judged_however_it_is_spelt(host: str) -> None:
    reason = judge_host(host)
    assert reason is not None
    assert "not public" in reason


@pytest.mark.parametrize("host", ["example.com", "1.1.1.1", "10.example.com", "localhost.example"])
def test_a_name_is_not_judged_before_it_is_dialled(host: str) -> None:
    assert judge_host(host) is None


def test_what_is_allowed_may_be_written_in_any_spelling() -> None:
    allow = [ip_network("127.0.0.0/8")]
    for host in ("127.0.0.1", "127.1", "localhost", "::ffff:127.0.0.1"):
        assert judge_host(host, allow, port=25) is None
    assert judge_host("1.1.1.1", allow, port=25) is not None
