"""What a process loads before it does anything: each of these is paid for at every start."""

import subprocess
import sys

import pytest

#: each costs a tenth of a second or much more
HEAVY = {
    "alembic", "av", "boto3", "botocore", "celery", "diffusers", "flask", "httpx", "hypothesis",
    "jsonschema", "kombu", "numpy", "opentelemetry", "PIL", "psycopg", "redis", "requests", "rich",
    "safepush", "sqlalchemy", "torch", "transformers",
}  # fmt: skip
#: an entry point, and what of these it cannot do without
NEEDS = {
    # every model host, of which each version has its own
    "jobs.host.serve": set(),
    # `penstock up`; a broker, a bucket and another database than SQLite bring theirs
    "jobs.wiring": {"sqlalchemy"},
    # what `penstock --help` and `safepush --help` load
    "jobs.cli.main": set(),
    "safepush.cli": {"safepush"},
    # a run of the gate that fuzzes nothing
    "safepush.commands": {"httpx", "rich", "safepush"},
}


@pytest.mark.parametrize("module", NEEDS)
def test_nothing_heavy_is_loaded_before_it_is_needed(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({HEAVY} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set(done.stdout.split()) == NEEDS[module]


@pytest.mark.parametrize(
    "begin", ["import jobs.cli.http, httpx", "from safepush import cli; cli._command()"]
)
def test_the_command_of_httpx_is_not_loaded_by_ours(begin: str) -> None:
    code = f"{begin}; import sys, httpx; httpx.Client(); print('pygments' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
