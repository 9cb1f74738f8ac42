"""Letters that are lost or count twice, ends that are passed over, chance where none is told."""

import json
import random
import re
from typing import Any

import pytest

from safepush.compare import Tolerance
from safepush.fuzz.fields import fields_of
from safepush.fuzz.probe import Probe
from safepush.fuzz.promises.promise import Made
from safepush.fuzz.promises.said import kept
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations import again
from safepush.fuzz.relations.affixes import Affixes
from safepush.fuzz.relations.around import Around
from safepush.fuzz.relations.echoes import Echoes
from safepush.fuzz.relations.letters import Letters
from safepush.fuzz.relations.quoted import Quoted
from safepush.fuzz.relations.sayings import Sayings
from safepush.fuzz.relations.wholewords import WholeWords
from safepush.fuzz.runs import Runs
from tests.unit.safepush.fuzz.test_fuzz_campaign import Bench
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of
from tests.unit.safepush.fuzz.test_fuzz_promises import LIST
from tests.unit.safepush.fuzz.test_fuzz_rows import TEXT, held

# What is taken off

SPEAKER = "Anna: "


@pytest.mark.parametrize(
    ("code", "take", "count"),
    [
        ("one.lstrip(name)", lambda one: one.lstrip(SPEAKER), 1),
        ("one.lstrip('Anna: ')", lambda one: one.lstrip(SPEAKER), 1),
        ("one.strip().removeprefix(name)", lambda one: one.removeprefix("Anna: "), 0),
        ("one.lstrip(name)", lambda one: re.sub(r"^\W*\w+: ", "", one), 0),
        ("one.lstrip(signs)", lambda one: one.partition(": ")[2].title(), 0),
    ],
)
def test_words_made_of_what_is_taken_off_are_not_lost(code: str, take: Any, count: int) -> None:
    text = "Anna: hello to all of you"
    properties = {"text": {**TEXT, "default": text}}

    told = "letters of 'text' are lost behind what is taken off, if in that"
    assert held(Affixes, lambda text=text: take(text), properties, code) == [told] * count


@pytest.mark.parametrize("whole", [True, False])
def test_names_keep_the_letters_of_their_suffix(whole: bool) -> None:
    names = ["notes.txt", "older.txt"]

    def model(names: list[str] = names) -> list[str]:
        return [one.removesuffix(".txt") if whole else one.rstrip(".txt") for one in names]  # noqa: B005

    made = held(Affixes, model, {"names": {**LIST, "default": names}}, "one.rstrip('.txt')")
    told = "letters of 'names' are lost before what is taken off, if in that"
    assert made == ([] if whole else [told])


# How many letters


LIMIT = {"type": "integer", "minimum": 1, "maximum": 99, "default": 20}
PROSE = "the harbour was empty when we came back"


def cut(text: str, limit: int, way: str) -> Any:
    if way == "bytes":
        return text.encode()[:limit].decode(errors="ignore") + "..."
    if way == "pieces":
        return [text[at : at + limit // 2] for at in range(0, len(text), limit // 2)]
    return text[:limit] + "..."


@pytest.mark.parametrize(
    ("way", "said", "count"),
    [
        ("bytes", "How many characters are shown.", 1),
        ("signs", "How many characters are shown.", 0),
        ("pieces", "How many characters a piece has.", 0),
        ("bytes", "How many bytes are shown: of most characters one.", 0),
        ("bytes", "How much is shown.", 0),
    ],
)
def test_characters_that_are_counted_in_bytes_are_found(way: str, said: str, count: int) -> None:
    properties = {
        "text": {**TEXT, "default": PROSE},
        "limit": {**LIMIT, "description": said},
    }

    made = held(Letters, lambda text=PROSE, limit=20: cut(text, limit, way), properties)
    assert made == ["letters in 'text' count by their bytes"] * count


@pytest.mark.parametrize("encoded", [True, False])
def test_a_number_of_characters_is_not_that_of_bytes(encoded: bool) -> None:
    def model(text: str = PROSE) -> dict[str, int]:
        return {"characters": len(text.encode() if encoded else text)}

    properties = {"text": {**TEXT, "description": "The characters of it count.", "default": PROSE}}
    assert len(held(Letters, model, properties)) == encoded


SMALL = frozenset({"the", "was", "on", "in", "of", "to"})
REPORT = (
    "The bridge was closed on Monday. Engineers found cracks in the bridge. "
    "Buses take another road. The engineers expect the bridge to open in June."
)


def picked(text: str, count: int) -> list[str]:
    """The sentences that have the words which come most often."""
    parts = re.split(r"(?<=[.])\s", text)
    words = [re.findall(r"\w+", one.lower()) for one in parts]
    told = [one for each in words for one in each if one not in SMALL]
    scores = [sum(map(told.count, each)) / len(each) for each in words if each]
    best = sorted(range(len(scores)), key=lambda at: -scores[at])[:count]
    return [parts[at] for at in sorted(best)]


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_sentences_that_are_picked_by_their_words_are_not_cut(number: int, counts: bool) -> None:
    def model(text: str = REPORT, count: int = number) -> Any:
        shown = " ".join(picked(text[:4000], count))
        return {"text": shown, "characters": len(shown)} if counts else shown

    said = "Text to sum up; its first 4,000 characters are read."
    properties = {
        "text": {**TEXT, "description": said, "default": REPORT},
        "count": {**LIMIT, "description": "How many sentences.", "default": number},
    }

    assert held(Letters, model, properties) == []


def by_tokens(text: str) -> str:
    """As many tokens; a word that is not known has one for each letter."""
    return "".join(re.findall(r"\s*(?:[a-z]+|\S)", text)[:6]) + "..."


def by_topic(text: str) -> str:
    """The beginning, and with it the end where nothing is known of what is between."""
    return text[:20] if "the" in text else f"{text[:11]}, {text[-4:]}"


@pytest.mark.parametrize("way", [by_tokens, by_topic])
def test_less_that_is_shown_for_another_reason_is_no_limit_in_bytes(way: Any) -> None:
    properties = {"text": {**TEXT, "description": "Any characters.", "default": PROSE}}

    assert held(Letters, lambda text=PROSE: way(text), properties) == []


@pytest.mark.parametrize("in_bytes", [True, False])
def test_a_limit_that_keeps_words_whole_counts_characters(in_bytes: bool) -> None:
    def model(text: str = PROSE, limit: int = 20) -> list[str]:
        made = [""]
        for word in text.split():
            longer = f"{made[-1]} {word}".strip()
            is_over = len(longer.encode() if in_bytes else longer) > limit
            made = [*made, word] if is_over else [*made[:-1], longer]
        return made

    properties = {
        "text": {**TEXT, "default": PROSE},
        "limit": {**LIMIT, "description": "How many characters a line has at most."},
    }

    assert len(held(Letters, model, properties)) == in_bytes


# What ends a text, and an answer


@pytest.mark.parametrize("flushes", [True, False])
def test_a_last_sentence_is_lost_also_where_ends_have_a_blank(flushes: bool) -> None:
    text = "It came at nine. Please wait."

    def model(text: str = text) -> str:
        parts = re.split(r"(?<=\.)\s+", text)
        return " ".join(one for one in parts if flushes or one.endswith("."))

    made = held(lambda *given: Around(*given[:3]), model, {"text": {**TEXT, "default": text}})
    assert made == ([] if flushes else ["what 'text' ends with is lost without a full stop"])


STORY = "first fill the kettle then warm the pot with water"


def sayings(*given: Any) -> Sayings:
    return Sayings(*given[:3], Tolerance())


@pytest.mark.parametrize(
    ("whole", "said", "count"),
    [
        (False, "The answer ends right before the first place of this text.", 1),
        (True, "The answer ends right before the first place of this text.", 0),
        (False, "The answer ends before this text.", 0),  # what each output is held to
        (False, "The answer ends before this word.", 0),
    ],
)
def test_an_end_of_two_words_is_looked_for_across_pieces(
    whole: bool, said: str, count: int
) -> None:
    def model(stop: str = "") -> list[str]:
        if whole:
            return [STORY.partition(stop)[0] if stop else STORY]
        words = re.findall(r"\w+|\s", STORY)
        at = next((at for at, one in enumerate(words) if stop and stop in one), len(words))
        last = [words[at].partition(stop)[0]] if at < len(words) else []
        return [*words[:at], *last]

    made = held(sayings, model, {"stop": {**TEXT, "description": said, "default": ""}})
    assert made == ["the output goes on where 'stop' says that it ends"] * count


@pytest.mark.parametrize(
    ("said", "stop", "is_kept"),
    [
        ("The answer ends before this word.", "rip", True),
        ("The answer ends before this word.", "trip", False),
        ("The answer ends before this text.", "rip", False),
    ],
)
def test_a_part_of_a_word_is_not_that_word(said: str, stop: str, is_kept: bool) -> None:
    fields = fields_of(document({"stop": {**TEXT, "description": said, "default": ""}}, []))
    made = Made(inputs={"stop": stop}, changed=frozenset({"stop"}), output="a trip by boat")
    (promise,) = kept.promises(sentences(fields, source_of("")), fields)

    assert promise.kept(made) is is_kept


def test_what_a_relation_found_is_found_again() -> None:
    model = Bench(lambda text=PROSE: {"characters": len(text.encode())})
    runs = Runs(model.predict, lambda one: one.output, parallel=1, longest_s=60)
    said = {**TEXT, "description": "Its characters are counted.", "default": PROSE}
    fields = fields_of(document({"text": said}, []))
    first = runs.first(Probe(inputs={}, layer="replay"))
    given = (fields, first, runs, source_of(""), Tolerance())

    assert again.is_so("letters in 'text' count by their bytes", *given)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("0 takes the likeliest word each time; 0.8 if left out.", 1),
        ("At zero nothing is left to chance.", 1),
        ("Always the best one at 0.", 1),
        ("From 0 to 2. The same seed gives the same.", 0),
        ("0.7 is always fine.", 0),
    ],
)
@pytest.mark.parametrize("heeds", [True, False])
def test_chance_at_no_temperature_is_found(said: str, count: int, heeds: bool) -> None:
    def model(temperature: float | None = None, seed: int = 1) -> dict[str, Any]:
        is_still = heeds and temperature == 0
        told = {"seed": seed, "notes": [f"Seed: {seed}"]}
        return {**told, "text": "a" if is_still else str(random.Random(seed).random())}

    warm = {"type": "number", "minimum": 0, "maximum": 2, "description": said}
    properties = {"temperature": warm, "seed": {"type": "integer", "default": 1}}
    told = "the output is another one with another seed, though 'temperature' is 0"
    assert held(sayings, model, properties) == ([] if heeds else [told] * count)


# What is said back

SAID = "The kettle is on and the door is open."


def by_three_bytes(text: str) -> str:
    data = text.encode("utf-8", "replace")
    return "".join(data[at : at + 3].decode("utf-8", "ignore") for at in range(0, len(data), 3))


def in_ascii(text: str, otherwise: str = "ignore") -> str:
    return text.encode("ascii", otherwise).decode()


@pytest.mark.parametrize(
    ("said", "way", "found"),
    [
        ("What is said back.", by_three_bytes, True),
        ("What is said back.", in_ascii, True),
        (
            "What is said back in ASCII.",
            in_ascii,
            False,
        ),
        ("What is said back.", lambda text: text, False),
        ("What is said back.", str.upper, False),
        ("What is said back.", json.dumps, False),
        (
            "What is said back.",
            lambda text: in_ascii(text, "xmlcharrefreplace"),
            False,
        ),
        ("What is said back.", lambda text: text[:40], False),
    ],
)
def test_letters_that_are_lost_where_a_text_is_said_back_are_found(
    said: str, way: Any, found: bool
) -> None:
    def model(text: str = SAID) -> dict[str, str]:
        return {"answer": f"You said: {way(text)}"}

    properties = {"text": {**TEXT, "default": SAID, "description": said}}
    told = "'text' is said back without letters that are not ASCII"
    assert held(Echoes, model, properties) == [told] * found


@pytest.mark.parametrize(
    ("mend", "found"),
    [
        (lambda text: re.sub(r"\bTrue\b", "true", text), True),
        (lambda text: re.sub(r",\s*([]}])", r"\1", text), True),
        (lambda text: re.sub(r"//.*$", "", text, flags=re.MULTILINE), None),
        (lambda text: text, False),
        (lambda text: re.sub(r'("[^"]*")|\bTrue\b', lambda one: one[1] or "true", text), False),
        (lambda text: text.lower(), False),
    ],
)
@pytest.mark.parametrize("as_text", [True, False])
def test_what_stands_in_quotes_comes_back_as_it_was(
    mend: Any, found: bool | None, as_text: bool
) -> None:
    usual = '{"title": "A walk", "rated": True}'

    def model(answer: str = usual) -> Any:
        mended = mend(answer)
        made = json.loads(mended.replace(": True", ": true"))
        if as_text:
            return json.dumps(made, indent=2)
        return {"value": made, "is_mended": mended != answer}

    made = held(Quoted, model, {"answer": {**TEXT, "default": usual}})

    assert made == ["what stands in quotes in 'answer' is altered"] * bool(found)


# Whole words

_ENDS = {"whole": (r"\b", r"\b"), "open behind": (r"\b", ""), "open before": ("", r"\b")}


@pytest.mark.parametrize(
    ("said", "way", "side"),
    [
        ("Only whole words are hidden.", "open behind", "behind"),
        ("A word is hidden, but not as a part of another.", "open before", "before"),
        ("Only whole words are hidden.", "whole", None),
        ("Words are hidden.", "open behind", None),
    ],
)
@pytest.mark.parametrize("as_list", [True, False])
def test_parts_of_words_that_count_as_words_are_found(
    said: str, way: str, side: str | None, as_list: bool
) -> None:
    text, words = "What a darn shame, the darn bus left.", ["heck", "darn"]
    listed = words if as_list else ",".join(words)
    before, behind = _ENDS[way]

    def model(text: str = text, words: Any = listed) -> dict[str, Any]:
        known = words if isinstance(words, list) else words.split(",")
        pattern = before + "(?:" + "|".join(map(re.escape, known)) + ")" + behind
        hidden, count = re.subn(pattern, lambda found: "*" * len(found[0]), text)
        return {"text": hidden, "hidden": count, "left": sorted(re.findall(r"\w+", hidden))}

    kind = {**(LIST if as_list else TEXT), "default": listed, "description": said}
    made = held(WholeWords, model, {"text": {**TEXT, "default": text}, "words": kind}, "")

    assert len(made) == (side is not None)
    assert all(f"more letters stand {side} it" in one for one in made)


@pytest.mark.parametrize("kept", [True, False])
def test_a_switch_that_asks_for_whole_words_is_put_on_for_them(kept: bool) -> None:
    switch = {"type": "boolean", "default": False, "description": "Count whole words only."}
    text = "a cat and another cat"
    properties = {"text": {**TEXT, "default": text}, "find": {**TEXT, "default": "cat"}}

    def model(text: str = text, find: str = "cat", strict: bool = False) -> int:
        return len(re.findall(rf"\b{find}\b" if strict and kept else find, text))

    made = held(WholeWords, model, {**properties, "strict": switch})

    assert len(made) == (not kept)
