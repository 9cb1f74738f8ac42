"""What nobody means to give: numbers rounded on their way, pictures that are turned twice."""

import io
from base64 import b64encode
from typing import Any

import pytest
from PIL import Image

from safepush.compare import File
from safepush.fuzz.promises import digits, upright
from safepush.fuzz.promises.promise import Made
from tests.unit.safepush.fuzz.test_fuzz_campaign import TEXT, fuzz

SENT = "1234567890123456789"


def judged(module: Any, inputs: dict[str, Any], output: Any) -> bool | None:
    (promise,) = module.promises()
    return promise.kept(Made(inputs=inputs, changed=frozenset(inputs), output=output))


@pytest.mark.parametrize(
    ("output", "kept"),
    [
        ({"id": int(float(SENT))}, False),
        ([f"id {int(float(SENT))}."], False),
        ({"id": float(SENT)}, False),
        ({"id": int(SENT)}, True),
        ({"id": int(SENT), "about": float(SENT)}, True),
        ({"id": int(SENT) + 1}, True),
        ({"id": 7}, None),
    ],
)
def test_a_long_number_comes_back_with_its_own_digits(output: Any, kept: bool | None) -> None:
    assert judged(digits, {"table": f"id\n{SENT}\n"}, output) is kept


def test_a_table_whose_numbers_go_through_floats_is_found() -> None:
    def model(table: str = "id,n\n7,19\n") -> str:
        return repr([[int(float(one)) for one in row.split(",")] for row in table.split()[1:]])

    outcome, _ = fuzz(model, {"table": {**TEXT, "default": "id,n\n7,19\n"}}, budget=100)

    assert any("other digits" in one.cause for one in outcome.found)


def photograph(width: int, height: int, orientation: int) -> bytes:
    facts, content = Image.Exif(), io.BytesIO()
    facts[274] = orientation
    Image.new("RGB", (width, height)).save(content, "jpeg", exif=facts)
    return content.getvalue()


@pytest.mark.parametrize(
    ("size", "orientation", "kept"),
    [((48, 64), 6, False), ((64, 48), 6, True), ((48, 64), 1, None), ((24, 32), 8, False)],
)
def test_a_picture_is_turned_once(
    size: tuple[int, int], orientation: int, kept: bool | None
) -> None:
    image = f"data:image/jpeg;base64,{b64encode(photograph(64, 48, 6)).decode()}"

    assert judged(upright, {"image": image}, File(photograph(*size, orientation))) is kept
