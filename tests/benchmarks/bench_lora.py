"""What LoRAs teach the digits model, by a classifier that learned from the digits themselves."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.svm import SVC

from tests.benchmarks.loraloop import LESSONS, SERIES, Series
from tests.benchmarks.report import FOLDER, say
from tests.lessons import BAR, SIDE, Grey, barred, colour, handwritten
from tests.servers.penstock import ROOT

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
    done = [sys.executable, "-m", "tests.benchmarks.loraloop", str(tmp_path)]
    subprocess.run(done, cwd=ROOT, check=True, timeout=1500)
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
