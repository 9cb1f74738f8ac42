"""How an error is printed: from the model's own line on, without ours above it."""

import traceback
from contextlib import suppress
from pathlib import Path

_HERE = str(Path(__file__).parent)


def show(error: BaseException) -> None:
    """Print an error and where it was raised to stderr; whatever goes wrong with that is left."""
    with suppress(Exception):  # an error's own text may raise, stderr may be gone
        at = error.__traceback__
        while at is not None and _is_ours(at.tb_frame.f_code.co_filename):
            at = at.tb_next
        # of a file that Python cannot even read its text says where
        if at is not None or not isinstance(error, SyntaxError):
            at = at or error.__traceback__
        traceback.print_exception(type(error), error, at)


def _is_ours(file: str) -> bool:
    return file.startswith((_HERE, "<frozen importlib"))
