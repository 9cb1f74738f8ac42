"""What a push names: one digest on both sides, and nothing a worker could not write safely."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from jobs.core.bundle import BundleFile, check_entries, digest
from jobs.core.errors import BadRequest
from safepush.version import read_bundle

SHA = hashlib.sha256(b"").hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model = tmp_path / "model"
    put(model, "cog.yaml", "predict.py")
    return model


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def entry(path: str = "cog.yaml", **changes: Any) -> dict[str, Any]:
    return {"path": path, "sha256": SHA, "size": 0, "executable": False} | changes


def test_both_sides_give_a_folder_the_same_digest(folder: Path) -> None:
    put(folder, "a/b", "a.txt", "a-b", "ä", "Z", "\uff00", "\U0001f600", ".git/x", "a/c.pyc")
    put(folder, "data/big", "data/keep", "notes/deep/b.md")
    (folder / "a.txt").chmod(0o755)
    (folder / "link").symlink_to("data")
    (folder / ".dockerignore").write_text("/data/\n!data/keep\n**/*.md\n")
    bundle = read_bundle(folder)

    sent = [file.to_json() for file in reversed(bundle.files)]

    assert digest(check_entries(sent)) == bundle.id


def test_the_executable_bit_may_be_left_out() -> None:
    sent = entry()
    del sent["executable"]

    assert check_entries([sent]) == (BundleFile("cog.yaml", SHA, 0, False),)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../up",
        "a/../b",
        "a/./b",
        "a//b",
        "a/",
        ".",
        "",
        "a\0b",
        "a\\b",
        "\ud800",
        "x" * 256,
        "é" * 128,
        "a/" * 1_600 + "b",
        7,
        None,
    ],
)
def test_a_path_that_could_leave_the_folder_is_refused(path: Any) -> None:
    with pytest.raises(BadRequest) as caught:
        check_entries([entry(), entry(path)])

    assert caught.value.field == "files[1].path"
    assert len(str(caught.value)) < 250


def test_a_path_is_named_and_not_only_its_number() -> None:
    with pytest.raises(BadRequest, match=r"^a\\x1b/\.\./b: must be relative"):
        check_entries([entry("a\x1b/../b")])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"size": -1}, "size"),
        ({"size": True}, "size"),
        ({"size": 1.0}, "size"),
        ({"size": 2**63}, "size"),
        ({"size": None}, "size"),
        ({"sha256": SHA[:-1]}, "sha256"),
        ({"sha256": SHA.upper()}, "sha256"),
        ({"sha256": SHA + "\n"}, "sha256"),
        ({"sha256": 1}, "sha256"),
        ({"executable": 1}, "executable"),
        ({"executable": None}, "executable"),
    ],
)
def test_a_field_of_another_form_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRequest) as caught:
        check_entries([entry(**changes)])

    assert caught.value.field == f"files[0].{field}"


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        (None, "files"),
        ([], "files"),
        ({}, "files"),
        (["cog.yaml"], "files[0]"),
        ([entry("predict.py")], "files"),
        ([entry("sub/cog.yaml")], "files"),
        ([entry(), entry()], "files[1].path"),
        ([entry(), entry("a/b/c"), entry("a")], "files[1].path"),
        ([entry(), entry("cog.yaml/x")], "files[1].path"),
    ],
)
def test_a_list_that_is_no_folder_is_refused(entries: Any, field: str) -> None:
    with pytest.raises(BadRequest) as caught:
        check_entries(entries)

    assert caught.value.field == field


def test_names_that_only_begin_alike_are_fine() -> None:
    assert len(check_entries([entry(), entry("a"), entry("a.b/c"), entry("ab")])) == 4
