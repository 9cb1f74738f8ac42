"""The beginning of a digest, as people write it."""

from typing import Any

import pytest

from jobs.cli import digests, http

KNOWN = ["a" * 64, "b" * 64, "b" * 10 + "c" * 54]


@pytest.fixture(autouse=True)
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    def pages(path: str, most: int, **query: str) -> list[dict[str, Any]]:
        assert path == "/v1/models/me/a/versions"
        return [{"id": one} for one in KNOWN]

    monkeypatch.setattr(http, "pages", pages)


def test_one_version_that_begins_so_is_meant() -> None:
    assert digests.whole("me/a", "aaaaaaaa") == KNOWN[0]
    assert digests.whole_ref(f"me/a:{KNOWN[2][:11]}") == f"me/a:{KNOWN[2]}"


def test_several_or_none_are_refused_with_what_there_is() -> None:
    with pytest.raises(http.CliError, match=r"begins several digests: b{16}, b{10}c{6}$") as many:
        digests.whole("me/a", "bbbbbbbb")
    with pytest.raises(http.CliError, match=r"newest are: a{16}, b{16}, b{10}c{6}$") as none:
        digests.whole("me/a", "dddddddd")

    assert (many.value.exit_code, none.value.exit_code) == (2, 6)


@pytest.mark.parametrize("text", ["a" * 64, "aaaaaaa", "live", "AAAAAAAA", "aaaaaaa/", ""])
def test_what_is_no_beginning_is_left_to_the_server(text: str) -> None:
    assert digests.whole("me/a", text) == text


@pytest.mark.parametrize("ref", ["me/a", "a" * 64, "aaaaaaaa", "deployment:me/a", "x:aaaaaaaa"])
def test_other_names_stay_as_they_are(ref: str) -> None:
    assert digests.whole_ref(ref) == ref
