"""Draws coloured digits with a small Stable Diffusion: "a red seven" gives a red seven."""

import os
import tempfile
import warnings
from pathlib import Path as LocalPath
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import torch
from cog import BasePredictor, Input, Path
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    LCMScheduler,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionPipeline,
)
from diffusers.utils.logging import disable_progress_bar
from lora import Lora, Shelf, Wearer, layers
from PIL import Image

disable_progress_bar()
warnings.filterwarnings("ignore")
CHECKPOINT = LocalPath(__file__).parent / "checkpoint"
SCHEDULERS = {
    "DDIM": DDIMScheduler,
    "Euler": EulerDiscreteScheduler,
    "DPM++": DPMSolverMultistepScheduler,
    "LCM": LCMScheduler,
}
DRAWN_PIXELS, SHOWN_PIXELS = 16, 128

#: LoRAs and their scales, first the one that makes the version what it is
Loras = tuple[tuple[Lora, float], ...]


class Predictor(BasePredictor):
    """One set of weights; inputs that agree in all but these share forward passes."""

    batchable = (
        "prompt", "seed", "num_images", "image",
        "lora_weights", "lora_scale", "extra_lora", "extra_lora_scale",
    )  # fmt: skip

    def setup(self, weights: Path | None = None) -> None:
        """Load the checkpoint beside this file, and the LoRA that a training made, if any."""
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        pipeline = StableDiffusionPipeline.from_pretrained(
            CHECKPOINT, local_files_only=True, safety_checker=None, requires_safety_checker=False
        )
        pipeline.set_progress_bar_config(disable=True)
        self.from_noise = pipeline.to(self.device)
        self.from_picture = StableDiffusionImg2ImgPipeline(
            **pipeline.components, requires_safety_checker=False
        )
        self.from_picture.set_progress_bar_config(disable=True)
        self.shelf = Shelf(layers(pipeline))
        self.wearer = Wearer(pipeline)
        self.trained = self.shelf.read(LocalPath(weights), "weights") if weights else None

    def predict(  # noqa: PLR0913 - the inputs of the model
        self,
        prompt: str = Input(description="What to draw, such as 'a red seven'.", max_length=200),
        seed: int = Input(description="The same seed draws the same picture.", default=0, ge=0),
        steps: int = Input(description="Denoising steps.", default=10, ge=1, le=50),
        guidance: float = Input(
            description="How strictly to follow the prompt.", default=3.0, ge=0, le=20
        ),
        scheduler: str = Input(
            description="The sampler to draw with.", default="DDIM", choices=list(SCHEDULERS)
        ),
        num_images: int = Input(description="How many pictures.", default=1, ge=1, le=4),
        image: Path | None = Input(
            description="A picture to begin with instead of noise.", default=None
        ),
        strength: float = Input(
            description="How much of that picture may change.", default=0.7, ge=0, le=1
        ),
        lora_weights: Path | None = Input(
            description="A LoRA to draw with, in the place of the version's own.", default=None
        ),
        lora_scale: float = Input(description="How much of it.", default=1.0, ge=-1, le=3),
        extra_lora: Path | None = Input(description="A second LoRA beside it.", default=None),
        extra_lora_scale: float = Input(
            description="How much of the second one.", default=1.0, ge=-1, le=3
        ),
    ) -> list[Path]:
        """Draw."""
        asked = dict(locals())
        del asked["self"]
        return self.predict_batch([asked])[0]

    def predict_batch(self, inputs: list[dict[str, Any]]) -> list[list[Path]]:
        """Draw for many inputs at once; one list of pictures each, in order."""
        outputs: list[list[Path]] = [[] for _ in inputs]
        for numbers, loras in self.alike(inputs):
            self.wearer.wear(loras)
            copies = [number for number in numbers for _ in range(inputs[number]["num_images"])]
            drawn = self.draw([inputs[number] for number in copies], seeds(inputs, numbers))
            for number, picture in zip(copies, drawn, strict=True):
                outputs[number].append(save(picture))
        return outputs

    def alike(self, inputs: list[dict[str, Any]]) -> list[tuple[list[int], Loras]]:
        """Numbers of the inputs that share a pass, and what they are drawn with.

        They begin alike, with noise or with a picture, and wear the same LoRAs at the same scales.
        """
        groups: dict[tuple[Any, ...], tuple[list[int], Loras]] = {}
        for number, item in enumerate(inputs):
            loras = self.loras(item)
            worn = [(lora.digest, scale) for lora, scale in loras]
            key = (item["image"] is None, *worn)
            groups.setdefault(key, ([], loras))[0].append(number)
        return list(groups.values())

    def loras(self, item: dict[str, Any]) -> Loras:
        """The LoRAs that an input asks for; one of which it wants nothing is left out."""
        wanted = []
        for name, scale in (("lora_weights", "lora_scale"), ("extra_lora", "extra_lora_scale")):
            own = self.trained if name == "lora_weights" else None
            file = item.get(name)
            lora = own if file is None else self.shelf.read(LocalPath(file), name)
            if lora is not None and item[scale]:
                wanted.append((lora, float(item[scale])))
        return tuple(wanted)

    def draw(self, inputs: list[dict[str, Any]], seeds: list[int]) -> list[Image.Image]:
        """One picture per input; they are alike, see above."""
        first = inputs[0]
        kind = SCHEDULERS[first["scheduler"]]
        options = {
            "prompt": [item["prompt"] for item in inputs],
            "num_inference_steps": first["steps"],
            "guidance_scale": first["guidance"],
            "generator": [torch.Generator().manual_seed(seed) for seed in seeds],
        }
        pipeline = self.from_noise
        if first["image"] is not None:
            pipeline = self.from_picture
            # less than one step would be none
            strength = min(1.0, max(first["strength"], 1.001 / first["steps"]))
            options |= {"image": pictures(inputs), "strength": strength}
        pipeline.scheduler = kind.from_config(pipeline.scheduler.config)
        return pipeline(**options).images


def pictures(inputs: list[dict[str, Any]]) -> list[Image.Image]:
    """The pictures to begin with, in the size the model draws."""
    found = []
    for item in inputs:
        with Image.open(item["image"]) as picture:
            found.append(picture.convert("RGB").resize((DRAWN_PIXELS, DRAWN_PIXELS)))
    return found


def seeds(inputs: list[dict[str, Any]], numbers: list[int]) -> list[int]:
    """A seed for each picture: an input's pictures count on from its seed."""
    return [
        inputs[number]["seed"] + copy
        for number in numbers
        for copy in range(inputs[number]["num_images"])
    ]


def save(picture: Image.Image) -> Path:
    """The picture as a PNG, enlarged so that people can see it."""
    file = Path(tempfile.mkdtemp()) / "digit.png"
    picture.resize((SHOWN_PIXELS, SHOWN_PIXELS), Image.Resampling.NEAREST).save(file)
    return file
