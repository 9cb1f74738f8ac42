"""What cog-safe-push writes in its configuration and we do not: read, kept, and answered for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safepush.document import Place
from safepush.reader import Field
from safepush.testcase import Case, CaseReader

FILE_NAME = "cog-safe-push.yaml"
FOLDERS = ("cog-safe-push-configs", "safe-push-configs")
MAX_AT_ONCE = 64
MAX_ITERATIONS = 100_000


@dataclass(frozen=True, kw_only=True)
class Fuzz:
    """A `fuzz` section as cog-safe-push has it; handed on to the fuzzer."""

    fixed_inputs: Mapping[str, Any] = field(default_factory=dict)
    disabled_inputs: tuple[str, ...] = ()
    iterations: int = 10
    prompt: str | None = None


@dataclass(frozen=True, kw_only=True)
class Train:
    """The `train` section: trainings that make versions of the model `destination`."""

    destination: str | None = None
    destination_hardware: str | None = None
    train_timeout_s: float = 300.0
    test_cases: tuple[Case, ...] = ()
    fuzz: Fuzz | None = None


@dataclass(frozen=True, kw_only=True)
class Peer:
    """The keys of cog-safe-push that say where a version goes.

    given: those of them that were given. is_file: whether the configuration is one of its own.
    """

    given: tuple[str, ...] = ()
    is_file: bool = False
    official_model: str | None = None
    test_model: str | None = None
    test_hardware: str = "cpu"
    dockerfile: str | None = None
    fast_push: bool = False
    use_cog_base_image: bool = True
    deployment: Mapping[str, str] | None = None


#: those that mean there what they mean to cog-safe-push
USED_BY_REPLICATE = (
    *("test_model", "test_hardware", "dockerfile", "fast_push", "use_cog_base_image"),
    *("deployment.hardware", "train.destination_hardware"),
)

#: what each key that does nothing here is answered with
INSTEAD = {
    "test_model": "not used: MODEL itself is tested, at the alias staging, which nobody calls",
    "test_hardware": "not used: the version runs on the workers that its cog.yaml asks for",
    "dockerfile": "not used: nothing is built here",
    "fast_push": "not used: only files that the server lacks are sent, always",
    "use_cog_base_image": "not used: nothing is built here",
    "deployment.hardware": "not used: what a deployment runs on is said where it is made",
    "official_model": "not used, except by --push-official-model, which runs every check first",
    "predict.fuzz.duration": "not used: say predict.fuzz.iterations",
    "train.fuzz.duration": "not used: say train.fuzz.iterations",
    "train.destination_hardware": "not used: trainings run where the version runs",
}

NOT_BUILT_AGAIN = "what is promoted is the version that was tested; nothing is built again"

MENDED = (
    "canceled predictions fail, and so do failed ones without a message",
    'exact_string: "" and error_contains: "" are checked like any other text',
    "outputs are compared on every test case and by what is in them, worst part first; "
    "a live version that differs from itself is told, not judged",
    "a judge decides by a majority of votes, for yes as for no, and is never asked about "
    "equal outputs; unsure holds the promotion until a person says so",
)


def is_peers(path: Path) -> bool:
    """Whether a configuration is one of cog-safe-push, by its name or its folder's."""
    return path.name.startswith("cog-safe-push") or path.absolute().parent.name in FOLDERS


def notes(peer: Peer, *, by_replicate: bool) -> tuple[str, ...]:
    """What is done otherwise than cog-safe-push would, a line each."""
    used = USED_BY_REPLICATE if by_replicate else ()
    told = [f"{key}: {INSTEAD[key]}" for key in peer.given if key in INSTEAD and key not in used]
    if not peer.is_file:
        return tuple(told)
    mended = MENDED if by_replicate else (NOT_BUILT_AGAIN, *MENDED)
    return (*told, *(f"unlike cog-safe-push, {line}" for line in mended))


def without_nulls(value: Any) -> Any:
    """The sections without keys that are null, which cog-safe-push reads as not given."""
    if not isinstance(value, dict):
        return value
    kept = {key: one for key, one in value.items() if one is not None}
    for name in ("predict", "train", "deployment"):
        if isinstance(kept.get(name), dict):
            kept[name] = {key: one for key, one in kept[name].items() if one is not None}
            cases = kept[name].get("test_cases")
            if isinstance(cases, list):
                kept[name]["test_cases"] = [_case(one) for one in cases]
    return kept


def _case(value: Any) -> Any:
    is_case = isinstance(value, dict)
    return {key: one for key, one in value.items() if one is not None} if is_case else value


class PeerReader(CaseReader):
    """The peer's sections and keys."""

    def top(self) -> dict[str, Field]:
        """Its keys at the top, each read into the name of a `Config` field or of nothing."""
        return {
            "train": ("train", self.train),
            "parallel": ("parallel", lambda value, place: self.whole(value, place, 1, MAX_AT_ONCE)),
            "test_model": ("test_model", self.text),
            "test_hardware": ("test_hardware", self.text),
            "deployment": ("deployment", self.deployment),
            "dockerfile": ("dockerfile", self.text),
            "fast_push": ("fast_push", self.boolean),
            "use_cog_base_image": ("use_cog_base_image", self.boolean),
            "ignore_schema_compatibility": ("ignore_schema_compatibility", self.boolean),
            "official_model": ("official_model", self.text),
        }

    def train(self, value: object, place: Place) -> Train:
        """The section `train`."""
        fields: dict[str, Field] = {
            "destination": ("destination", self.text),
            "destination_hardware": ("destination_hardware", self.text),
            "train_timeout": ("train_timeout_s", self.seconds),
            "test_cases": ("test_cases", self.trainings),
            "fuzz": ("fuzz", self.fuzz),
        }
        return Train(**self.section(value, place, fields))

    def fuzz(self, value: object, place: Place) -> Fuzz:
        """A section `fuzz`."""
        fields: dict[str, Field] = {
            "fixed_inputs": ("fixed_inputs", self.inputs),
            "disabled_inputs": ("disabled_inputs", self._names),
            "iterations": (
                "iterations",
                lambda value, place: self.whole(value, place, 0, MAX_ITERATIONS),
            ),
            "prompt": ("prompt", self.text),
            "duration": ("duration", self.number),
        }
        values = self.section(value, place, fields)
        values.pop("duration", None)
        fixed, disabled = values.get("fixed_inputs", {}), values.get("disabled_inputs", ())
        for name in disabled:
            if name in fixed:
                self.wrong(place, f"`{name}` is both fixed and disabled; keep one")
        return Fuzz(**values)

    def deployment(self, value: object, place: Place) -> dict[str, Any]:
        """The section `deployment`."""
        fields: dict[str, Field] = {key: (key, self.text) for key in ("owner", "name", "hardware")}
        return self.section(value, place, fields)

    def _names(self, value: object, place: Place) -> tuple[str, ...] | None:
        return () if value == [] else self.texts(value, place)


def given(document: Any) -> tuple[str, ...]:
    """Those of the peer's keys that a document has and that stand for nothing here."""
    return tuple(key for key in INSTEAD if _has(document, key.split(".")))


def _has(value: Any, steps: list[str]) -> bool:
    for step in steps:
        if not isinstance(value, dict) or value.get(step) is None:
            return False
        value = value[step]
    return True
