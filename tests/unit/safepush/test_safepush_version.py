"""The candidate's digest: the same folder, the same id, and nothing that should stay at home."""

import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepush import ignore
from safepush.errors import BundleInvalid
from safepush.version import read_bundle

#: File names of any script and case; two of one folder never differ by case alone here.
NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\\0", exclude_categories=["Cs"]),
    min_size=1,
    max_size=20,
).filter(lambda name: name not in (".", "..") and not ignore.is_always_ignored(name))


def paths(folder: Path) -> list[str]:
    return [file.path for file in read_bundle(folder).files]


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def test_the_digest_is_of_path_bit_and_content(tmp_path: Path) -> None:
    (tmp_path / "cog.yaml").write_bytes(b"predict: p.py:P\n")
    (tmp_path / "run.sh").write_bytes(b"")
    (tmp_path / "run.sh").chmod(0o755)
    (tmp_path / "cog.yaml").chmod(0o644)
    yaml, empty = hashlib.sha256(b"predict: p.py:P\n"), hashlib.sha256()
    lines = f"cog.yaml\0-\0{yaml.hexdigest()}\nrun.sh\0x\0{empty.hexdigest()}\n"

    bundle = read_bundle(tmp_path)

    assert bundle.id == hashlib.sha256(lines.encode()).hexdigest()
    assert [file.size_bytes for file in bundle.files] == [16, 0]


def test_times_and_the_place_do_not_matter(folder: Path, tmp_path: Path) -> None:
    before = read_bundle(folder).id
    os.utime(folder / "predict.py", (1, 1))
    moved = folder.rename(tmp_path / "elsewhere")

    assert read_bundle(moved).id == before


@settings(max_examples=30, deadline=None)
@given(data=st.data(), content=st.dictionaries(NAMES, st.tuples(st.binary(), st.booleans())))
def test_the_order_in_which_files_are_made_does_not_matter(
    data: st.DataObject, content: dict[str, tuple[bytes, bool]]
) -> None:
    ids = set()
    for _ in range(2):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "cog.yaml").touch()
            for path in data.draw(st.permutations(sorted(content))):
                file = folder / "files" / path
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(content[path][0])
                file.chmod(0o755 if content[path][1] else 0o600)
                os.utime(file, (data.draw(st.integers(0, 2**31)), 0))
            ids.add(read_bundle(folder).id)

    assert len(ids) == 1


def test_owners_and_group_bits_do_not_matter(folder: Path) -> None:
    before = read_bundle(folder).id
    (folder / "predict.py").chmod(0o674)
    if os.getuid() == 0:
        os.chown(folder / "predict.py", 1, 1)

    assert read_bundle(folder).id == before


def test_content_name_and_bit_matter(folder: Path) -> None:
    ids = {read_bundle(folder).id}
    (folder / "predict.py").write_text("other")
    ids.add(read_bundle(folder).id)
    (folder / "predict.py").chmod(0o744)
    ids.add(read_bundle(folder).id)
    (folder / "predict.py").rename(folder / "predict2.py")
    ids.add(read_bundle(folder).id)

    assert len(ids) == 4


def test_files_are_sorted_by_the_bytes_of_their_whole_path(folder: Path) -> None:
    put(folder, "a/b", "a.txt", "a-b", "ä", "Z", "\uff00", "\U0001f600")

    found = paths(folder)

    assert found == sorted(found, key=str.encode)
    assert found.index("a-b") < found.index("a.txt") < found.index("a/b")


def test_the_fixed_ignores_hold_at_any_depth(folder: Path) -> None:
    before = paths(folder)
    names = (".git/x", ".venv/x", "__pycache__/x", "a/__pycache__/x", "a/b.pyc", "a/.DS_Store")
    put(folder, *names, ".cog/x", "a/.git", "venv/x", "a/node_modules/x", ".mypy_cache/x")
    put(folder, ".pytest_cache/x", ".ruff_cache/x", ".hypothesis/x", "penstock-data/token")

    assert paths(folder) == before


def test_what_a_server_keeps_is_in_no_version(folder: Path) -> None:
    """A version can be read by all who may use the model, and the folder holds a token."""
    before = paths(folder)
    put(folder, "server/penstock.db", "server/token", "server/objects/a")

    assert paths(folder) == before


def test_dockerignore_is_obeyed(folder: Path) -> None:
    put(folder, "data/big", "data/keep", "notes/a.md", "notes/deep/b.md", "c.md")
    (folder / ".dockerignore").write_text("# not these\n/data/\n!data/keep\n**/*.md\n!c.md\n")

    kept = {".dockerignore", "c.md", "cog.yaml", "data/keep", "predict.py", "safepush.yaml"}
    assert set(paths(folder)) == kept


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
    assert ignore.is_ignored(path, ignore.parse(pattern)) is expected


@pytest.mark.parametrize("text", ["ok\n!", "ok\n[z-a]"])
def test_a_bad_pattern_is_named_by_its_line(folder: Path, text: str) -> None:
    (folder / ".dockerignore").write_text(text)

    with pytest.raises(BundleInvalid, match=r"\.dockerignore: line 2"):
        read_bundle(folder)


def test_a_link_inside_the_folder_stands_for_what_it_names(folder: Path) -> None:
    put(folder, "weights/a")
    (folder / "link").symlink_to("weights")
    (folder / "b").symlink_to("weights/a")

    files = {file.path: file.sha256 for file in read_bundle(folder).files}

    assert files["b"] == files["link/a"] == files["weights/a"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [("/etc/hostname", "leaves"), ("../other", "leaves"), ("nowhere", "nowhere"), (".", "lies in")],
)
def test_other_links_are_refused(folder: Path, tmp_path: Path, target: str, reason: str) -> None:
    (tmp_path / "other").mkdir()
    (folder / "sub").mkdir()
    (folder / "link").symlink_to(target)

    with pytest.raises(BundleInvalid, match=f"link: .*{reason}"):
        read_bundle(folder)


def test_an_ignored_link_may_lead_anywhere(folder: Path) -> None:
    (folder / "data").symlink_to("/")
    (folder / ".dockerignore").write_text("data\n!keep\n")

    assert "cog.yaml" in paths(folder)


def test_what_is_no_file_is_refused(folder: Path) -> None:
    os.mkfifo(folder / "pipe")

    with pytest.raises(BundleInvalid, match="pipe: is neither a file nor a folder"):
        read_bundle(folder)


def test_a_name_that_is_not_utf8_is_refused(folder: Path) -> None:
    (folder / os.fsdecode(b"bad\xff")).write_text("")

    with pytest.raises(BundleInvalid, match="not UTF-8"):
        read_bundle(folder)


@pytest.mark.parametrize(
    ("path", "reason"),
    [("a\\b", "holds a backslash"), ("/".join(["x" * 200] * 15), "over 3000 bytes")],
)
def test_a_name_that_no_worker_could_write_is_refused(folder: Path, path: str, reason: str) -> None:
    put(folder, path)

    with pytest.raises(BundleInvalid, match=reason):
        read_bundle(folder)


def test_a_dockerignore_that_is_not_utf8_is_refused(folder: Path) -> None:
    (folder / ".dockerignore").write_bytes(b"\xff")

    with pytest.raises(BundleInvalid, match="not UTF-8"):
        read_bundle(folder)


def test_a_folder_that_is_no_model_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleInvalid, match="no such folder"):
        read_bundle(tmp_path / "none")
    with pytest.raises(BundleInvalid, match=r"has no cog\.yaml"):
        read_bundle(tmp_path)
    (folder / ".dockerignore").write_text("*\n")
    with pytest.raises(BundleInvalid, match=r"leaves out cog\.yaml"):
        read_bundle(folder)
