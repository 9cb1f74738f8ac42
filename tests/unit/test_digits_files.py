"""What the digits model is given to learn from and to wear: whatever is wrong is named."""

import importlib.util
import io
import pickle
import stat
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save

from tests.servers.penstock import ROOT


def module(name: str) -> Any:
    """A file of the model's folder, which is no package."""
    path = ROOT / "examples" / "models" / "digits" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"digits_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


dataset = module("dataset")


@pytest.fixture(scope="module")
def lora() -> Any:
    """The file that needs torch, which whoever collects these tests need not load."""
    return module("lora")


def png(side: int = 4, colour: str = "red", mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (side, side), colour).save(file, "PNG")
    return file.getvalue()


def zipped(path: Path, entries: dict[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


# Zips of pictures


def test_pictures_have_their_captions(tmp_path: Path) -> None:
    rows = '\ufeffimage_file,caption\n"in/a.png","red, and ""small"""\nb.PNG,\n'
    file = zipped(
        tmp_path / "images.zip",
        {
            "in/": b"",
            "in/a.png": png(),
            "in/b.PNG": png(64, "blue"),
            "c.jpg": png(),
            "caption.csv": rows.encode(),
            "notes.md": b"not looked at",
            "__MACOSX/in/._a.png": b"what a Mac adds",
            "in/.DS_Store": b"the same",
        },
    )
    found = dataset.read_examples(file, "a TOK", 16)
    assert [one.caption for one in found] == ['red, and "small"', "a TOK", "a TOK"]
    assert {one.picture.size for one in found} == {(16, 16)}
    assert found[1].picture.getpixel((0, 0)) == (0, 0, 255)


def test_no_captions_are_needed_and_hugging_faces_are_taken(tmp_path: Path) -> None:
    file = zipped(tmp_path / "images.zip", {"a.png": png()})
    assert [one.caption for one in dataset.read_examples(file, "TOK", 16)] == ["TOK"]
    rows = b"file_name,caption\na.png,a fox\n"
    file = zipped(tmp_path / "images.zip", {"a.png": png(), "caption.csv": rows})
    assert [one.caption for one in dataset.read_examples(file, "TOK", 16)] == ["a fox"]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"../../etc/a.png": png()}, "images: the entry '../../etc/a.png' leads out of the zip"),
        ({"/etc/a.png": png()}, "the entry '/etc/a.png' leads out of the zip"),
        ({"..\\a.png": png()}, "leads out of the zip"),
        ({link("a.png"): b"/etc/passwd"}, "images: the entry 'a.png' is a link"),
        ({"a/1.png": png(), "b/1.png": png()}, "images: two entries are called '1.png'"),
        ({"a.txt": b""}, "images: no picture in the zip; it takes .png, .jpg, .jpeg, .webp"),
        ({"a.png": b"not one"}, "images: 'a.png' is not a picture that can be read"),
        ({"a.png": png()[:50]}, "images: 'a.png' is not a picture that can be read"),
        ({"a.png": png(5000, mode="1")}, "images: 'a.png' has more than 16777216 pixels"),
        ({"a.png": bytes(9 * 2**20)}, "images: the entry 'a.png' has 9437184 bytes"),
        ({f"{n}.png": bytes(8 * 2**20) for n in range(5)}, "41943040 with those before it"),
        ({f"{n}.png": b"" for n in range(2001)}, "images: 2001 entries; a zip may have 2000"),
        ({"a.png": png(), "caption.csv": b"a.png,red"}, "caption.csv, line 1: the columns are"),
        (
            {"a.png": png(), "caption.csv": b"image_file,caption\na.png,x\nb.png,y\n"},
            "caption.csv, line 3: no such picture in the zip",
        ),
        (
            {"a.png": png(), "caption.csv": b'image_file,caption\n"a.png"x,y\n'},
            "caption.csv, line 2: ",
        ),
        ({"a.png": png(), "caption.csv": b"\xff\xfe"}, "caption.csv: not UTF-8"),
        ({"caption.csv": b"", "a/caption.csv": b""}, "there are 2 files caption.csv|two entries"),
    ],
    ids=lambda value: None if isinstance(value, dict) else value[:40],
)
def test_a_zip_that_is_refused(
    entries: dict[str | zipfile.ZipInfo, bytes], said: str, tmp_path: Path
) -> None:
    file = zipped(tmp_path / "images.zip", entries)
    with pytest.raises(dataset.BadImages) as caught:
        dataset.read_examples(file, "TOK", 16)
    assert any(part in str(caught.value) for part in said.split("|")), caught.value


def test_a_zip_that_lies_about_a_size(tmp_path: Path) -> None:
    file = zipped(tmp_path / "images.zip", {"a.png": bytes(20 * 2**20)})
    real, told = struct.pack("<L", 20 * 2**20), struct.pack("<L", 100)
    file.write_bytes(file.read_bytes().replace(real, told))
    with pytest.raises(dataset.BadImages, match="images: "):
        dataset.read_examples(file, "TOK", 16)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + bytes(30)])
def test_what_is_no_zip(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "images.zip"
    file.write_bytes(content)
    with pytest.raises(dataset.BadImages, match="images: "):
        dataset.read_examples(file, "TOK", 16)


def test_a_zip_that_is_cut_or_bent_is_refused_or_read(tmp_path: Path) -> None:
    file = zipped(tmp_path / "images.zip", {"a.png": png(), "caption.csv": b"image_file,caption\n"})
    whole = file.read_bytes()
    for place in range(len(whole)):
        for content in (whole[:place], whole[:place] + b"\xff" + whole[place + 1 :]):
            file.write_bytes(content)
            try:
                dataset.read_examples(file, "TOK", 16)
            except dataset.BadImages:
                continue


# LoRAs

LAYERS = {
    "unet.one": ((6,), (8,)),
    "unet.conv": ((3, 3, 3), (4, 1, 1)),
    "text_encoder.fc1": ((2,), (5,)),
}


def full(shape: tuple[int, ...], value: float, kind: Any = np.float32) -> NDArray[Any]:
    return np.full(shape, value, kind)


def ones(*shape: int) -> NDArray[Any]:
    return full(shape, 1.0)


def tensors() -> dict[str, NDArray[Any]]:
    """A LoRA that fits, of the rank 2."""
    return {
        "unet.one.lora_A.weight": ones(2, 6),
        "unet.one.lora_B.weight": ones(8, 2),
        "unet.conv.lora_A.weight": ones(2, 3, 3, 3),
        "unet.conv.lora_B.weight": ones(4, 2, 1, 1),
    }


def read(lora: Any, content: bytes, folder: Path) -> Any:
    file = folder / "lora.safetensors"
    file.write_bytes(content)
    return lora.Shelf(LAYERS).read(file, "lora_weights")


def test_a_lora_that_fits_is_read_once(lora: Any, tmp_path: Path) -> None:
    shelf = lora.Shelf(LAYERS)
    files = [tmp_path / name for name in ("one", "two")]
    for file in files:
        file.write_bytes(save(tensors()))
    one, two = (shelf.read(file, "lora_weights") for file in files)
    assert one is two
    assert sorted(one.tensors) == sorted(tensors())
    for number in range(lora.KEPT):
        files[0].write_bytes(
            save(tensors() | {"unet.one.lora_A.weight": full((2, 6), number + 2.0)})
        )
        shelf.read(files[0], "lora_weights")
    assert shelf.read(files[1], "lora_weights") is not one


class Trap:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, str]]:
        return open, (str(self.file), "w")


def test_a_pickle_is_not_opened(lora: Any, tmp_path: Path) -> None:
    import torch

    said = "lora_weights: this is a pickle or a zip, which may hold code; save it as safetensors"
    trap = tmp_path / "sprung"
    packed = io.BytesIO()
    torch.save({"unet.one.lora_A.weight": Trap(trap)}, packed)
    for content in (pickle.dumps(Trap(trap)), packed.getvalue()):
        with pytest.raises(lora.BadLora, match=said):
            read(lora, content, tmp_path)
    assert not trap.exists()


def header(text: bytes, data: bytes = b"") -> bytes:
    return struct.pack("<Q", len(text)) + text + data


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a safetensors file"),
        (png(), "not a safetensors file"),
        (b"\x05" + bytes(40), "not a safetensors file"),
        (struct.pack("<Q", 2**40) + b"{" + bytes(40), "a header of 1099511627776 bytes; at most"),
        (struct.pack("<Q", 2**62) + b"{}", "a header of 4611686018427387904 bytes"),
        (struct.pack("<Q", 900) + b"{}", "not a safetensors file that can be read"),
        (header(b"{" * 90_000), "not a safetensors file that can be read"),
        (header(b"{}"), "there is no tensor in it"),
        (
            header(b'{"a":{"dtype":"F32","shape":[9999999999],"data_offsets":[0,4]}}', bytes(4)),
            "not a safetensors file that can be read",
        ),
        (
            header(b'{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}', bytes(4)),
            "not a safetensors file that can be read",
        ),
        (save(tensors())[:-4], "not a safetensors file that can be read"),
    ],
)
def test_a_file_that_is_no_lora(lora: Any, content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(lora.BadLora) as caught:
        read(lora, content, tmp_path)
    assert str(caught.value).startswith(f"lora_weights: {said}")


A, B = "unet.one.lora_A.weight", "unet.one.lora_B.weight"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({A: ones(2, 7)}, "has the shape (2, 7); this model has (2, 6)"),
        ({B: ones(8, 3)}, "has the shape (8, 3); this model has (8, 2)"),
        ({A: ones()}, "has the rank 0; it may be 1 to 128"),
        ({A: ones(0, 6), B: ones(8, 0)}, "has the rank 0; it may be 1 to 128"),
        ({A: ones(129, 6), B: ones(8, 129)}, "has the rank 129; it may be 1 to 128"),
        ({"unet.conv.lora_A.weight": ones(2, 27)}, "this model has (2, 3, 3, 3)"),
        ({A: None}, "is alone; a layer has lora_A and lora_B"),
        ({A: full((2, 6), float("nan"))}, "holds what is not a finite number"),
        ({B: full((8, 2), float("inf"))}, "holds what is not a finite number"),
        ({B: full((8, 2), 1, np.int32)}, "holds what is not a finite number"),
        ({"unet.two.lora_A.weight": ones(2, 6)}, "belongs to no layer of this model"),
        ({"unet.one.weight": ones(8, 6)}, "belongs to no layer of this model"),
        ({"vae.one.lora_A.weight": ones(2, 6)}, "belongs to no layer of this model"),
        ({"lora_unet_one.alpha": ones(1)}, "belongs to no layer of this model"),
    ],
)
def test_a_lora_of_another_model(
    lora: Any, change: dict[str, NDArray[Any] | None], said: str, tmp_path: Path
) -> None:
    made = {name: part for name, part in (tensors() | change).items() if part is not None}
    with pytest.raises(lora.BadLora) as caught:
        read(lora, save(made), tmp_path)
    assert "lora_weights: the tensor '" in str(caught.value)
    assert said in str(caught.value)


def test_a_lora_that_is_too_large_is_not_read(lora: Any, tmp_path: Path) -> None:
    file = tmp_path / "lora.safetensors"
    with file.open("wb") as sparse:
        sparse.truncate(lora.MOST_BYTES + 1)
    with pytest.raises(lora.BadLora, match="lora_weights: 67108865 bytes; a LoRA of this model"):
        lora.Shelf(LAYERS).read(file, "lora_weights")
