"""A setting whose name is written wrongly is told, and nothing else is."""

import pytest

from jobs.misspelt import misspelt


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PENSTOCK_BROKR_URL", "PENSTOCK_BROKER_URL"),
        ("PENSTOCK_RETENTION_DAY", "PENSTOCK_RETENTION_DAYS"),
        ("PENSTOCK_DRAIN", "PENSTOCK_DRAIN_S"),
        ("PENSTOCK_RETENTION_DAYS", None),
        ("PENSTOCK_DATA", None),
        ("PENSTOCK_TOKEN", None),
        ("PENSTOCK_HOST", None),
        ("PENSTOCK_OF_OUR_TEAM", None),
        ("PENSTOCKS_URL", None),
    ],
)
def test_a_name_that_is_nearly_a_setting(name: str, meant: str | None) -> None:
    told = list(misspelt({name: "x", "PATH": "/bin"}))

    assert told == (
        [f"{name} is no setting and is not used; did you mean {meant}?"] if meant else []
    )
