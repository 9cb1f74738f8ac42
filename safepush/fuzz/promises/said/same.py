"""Sentences about what is left as it was: "as many samples as the recording".

The plainest of them count even where the usual output breaks them.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.compare import File
from safepush.fuzz.fields import Field
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.likeness import LENGTHENS, RESIZES, sent_picture, sent_sound
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import OUTPUT, Said

_SENT = (
    r"(?:the |its |their |your |an? )?(?:\w+ )?(?:inputs?|original|source|recording|sound|audio|wav"
    r"|picture|image|photo(?:graph)?|text|file|waveform|signal|song|scan|document|drawing"
    r"|animation|gif|clip|film|map|upload)"
)
#: then nothing is told of it that makes a condition
_ENDS = r"(?=\s*(?:[.,;:)]|$|(?:and|but|with|in|has|have|had|itself|given|sent|is,)\b))"
_FACT = (
    r"(?:(?:sampl(?:e|ing) )?rate|samples|channels|size|width|height|dimensions|resolution"
    r"|length|duration|lines|rows|words|characters|letters|frames|pages)"
)
_FACTS = (
    rf"(?:number of )?{_FACT}(?:(?:, and|,| and) (?:the |of )?(?:same )?(?:number of )?{_FACT})*"
)
_PLAIN = re.compile(rf"\b(?:as many|the same) (?P<what>{_FACTS}) as {_SENT}{_ENDS}")
_AS = re.compile(rf"\bas (?P<how>long|large|big|wide|high|tall) as {_SENT}{_ENDS}")
_KEPT = re.compile(
    rf"\bkeeps? (?:its|the|their) (?P<what>{_FACTS})\b"
    rf"|\bthe (?P<of>{_FACTS}) (?:is|are|stays?|remains?)"
    r" (?:kept|unchanged|the same|as (?:it|they) (?:is|was|are|were))\b"
    r"|\b(?:in|at|of) the (?:same )?(?P<in>size|resolution|length|(?:sampl(?:e|ing) )?rate)"
    rf" of {_SENT}{_ENDS}"
    rf"|\bwith the (?P<with>{_FACTS}) of {_SENT}{_ENDS}"
)
_HOW = {"large": "size", "big": "size", "wide": "width", "high": "height", "tall": "height"}
#: then it is a condition, a limit, about so, or about what is to be sent
_NOT = re.compile(
    r"\b(?:not|never|no|unless|if|when|where|while|until|at (?:most|least)|up to|more|fewer|less"
    r"|twice|half|double|times|about|almost|nearly|roughly|approx\w*|may|must|should|needs?|has to"
    r"|have to|expects?|otherwise|multiples?|rounded|nearest|limit\w*|max\w*|min\w*|crop\w*|trim\w*"
    r"|cut|smaller|larger|longer|shorter|small|short|first|last|without|instead|mask|second)\b"
)
#: said anywhere, these let there be less: of long texts, of long sounds, of large pictures
_FIRST = re.compile(r"\b(?:first|last|at most|up to|only|max\w*|limit\w*|cut|beginning)\b")
_SHORTENS = re.compile(
    r"\b(?:first|last|only|at most) (?:\w+ ){0,2}(?:seconds?|minutes?)\b"
    r"|\b(?:cut|trimmed|shortened)\b"
)
_SHRINKS = re.compile(
    r"\b(?:larger|bigger) (?:ones|pictures|images|photos)\b|\bmade smaller\b|\bshrunk\b|\bthumbnail"
    r"|\bscaled (?:down|to)\b|\breduced (?:to|in size)\b|\bresi[sz]ed\b"
)
#: what each fact is told of, as far as that can be measured
_SOUND = {"samples", "channels", "rate", "length"}
_PICTURE = {"size", "width", "height", "frames", "pages"}
_TEXT = {"lines", "rows", "words", "characters", "letters"}
_NAMES = {
    **{"dimensions": "size", "resolution": "size", "duration": "length"},
    **{"sample rate": "rate", "sampling rate": "rate"},
}
_COUNTS = {"samples", "channels", "frames", "pages", *_TEXT}
#: inputs by which channels, and lines and words, may well be others
_MIXES = re.compile(r"chan|mono|stereo|mix|rate|hz")
_EDITS = re.compile(
    r"line|wrap|width|dup|uniq|skip|empty|blank|remov|filter|join|max|min|limit|drop|keep|top|head"
    r"|tail|page|split|merg|indent|pattern|find|replac|prefix|suffix|begin|end|number|count|strip"
)


def promises(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Promise]:
    """Those that are about the output."""
    for one in said:
        for pattern, firm in ((_PLAIN, True), (_AS, False), (_KEPT, False)):
            for match in pattern.finditer(one.text) if _is_plain_word(one) else ():
                facts = sorted(_facts(match.groupdict()))
                told = (fact for fact in facts if not _is_bounded(fact, said, fields))
                yield from (_promise(fact, firm) for fact in told)


def _is_bounded(fact: str, said: Sequence[Said], fields: Sequence[Field]) -> bool:
    """Whether another sentence, or an input, lets there be less of what is large."""
    numbers = [one.name.lower() for one in fields if one.numbers is not None]
    if fact in _TEXT:
        return any(_FIRST.search(one.text) and fact.rstrip("s") in one.text for one in said)
    words, named = (_SHORTENS, LENGTHENS) if fact in _SOUND else (_SHRINKS, RESIZES)
    changes = fact in ("channels", "rate", "frames", "pages")
    return not changes and (
        any(words.search(one.text) for one in said) or any(map(named.search, numbers))
    )


def counts_text(said: Sequence[Said]) -> bool:
    """Whether one of them tells how many lines, words or letters are left of a text."""
    found = (_PLAIN.search(one.text) for one in said if _is_plain_word(one))
    return any(match is not None and _facts(match.groupdict()) & _TEXT for match in found)


def _is_plain_word(one: Said) -> bool:
    """Whether it is about the output, without a condition."""
    field = one.field
    about = field is None or (OUTPUT.search(one.text) and not field.choices)
    return bool(about) and not _NOT.search(one.text)


def _facts(found: Mapping[str, str | None]) -> set[str]:
    if (how := found.get("how")) is not None:
        return {_HOW.get(how, "length")}
    told = next(one for one in found.values() if one)
    return {_NAMES.get(one, one) for one in re.findall(rf"\b{_FACT}\b", told)}


def _promise(fact: str, firm: bool) -> Promise:
    amount = f"another number of {fact}" if fact in _COUNTS else f"another {fact}"
    told = f"the output has {amount} than what was sent, and the same is told"
    return Promise(broken=told, kept=partial(_is_kept, fact), firm=firm)


def _is_kept(fact: str, made: Made) -> bool | None:
    found = [
        kept
        for known, measure in ((_SOUND, _of_sound), (_PICTURE, _of_picture), (_TEXT, _of_text))
        if fact in known and (kept := measure(fact, made)) is not None
    ]
    return all(found) if found else None


def _others(made: Made, named: re.Pattern[str]) -> bool:
    return any(named.search(name.lower()) for name in made.changed)


def _of_sound(fact: str, made: Made) -> bool | None:
    sent, found = sent_sound(made, least_s=0), [*map(sizes.sound_of, sizes.files(made.output))]
    told = [one for one in found if one is not None]
    unlike = _MIXES if fact in ("channels", "rate") else LENGTHENS
    if sent is None or len(told) != 1 or _others(made, unlike):
        return None
    one = told[0]
    if fact == "length":
        return abs(one.seconds - sent.seconds) <= max(0.05, 0.02 * sent.seconds)
    return bool(getattr(one, fact) == getattr(sent, fact))


def _of_picture(fact: str, made: Made) -> bool | None:
    sent, files = sent_picture(made), [*sizes.files(made.output)]
    found = [size for one in files if (size := sizes.size_of(one)) is not None]
    if sent is None or len(found) != 1 or _others(made, RESIZES):
        return None
    if fact in ("frames", "pages"):
        had = [sizes.frames_of(one) for one in made.files.values()]
        return had == [sizes.frames_of(files[0])]
    at = {"width": slice(0, 1), "height": slice(1, 2)}.get(fact, slice(0, 2))
    return found[0][at] == sent[at]


#: each of a text, in the ways in which people count them
_COUNTED: Mapping[str, Callable[[str], set[int]]] = {
    **dict.fromkeys(
        ("lines", "rows"), lambda text: {len(text.splitlines()), len(text.split("\n"))}
    ),
    "words": lambda text: {len(text.split())},
    "characters": lambda text: {len(text), len(text.strip())},
    "letters": lambda text: {len(text), sum(map(str.isalpha, text))},
}


def _of_text(fact: str, made: Made) -> bool | None:
    sent, got = _text_sent(made), _text_made(made.output)
    # of odd signs that end lines, and of letters that change their length, nobody says anything
    if sent is None or got is None or _others(made, _EDITS) or not _is_plain(sent):
        return None
    return bool(_COUNTED[fact](sent) & _COUNTED[fact](got))


def _is_plain(text: str) -> bool:
    return bool(text.strip()) and re.fullmatch(r"[\n\t -~]*", text) is not None


def _text_sent(made: Made) -> str | None:
    files = [*made.files.values()]
    texts = [one for one in made.inputs.values() if isinstance(one, str) and " " in one]
    if len(files) == 1:
        return _decoded(files[0])
    return texts[0] if len(texts) == 1 and not files else None


def _text_made(output: Any) -> str | None:
    files = [*sizes.files(output)]
    if isinstance(output, list) and output and all(isinstance(one, str) for one in output):
        return "\n".join(output)
    if len(files) == 1:
        return _decoded(files[0])
    return output if isinstance(output, str) else None


def _decoded(file: File) -> str | None:
    try:
        return file.content.decode()
    except UnicodeDecodeError:
        return None
