"""Texts in pieces, with places, in lines, or none of them: as is told, whatever is sent."""

import pytest

from tests.unit.safepush.fuzz.test_fuzz_campaign import fuzz
from tests.unit.safepush.fuzz.test_fuzz_said import LIST_OF_TEXTS, text
from tests.unit.safepush.fuzz.test_fuzz_watched import source_of

# Where an answer ends

ANSWER = ["Let ", "me th", "ink ab", "out the ri", "ver and ", "the sea"]
LEFT = "the output ends with the first letters of 'stop', before which it ends"


@pytest.mark.parametrize(
    ("joined", "chance", "broken"), [(False, "", True), (True, "", False), (False, "seed", False)]
)
def test_the_first_letters_of_a_stop_that_are_left_over_are_found(
    joined: bool, chance: str, broken: bool
) -> None:
    calls = iter(range(10**6))

    def model(stop: str = "") -> list[str]:
        parts = ["".join(ANSWER)] if joined else list(ANSWER)
        parts += [str(next(calls))] if chance else []
        for at in range(len(parts)):
            whole = "".join(parts[: at + 1])
            if stop and stop in whole:
                sent = "".join(parts[:at])
                return [*parts[:at], whole[len(sent) : max(len(sent), whole.index(stop))]]
        return parts

    code = "import random\nrandom.random()" if chance else ""
    inputs = {"stop": text("The answer stops at this; none of it is sent.", "", maxLength=300)}
    outcome, _ = fuzz(model, inputs, output=LIST_OF_TEXTS, source=source_of(code), budget=60)

    assert (LEFT in [one.cause for one in outcome.found]) is broken
