"""Values that are allowed and that nobody thinks of, the most telling first."""

from collections.abc import Iterator
from typing import Any

from safepush.compat.shapes import Objects
from safepush.compat.values import samples
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import meaning

WORDS = "the quick brown fox jumps over the lazy dog "
#: unlike each other in their words, their lengths and what they speak of
PROSE = (
    "The river rose and the old bridge was shut.",
    "Boats came to the small harbour at noon.",
    "Nobody had seen so much snow in April before.",
    "Her letter from the mountains took three weeks.",
    "Green apples are sour.",
    "They sold the blue house beside the station, and a garden with it.",
    "Lamps burn all night.",
    "A dog barked twice and went back to sleep.",
)
#: a usual item of more words than these is a sentence
FEW = 3
#: many kinds of letters in one text: what fails on it is made smaller afterwards
LETTERS = "Straße İstanbul 漢字 🙂 👩\u200d👩\u200d👧 e\u0301 שלום \u202eabc ²٣½ ﬁﬃ \u200b \ufeff"
#: many kinds of signs that mean something to some machine
SIGNS = "{0} {x} { %s %d %(a)s $HOME ( [ * \\q ' \" ; -- <b> & | `ls` #\t{{7*7}} ../.."
#: a few of these that can all be printed
MARKUP = "R&D <b> \"c\" 'd' 50%"
#: whatever ends a line somewhere; some readers know of more of these than others
LINES = "one\rtwo\x0bthree\x85four\u2028five\n\nsix\r\n"
TEXTS = (
    "",
    LETTERS,
    SIGNS,
    MARKUP,
    " \n\t ",
    LINES,
    "a",
    "one two, three. " * 700,
    "a\x00b",
    "../../../../etc/passwd",
    "a" * 5000,
    "a" * 40 + "!",
    "(",
    "{",
    "\n",
    "0",
    "-1",
    "word word word word",
    "null",
    "[]",
    "UPPER lower MiXeD",
    "e\u0301",
    "!?.,;:",
    "nan",
    "1e400",
    "first\r\nsecond\rthird\n\n",
    "1" * 40 + "x",
    " leading and trailing ",
    "aa" * 20 + "@" + "a" * 40,
    "12345678901234567890",
    "2024-02-30",
    "<a><b></a>",
    "(" * 3000,
    "\\",
    "%",
    "ﬃİŉ",
    "²",
    "\u2028\x1b[31m\x85",
    "True",
    "{}",
    "😀" * 300,
    "x" * 100_000,
    " " * 40 + "x",
    "[" * 3000,
    "word" + " " * 5000 + "word",
    ".",
    "a,b,,c",
    "'; DROP TABLE x; --",
)
NUMBERS = (
    *(0, -1, 1, 0.5, -0.5, 2**31, -(2**31) - 1, 2**32, 2**53 + 1, 2**63 - 1, -(2**63), 1e308),
    *(1e-300, -1e308, 1e-9, 0.1, 1.5, 2.5, 100, 255, 256, 1000, 10**6, 10**12, 2, 3, 7, -100),
)
#: lists that are not refused get so long
LONG = 2000


def values(field: Field) -> Iterator[Any]:
    """Awkward values that the input may be sent, each once."""
    if field.is_file or field.choices or field.is_secret:
        return
    seen: set[str] = set()
    for value in _made(field):
        if repr(value) not in seen and field.takes(value):
            seen.add(repr(value))
            yield value


def _made(field: Field) -> Iterator[Any]:
    if field.numbers is not None:
        whole = field.numbers.is_integer
        yield from (one for one in NUMBERS if not whole or isinstance(one, int))
    if field.texts is not None:
        yield from _texts(field)
    if field.lists is not None:
        yield from _lists(field)
    if any(isinstance(one, Objects) for one in field.shape.branches):
        yield from _objects(field)


def _texts(field: Field) -> Iterator[str]:
    """Those for any text with those for its meaning in between, cut to what it may hold."""
    found = field.texts
    most = None if found is None else found.longest
    # `odd` stops where it knows nothing, so the two are dealt out like cards
    queues = [list(TEXTS), meaning.odd(field)]
    for at in range(max(map(len, queues))):
        yield from (queue[at][:most] for queue in queues if at < len(queue))


def _lists(field: Field) -> Iterator[list[Any]]:
    found, item = field.lists, field.item
    if found is None or item is None:
        return
    usual = [value for value in samples(found.items) if value not in (None, "")][:3]
    usual = usual or list(samples(found.items))[:1]
    yield []
    if usual:
        yield usual[:1]
        yield usual[:1] * 2
        yield usual
        yield from ([one for one in alike(usual[0]) if item.takes(one)],)
        yield usual[:1] * 3
    odd = list(values(item))
    yield from ([value] for value in odd[:8])
    if odd and usual:
        yield [*usual, *odd[:4]]
    if usual:
        length = LONG if found.most is None else found.most
        yield filled(usual, min(length, LONG), field)
    yield from ([value] for value in odd[8:24])


def alike(value: Any) -> list[Any]:
    """Items that are not the same, and that many a name or key made of them is."""
    if not isinstance(value, str):
        return [value] * 2
    return [value, value.upper(), f"{value}!", f" {value} "]


def filled(usual: list[Any], length: int, field: Field) -> list[Any]:
    """A long list, with items that differ where they may."""
    item = field.item
    if item is not None and item.texts is not None and not item.choices:
        told = PROSE if len(str(usual[0]).split()) > FEW else ()
        return [*told[:length], *(f"{usual[0]}{at}" for at in range(length - len(told)))]
    if item is not None and item.is_file:
        kind = found.kind if (found := media.of(usual[0])) is not None else "image"
        some = [one.uri for one in (*media.others(kind)[:1], *media.corpus(kind)[:7]) if one.sound]
        return ([*usual, *some] * length)[:length]
    if item is not None and item.numbers is not None:
        made = [at for at in range(length) if item.takes(at)]
        return (made or usual) if len(made) > 1 else usual * length
    return (usual * length)[:length]


def _objects(field: Field) -> Iterator[Any]:
    yield {}
    yield from samples(field.shape)
    yield {"a": None}
    yield {"a": {"b": [1, "x", {}]}}
    yield {"": "", "é 🙂": 0, "__class__": 1}
