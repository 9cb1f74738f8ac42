"""What is kept sealed, and cannot be read once the key is lost."""

from dataclasses import dataclass

#: an owner that no token can have: processes try their keys on its secret
NOBODY = ""


@dataclass(frozen=True)
class Lost:
    """What no key opens: webhook secrets of owners, and of endpoints (id, owner).

    `tried`: whether nobody's is among them.
    """

    owners: tuple[str, ...] = ()
    endpoints: tuple[tuple[str, str], ...] = ()
    tried: bool = False

    def __bool__(self) -> bool:
        return bool(self.owners or self.endpoints or self.tried)
