"""What was found and confirmed: told by a rule, written down so that it can be tried again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safepush.errors import ConfigInvalid, Problem
from safepush.findings import Finding, found, placed
from safepush.fuzz.corpus import media
from safepush.fuzz.probe import Inputs, Suspicion
from safepush.fuzz.rules import RULES

#: in a model's folder, and never part of a version
FOLDER = Path(".cog", "safepush")
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Found:
    """A flaw: the smallest input that shows it, and what has to be sent before, in order.

    `number` is how many predictions had been made when it was first seen.
    """

    rule: str
    cause: str
    detail: str
    inputs: Inputs
    names: Sequence[str] = ()
    before: Sequence[Inputs] = ()
    number: int = 0

    @property
    def place(self) -> str:
        """The inputs that it is about, as one place."""
        return "+".join([placed("input", name) for name in self.names[:3]]) or "input"

    @property
    def finding(self) -> Finding:
        """The flaw as a report tells it and a configuration may accept it."""
        shown = {name: self.inputs[name] for name in self.names if name in self.inputs}
        example = {name: _named(value) for name, value in (shown or self.inputs).items()}
        return found(RULES[self.rule], self.place, self.cause, example)

    @property
    def id(self) -> str:
        """The same for the same flaw, whatever input shows it."""
        return hashlib.sha256(self.finding.key.encode()).hexdigest()[:8]

    @property
    def case(self) -> dict[str, Any]:
        """A test case that fails until it is mended."""
        return {"inputs": dict(self.inputs)}

    def to_json(self, *, model: str, version: str, seed: int) -> str:
        """All that it takes to try it again."""
        told = {
            "safepush": FORMAT,
            "model": model,
            "version": version,
            "seed": seed,
            "rule": self.rule,
            "cause": self.cause,
            "detail": self.detail,
            "names": list(self.names),
            "inputs": self.inputs,
            "before": list(self.before),
            "test_case": self.case,
        }
        return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def is_explained(suspicion: Suspicion, found: Sequence[Found]) -> bool:
    """Whether what had no end differs from the usual in all that another one does, which was found.

    To try it again would take all of its time. Each input is tried by itself too, so where another
    one has no end either, that shows there.
    """
    changed = set(suspicion.tried.probe.changed)
    return suspicion.rule == "fuzz-timeout" and any(
        one.rule == suspicion.rule and one.names and changed.issuperset(one.names) for one in found
    )


def distinct(found: Sequence[Found]) -> tuple[Found, ...]:
    """Each flaw once: what is the same when it is small is the same."""
    unique = {one.finding.key: one for one in reversed(found)}
    return tuple(reversed(unique.values()))


def _named(value: Any) -> Any:
    """A file of ours by its name, in the place of its bytes."""
    if isinstance(value, list):
        return [_named(one) for one in value]
    file = media.of(value)
    return value if file is None else f"({file.name})"


@dataclass(frozen=True)
class Saved:
    """A flaw from a file, with the version that had it."""

    model: str
    version: str
    found: Found


def save(one: Found, folder: Path, *, model: str, version: str, seed: int) -> Path:
    """Write a flaw down under the model's folder; where."""
    place = folder / FOLDER / f"{one.rule}-{one.id}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(one.to_json(model=model, version=version, seed=seed), encoding="utf-8")
    return place


def load(path: Path) -> Saved:
    """A flaw that was written down.

    Raises:
        ConfigInvalid: there is no such file, or it is another kind of file.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return _saved(told)
    except OSError as exc:
        raise _unusable(path, f"cannot be read ({exc.strerror})") from exc
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise _unusable(path, "is no finding that safepush wrote") from exc


def _saved(told: Mapping[str, Any]) -> Saved:
    if told["safepush"] != FORMAT or told["rule"] not in RULES:
        raise ValueError
    one = Found(
        rule=told["rule"],
        cause=str(told["cause"]),
        detail=str(told["detail"]),
        inputs=dict(told["inputs"]),
        names=[str(name) for name in told["names"]],
        before=[dict(each) for each in told["before"]],
    )
    return Saved(str(told["model"]), str(told["version"]), one)


def _unusable(path: Path, reason: str) -> ConfigInvalid:
    return ConfigInvalid(str(path), [Problem("", reason)])
