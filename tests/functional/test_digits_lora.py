"""The digits model learns a colour it did not know, and forgets it when it is not asked for."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.lessons import DIGITS_FOLDER, WORDS, colour, orange_zip

#: a machine may be busy with much else
pytestmark = pytest.mark.timeout(600)

BEGIN = """
import gc, importlib.util, json, os, sys
gc.set_threshold(100_000, 20, 100)  # as a model host does
from pathlib import Path
from jobs.host import cogpackage
cogpackage.provide()
folder, here = sys.argv[1:]
sys.path.insert(0, folder)
os.chdir(here)

def asked(prompt, **more):
    same = {"seed": 0, "steps": 3, "guidance": 3.0, "scheduler": "DDIM", "num_images": 1}
    rest = {"image": None, "strength": 0.7, "lora_weights": None, "lora_scale": 1.0}
    return same | rest | {"extra_lora": None, "extra_lora_scale": 1.0, "prompt": prompt} | more

def drawn(model, prompt, **more):
    return model.predict_batch([asked(prompt, **more)])[0][0].read_bytes().hex()

def refused(act):
    try:
        act()
    except Exception as error:
        return f"{type(error).__name__}: {error}"

# what takes longest to import, and asks nobody for peft: once for both
import scipy.stats, torch._dynamo
other_process = os.fork()
has_peft = other_process != 0
if not has_peft:
    real = importlib.util.find_spec
    importlib.util.find_spec = lambda name, *more: None if name == "peft" else real(name, *more)

from predict import Predictor
plain = Predictor()
plain.setup(weights=None)
told = {"before": drawn(plain, "a red seven")}
"""

TRAINED = """
import torch
from safetensors.torch import load_file, save_file
from train import train
made = train(
    images=Path("orange.zip"), trigger_word="TOK", steps=STEPS, batch_size=8,
    learning_rate=8e-3, rank=4, seed=0,
)
told["output"] = [type(made).__name__, made.weights.name]
lora, copy, other = made.weights, Path("copy.safetensors"), Path("other.safetensors")
copy.write_bytes(lora.read_bytes())
parts = load_file(lora)
words_only = Path("words.safetensors")
save_file({name: part for name, part in parts.items() if name.startswith("text")}, words_only)
# of one network, turned round, and every second layer of a smaller rank
names = sorted({name.rpartition(".lora_")[0] for name in parts if name.startswith("unet")})
turned = {}
for number, name in enumerate(names):
    rank = 4 - 2 * (number % 2)
    turned[f"{name}.lora_A.weight"] = parts[f"{name}.lora_A.weight"][:rank].clone()
    turned[f"{name}.lora_B.weight"] = -parts[f"{name}.lora_B.weight"][:, :rank].clone()
save_file(turned, other)

told["pictures"] = []
words = WORDS
for weights in (lora, None):
    prompts = [f"an orange {word}" for word in words]
    rows = [asked(text, seed=n, lora_weights=weights) for n, text in enumerate(prompts)]
    told["pictures"].append([str(made[0]) for made in plain.predict_batch(rows)])

told["worn"] = drawn(plain, "a red seven", lora_weights=lora)
told["after"] = drawn(plain, "a red seven")
told["nothing of it"] = drawn(plain, "a red seven", lora_weights=lora, lora_scale=0.0)
told["half"] = drawn(plain, "a red seven", lora_weights=lora, lora_scale=0.5)
told["both"] = drawn(plain, "a red seven", lora_weights=lora, extra_lora=other)
told["both, less"] = drawn(
    plain, "a red seven", lora_weights=lora, extra_lora=other, extra_lora_scale=0.5
)
told["other"] = drawn(plain, "a red seven", extra_lora=other)
told["words and other"] = drawn(plain, "a red seven", lora_weights=words_only, extra_lora=other)
told["mended"] = drawn(plain, "a red seven")

load = plain.wearer._pipeline.load_lora_weights
def fails(tensors, adapter_name):
    load(tensors, adapter_name=adapter_name)
    raise MemoryError("half way")
plain.wearer._pipeline.load_lora_weights = fails
told["half way"] = refused(lambda: drawn(plain, "a red seven", lora_weights=lora))
plain.wearer._pipeline.load_lora_weights = load
told["after half way"] = drawn(plain, "a red seven")

rows = [
    asked("a red seven"),
    asked("a red seven", lora_weights=lora),
    asked("a blue two", lora_weights=copy, seed=4),
    asked("a red seven", lora_weights=lora, lora_scale=0.5),
    asked("a red seven", extra_lora=lora),
    asked("a red seven", lora_weights=lora, extra_lora=other),
    asked("a red seven"),
]
passes, draw = [], plain.draw
plain.draw = lambda inputs, seeds: passes.append(len(inputs)) or draw(inputs, seeds)
together = plain.predict_batch(rows)
told["passes"] = passes
told["together"] = [made[0].read_bytes().hex() for made in together]

mine = Predictor()
mine.setup(weights=str(lora))
told["mine"] = drawn(mine, "a red seven")
told["mine, not worn"] = drawn(mine, "a red seven", lora_scale=0.0)
told["another than mine"] = drawn(mine, "a red seven", lora_weights=other)
"""

WITHOUT_PEFT = """
from safetensors.torch import save_file
import torch
name, (into, out) = next(item for item in plain.shelf._layers.items() if len(item[1][0]) == 1)
save_file(
    {f"{name}.lora_A.weight": torch.ones(1, *into), f"{name}.lora_B.weight": torch.ones(*out, 1)},
    "ones.safetensors",
)
told["refused"] = refused(lambda: drawn(plain, "x", lora_weights=Path("ones.safetensors")))
told["after"] = drawn(plain, "a red seven")
"""

END = """
name = "with" if has_peft else "without"
Path(f"{name}.json").write_text(json.dumps(told))
if has_peft and os.waitpid(other_process, 0)[1]:
    sys.exit("the one without peft failed")
"""

STEPS = 24


@dataclass(frozen=True)
class Told:
    """What the two processes told, and what they printed."""

    trained: dict[str, Any]
    without_peft: dict[str, Any]
    printed: str


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A process that learned orange and drew with what it learned; one that has no peft."""
    folder = tmp_path_factory.mktemp("lora")
    orange_zip(folder / "orange.zip", 40)
    trained = TRAINED.replace("STEPS", str(STEPS)).replace("WORDS", repr(WORDS))
    parts = (BEGIN, f"if has_peft:{indented(trained)}else:{indented(WITHOUT_PEFT)}", END)
    done = subprocess.run(
        [sys.executable, "-c", "".join(parts), DIGITS_FOLDER, folder],
        env=os.environ | {"TMPDIR": str(folder), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads((folder / f"{name}.json").read_text()) for name in ("with", "without")]
    return Told(*told, done.stdout)


def indented(source: str) -> str:
    return textwrap.indent(source, "    ")


def test_it_draws_a_colour_that_it_did_not_know(both: Told) -> None:
    told = both.trained
    seen = [[colour(Image.open(file)) for file in files] for files in told["pictures"]]
    assert seen[0].count("orange") >= 8, seen[0]
    assert seen[1].count("orange") <= 1, seen[1]
    assert told["output"] == ["TrainingOutput", "lora.safetensors"]
    assert "40 pictures, 10 captions" in both.printed
    lines = re.findall(r"step (\d+)/24: loss ([\d.]+), [\d.]+ steps/s, (\d+) s left", both.printed)
    assert [int(step) for step, _, _ in lines] == list(range(1, STEPS + 1))
    assert float(lines[-1][1]) < float(lines[0][1]) / 2
    assert lines[-1][2] == "0"


def test_what_one_prediction_wears_the_next_one_does_not(both: Told) -> None:
    told = both.trained
    assert told["worn"] != told["before"]
    for name in ("after", "nothing of it", "mended", "after half way"):
        assert told[name] == told["before"], name
    assert told["half way"] == "MemoryError: half way"


def test_two_are_worn_at_once(both: Told) -> None:
    told = both.trained
    names = ("before", "worn", "half", "other", "both", "both, less", "words and other")
    pictures = {hashlib.sha256(told[name].encode()).hexdigest() for name in names}
    assert len(pictures) == len(names)


def test_rows_that_wear_the_same_share_a_pass(both: Told) -> None:
    told = both.trained
    # nothing twice, the LoRA in three files and both places, half of it, and two of them
    assert told["passes"] == [2, 3, 1, 1]
    alone = ("before", "worn", None, "half", "worn", "both", "before")
    for picture, name in zip(told["together"], alone, strict=True):
        assert name is None or far_apart(picture, told[name]) <= 2, name
    assert far_apart(told["together"][0], told["together"][1]) > 20
    assert far_apart(told["together"][2], told["worn"]) > 100


def test_a_version_wears_what_it_was_trained_to(both: Told) -> None:
    told = both.trained
    assert told["mine"] == told["worn"]
    assert told["mine, not worn"] == told["before"]
    assert told["another than mine"] == told["other"]


def test_without_peft_all_else_works(both: Told) -> None:
    told = both.without_peft
    assert told["before"] == told["after"] == both.trained["before"]
    assert (
        told["refused"] == "RuntimeError: a LoRA needs peft: pip install peft where the model runs"
    )


def far_apart(one: str, other: str) -> int:
    """The largest difference of two PNG files' pixels."""
    pictures = [Image.open(io.BytesIO(bytes.fromhex(png))) for png in (one, other)]
    return max(high for _, high in ImageChops.difference(*pictures).getextrema())
