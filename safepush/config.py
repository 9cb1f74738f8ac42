"""`safepush.yaml` as one frozen Config, and the environment as one frozen Connection."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from safepush.document import Document, Place, read
from safepush.errors import ConfigInvalid, Problem

DEFAULT_URL = "http://127.0.0.1:8471"
DEFAULT_DATA = "penstock-data"
FILE_NAME = "safepush.yaml"
MAX_SECONDS = 86400

_NAME = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
MODEL = re.compile(f"{_NAME}/{_NAME}")
MODEL_FORM = "must be owner/name, in lower-case letters, digits, '.', '_' and '-'"

#: Known to cog-safe-push, and here before long: refused by name, since a check left out unsaid
#: would let a version through that nobody looked at.
LATER = {
    "": [
        *("test_model", "test_hardware", "train", "deployment", "dockerfile", "parallel"),
        *("fast_push", "use_cog_base_image", "ignore_schema_compatibility", "official_model"),
    ],
    "predict": ["compare_outputs", "fuzz"],
    "case": ["match_url", "jq_query", "match_prompt"],
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One prediction and what must come of it; with no expectation it must just succeed."""

    inputs: Mapping[str, Any]
    exact_string: str | None = None
    error_contains: str | None = None


@dataclass(frozen=True, kw_only=True)
class Predict:
    """The `predict` section."""

    test_cases: tuple[Case, ...] = ()
    predict_timeout_s: float = 300.0


@dataclass(frozen=True, kw_only=True)
class Config:
    """What a push is held to; `setup_timeout_s` is how long the version may take to be ready."""

    model: str
    predict: Predict = field(default_factory=Predict)
    setup_timeout_s: float = 1800.0
    promote: bool = True


@dataclass(frozen=True)
class Connection:
    """Where the server is, and the token it knows us by (kept out of every representation)."""

    url: str
    token: str | None = field(repr=False)


def find(folder: Path, path: Path | None, model: str | None) -> Config:
    """The configuration that a folder is held to; `path` and `model` are what was asked for.

    A model that is named needs no file; there are just no test cases then.

    Raises:
        ConfigInvalid: with all that is wrong in it.
    """
    if model is not None and not is_model(model):
        raise _unusable("--model", MODEL_FORM)
    source = path or folder / FILE_NAME
    if model is not None and path is None and not source.exists():
        return Config(model=model)
    config = load(source)
    return config if model is None else replace(config, model=model)


def load(path: Path) -> Config:
    """The configuration in the file at `path`.

    Raises:
        ConfigInvalid: with all that is wrong in it.
    """
    document = read(path)
    reader = _Reader(document)
    config = reader.config()
    if config is None or document.problems:
        problems = sorted(document.problems, key=lambda problem: problem.line or 0)
        raise ConfigInvalid(str(path), problems)
    return config


def is_model(text: str) -> bool:
    """Whether a text is `owner/name`."""
    return bool(MODEL.fullmatch(text)) and len(text) <= 200


def connection(environ: Mapping[str, str]) -> Connection:
    """The server to talk to: PENSTOCK_URL, and PENSTOCK_TOKEN or the embedded server's token file.

    Raises:
        ConfigInvalid: the address or the token cannot be used.
    """
    url = environ.get("PENSTOCK_URL") or DEFAULT_URL
    _check_url(url)
    token = environ.get("PENSTOCK_TOKEN", "").strip() or _token_file(environ)
    if token and not re.fullmatch(r"[!-~]+", token):
        raise _unusable("PENSTOCK_TOKEN", "holds characters no token has; copy it again")
    return Connection(url.rstrip("/"), token or None)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise _unusable("PENSTOCK_URL", f"must be an http(s) address, such as {DEFAULT_URL}")
    if parts.username or parts.password:
        raise _unusable("PENSTOCK_URL", "must not hold a user or password; use PENSTOCK_TOKEN")


def _token_file(environ: Mapping[str, str]) -> str:
    source = Path(environ.get("PENSTOCK_DATA") or DEFAULT_DATA) / "token"
    try:
        return source.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as exc:
        raise _unusable(str(source), "cannot be read as a token; set PENSTOCK_TOKEN") from exc


def _unusable(place: str, message: str) -> ConfigInvalid:
    return ConfigInvalid(place, [Problem("", message)])


class _Reader:
    """Goes through a document once; what it cannot use becomes a problem there, never an error."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def config(self) -> Config | None:
        fields: dict[str, _Field] = {
            "model": ("model", self._model),
            "predict": ("predict", self._predict),
            "setup_timeout": ("setup_timeout_s", self._seconds),
            "promote": ("promote", self._boolean),
        }
        values = self._section(self._document.value, (), fields, required="model")
        return Config(**values) if "model" in values else None

    def _predict(self, value: object, place: Place) -> Predict:
        fields: dict[str, _Field] = {
            "test_cases": ("test_cases", self._cases),
            "predict_timeout": ("predict_timeout_s", self._seconds),
        }
        return Predict(**self._section(value, place, fields, later="predict"))

    def _cases(self, value: object, place: Place) -> tuple[Case, ...] | None:
        if not isinstance(value, list):
            self._wrong(place, "must be a list of test cases, each with `inputs`")
            return None
        cases = (self._case(each, (*place, number)) for number, each in enumerate(value))
        return tuple(case for case in cases if case is not None)

    def _case(self, value: object, place: Place) -> Case | None:
        fields: dict[str, _Field] = {
            "inputs": ("inputs", self._inputs),
            "exact_string": ("exact_string", self._text),
            "error_contains": ("error_contains", self._text),
        }
        values = self._section(value, place, fields, required="inputs", later="case")
        if "exact_string" in values and "error_contains" in values:
            self._wrong(place, "has exact_string and error_contains; keep one of them")
            return None
        return Case(**values) if "inputs" in values else None

    def _section(
        self,
        value: object,
        place: Place,
        fields: Mapping[str, "_Field"],
        *,
        required: str | None = None,
        later: str = "",
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._wrong(place, f"must be a mapping with the keys {', '.join(fields)}")
            return {}
        self._refuse_unknown(value, place, fields, LATER[later])
        if required is not None and required not in value:
            self._wrong(place, f"`{required}` is missing")
        parsed = {
            name: parse(value[key], (*place, key))
            for key, (name, parse) in fields.items()
            if key in value
        }
        return {name: found for name, found in parsed.items() if found is not None}

    def _refuse_unknown(
        self, value: dict[Any, Any], place: Place, known: Mapping[str, "_Field"], later: list[str]
    ) -> None:
        for key in value:
            if key in known:
                continue
            where = (*place, str(key))
            if key in later:
                self._wrong(where, "is not yet supported; take it out to push without it")
            else:
                self._wrong(where, f"unknown key{_suggestion(str(key), list(known))}")

    def _model(self, value: object, place: Place) -> str | None:
        if isinstance(value, str) and is_model(value):
            return value
        self._wrong(place, MODEL_FORM)
        return None

    def _seconds(self, value: Any, place: Place) -> float | None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and 0 < value <= MAX_SECONDS:
            return float(value)
        self._wrong(place, f"must be a number of seconds above 0, at most {MAX_SECONDS}")
        return None

    def _boolean(self, value: object, place: Place) -> bool | None:
        if isinstance(value, bool):
            return value
        self._wrong(place, "must be true or false")
        return None

    def _text(self, value: object, place: Place) -> str | None:
        if isinstance(value, str):
            return value
        self._wrong(place, "must be text; put it in quotes")
        return None

    def _inputs(self, value: object, place: Place) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            self._wrong(place, "must be a mapping from input name to value (or {})")
            return None
        self._document.check_json(value, place)
        return value

    def _wrong(self, place: Place, message: str) -> None:
        self._document.wrong(place, message)


_Field = tuple[str, Callable[[object, Place], Any]]


def _suggestion(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    guess = f"; did you mean `{near[0]}`?" if near else ""
    return f"{guess} (known here: {', '.join(known)})"
