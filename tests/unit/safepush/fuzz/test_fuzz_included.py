"""A first and a last of something that are both kept, and are one."""

from typing import Any

import pytest

from safepush.fuzz.relations.included import Included
from tests.unit.safepush.fuzz.test_fuzz_rows import held

FRAMES = [f"frame {at}" for at in range(8)]
KEPT = "The last frame that is kept."


def cut(way: str, first: int, last: int) -> Any:
    if way == "refused" and last <= first:
        raise ValueError("last has to be above first")
    if way == "odd":
        return [at for at in range(first, last + 1) if at % 2]
    if way == "above zero":
        return [at for at in range(first, last + 1) if at > 0]
    if way == "late":
        return FRAMES[max(first, 5) : last + 1]
    if way == "pairs":
        return [*zip(FRAMES[first:last], FRAMES[first + 1 : last + 1], strict=False)]
    if way == "with a heading":
        return ["frames", *FRAMES[first : last + 1]]
    if way == "one":
        return FRAMES[first:last] or FRAMES[first : first + 1]
    more = 0 if way in ("open", "counted", "in one") else 1
    made = FRAMES[first : last + more]
    return {"frames": made, "n": 8} if way == "counted" else str(made) if way == "in one" else made


def causes(way: str, said: str, begin: str = "The first frame.", **limits: Any) -> list[str]:
    whole = {"type": "integer", "minimum": 0, "maximum": 63}
    properties = {
        "first": {**whole, "default": 0, "description": begin, **limits},
        "last": {**whole, "default": 63, "description": said},
    }
    return held(Included, lambda first=0, last=63: cut(way, first, last), properties)


TOLD = "'first' and 'last' that are one give nothing, and the last one is told to be kept"


@pytest.mark.parametrize(
    ("way", "said", "count"),
    [
        ("open", KEPT, 1),
        ("counted", KEPT, 1),
        ("refused", KEPT, 1),
        ("open", "Where it ends, inclusive.", 1),
        ("open", "To here, included; past the end means the end.", 1),
        ("open", "The last one to take.", 1),
        ("open", "The last frame is kept, too.", 1),
        ("closed", KEPT, 0),
        ("one", KEPT, 0),
        ("with a heading", KEPT, 0),
        ("in one", KEPT, 0),
        ("odd", KEPT, 0),
        ("late", KEPT, 0),
        ("pairs", "The last frame that is kept; each comes with the next one.", 0),
        ("pairs", "The last frame that is read, for the difference to the one before.", 0),
        ("above zero", KEPT, 0),
        ("open", "Where it ends, not included.", 0),
        ("open", "Where it ends, exclusive.", 0),
        ("open", "Where it ends.", 0),
        ("open", "Where it ends, blank frames included.", 0),
        ("open", "The last frame that is kept; 0 is the end.", 0),
        ("refused", "The last frame that is kept, later than first. It is above first.", 0),
        ("open", "The last frame that is kept if first is 0.", 0),
    ],
)
def test_a_last_one_that_is_left_out_is_found(way: str, said: str, count: int) -> None:
    assert causes(way, said) == [TOLD] * count


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("First and last are both included.", 1),
        ("Both ends are included.", 1),
        ("The first frame, included.", 0),
        ("First and last, of which the last is not included.", 0),
    ],
)
def test_the_first_may_speak_of_both(said: str, count: int) -> None:
    assert causes("open", "Where it ends.", said) == [TOLD] * count


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (("first_page", "last_page"), 1),
        (("page_from", "page_to"), 1),
        (("start", "stop"), 1),
        (("first_page", "last_line"), 0),
        (("least", "most"), 0),
    ],
)
@pytest.mark.parametrize("based", [0, 1])
def test_names_tell_of_what_they_are_the_ends(
    names: tuple[str, str], count: int, based: int
) -> None:
    def model(**sent: Any) -> Any:
        first, last = (sent.get(name, 1 if at == 0 else 9) for at, name in enumerate(names))
        if first < based:
            raise ValueError("there is no page 0")
        return FRAMES[first - based : last - based]

    told = f"Counted from {based}, both included."
    properties = {
        names[0]: {"type": "integer", "default": 1, "description": told},
        names[1]: {"type": "integer", "default": 9, "description": "The last one, included."},
    }

    assert len(held(Included, model, properties)) == count
