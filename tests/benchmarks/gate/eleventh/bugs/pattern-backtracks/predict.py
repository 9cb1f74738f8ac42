"""Checks a list of part codes and tells what is wrong with each."""

import re

from cog import BaseModel, BasePredictor, Input

CODE = re.compile(r"^([A-Z0-9]+-?)*[A-Z0-9]$")
MOST, LONGEST = 50, 48


class Checked(BaseModel):
    """A code and what was found."""

    code: str
    valid: bool
    reason: str


def reason(code: str, prefixes: list[str], groups: int) -> str:
    """What is wrong with a code, an empty text if nothing is."""
    if not code:
        return "empty"
    if len(code) > LONGEST:
        return "too long"
    if not CODE.match(code):
        return "only letters, digits and single hyphens between them"
    if len(code.split("-")) < groups:
        return "too few groups"
    if prefixes and not code.startswith(tuple(prefixes)):
        return "unknown prefix"
    return ""


def tidied(code: str, ignore_case: bool) -> str:
    """The code as it is checked."""
    code = code.strip()
    return code.upper() if ignore_case and code.isascii() else code


class Predictor(BasePredictor):
    """Codes such as AX-200-7B."""

    def predict(
        self,
        codes: list[str] = Input(
            description="At most 50 codes: letters, digits and single hyphens, up to 48 signs.",
            default=["AX-200-7B", "bx-17", "C--9"],
        ),
        prefixes: list[str] = Input(
            description="Codes begin with one of these; none means any.", default=[]
        ),
        groups: int = Input(description="Groups that a code has at least.", default=2, ge=1, le=8),
        ignore_case: bool = Input(description="Take small letters, too.", default=True),
        only_invalid: bool = Input(description="Leave out the valid ones.", default=False),
    ) -> list[Checked]:
        """What was found, in the order of the codes."""
        if len(codes) > MOST:
            raise ValueError(f"codes: at most {MOST}")
        known = [tidied(prefix, ignore_case) for prefix in prefixes]
        checked = []
        for code in codes:
            why = reason(tidied(code, ignore_case), known, groups)
            if why or not only_invalid:
                checked.append(Checked(code=code, valid=not why, reason=why))
        return checked
