"""Trains two LoRAs of the digits model in a folder and draws with them, in one process.

Run as `python -m tests.benchmarks.loraloop FOLDER`: it leaves NAME.safetensors, the pictures of
each series in SERIES/NUMBER.png, and trained.json with the seconds.
"""

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from jobs.host import cogpackage
from tests.lessons import DIGITS_FOLDER, WORDS, barred_zip, orange_zip

#: so many pictures to learn from, and steps to learn in
LESSONS = {"orange": (orange_zip, 60, 150), "barred": (barred_zip, 150, 200)}
PICTURES = 50


class Series(NamedTuple):
    """Pictures of every digit: how they are asked for, with which LoRAs, and what is to be seen."""

    name: str
    prompt: str
    loras: tuple[str, ...]
    colour: str
    bar: bool = False
    scale: float = 1.0


SERIES = (
    Series("red", "a red {}", (), "red"),
    Series("orange", "an orange {}", (), "orange"),
    Series("barred", "a barred green {}", (), "green", True),
    Series("orange-by-lora", "an orange {}", ("orange",), "orange"),
    Series("red-by-orange-lora", "a red {}", ("orange",), "red"),
    Series("barred-by-lora", "a barred green {}", ("barred",), "green", True),
    Series("green-by-barred-lora", "a green {}", ("barred",), "green"),
    Series("both", "a barred orange {}", ("orange", "barred"), "orange", True),
    Series("both-less", "a barred orange {}", ("orange", "barred"), "orange", True, 0.8),
    Series("red-again", "a red {}", (), "red"),
)


def main() -> None:
    """Train, then draw."""
    folder = Path(sys.argv[1]).resolve()
    cogpackage.provide()
    sys.path.insert(0, str(DIGITS_FOLDER))
    told = {name: taught(folder, name) for name in LESSONS}
    (folder / "trained.json").write_text(json.dumps(told))
    from predict import Predictor

    model = Predictor()
    model.setup()
    for series in SERIES:
        draw(folder, series, model)


def taught(folder: Path, name: str) -> dict[str, float]:
    """Seconds that a training took, on the clock and of the processor, and the file's bytes."""
    from train import train

    make, pictures, steps = LESSONS[name]
    images = make(folder / f"{name}.zip", pictures)
    began, cpu = time.monotonic(), time.process_time()
    same = {"trigger_word": "TOK", "batch_size": 32, "learning_rate": 4e-3, "rank": 8, "seed": 0}
    weights = train(images=images, steps=steps, **same).weights
    took = {"wall_s": time.monotonic() - began, "cpu_s": time.process_time() - cpu}
    shutil.copy(weights, folder / f"{name}.safetensors")
    return took | {"bytes": weights.stat().st_size}


def draw(folder: Path, series: Series, model: Any) -> None:
    """All pictures of a series in one call."""
    files = [folder / f"{name}.safetensors" for name in series.loras]
    main, extra = [*files, None, None][:2]
    same = {"steps": 10, "guidance": 3.0, "scheduler": "DDIM", "num_images": 1, "image": None}
    worn = {"lora_weights": main, "extra_lora": extra}
    scales = {"lora_scale": series.scale, "extra_lora_scale": series.scale}
    rows = [
        {"prompt": series.prompt.format(WORDS[n % 10]), "seed": n, **same, **worn, **scales}
        for n in range(PICTURES)
    ]
    (folder / series.name).mkdir()
    for number, (picture,) in enumerate(model.predict_batch(rows)):
        shutil.move(picture, folder / series.name / f"{number}.png")


if __name__ == "__main__":
    main()
