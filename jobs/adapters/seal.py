"""Secrets at rest: Fernet (AES-128-CBC with HMAC), the newest key first."""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from jobs.core.errors import BadRequest


class FernetSealer:
    """Seals with the newest of its keys; unseals with whichever fits."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise BadRequest(
                "PENSTOCK_SECRET_KEYS holds a key that is not 32 bytes in URL-safe base64",
                field="PENSTOCK_SECRET_KEYS",
            ) from error

    def seal(self, plain: bytes) -> bytes:
        """Encrypt with the newest key."""
        return self._fernet.encrypt(plain)

    def unseal(self, sealed: bytes) -> bytes:
        """Decrypt; raises BadRequest if no key fits."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise BadRequest(
                "the secrets in this database were sealed with another key: give every process"
                " the same PENSTOCK_SECRET_KEYS, or give back the data folder's secret.key",
                field="PENSTOCK_SECRET_KEYS",
            ) from error


def keys_of(folder: Path, given: tuple[str, ...]) -> tuple[str, ...]:
    """The keys given, else the one in `secret.key`, which is made (0600) if it is not there."""
    if given:
        return given
    path = folder / "secret.key"
    if not path.exists():
        aside = folder / f".secret.key.{os.getpid()}"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # whoever comes second takes the first one's key
            path.hardlink_to(aside)
        aside.unlink()
    return (path.read_text().strip(),)
