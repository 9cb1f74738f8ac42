"""How many rows of a version may share a forward pass, as far as hosts of it have told."""

from typing import NamedTuple


class Passes(NamedTuple):
    """0 is what nobody knows yet."""

    #: what an earlier host found to be best
    begin: int = 0
    #: more than this brought one down
    most: int = 0


UNKNOWN = Passes()
