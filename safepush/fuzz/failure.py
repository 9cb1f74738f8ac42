"""A failed prediction as what it says: what kind of error, raised where, and on purpose or not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from safepush.fuzz.code.source import Source

_FRAME = re.compile(r'^  File "([^"]+)", line \d+, in (.+)$')
_KIND = re.compile(r"^([A-Za-z_]\w*(?:\.\w+)*)(?::\s+|$)")
_TRACEBACK = "Traceback (most recent call last):"
#: what stands for errors of the service itself, not of the model's code
_OUTPUT = re.compile(r"^(the output|the model's output|a key of the output|two keys of the output)")
_PROCESS = re.compile(
    r"^(on this row )?(the model process|every worker that ran|the model ran out of memory)"
)
_TIME = re.compile(r"^(on this row )?it took longer than the time allowed")
_FILES = re.compile(r"^input\.\w+: |^setup failed|could not be fetched")
_LITERAL = re.compile(r"""["']([^"'{}\\]{4,})""")
#: kinds that are raised on purpose to refuse an input
REFUSALS = ("ValueError", "TypeError", "AssertionError")
_OWN_REFUSAL = re.compile(r"(Invalid|Input|Validation|Refus|Unsupported|Request|Argument|Value)")
#: how refusals speak where they do not name the input
_SAYS_WHY = re.compile(
    r"\b(must|should|cannot|can't|can not|may not|not|no|only|at (least|most)|too|empty|blank"
    r"|invalid|unsupported|require[sd]?|expect(s|ed)?|need(s|ed)?|between|missing|allowed"
    r"|please|exceed(s|ed)?|provide|unknown|larger|smaller|longer|shorter|outside|beyond|over)\b",
    re.IGNORECASE,
)
#: as does one that tells people what to do
_SAYS_WHAT = re.compile(
    r"^(add|ask|choose|describe|enter|fill|give|name|pass|pick|say|select|send|set|specify|supply"
    r"|tell|try|type|upload|use|write)\b",
    re.IGNORECASE,
)
#: a ValueError of so many words tells people something, unless it is of the program itself
FEWEST_WORDS = 4
_INTERNAL = re.compile(
    r"\b(internal|unexpected|unreachable|impossible|never|bug|todo|failed|failure|error|wrong"
    r"|crash|broken|state|assert\w*)\b",
    re.IGNORECASE,
)
#: how libraries say that a file is not what it should be
UNREADABLE = re.compile(
    r"UnidentifiedImageError|DecompressionBomb|cannot identify image|truncated|broken (data|PNG)"
    r"|wave\.Error|^Error: .*(RIFF|WAVE|chunk|data)|^EOFError|BadZipFile|UnicodeDecodeError"
    r"|JSONDecodeError|LibsndfileError|NoBackendError|not (a|an) [\w ]*(file|image)|ParserError"
    r"|EmptyDataError|corrupt|^SyntaxError: |decoder|unrecogni[sz]ed data|unknown file extension"
    r"|Invalid data found|could not (read|open|decode)|cannot (read|open|decode)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Failure:
    """An error's kind (a Python class, or a word of ours), its message, and where it arose.

    `where` is the last place in the model's own code; `line` is the code there; `on_purpose` is
    whether a `raise` or an `assert` of the model itself made it.
    """

    kind: str
    message: str
    where: str = ""
    line: str = ""
    on_purpose: bool = False

    @property
    def cause(self) -> str:
        """The same for two failures of one cause; without line numbers, which move."""
        if self.where:
            return f"{self.kind} {self.where}: {self.line}"
        return f"{self.kind} {re.sub(r'[0-9]+', '0', _unquoted(self.message))[:80]}"

    @property
    def text(self) -> str:
        """For people."""
        said = f"{self.kind}: {self.message}" if self.message else self.kind
        return f"{said} ({self.where}: {self.line})" if self.where else said


def read(error: str, logs: str, source: Source) -> Failure:
    """What a failed prediction says, from its error and from the traceback that it printed."""
    for kind, pattern in (
        ("output", _OUTPUT),
        ("time", _TIME),
        ("process", _PROCESS),
        ("files", _FILES),
    ):
        if pattern.search(error):
            return Failure(kind, error)
    match = _KIND.match(error)
    kind, message = (match[1], error[match.end() :]) if match else ("", error)
    where, line, is_last = _place(_traceback(logs, error), source)
    return Failure(kind, message, where, line, is_last and _is_raised(line, message))


def _traceback(logs: str, error: str) -> list[str]:
    """The last traceback that ends in this error: who shares a pass shares its logs."""
    blocks = [block.splitlines() for block in logs.split(_TRACEBACK)[1:]]
    said = (error.splitlines() or [""])[0]
    ours = [block for block in blocks if any(line.endswith(said) for line in block)]
    return (ours or blocks or [[]])[-1]


def _place(block: list[str], source: Source) -> tuple[str, str, bool]:
    """(the last place in the model's code, its line, whether nothing was called from there)."""
    found = ("", "", False)
    for at, line in enumerate(block):
        frame = _FRAME.match(line)
        if frame is None:
            continue
        is_own = source.holds(frame[1])
        if is_own:
            code = block[at + 1].strip() if at + 1 < len(block) else ""
            found = (f"{frame[1].rpartition('/')[2]} in {frame[2]}", code, True)
        elif found[0]:
            found = (*found[:2], False)
    return found


def _is_raised(line: str, message: str) -> bool:
    if line.startswith(("raise ", "raise(", "assert ")):
        return True
    # on one line with its test, which may have failed itself: then the words are others
    _, found, told = line.partition(": raise ")
    return bool(found) and any(text in message for text in _LITERAL.findall(told))


def is_refusal(failure: Failure, names: Iterable[str], *, damaged: bool) -> bool:
    """Whether the model declares that it does not take such inputs.

    That is an error that its own code raises on purpose and whose message tells a caller what to
    do: it names an input, or it is a ValueError or the like and says what is wrong. Without a
    traceback to see this in, it must be a ValueError that names an input. `damaged`: a file was
    sent that nobody has to be able to read; then a library's clear word on that will do.
    """
    if damaged and UNREADABLE.search(f"{failure.kind}: {failure.message}"):
        return True
    named = bool(names_in(failure.message, names))
    may_refuse = failure.kind in REFUSALS or bool(_OWN_REFUSAL.search(failure.kind))
    if failure.on_purpose:
        return named or (may_refuse and _says_why(failure))
    return not failure.where and failure.kind in REFUSALS[:1] and named


def _says_why(failure: Failure) -> bool:
    """Whether the message tells what is wrong: by its words, or as a sentence of a ValueError."""
    if _SAYS_WHY.search(failure.message) or _SAYS_WHAT.search(failure.message):
        return True
    is_sentence = len(failure.message.split()) >= FEWEST_WORDS
    return failure.kind == "ValueError" and is_sentence and not _INTERNAL.search(failure.message)


def names_in(message: str, names: Iterable[str]) -> list[str]:
    """The inputs that a message speaks of; `num_steps` may be "num steps" or "steps" there."""
    said = set(re.findall(r"[a-z0-9]+", message.lower()))
    found = []
    for name in names:
        words = [word for word in re.findall(r"[a-z0-9]+", name.lower()) if len(word) > 1]
        if name in message or any(w in said or f"{w}s" in said for w in words or [name.lower()]):
            found.append(name)
    return found


def _unquoted(text: str) -> str:
    return re.sub(r"""'[^']*'|"[^"]*"|b'[^']*'""", "'…'", text)
