"""`safepush.yaml` as one frozen Config."""

import dataclasses
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from safepush import peer
from safepush.codelint import RULES as CODE_RULES
from safepush.compare import USUAL, Tolerance
from safepush.compat import RULES as COMPAT_RULES
from safepush.document import Document, Place, read
from safepush.errors import ConfigInvalid, Problem
from safepush.findings import Level, Policy, Rule
from safepush.fuzz.rules import RULES as FUZZ_RULES
from safepush.fuzz.settings import Fuzzing, read_fuzzing
from safepush.judgesettings import Judge, read_judge
from safepush.lint import RULES as LINT_RULES
from safepush.peer import Fuzz, Peer, PeerReader, Train
from safepush.reader import Field, suggestion
from safepush.replicatesettings import Replicate, read_replicate
from safepush.testcase import Case

FILE_NAME = "safepush.yaml"

_NAME = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
MODEL = re.compile(f"{_NAME}/{_NAME}")
MODEL_FORM = (
    "must be owner/name, in lower-case letters, digits, '.', '_' and '-', with at most 200"
    " characters"
)

LEVELS = {level.value: level for level in Level}
FAIL_ON = {"error": Level.ERROR, "warning": Level.WARNING, "never": Level.OFF}


@dataclass(frozen=True, kw_only=True)
class Predict:
    """The `predict` section; `tolerance` is what is alike to the live version in any case."""

    test_cases: tuple[Case, ...] = ()
    predict_timeout_s: float = 300.0
    compare_outputs: bool = False
    tolerance: Tolerance = USUAL
    #: as cog-safe-push has it
    fuzz: Fuzz | None = None


@dataclass(frozen=True, kw_only=True)
class Config:
    """What a push is held to; `setup_timeout_s` is how long the version may take to be ready.

    parallel: predictions at once. source: the file that was read, if there was one. replicate:
    how a Replicate-compatible server is pushed to, where the server is one. overruled: what of the
    file the command line has put aside, a line each.
    """

    model: str
    predict: Predict = field(default_factory=Predict)
    lint: Policy = field(default_factory=Policy)
    compatibility: Policy = field(default_factory=Policy)
    setup_timeout_s: float = 1800.0
    promote: bool = True
    parallel: int = 4
    judge: Judge = field(default_factory=Judge)
    fuzz: Fuzzing = field(default_factory=Fuzzing)
    train: Train | None = None
    peer: Peer = field(default_factory=Peer)
    replicate: Replicate | None = None
    source: Path | None = field(default=None, compare=False)
    overruled: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What is done otherwise than the configuration may seem to say, a line each."""
        return (*self.overruled, *peer.notes(self.peer, by_replicate=self.replicate is not None))


def find(folder: Path, path: Path | None, model: str | None) -> Config:
    """The configuration that a folder is held to; `path` and `model` are what was asked for.

    A model that is named needs no file; there are just no test cases then.

    Raises:
        ConfigInvalid: with all that is wrong in it.
    """
    if model is not None and not is_model(model):
        raise ConfigInvalid("--model", [Problem("", MODEL_FORM)])
    source = path or _default(folder)
    if model is not None and path is None and not source.exists():
        return Config(model=model)
    if path is None and not source.exists():
        raise _none_there(folder, source)
    config = load(source)
    return config if model is None else replace(config, model=model)


def load(path: Path) -> Config:
    """The configuration in the file at `path`.

    Raises:
        ConfigInvalid: with all that is wrong in it.
    """
    document = read(path)
    theirs = peer.is_peers(path)
    if theirs:
        document.value = peer.without_nulls(document.value)
    config = _Reader(document).config(theirs=theirs)
    if config is None or document.problems:
        problems = sorted(document.problems, key=lambda problem: problem.line or 0)
        raise ConfigInvalid(str(path), problems)
    return replace(config, source=path)


def _default(folder: Path) -> Path:
    """Our own file, else that of cog-safe-push."""
    ours, theirs = folder / FILE_NAME, folder / peer.FILE_NAME
    return theirs if theirs.exists() and not ours.exists() else ours


def _none_there(folder: Path, source: Path) -> ConfigInvalid:
    if not folder.is_dir():
        return ConfigInvalid(str(folder), [Problem("", "there is no such folder")])
    told = "there is no such file; name one with --config"
    if (folder / "cog.yaml").is_file():
        words = ["safepush", "init", *([] if folder == Path() else [str(folder)])]
        told = f"there is no such file; `{shlex.join(words)}` writes one, --config names another"
    return ConfigInvalid(str(source), [Problem("", told)])


def is_model(text: str) -> bool:
    """Whether a text is `owner/name`."""
    return bool(MODEL.fullmatch(text)) and len(text) <= 200


class _Reader(PeerReader):
    """The sections that `safepush.yaml` has."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._value = document.value

    def config(self, *, theirs: bool = False) -> Config | None:
        """The whole; `theirs`: with the defaults of cog-safe-push where they are other."""
        fields: dict[str, Field] = {
            "model": ("model", self._model),
            "predict": ("predict", self._predict),
            "lint": (
                "lint",
                lambda value, place: self._policy(value, place, LINT_RULES | CODE_RULES),
            ),
            "compatibility": (
                "compatibility",
                lambda value, place: self._policy(value, place, COMPAT_RULES),
            ),
            "setup_timeout": ("setup_timeout_s", self.seconds),
            "promote": ("promote", self.boolean),
            "judge": ("judge", lambda value, place: read_judge(self, value, place)),
            "fuzz": (
                "fuzz",
                lambda value, place: read_fuzzing(
                    self, value, place, self._policy_fields(FUZZ_RULES)
                ),
            ),
            "replicate": ("replicate", lambda value, place: read_replicate(self, value, place)),
            **self.top(),
        }
        values = self.section(self._value, (), fields, required=["model"])
        if "model" not in values:
            return None
        self._check_destination(values)
        kept = {
            one.name: values[one.name] for one in dataclasses.fields(Config) if one.name in values
        }
        config = Config(**kept)
        return self._as_peer(config, values, theirs=theirs)

    def _check_destination(self, values: Mapping[str, Any]) -> None:
        """What is trained in a test must not be among the versions that callers have."""
        train = values.get("train")
        destination = None if train is None else train.destination
        if destination is None:
            return
        place = ("train", "destination")
        if not is_model(destination):
            self.wrong(place, MODEL_FORM)
        elif destination in (values["model"], values.get("test_model")):
            self.wrong(place, "must be a model of its own: what is trained in a test goes there")

    def _as_peer(self, config: Config, values: Mapping[str, Any], *, theirs: bool) -> Config:
        """What the keys of cog-safe-push mean here, with a line for each that means nothing."""
        names = [one.name for one in dataclasses.fields(Peer)]
        kept = {name: values[name] for name in names if name in values}
        found = Peer(given=peer.given(self._value), is_file=theirs, **kept)
        changed: dict[str, Any] = {"peer": found}
        if values.get("ignore_schema_compatibility"):
            changed["compatibility"] = replace(config.compatibility, fail_on=Level.OFF)
        section = self._value.get("predict")
        if theirs and not (isinstance(section, dict) and "compare_outputs" in section):
            changed["predict"] = replace(config.predict, compare_outputs=True)
        return replace(config, **changed)

    def _predict(self, value: object, place: Place) -> Predict:
        fields: dict[str, Field] = {
            "test_cases": ("test_cases", self.cases),
            "predict_timeout": ("predict_timeout_s", self.seconds),
            "compare_outputs": ("compare_outputs", self.boolean),
            "tolerance": ("tolerance", self._tolerance),
            "fuzz": ("fuzz", self.fuzz),
        }
        return Predict(**self.section(value, place, fields))

    def _tolerance(self, value: object, place: Place) -> Tolerance:
        known = {one.name: (one.name, self.amount) for one in dataclasses.fields(Tolerance)}
        return replace(USUAL, **self.section(value, place, known))

    def _policy(self, value: object, place: Place, rules: Mapping[str, Rule]) -> Policy:
        return Policy(**self.section(value, place, self._policy_fields(rules)))

    def _policy_fields(self, rules: Mapping[str, Rule]) -> dict[str, Field]:
        return {
            "fail_on": ("fail_on", lambda value, place: self.word(value, place, FAIL_ON)),
            "levels": ("levels", lambda value, place: self._levels(value, place, rules)),
            "accept": ("accepted", lambda value, place: self._accepted(value, place, rules)),
        }

    def _levels(
        self, value: object, place: Place, rules: Mapping[str, Rule]
    ) -> dict[str, Level] | None:
        fields: dict[str, Field] = {
            id: (id, lambda value, place: self.word(value, place, LEVELS)) for id in rules
        }
        return self.section(value, place, fields)

    def _accepted(
        self, value: object, place: Place, rules: Mapping[str, Rule]
    ) -> dict[str, str] | None:
        told = self.each(value, place, "findings, each with `finding` and `reason`")
        if told is None:
            return None
        accepted = {}
        fields: dict[str, Field] = {
            "finding": ("finding", lambda value, place: self._finding(value, place, rules)),
            "reason": ("reason", self.text),
        }
        for one, where in told:
            values = self.section(one, where, fields, required=["finding", "reason"])
            if len(values) == len(fields):
                accepted[values["finding"]] = values["reason"]
        return accepted

    def _finding(self, value: object, place: Place, rules: Mapping[str, Rule]) -> str | None:
        text = self.text(value, place)
        if text is None:
            return None
        # a report has the level before it, which is not a part of it
        level, _, rest = text.partition(" ")
        text = rest if level in LEVELS else text
        id, at, _ = text.partition(" at ")
        if id in rules and at:
            return text
        guess = suggestion(id, list(rules)) if id not in rules else ""
        self.wrong(place, f"must be a finding as the report writes it, `RULE at PLACE: ...`{guess}")
        return None

    def _model(self, value: object, place: Place) -> str | None:
        if isinstance(value, str) and is_model(value):
            return value
        self.wrong(place, MODEL_FORM)
        return None
