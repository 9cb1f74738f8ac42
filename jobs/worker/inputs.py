"""The files of many rows, brought here by several threads."""

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

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
        tasks = [
            pool.submit(_bring, row, fields, fetch, folder / str(at)) for at, row in enumerate(rows)
        ]
        for task in tasks:
            if ended() or used_bytes > budget_bytes:
                break
            one, size_bytes = _result(task, tasks)
            brought.append(one)
            used_bytes += size_bytes
        pool.shutdown(wait=False, cancel_futures=True)
    for at in range(len(brought), len(rows)):
        shutil.rmtree(folder / str(at), ignore_errors=True)
    return brought


def _result(task: Future[tuple[Brought, int]], tasks: Sequence[Future[Any]]) -> tuple[Brought, int]:
    try:
        return task.result()
    except BaseException:
        for other in tasks:
            other.cancel()
        raise


def _bring(
    row: dict[str, Any], fields: tuple[str, ...], fetch: Fetch, place: Path
) -> tuple[Brought, int]:
    place.mkdir()
    try:
        brought = bring(row, fields, fetch, place)
    except FetchFailed as error:
        shutil.rmtree(place)
        return Failed("input_unavailable", str(error)), 0
    return brought, sum(file.stat().st_size for file in place.iterdir())
