"""Text from elsewhere made fit to print."""

import re

#: What a server says must not move the cursor of the terminal that shows it.
#: Half a character, which JSON can carry, cannot be written anywhere.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def plain(text: object, limit: int = 500) -> str:
    """The text without control characters, and not endless."""
    clean = _CONTROL.sub("?", str(text))
    return clean if len(clean) <= limit else f"{clean[:limit]}…"
