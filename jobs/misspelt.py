"""Names in the environment that were meant for a setting and are none."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from jobs import config

START = "PENSTOCK_"
#: of the commands that ask a server, of compose, and what a model's process is given
OTHERS = frozenset(
    f"{START}{word}" for word in ("URL", "TOKEN", "WEBHOOK_SECRET", "PORT", "HOST", "MODEL")
)
#: names of somebody's own are not asked about
ALIKE = 0.85


class _Asked(dict[str, str]):
    """An empty environment that notes what is looked for in it."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """The default, always."""
        self.names.add(name)
        return default


def misspelt(env: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each name that is nearly that of a setting, and so says nothing."""
    asked = _Asked()
    config.load(asked)
    known = asked.names | OTHERS
    for name in sorted(env.keys() - known):
        meant = get_close_matches(name, known, 1, ALIKE) if name.startswith(START) else []
        if meant:
            yield f"{name} is no setting and is not used; did you mean {meant[0]}?"
