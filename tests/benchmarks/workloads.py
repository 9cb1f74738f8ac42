"""The models that efficiency is measured on, and rows for them: always the same ones."""

import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples" / "models"
#: brings a file to where the rows' model will find it, and says how a row names it
Place = Callable[[Path], str]


@dataclass(frozen=True)
class Workload:
    """A model, and what makes so many inputs for it."""

    name: str
    folder: Path
    #: (how many, where pictures are made, how they are named) -> the rows' inputs
    inputs: Callable[[int, Path, Place], Sequence[dict[str, Any]]]
    #: whether its inputs are texts of varied length
    texts: bool = False

    def traced(self, into: Path) -> tuple[Path, Path]:
        """(a copy that notes its passes, the file where it does)."""
        folder, passes = into / f"{self.name}-traced", into / f"{self.name}-passes.jsonl"
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(HERE / "traced.py", folder)
        (folder / "cog.yaml").write_text('predict: "traced.py:Predictor"\n')
        (folder / "passes.txt").write_text(str(passes))
        return folder, passes


def pictures(count: int, folder: Path, place: Place) -> list[dict[str, Any]]:
    """PNG files of coloured noise, some hundred different ones."""
    chance = random.Random(1)
    folder.mkdir(exist_ok=True)
    names = []
    for number in range(min(count, 300)):
        small = Image.frombytes("RGB", (24, 24), chance.randbytes(24 * 24 * 3))
        file = folder / f"{number}.png"
        small.resize((96, 96), Image.Resampling.BICUBIC).save(file)
        names.append(place(file))
    return [{"image": names[number % len(names)]} for number in range(count)]


def texts(count: int, folder: Path, place: Place) -> list[dict[str, Any]]:
    """Texts of 4 to 250 words, most of them short."""
    chance = random.Random(2)
    lengths = (min(250, max(4, int(chance.lognormvariate(3.3, 0.9)))) for _ in range(count))
    return [{"text": " ".join(f"w{chance.randrange(9999)}" for _ in range(n))} for n in lengths]


def digits(count: int, folder: Path, place: Place) -> list[dict[str, Any]]:
    """Prompts for the digits model, in the words it knows; every input, as the loop needs them."""
    same = {"steps": 10, "guidance": 3.0, "scheduler": "DDIM", "num_images": 1, "strength": 0.7}
    colours, names = ("red", "blue", "green", "yellow"), ("three", "seven", "one", "eight")
    return [
        {"prompt": f"a {colours[n % 4]} {names[n // 4 % 4]}", "seed": n, **same}
        for n in range(count)
    ]


WORKLOADS = (
    Workload("pictures", HERE / "models" / "pictures", pictures),
    Workload("texts", HERE / "models" / "texts", texts, texts=True),
    Workload("seq2seq", HERE / "models" / "seq2seq", texts, texts=True),
    Workload("digits", EXAMPLES / "digits", digits),
)


def manifest(inputs: Sequence[dict[str, Any]], file: Path) -> Path:
    """The rows as a batch's manifest."""
    with file.open("w") as lines:
        for number, given in enumerate(inputs):
            lines.write(json.dumps({"custom_id": f"row-{number}", "input": given}) + "\n")
    return file
