"""What is written as JSON is read as what it was."""

import json
from typing import Any

import pytest

from jobs.core.rowjson import writer


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"a": [1, 1.5, -0.0, 1e300, 2**70, True, None], "\u00f6": {"\x00\u2028": "\U0001f600"}},
        {"half": "of a pair \ud800", "\udfff": [], "whole": "\u00f6"},
    ],
)
def test_it_is_read_as_it_was(value: Any) -> None:
    text = writer()(value)
    assert json.loads(text.decode()) == value
    assert b"\n" not in text
