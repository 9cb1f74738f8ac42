"""In which order files of tests run: those that wait beside those that compute, longest first."""

from collections.abc import Sequence

#: those that take long, most of it waiting for processes, the longest first
LONGEST = (
    "acceptance/test_safepush.py",
    "acceptance/chaos/test_chaos.py",
    "acceptance/test_fuzz.py",
    "functional/test_digits_lora.py",
    "functional/test_api_boundaries.py",
    "functional/test_cli.py",
    "acceptance/chaos/test_planted_defects.py",
    "acceptance/test_fairness.py",
    "acceptance/test_processes.py",
    "acceptance/test_poison.py",
    "acceptance/test_real_parts.py",
    "acceptance/test_brokers.py",
    "acceptance/test_demo.py",
    "acceptance/test_deployments.py",
    "ports/test_store_migrations.py",
    "functional/test_docs.py",
    "functional/test_cli_local.py",
    "functional/test_versions.py",
    "acceptance/test_kills.py",
    "acceptance/test_replicate_backend.py",
    "acceptance/test_replicate_clients.py",
    "acceptance/test_openai_client.py",
    "functional/test_doctor.py",
    "functional/test_together.py",
    "acceptance/chaos/test_chaos_webhooks.py",
    "acceptance/test_listen.py",
    "acceptance/test_backup.py",
    "acceptance/test_upgrade.py",
)
#: so many of the others come after each of them
OTHERS = 6


def mixed(files: Sequence[str]) -> list[str]:
    """The files, in the order in which to begin them.

    At any time some wait and some compute, so that no core is idle, and what is left for the end
    is short, so that nobody is left alone with it.
    """
    place = {name: number for number, name in enumerate(LONGEST)}

    def rank(file: str) -> int:
        return place.get(file.removeprefix("tests/"), len(place))

    long = sorted((file for file in files if rank(file) < len(place)), key=rank)
    others = [file for file in files if rank(file) == len(place)]
    order: list[str] = []
    for number, file in enumerate(long):
        order += [file, *others[number * OTHERS : (number + 1) * OTHERS]]
    return order + others[len(long) * OTHERS :]
