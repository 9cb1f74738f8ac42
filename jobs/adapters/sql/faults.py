"""What a database's errors mean, in our words.

The driver's own words name hosts and users: they stay in the chain, for the log.
"""

import re
import sqlite3
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from jobs.core.errors import BadRequest, Unavailable

NAME = "PENSTOCK_DATABASE_URL"
EXAMPLE = "postgresql+psycopg://penstock@db/penstock"
AWAY = "the database does not answer now"
FULL = "there is no space left where the database is"
#: SQLite's words for a file that it cannot read on
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
#: PostgreSQL's, of a disk
_NO_SPACE = "53100"
#: what is in the words of libpq, psycopg and PostgreSQL when no connection comes about, where the
#: server speaks English; a code comes with none of them
_REFUSED = (
    (r"connection refused", "nothing listens where it leads"),
    (r"(resolve|translate) host", "the name of its host is not known"),
    (r"timeout expired", "the server does not answer in time"),
    (r"database \".*\" does not exist", "the server has no database of that name"),
    (r"role \".*\" does not exist", "the server has no such user"),
    (r"authentication failed", "the server refuses this user with this password"),
    (r"no password supplied", "the server asks for a password, and there is none"),
    (r"no pg_hba.conf entry", "the server's pg_hba.conf lets this user in from elsewhere alone"),
    (r"too many clients|connection slots", "the server has no connection left (max_connections)"),
    (r"certificate|SSL", "the two do not agree on TLS (sslmode)"),
)


def check(url: str) -> None:
    """Raise BadRequest unless it names a database of a kind that we use; it is not repeated."""
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise BadRequest(f"{NAME} is no address, such as {EXAMPLE}", field=NAME) from error
    if kind == "postgres":
        raise BadRequest(f"{NAME} begins with postgres://: write postgresql://", field=NAME)
    if kind not in ("postgresql", "sqlite"):
        raise BadRequest(f"{NAME} must name a PostgreSQL, such as {EXAMPLE}", field=NAME)


def file_of(url: str) -> Path | None:
    """The file of an SQLite database."""
    made = make_url(url)
    return Path(made.database or "") if made.get_backend_name() == "sqlite" else None


def damaged(file: Path) -> str:
    """What to say of a file that cannot be read as ours."""
    return f"{file} is damaged or is no Penstock database; restore a backup (docs/07-operation.md)"


def is_busy(error: sqlite3.Error) -> bool:
    """Whether somebody else is at it just now."""
    return _code(error) in _BUSY


def met(error: Exception, file: Path | None) -> Unavailable | None:
    """An error in the middle of work as ours; None: it is a fault of the statement's."""
    driver = getattr(error, "orig", None) or error
    if file is not None and _code(driver) in _DAMAGED:
        return Unavailable(damaged(file))
    if _is_full(driver):
        return Unavailable(FULL)
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or isinstance(error, OperationalError | sqlite3.OperationalError):
        return Unavailable(AWAY)
    return None


def unusable(error: BaseException | None, file: Path | None) -> str:
    """Why a database cannot be opened, and what to do about it."""
    driver = getattr(error, "orig", None) or error
    if _is_full(driver):
        return FULL
    if file is None:
        why = _why(str(driver)) or type(driver).__name__
        return (
            f"the database cannot be used ({why}); see {NAME}, and that the server it names is up"
        )
    if _code(driver) in _DAMAGED:
        return damaged(file)
    return f"{file} cannot be used as the database: {driver}"


def _why(text: str) -> str | None:
    return next((why for what, why in _REFUSED if re.search(what, text, re.IGNORECASE)), None)


def _is_full(error: object) -> bool:
    full = _code(error) == sqlite3.SQLITE_FULL
    return full or getattr(error, "sqlstate", None) == _NO_SPACE


def _code(error: object) -> int:
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else sqlite3.SQLITE_OK
