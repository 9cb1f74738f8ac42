"""What LoRAs teach the digits model, by a classifier that learned from the digits themselves."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.svm import SVC

from tests.benchmarks.loraloop import LESSONS, SERIES, Series
from tests.benchmarks.report import FOLDER, say
from tests.lessons import BAR, DIGITS_FOLDER, SIDE, Grey, barred, colour, handwritten, orange_zip
from tests.servers.penstock import BIN, ROOT, Penstock

#: of the lowest line, so much is lit so brightly where there is a bar
ALL_THE_WAY, LIT = 0.85, 0.4


class Judge:
    """Which digit, which colour, and whether there is a bar; examined on digits it never saw."""

    def __init__(self) -> None:
        grey, labels = handwritten()
        bars = np.stack([barred(one) for one in grey])
        pictures, digits = np.concatenate([grey, bars]), np.concatenate([labels, labels])
        kept = np.arange(len(pictures)) % len(grey) % 5 == 0
        flat = pictures.reshape(len(pictures), -1)
        self._digit = SVC(gamma=0.01, C=10).fit(flat[~kept], digits[~kept])
        self.digits_right = self._digit.score(flat[kept], digits[kept])
        right = [has_bar(one) == (n >= len(grey)) for n, one in enumerate(pictures)]
        self.bars_right = sum(right) / len(right)

    def see(self, picture: Image.Image) -> tuple[int, str, bool]:
        """Digit, colour of what is above the bar, bar."""
        small = picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)
        grey = (np.asarray(small) / 255).max(axis=2)
        digit = int(self._digit.predict(grey.reshape(1, -1))[0])
        return digit, colour(small.crop((0, 0, SIDE, SIDE - BAR - 1))), has_bar(grey)


def has_bar(grey: Grey) -> bool:
    """Whether the lowest line is lit all the way."""
    return bool((grey[-1] > LIT).mean() >= ALL_THE_WAY)


def test_what_loras_teach(tmp_path: Path) -> None:
    """Shares of the pictures that show what was asked, before and after; a contact sheet."""
    command = [sys.executable, "-m", "tests.benchmarks.loraloop", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=1500)
    for name, took in json.loads((tmp_path / "trained.json").read_text()).items():
        figure = f"{took['cpu_s']:.0f} CPU s, {took['wall_s']:.0f} s, {took['bytes']} bytes"
        say(
            f"LoRA {name}, {LESSONS[name][2]} steps on {LESSONS[name][1]} pictures", figure, "120 s"
        )
    judge = Judge()
    examined = f"digits {judge.digits_right:.1%}, bars {judge.bars_right:.1%}"
    say("the judge, on digits it never saw", examined, "98 %")
    shares = {series.name: share(tmp_path, series, judge) for series in SERIES}
    sheet(tmp_path, FOLDER / "lora.png")
    for name in ("orange-by-lora", "barred-by-lora", "both"):
        assert min(shares[name]) >= 0.8, shares
    files = [sorted((tmp_path / name).iterdir()) for name in ("red", "red-again")]
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(*files, strict=True))


def test_a_version_is_trained_through_the_api(tmp_path: Path) -> None:
    """A trained version, its LoRA on the version it came from, and the other one as it was."""
    images = orange_zip(tmp_path / "orange.zip", 60)
    weights = tmp_path / "lora.safetensors"
    server = Penstock(tmp_path)
    server.start()
    try:
        penstock(server, "push", DIGITS_FOLDER, "demo/digits")
        course = ("-i", f"images=@{images}", "-i", "steps=80", "-i", "batch_size=16")
        began = time.monotonic()
        to = ("--destination", "demo/orange", "-o", weights)
        penstock(server, "train", "demo/digits", *course, *to)
        took = f"{time.monotonic() - began:.0f} s, setup of the new version included"
        say("80 steps of 16 pictures through the API", took, "120 s")
        before = drawn(server, "demo/digits")
        trained = drawn(server, "demo/orange")
        assert (colour(shown(before)), colour(shown(trained))) == ("green", "orange")
        assert drawn(server, "demo/digits", f"lora_weights=@{weights}") == trained
        assert drawn(server, "demo/orange", "lora_scale=0") == before
        assert drawn(server, "demo/digits") == before
    finally:
        server.stop()


def penstock(server: Penstock, *words: object) -> None:
    """A command, to its end."""
    command = [str(BIN / "penstock"), *map(str, words)]
    subprocess.run(command, env=server.environment, check=True, timeout=900)


def drawn(server: Penstock, model: str, *given: str) -> bytes:
    """The file of an orange seven, which the checkpoint draws green."""
    file = server.data.parent / "seven.png"
    inputs = [part for one in ("prompt=an orange seven", "seed=3", *given) for part in ("-i", one)]
    penstock(server, "predict", model, *inputs, "-o", file)
    return file.read_bytes()


def shown(png: bytes) -> Image.Image:
    """The picture in a file."""
    return Image.open(io.BytesIO(png))


def share(folder: Path, series: Series, judge: Judge) -> tuple[float, float, float]:
    """Of a series' pictures: how many have the digit, the colour, the bar or none, as asked."""
    seen = [
        (number % 10, judge.see(Image.open(file)))
        for number, file in enumerate(files(folder, series))
    ]
    digit, tint, bar = (
        sum(right) / len(seen)
        for right in zip(
            *((d == n, c == series.colour, b == series.bar) for n, (d, c, b) in seen), strict=True
        )
    )
    asked = series.prompt.format("..")
    worn = " and ".join(series.loras) or "no LoRA"
    figure = f"digit {digit:.0%}, colour {tint:.0%}, bar {bar:.0%}"
    say(f"{asked!r} with {worn} at {series.scale}", figure, "as asked")
    return digit, tint, bar


def files(folder: Path, series: Series) -> list[Path]:
    """Its pictures in order."""
    return sorted((folder / series.name).iterdir(), key=lambda file: int(file.stem))


def sheet(folder: Path, path: Path) -> None:
    """A row for each series, the first picture of every digit."""
    made = Image.new("RGB", (10 * 66, len(SERIES) * 66), "grey")
    for row, series in enumerate(SERIES):
        for column, file in enumerate(files(folder, series)[:10]):
            made.paste(Image.open(file).resize((64, 64)), (column * 66 + 1, row * 66 + 1))
    path.parent.mkdir(exist_ok=True)
    made.save(path)
