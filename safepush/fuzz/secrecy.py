"""Secrets that were sent and that come back, in an output, an error or what is printed."""

from collections.abc import Iterator, Sequence
from typing import Any

from safepush.compare import File
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Tried
from safepush.lint import SECRET

#: what is sent where a secret is wanted: nothing that an output has by chance
EXAMPLE = "sk-4f9a1c7e2b80d653"
#: shorter ones may well be words
SHORTEST = 8


def shown(tried: Tried, fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """(the secret input, where its value can be read); never the value itself."""
    if tried.prediction is None:
        return
    for name, value in _secrets(tried, fields):
        if any(value in text for text in _texts(tried.output)):
            yield name, "the output"
        elif value in tried.error:
            yield name, "the error"
        elif value in tried.prediction.logs:
            yield name, "the logs"


def is_secret(field: Field) -> bool:
    """Whether it is declared as a secret, or is one by its name."""
    named = field.texts is not None and not field.choices and SECRET.search(field.name.lower())
    # a token may be a word, too
    return field.is_secret or bool(named and field.name.lower() != "token")


def is_open_text(field: Field) -> bool:
    """Whether people write what they like there, and its name speaks of no secret either."""
    return field.is_free_text and not is_secret(field)


def _secrets(tried: Tried, fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """Those that were sent and that no other input says openly."""
    secret = {one.name for one in fields if is_secret(one)}
    told = [
        text
        for name, one in tried.probe.inputs.items()
        if name not in secret
        for text in _texts(one)
    ]
    for name in sorted(secret):
        value = tried.probe.inputs.get(name)
        if isinstance(value, str) and len(value) >= SHORTEST and not any(value in t for t in told):
            yield name, value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, File):
        yield value.content.decode("utf-8", "replace")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (str(key), *_texts(each))
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, str):
                yield each
            else:
                yield from _texts(each)
