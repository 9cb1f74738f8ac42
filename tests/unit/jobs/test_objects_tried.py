"""A worker tries the object store before it begins, and begins unless that will not have it."""

import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.disk import DiskBlobs
from jobs.core.errors import BlobError, BlobRefused
from jobs.processes import try_objects


class Failing(DiskBlobs):
    """Does to each write what it is told."""

    def __init__(self, folder: Path, does: Any) -> None:
        super().__init__(folder)
        self._does = does

    def put(self, *what: Any, **more: Any) -> Any:
        self._does()
        return super().put(*what, **more)


def raises(error: Exception) -> Any:
    def do() -> None:
        raise error

    return do


def test_nothing_is_left_of_the_trial(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path)
    try_objects(blobs)
    assert list(blobs.list("")) == []


def test_a_store_that_will_not_is_told_with_a_way_out(tmp_path: Path) -> None:
    error = BlobRefused("there is no bucket 'none'")
    with pytest.raises(BlobRefused, match="no bucket 'none'; see PENSTOCK_S3_BUCKET"):
        try_objects(Failing(tmp_path, raises(error)))


def test_a_store_that_is_away_holds_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "jobs.processes")
    try_objects(Failing(tmp_path, raises(BlobError("503"))))
    assert caplog.messages == ["the object store cannot be used now: 503"]


def test_a_store_that_says_nothing_holds_nobody_for_long(tmp_path: Path) -> None:
    said = threading.Event()
    try_objects(Failing(tmp_path, lambda: said.wait(60)), longest_s=0.01)
    said.set()
