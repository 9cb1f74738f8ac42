"""What a refusal changes before it comes."""

from collections.abc import Callable
from typing import Any

import pytest

from safepush.compare import Tolerance
from safepush.fuzz.code import keeping
from safepush.fuzz.code.source import Source
from safepush.fuzz.failure import Failure
from safepush.fuzz.fields import fields_of
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.process import refused
from safepush.fuzz.process.steadiness import Steadiness
from safepush.fuzz.runs import Runs
from tests.unit.safepush.fuzz.test_fuzz_campaign import Bench, fuzz, rules
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of

SIDE = {"type": "integer", "minimum": 1, "maximum": 512, "default": 64}
STYLES = {"type": "string", "enum": ["none", "ink", "wash"], "default": "none"}
TILED = {"type": "boolean", "default": False}
KEEPS = "class Predictor:\n    def predict(self, style, side, tiled):\n        self.style = style"
USUAL = {"style": "none", "side": 64, "tiled": False}


def painter(way: str) -> tuple[Callable[..., Any], dict[str, Any]]:
    """Refuses what is large; `way`: what it does before that."""
    kept: dict[str, Any] = {"style": "none", "tiled": False, "log": 0}

    def model(style: str = "none", side: int = 64, tiled: bool = False) -> Any:
        if way == "checked first" and side > 256:
            raise ValueError("side must be at most 256")
        if way != "switch" and (tiled or way != "both"):
            kept["style"] = style if style != "none" else kept["style"]
        kept["tiled"] = (tiled and way != "both") or kept["tiled"]
        kept["log"] += 1
        if side > 256:
            if way == "undone":
                kept.update(style="none", tiled=False)
            raise ValueError("side must be at most 256")
        made = f"{kept['style']} {kept['tiled']} {side}"
        kept.update(style="none", tiled=False)
        return made

    return model, kept


def refusal(one: Tried) -> Failure | None:
    return Failure("ValueError", one.error) if one.failed else None


def suspicions(way: str, *sent: dict[str, Any]) -> tuple[list[Suspicion], Bench]:
    bench = Bench(painter(way)[0])
    runs = Runs(bench.predict, lambda one: one.output, parallel=1, longest_s=60)
    fields = fields_of(document({"style": STYLES, "side": SIDE, "tiled": TILED}, []))
    first = runs.first(Probe(inputs=USUAL, layer="usual"))
    steadiness = Steadiness(fields, USUAL, source_of(KEEPS), Tolerance())
    for one in sent:
        runs.one(changed(USUAL, one, "boundaries"))
    return [*refused.suspicions(fields, first, runs, steadiness, refusal)], bench


@pytest.mark.parametrize(
    ("way", "found"),
    [("left", True), ("switch", True), ("both", True), ("checked first", False), ("undone", False)],
)
def test_what_is_left_after_a_refusal_is_found(way: str, found: bool) -> None:
    made, bench = suspicions(way, {"side": 512})

    assert [one.rule for one in made] == ["fuzz-state-leak"] * found
    assert bench.inputs[2:] == [{"style": "wash", "side": 512, "tiled": True}, USUAL]


def test_each_kind_of_refusal_is_tried_once_and_nothing_else() -> None:
    _, none = suspicions("checked first", {"side": 32})
    _, once = suspicions("checked first", {"side": 300}, {"side": 512})

    assert len(none.inputs) == 2
    assert len(once.inputs) == 3 + 2


def test_other_choices_come_with_another_refusal() -> None:
    fields = fields_of(document({"style": STYLES, "side": SIDE, "tiled": TILED}, []))
    tried = Tried(probe=changed(USUAL, {"side": 512, "tiled": True}, "pairs"))

    made = [refused.others(fields, tried, at) for at in range(3)]

    assert made == [{"style": "wash"}, {"style": "ink"}, {"style": "wash"}]


@pytest.mark.parametrize(("way", "found"), [("both", {"fuzz-state-leak"}), ("undone", set())])
def test_it_is_told_as_what_changes_later_predictions(way: str, found: set[str]) -> None:
    outcome, _ = fuzz(
        painter(way)[0],
        {"style": STYLES, "side": {**SIDE, "maximum": 300}, "tiled": TILED},
        source=source_of(KEEPS),
    )

    assert rules(outcome) - {"fuzz-refused"} == found


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("self.pipe.fuse_lora(scale)", True),
        ("pipe = self.pipe\n    pipe.fuse_lora(scale)", True),
        ("torch.manual_seed(scale)", True),
        ("os.environ['SCALE'] = scale", True),
        ("self.scale = scale", True),
        ("made = self.pipe.run(scale)", False),
        ("made = []\n    made.append(scale)", False),
        ("logging.info(scale)", False),
        ("print(scale)", False),
    ],
)
def test_code_that_may_leave_something_changed_is_known(code: str, told: bool) -> None:
    text = f"import os, torch, logging\ndef predict(self, scale):\n    {code}\n    return scale\n"

    assert keeping.touches(source_of(text)) is told
    assert keeping.touches(Source())
