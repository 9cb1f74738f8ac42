"""The files of many rows, brought here by several threads."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from jobs.core.errors import FetchFailed
from jobs.core.prediction import Failed
from jobs.worker.staging import Fetch, bring

THREADS = 8
#: rows whose files are brought before the model gets the first of them
MOST_ROWS = 1024
#: their files on this machine, beside those of the rows before them; a group ends early rather
#: than fill the disk
BUDGET_BYTES = 2 * 2**30

#: a row's input with local paths where it named files, or what is wrong with those
Brought = dict[str, Any] | Failed


class _One(NamedTuple):
    """What came of one row, and its files."""

    brought: Brought
    files: Sequence[Path] = ()
    size_bytes: int = 0

    def remove(self) -> None:
        """Its files are needed no more."""
        for file in self.files:
            file.unlink(missing_ok=True)


def bring_all(
    rows: Sequence[dict[str, Any]],
    fields: tuple[str, ...],
    fetch: Fetch,
    folder: Path,
    ended: Callable[[], bool],
    *,
    budget_bytes: int = BUDGET_BYTES,
) -> list[Brought]:
    """Bring the files of the first rows: of all, or of as many as there is room and time for.

    At least one row's, unless `ended` is true; a file that cannot be had is that row's result.
    """
    brought: list[Brought] = []
    used_bytes = 0
    with ThreadPoolExecutor(THREADS, thread_name_prefix="inputs") as pool:
        tasks = [pool.submit(_bring, row, fields, fetch, folder, at) for at, row in enumerate(rows)]
        for task in tasks:
            if ended() or used_bytes > budget_bytes:
                break
            one = _result(task, tasks)
            brought.append(one.brought)
            used_bytes += one.size_bytes
        pool.shutdown(wait=False, cancel_futures=True)
    for task in tasks[len(brought) :]:
        if not task.cancelled() and not task.exception():
            task.result().remove()
    return brought


def _result(task: Future[_One], tasks: Sequence[Future[Any]]) -> _One:
    try:
        return task.result()
    except BaseException:
        for other in tasks:
            other.cancel()
        raise


def _bring(
    row: dict[str, Any], fields: tuple[str, ...], fetch: Fetch, folder: Path, at: int
) -> _One:
    """One row; its files have its number before their names.

    To make and remove a folder for each takes longer than to bring a picture; in one folder for all
    the threads would wait for each other.
    """
    here: list[Path] = []

    def numbered(uri: str, into: Path) -> Path:
        here.append(fetch(uri, folder / str(at % THREADS) / f"{at}-{into.name}"))
        return here[-1]

    try:
        brought = bring(row, fields, numbered, folder)
    except FetchFailed as error:
        _One({}, here).remove()
        return _One(Failed("input_unavailable", str(error)))
    return _One(brought, here, sum(file.stat().st_size for file in here))
