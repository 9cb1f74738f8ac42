"""infra/ against the code: every setting is named, every command is one that the tests start."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError
from sqlalchemy import text

from jobs.adapters import demand, overview
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import migrate
from jobs.cli.main import COMMANDS
from tests.acceptance import test_processes
from tests.ports.stores import new_database
from tests.servers.penstock import ROOT
from tests.servers.processes import command
from tests.servers.s3 import S3Server

INFRA = ROOT / "infra"
SETTING = re.compile(r"\bPENSTOCK_[A-Z0-9_]+")
#: of compose alone, and of the command line, which is not configured by this file
OTHERS = {"PENSTOCK_PORT"}


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((INFRA / "compose.yaml").read_text())["services"]
    return found


def ours() -> list[str]:
    return [name for name, one in services().items() if str(one.get("command")).startswith("penst")]


def test_the_example_has_every_setting_and_no_other() -> None:
    code = (ROOT / "jobs" / "config.py").read_text()
    read = set(re.findall(r'"(PENSTOCK_[A-Z0-9_]+)"', code))
    documented = {
        name for line in re.findall(r"(?m)^ +#: (.*)", code) for name in SETTING.findall(line)
    }
    lines = (INFRA / "penstock.env.example").read_text().splitlines()
    named = {found[1] for line in lines if (found := re.match(r"#?(PENSTOCK_[A-Z0-9_]+)=", line))}

    assert read == documented
    assert named - OTHERS == read


def test_what_the_example_leaves_as_it_is_can_be_used() -> None:
    """A line that is not commented out is taken as it stands, by compose and by systemd."""
    for line in (INFRA / "penstock.env.example").read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            assert not value or name == "PENSTOCK_PUBLIC_URL", f"{line!r} is nobody's own value"


def test_keda_asks_for_numbers_that_are_told() -> None:
    triggers = yaml.safe_load((INFRA / "keda" / "scaledobject.yaml").read_text())["spec"][
        "triggers"
    ]
    queries = " ".join(one["metadata"]["query"] for one in triggers)
    told = {name for name, _, _ in overview.FAMILIES.values()} | set(demand.FAMILIES)
    asked = set(re.findall(r"penstock_\w+", queries))
    assert asked
    assert asked <= told


def test_compose_gives_settings_that_there_are() -> None:
    known = set(re.findall(r'"(PENSTOCK_[A-Z0-9_]+)"', (ROOT / "jobs" / "config.py").read_text()))
    assert set(SETTING.findall((INFRA / "compose.yaml").read_text())) - OTHERS <= known


def test_the_tests_start_every_service_by_composes_own_command() -> None:
    source = Path(test_processes.__file__).read_text()
    for service in ours():
        program, name, *_ = command(service)
        assert Path(program).name == "penstock"
        assert name in COMMANDS
        started = re.search(rf'"{service}"', source) or service == "api"
        assert started, f"no test of processes starts {service}"
    assert sorted(ours()) == ["api", "deliver", "sweep", "worker-cpu", "worker-gpu"]


def test_every_service_is_checked_and_has_time_to_end() -> None:
    for name, service in services().items():
        assert service["healthcheck"]["test"], name
    for name in ours():
        grace = services()[name]["stop_grace_period"]
        # the default drain, what a worker then takes to hand back, and something for the rest
        assert int(grace.removesuffix("s")) >= 20 + 8 + 10


def test_the_checks_of_make_lint_pass_and_name_what_they_skip() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "infra.py"],
        env={"PATH": ""}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "infra: compose      ok" in done.stdout
    assert "infra: systemd      skipped: no systemd-analyze here" in done.stdout


def named(name: str, bucket: str) -> str:
    return (
        (INFRA / "s3" / name).read_text().replace("arn:aws:s3:::penstock", f"arn:aws:s3:::{bucket}")
    )


def test_the_questions_to_the_database_can_be_asked(postgres_url: str) -> None:
    page = (ROOT / "docs" / "07-operation.md").read_text()
    questions = ";".join(re.findall(r"(?ms)^```sql\n(.*?)^```$", page)).split(";")
    asked = [question for question in questions if question.strip()]
    assert len(asked) == 4
    with new_database(postgres_url) as url:
        database = Database(url)
        migrate(database)
        with database.read() as connection:
            for question in asked:
                connection.execute(text(question)).all()
        database.close()


@pytest.mark.real_s3
def test_a_bucket_takes_the_policy_and_the_lifecycle(s3_server: S3Server) -> None:
    client, bucket = s3_server.client(), "penstock-infra"
    client.create_bucket(Bucket=bucket)
    rules = json.loads((INFRA / "s3" / "lifecycle.json").read_text())
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules)
    kept = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert {rule["ID"] for rule in kept} == {rule["ID"] for rule in rules["Rules"]}

    policy = named("policy.json", bucket)
    client.put_bucket_policy(Bucket=bucket, Policy=policy)
    assert json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"]) == json.loads(policy)
    broken = policy.replace("s3:GetObject", "s3:FetchObject")
    with pytest.raises(ClientError):
        client.put_bucket_policy(Bucket=bucket, Policy=broken)
