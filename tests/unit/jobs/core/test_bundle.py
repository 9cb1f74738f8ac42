"""Bundles: the same folder, the same digest; and nothing a worker could not write safely."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from jobs.core.bundle import BundleFile, check_entries, digest, is_ignored, parse_rules, walk
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


def paths(folder: Path) -> list[str]:
    return [file.path for file in walk(folder)]


def entry(path: str = "cog.yaml", **changes: Any) -> dict[str, Any]:
    return {"path": path, "sha256": SHA, "size": 0, "executable": False} | changes


def test_the_digest_is_of_path_bit_and_content(tmp_path: Path) -> None:
    (tmp_path / "cog.yaml").write_bytes(b"predict: p.py:P\n")
    (tmp_path / "cog.yaml").chmod(0o644)
    (tmp_path / "run.sh").write_bytes(b"")
    (tmp_path / "run.sh").chmod(0o755)
    yaml = hashlib.sha256(b"predict: p.py:P\n").hexdigest()

    files = walk(tmp_path)

    lines = f"cog.yaml\0-\0{yaml}\nrun.sh\0x\0{SHA}\n"
    assert digest(files) == hashlib.sha256(lines.encode()).hexdigest()
    assert digest(reversed(files)) == digest(files)
    assert [file.size for file in files] == [16, 0]


def test_times_and_the_place_do_not_matter(folder: Path, tmp_path: Path) -> None:
    before = digest(walk(folder))
    os.utime(folder / "predict.py", (1, 1))

    assert digest(walk(folder.rename(tmp_path / "elsewhere"))) == before


def test_content_name_and_bit_matter(folder: Path) -> None:
    ids = {digest(walk(folder))}
    (folder / "predict.py").write_text("other")
    ids.add(digest(walk(folder)))
    (folder / "predict.py").chmod(0o744)
    ids.add(digest(walk(folder)))
    (folder / "predict.py").rename(folder / "predict2.py")
    ids.add(digest(walk(folder)))

    assert len(ids) == 4


def test_safepush_gives_the_same_folder_the_same_digest(folder: Path) -> None:
    put(folder, "a/b", "a.txt", "a-b", "ä", "Z", "\uff00", "\U0001f600", ".git/x", "a/c.pyc")
    put(folder, "data/big", "data/keep", "notes/deep/b.md")
    (folder / "a.txt").chmod(0o755)
    (folder / "link").symlink_to("data")
    (folder / ".dockerignore").write_text("/data/\n!data/keep\n**/*.md\n")

    assert digest(walk(folder)) == read_bundle(folder).id


def test_files_are_sorted_by_the_bytes_of_their_whole_path(folder: Path) -> None:
    put(folder, "a/b", "a.txt", "a-b", "\uff00", "\U0001f600")

    found = paths(folder)

    assert found == sorted(found, key=str.encode)
    assert found.index("a-b") < found.index("a.txt") < found.index("a/b")


def test_the_fixed_ignores_hold_at_any_depth(folder: Path) -> None:
    before = paths(folder)
    put(folder, ".git/x", ".venv/x", "venv/x", "a/node_modules/x", "a/__pycache__/x", "a/b.pyc")
    put(folder, "a/.DS_Store", ".cog/x", ".mypy_cache/x", ".pytest_cache/x", ".ruff_cache/x")

    assert paths(folder) == before


def test_dockerignore_is_obeyed(folder: Path) -> None:
    put(folder, "data/big", "data/keep", "notes/a.md", "notes/deep/b.md", "c.md")
    (folder / ".dockerignore").write_text("# not these\n/data/\n!data/keep\n**/*.md\n!c.md\n")

    assert set(paths(folder)) == {".dockerignore", "c.md", "cog.yaml", "data/keep", "predict.py"}


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.txt", "a.txt", True),
        ("*.txt", "a/b.txt", False),
        ("**/*.txt", "a.txt", True),
        ("**/*.txt", "a/b/c.txt", True),
        ("a/**", "a/b/c", True),
        ("a/**/z", "a/z", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[a-c].py", "b.py", True),
        ("[^a-c].py", "b.py", False),
        ("a.c", "abc", False),
        ("./a/../b", "b/c", True),
        (r"\*", "*", True),
        (r"\*", "a", False),
        ("  spaced  ", "spaced", True),
        ("*", "a/b", True),
    ],
)
def test_patterns_match_as_docker_matches(pattern: str, path: str, expected: bool) -> None:
    assert is_ignored(path, parse_rules(pattern)) is expected


@pytest.mark.parametrize("text", ["ok\n!", "ok\n[z-a]"])
def test_a_bad_pattern_is_named_by_its_line(folder: Path, text: str) -> None:
    (folder / ".dockerignore").write_text(text)

    with pytest.raises(BadRequest, match=r"\.dockerignore: line 2"):
        walk(folder)


def test_a_dockerignore_that_is_not_utf8_is_refused(folder: Path) -> None:
    (folder / ".dockerignore").write_bytes(b"\xff")

    with pytest.raises(BadRequest, match="not UTF-8"):
        walk(folder)


def test_a_link_inside_the_folder_stands_for_what_it_names(folder: Path) -> None:
    put(folder, "weights/a")
    (folder / "link").symlink_to("weights")
    (folder / "b").symlink_to("weights/a")

    files = {file.path: file.sha256 for file in walk(folder)}

    assert files["b"] == files["link/a"] == files["weights/a"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [("/etc/hostname", "leaves"), ("../other", "leaves"), ("nowhere", "nowhere"), (".", "lies in")],
)
def test_other_links_are_refused_by_name(
    folder: Path, tmp_path: Path, target: str, reason: str
) -> None:
    (tmp_path / "other").mkdir()
    (folder / "link").symlink_to(target)

    with pytest.raises(BadRequest, match=f"^link: .*{reason}"):
        walk(folder)


def test_an_ignored_link_may_lead_anywhere(folder: Path) -> None:
    (folder / "data").symlink_to("/")
    (folder / ".dockerignore").write_text("data\n!keep\n")

    assert "cog.yaml" in paths(folder)


def test_what_is_no_file_is_refused(folder: Path) -> None:
    os.mkfifo(folder / "pipe")

    with pytest.raises(BadRequest, match="pipe: is neither a file nor a folder"):
        walk(folder)


@pytest.mark.parametrize("name", [b"bad\xff", b"a\\b"])
def test_a_name_the_server_would_refuse_is_refused_here(folder: Path, name: bytes) -> None:
    (folder / os.fsdecode(name)).write_text("")

    with pytest.raises(BadRequest, match="rename the file"):
        walk(folder)


def test_a_folder_that_is_no_model_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no such folder"):
        walk(tmp_path / "none")
    with pytest.raises(BadRequest, match=r"has no cog\.yaml"):
        walk(tmp_path)
    (folder / ".dockerignore").write_text("*\n")
    with pytest.raises(BadRequest, match=r"leaves out cog\.yaml"):
        walk(folder)


def test_what_a_walk_gives_is_what_the_check_takes(folder: Path) -> None:
    put(folder, "a/b", "ä")
    files = walk(folder)

    assert check_entries([file.to_json() for file in reversed(files)]) == files


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
