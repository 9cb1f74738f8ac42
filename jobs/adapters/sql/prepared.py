"""Statements that run hundreds of times a second: compiled once, the rest is the driver's business.

What SQLAlchemy does around each execution takes several times as long as SQLite takes for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, cast

from sqlalchemy import JSON, Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from jobs.core.rowjson import writer

Row = dict[str, Any]
#: makes the driver's value of ours, or ours of the driver's; None: it is the same
Process = Callable[[Any], Any] | None
#: rows that SQLite is given by one statement, of which each number is compiled by itself
_ROWS = (32, 8, 4, 2, 1)
_write = writer()


class Prepared:
    """A statement of SQLAlchemy's, whose parameters are named each time that it is run.

    `columns`: those of an INSERT that are given, each under its own name.
    """

    def __init__(self, statement: Executable, columns: Iterable[str] | None = None) -> None:
        self._statement = statement
        self._columns = None if columns is None else list(columns)
        self._forms: dict[str, _Form] = {}

    def rows(self, connection: Connection, asked: Mapping[str, Any]) -> list[Row]:
        """What it finds or returns, in the transaction of a connection."""
        return self.rows_by(connection.dialect, _driver(connection), asked)

    def rows_by(self, dialect: Dialect, driver: Any, asked: Mapping[str, Any]) -> list[Row]:
        """The same over a connection of the driver's."""
        form = self._form(dialect)
        with _cursor(dialect, driver) as cursor:
            cursor.execute(form.text, form.given(asked))
            return form.found(cursor)

    def first_by(self, dialect: Dialect, driver: Any, asked: Mapping[str, Any]) -> "Raw | None":
        """The first that it finds, over a connection of the driver's."""
        form = self._form(dialect)
        with _cursor(dialect, driver) as cursor:
            cursor.execute(form.text, form.given(asked))
            found = cursor.fetchone()
            return None if found is None else Raw(tuple(found), form, cursor.description)

    def change(self, connection: Connection, asked: Mapping[str, Any]) -> int:
        """How many rows it changed."""
        form = self._form(connection.dialect)
        with _cursor(connection.dialect, _driver(connection)) as cursor:
            cursor.execute(form.text, form.given(asked))
            return int(cursor.rowcount)

    def keep_all(self, connection: Connection, asked: Sequence[Mapping[str, Any]]) -> None:
        """Have an INSERT keep a row for each."""
        form = self._form(connection.dialect)
        with _cursor(connection.dialect, _driver(connection)) as cursor:
            if not form.positional:
                cursor.executemany(form.text, list(map(form.given, asked)))
                return
            rows = form.given_all(asked)
            # each statement lets go of the interpreter's lock, which then has to be won back
            for count in _ROWS:
                while len(rows) >= count:
                    cursor.execute(form.of_rows(count), list(chain(*rows[:count])))
                    rows = rows[count:]

    def _form(self, dialect: Dialect) -> "_Form":
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _Form(self._statement, dialect, self._columns)
        return form


class Raw:
    """A row as the driver gives it: whoever knows that one already need not look into it."""

    def __init__(self, values: tuple[Any, ...], form: "_Form", columns: Sequence[Any]) -> None:
        self.values = values
        self._form = form
        self._columns = columns

    def row(self) -> Row:
        """By the names of its columns."""
        return self._form.row(self.values, self._form.results(self._columns))


class _Form:
    """A statement in a dialect's words, and what is done to what goes in and what comes out."""

    def __init__(
        self, statement: Executable, dialect: Dialect, columns: Sequence[str] | None
    ) -> None:
        told = cast("Any", statement).compile(dialect=dialect, column_keys=columns)
        asked = {name for name, bind in told.binds.items() if bind.required}
        # what stands in a list of ours becomes parameters of its own
        state = told.construct_expanded_state(dict.fromkeys(asked))
        self.text = str(state.statement)
        self.positional = bool(told.positional)
        self._of_rows: dict[int, str] = {}
        #: name, whether it is given, how it becomes the driver's, and what it is if it is not given
        self._binds = [
            (name, name in asked, *_bound(told.binds.get(name), state.parameters[name], dialect))
            for name in (state.positiontup if told.positional else state.parameters)
        ]
        self._dialect = dialect
        self._types = [column.type for column in getattr(statement, "exported_columns", ())]
        self._results: list[tuple[str, Process]] = []

    def given(self, asked: Mapping[str, Any]) -> Any:
        """The parameters as the driver wants them."""
        values = [
            fixed if not given else process(asked[name]) if process else asked[name]
            for name, given, process, fixed in self._binds
        ]
        if self.positional:
            return values
        return {bind[0]: value for bind, value in zip(self._binds, values, strict=True)}

    def given_all(self, asked: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """The same of several, column by column: in most of them all have the same value."""
        columns = []
        for name, given, process, fixed in self._binds:
            values = [one[name] for one in asked] if given else [fixed] * len(asked)
            if given and process:
                same = len(set(map(id, values))) == 1
                values = [process(values[0])] * len(values) if same else list(map(process, values))
            columns.append(values)
        return list(zip(*columns, strict=True))

    def of_rows(self, count: int) -> str:
        """The text of an INSERT of so many rows."""
        text = self._of_rows.get(count)
        if text is None:
            head, row = self.text.split(" VALUES ")
            text = self._of_rows[count] = f"{head} VALUES {', '.join([row] * count)}"
        return text

    def found(self, cursor: Any) -> list[Row]:
        """The rows of a cursor, by the names of their columns."""
        results = self.results(cursor.description)
        return [self.row(values, results) for values in cursor.fetchall()]

    @staticmethod
    def row(values: Sequence[Any], results: Sequence[tuple[str, Process]]) -> Row:
        """One row of the driver's, by the names of its columns."""
        return {
            name: process(value) if process else value
            for (name, process), value in zip(results, values, strict=True)
        }

    def results(self, columns: Sequence[Any]) -> list[tuple[str, Process]]:
        """What is done to each column, given what the driver says of them."""
        results = self._results = self._results or self._described(columns)
        return results

    def _described(self, columns: Sequence[Any]) -> list[tuple[str, Process]]:
        dialect = self._dialect
        return [
            (column[0], type.dialect_impl(dialect).result_processor(dialect, column[1]))
            for type, column in zip(self._types, columns, strict=True)
        ]


def _bound(bind: Any, fixed: Any, dialect: Dialect) -> tuple[Process, Any]:
    """How a parameter becomes the driver's, and what it is by itself."""
    if bind is None:  # one of a list
        return None, fixed
    # what a type of ours does with each value, where it says so, without what leads there
    plain = getattr(bind.type, "plain", None)
    if isinstance(bind.type, JSON) and dialect.name == "sqlite":
        plain = _json
    process = plain or bind.type.dialect_impl(dialect).bind_processor(dialect)
    return process, process(fixed) if process and fixed is not None else fixed


def _json(value: Any) -> str:
    return _write(value).decode()


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


@contextmanager
def _cursor(dialect: Dialect, driver: Any) -> Iterator[Any]:
    """A cursor whose errors are SQLAlchemy's, as they are elsewhere."""
    errors = dialect.loaded_dbapi.Error
    cursor = driver.cursor()
    try:
        yield cursor
    except errors as error:
        how: Any = {"hide_parameters": True, "dialect": dialect}
        raise DBAPIError.instance(None, None, error, errors, **how) from error
    finally:
        cursor.close()
