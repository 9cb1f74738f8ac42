"""Inputs that are said to matter under some choices, and do not under one of them."""

from typing import Any

import pytest

from safepush.fuzz.relations.under import Under
from tests.unit.safepush.fuzz.test_fuzz_rows import held

QUALITY = {"type": "integer", "minimum": 1, "maximum": 100, "default": 80}
SIDE = {"type": "integer", "minimum": 8, "maximum": 64, "default": 16}


def written(heeds: str, format: str, quality: int, side: int) -> Any:
    """A file of some side; `heeds` are the formats that look at the quality."""
    return [format, side, quality if format in heeds.split() else 80]


def causes(heeds: str, said: str, **more: Any) -> list[str]:
    def model(format: str = "jpeg", quality: int = 80, side: int = 16) -> Any:
        return written(heeds, format, quality, side)

    formats = {"type": "string", "enum": ["jpeg", "png", "webp"], "default": "jpeg"}
    properties = {"format": formats, "quality": {**QUALITY, "description": said}, "side": SIDE}
    return held(Under, model, {**properties, **more})


@pytest.mark.parametrize(
    ("heeds", "said", "silent"),
    [
        ("jpeg", "How much detail jpeg and webp keep.", "webp"),
        ("webp", "For jpeg and webp.", "jpeg"),
        ("jpeg", "How much detail is kept: jpeg and WebP alone.", "webp"),
        ("jpeg webp", "How much detail jpeg and webp keep.", None),
        ("jpeg", "How much detail jpeg keeps. Not used by png and webp.", None),
        ("jpeg", "How much detail jpeg keeps; png and webp do without.", None),
        ("jpeg", "For jpeg and webp, reserved for later.", None),
        ("jpeg", "How much detail jpeg keeps, unlike webp.", None),
        ("jpeg", "How much detail jpeg keeps; webp only if it is not lossless.", None),
        ("jpeg", "How much detail the file keeps.", None),
        ("", "How much detail jpeg and webp keep.", None),  # nowhere: that may be another cause
        # of one alone
        ("", "Only with jpeg.", "jpeg"),
        ("", "Used for webp.", "webp"),
        ("", "Detail, when format is webp only.", "webp"),
        ("", "Detail of webp; without effect in the others.", "webp"),
        ("webp", "Only with webp.", None),
        ("", "The detail of jpeg.", None),
        ("", "Not used with jpeg.", None),
    ],
)
def test_a_named_choice_under_which_nothing_changes_is_found(
    heeds: str, said: str, silent: str | None
) -> None:
    told = f"'quality' changes nothing with 'format' {silent!r}, which its description names"
    assert causes(heeds, said) == [told] * (silent is not None)


def test_what_changes_with_other_inputs_alone_is_let_be() -> None:
    def model(mode: str = "fit", side: int = 16, margin: int = 4) -> Any:
        left = max(0, margin) if mode == "pad" or side < 16 else 0
        return [mode, side, left]

    modes = {"type": "string", "enum": ["fit", "pad", "stretch"], "default": "fit"}
    margin = {"type": "integer", "minimum": 0, "maximum": 9, "default": 4}
    properties = {"mode": modes, "side": SIDE, "margin": {**margin, "description": "For fit, pad."}}

    assert held(Under, model, properties) == []


def test_what_changes_under_another_switch_alone_is_let_be() -> None:
    def model(
        format: str = "jpeg", quality: int = 80, lossless: bool = True, side: int = 16
    ) -> Any:
        heeds = format == "jpeg" or (format == "webp" and not lossless)
        return [format, quality if heeds else 80, lossless and format == "webp", side]

    formats = {"type": "string", "enum": ["jpeg", "png", "webp"], "default": "jpeg"}
    said = {**QUALITY, "description": "How much detail jpeg and webp keep."}
    lossless = {"type": "boolean", "default": True, "description": "Whether WebP keeps all."}
    properties = {"format": formats, "quality": said, "lossless": lossless, "side": SIDE}

    assert held(Under, model, properties) == []


def test_choices_that_are_words_of_any_sentence_are_not_named() -> None:
    def model(align: str = "left", side: int = 16, balance: int = 80) -> Any:
        return [align, side, balance if align == "both" else 0]

    aligns = {"type": "string", "enum": ["left", "both", "none"], "default": "left"}
    said = {**QUALITY, "description": "How far both are from the left; more is better."}

    assert held(Under, model, {"align": aligns, "side": SIDE, "balance": said}) == []


def test_how_something_is_made_is_no_part_of_what_is_made() -> None:
    def model(format: str = "jpeg", workers: int = 80, side: int = 16) -> Any:
        return [format, side, workers if format == "jpeg" else 0]

    formats = {"type": "string", "enum": ["jpeg", "png", "webp"], "default": "jpeg"}
    said = {**QUALITY, "description": "Processes for jpeg and webp."}

    assert held(Under, model, {"format": formats, "workers": said, "side": SIDE}) == []


def test_another_input_is_not_made_of_one_that_is_refused() -> None:
    def model(format: str = "jpeg", quality: int = 80, side: int = 16) -> Any:
        if format == "webp" and quality < 9:
            raise ValueError("quality must be 9 or more for webp")
        return written("jpeg", format, quality, side)

    formats = {"type": "string", "enum": ["jpeg", "png", "webp"], "default": "jpeg"}
    said = {**QUALITY, "description": "For jpeg and webp."}

    assert held(Under, model, {"format": formats, "quality": said, "side": SIDE}) == []
