"""Keeps what a run measured."""

import pytest

from tests.benchmarks.report import REPORT


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report, if there is anything in it."""
    if REPORT.lines:
        REPORT.save()
