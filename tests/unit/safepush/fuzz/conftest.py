"""Many tests ask models of the same inputs, and what is drawn of these is always the same."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import pytest

from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import drawn


@pytest.fixture(scope="session", autouse=True)
def _drawn_once() -> Iterator[None]:
    draw = drawn.drawn
    known: dict[bytes, list[Any]] = {}

    def once(
        fields: Sequence[Field], base: Mapping[str, Any], number: int, count: int
    ) -> list[Any]:
        asked = sha256(repr((fields, base, number, count)).encode(errors="surrogatepass")).digest()
        if asked not in known:
            known[asked] = draw(fields, base, number, count)
        return copy.deepcopy(known[asked])  # a model may change what it is given

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawn, "drawn", once)
        yield
