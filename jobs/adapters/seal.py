"""Secrets at rest: Fernet (AES-128-CBC with HMAC), the newest key first."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from jobs.core.errors import BadRequest

NAME = "PENSTOCK_SECRET_KEYS"
FOR_GOOD = "; if it is lost for good, `penstock keys renew` begins anew"
ALL_ALIKE = f"give every process the same keys, the one that sealed them among them{FOR_GOOD}"
BACK = (
    f"put back the file of your backup (docs/07-operation.md), or give this process the {NAME} of"
    f" the others{FOR_GOOD}"
)


class FernetSealer:
    """Seals with the newest of its keys; unseals with whichever fits. `place`: whence they are."""

    def __init__(self, keys: tuple[str, ...], place: str = NAME) -> None:
        self._place = place
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            told = f"{place} holds what is no key: 32 bytes in URL-safe base64"
            way_out = "" if place == NAME else f"; {BACK}"
            raise BadRequest(told + way_out, field=NAME) from error

    def seal(self, plain: bytes) -> bytes:
        """Encrypt with the newest key."""
        return self._fernet.encrypt(plain)

    def unseal(self, sealed: bytes) -> bytes:
        """Decrypt; raises BadRequest if no key fits."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            told = "the secrets in this database were sealed with another key than there is in"
            way_out = ALL_ALIKE if self._place == NAME else BACK
            raise BadRequest(f"{told} {self._place}: {way_out}", field=NAME) from error


def keys_of(
    folder: Path, given: tuple[str, ...], sealed: Callable[[], bool]
) -> tuple[tuple[str, ...], str]:
    """The keys given, else the one in `secret.key`, made (0600) if it is not there; and whence.

    `sealed` says whether there is already what a new key could not open.

    Raises:
        BadRequest: there is, and the file is gone.
    """
    if given:
        return given, NAME
    path = folder / "secret.key"
    if not path.exists():
        # whoever begins beside us makes the key before anything is sealed with it
        if sealed() and not path.exists():
            raise BadRequest(
                f"{path} is not there, and there are secrets in this database, sealed with a key:"
                f" {BACK}",
                field=NAME,
            )
        if not path.exists():
            _make(path)
    return (path.read_text(errors="replace").strip(),), str(path)


def present(folder: Path, given: tuple[str, ...]) -> FernetSealer | None:
    """What the keys that are there seal and open with; None if there is no file, or no key in it.

    Raises:
        BadRequest: one that was given is no key.
    """
    if given:
        return FernetSealer(given)
    path = folder / "secret.key"
    try:
        return FernetSealer((path.read_text(errors="replace").strip(),), str(path))
    except (FileNotFoundError, BadRequest):
        return None


def anew(folder: Path) -> FernetSealer:
    """A new key in `secret.key`; what is there, and is none, is set aside."""
    path = folder / "secret.key"
    if path.exists():
        path.rename(path.with_name(f"{path.name}.{int(time.time())}"))
    _make(path)
    return FernetSealer((path.read_text().strip(),), str(path))


def _make(path: Path) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # whoever comes second takes the first one's key
        path.hardlink_to(aside)
    aside.unlink()
