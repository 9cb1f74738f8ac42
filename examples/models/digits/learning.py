"""How the model learns: adapters beside its weights are fitted to pictures and their words."""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import numpy as np
import torch
import torch.nn.functional as F
from dataset import Example, read_examples
from diffusers import DDPMScheduler, StableDiffusionPipeline
from diffusers.utils.logging import disable_progress_bar

disable_progress_bar()
CHECKPOINT = Path(__file__).parent / "checkpoint"
#: the layers that learn: attention and what lies between, in both networks
UNET_LAYERS = [
    *("to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2"),
    *("proj_in", "proj_out", "conv1", "conv2"),
]
TEXT_LAYERS = ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"]
#: so much of the time the words are left out, since drawing is guided by what they change
WORDLESS = 0.1
REPORTS = 20


@dataclass(frozen=True)
class Course:
    """How to learn; the same course on the same pictures leaves the same LoRA."""

    steps: int
    batch_size: int
    learning_rate: float
    rank: int
    seed: int


@dataclass(frozen=True)
class Lessons:
    """Pictures as latents (n, 4, 8, 8), and the tokens (n, 16) of their words."""

    latents: torch.Tensor
    tokens: torch.Tensor
    wordless: torch.Tensor


def learn(images: Path, trigger_word: str, course: Course) -> Path:
    """Learn from a zip of pictures; the LoRA, a file of its own in the layout of diffusers.

    Raises:
        BadImages: there is nothing in the zip to learn from.
        RuntimeError: peft is not installed.
    """
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    torch.manual_seed(course.seed)
    pipeline = StableDiffusionPipeline.from_pretrained(
        CHECKPOINT, local_files_only=True, safety_checker=None, requires_safety_checker=False
    )
    pipeline.to("cuda" if torch.cuda.is_available() else "cpu")
    examples = read_examples(images, trigger_word, pipeline.vae.config.sample_size)
    print(
        f"{len(examples)} pictures, {len({one.caption for one in examples})} captions", flush=True
    )
    add_adapters(pipeline, course.rank)
    take(course, lessons(pipeline, examples), pipeline)
    return save(pipeline)


def add_adapters(pipeline: StableDiffusionPipeline, rank: int) -> None:
    """All else stays as it is."""
    try:
        from peft import LoraConfig
    except ImportError as error:
        raise RuntimeError("training needs peft: pip install peft") from error
    for network, layers in ((pipeline.unet, UNET_LAYERS), (pipeline.text_encoder, TEXT_LAYERS)):
        network.requires_grad_(False)
        # alpha is the rank: the scale of such a LoRA is 1, and its file need not say it
        network.add_adapter(LoraConfig(r=rank, lora_alpha=rank, target_modules=layers))
    pipeline.vae.requires_grad_(False)


@torch.no_grad()
def lessons(pipeline: StableDiffusionPipeline, examples: list[Example]) -> Lessons:
    """What the networks see of the examples."""
    pictures = torch.tensor(np.stack([np.asarray(one.picture) for one in examples]))
    pixels = pictures.permute(0, 3, 1, 2).to(pipeline.device) / 127.5 - 1
    latents = torch.cat([pipeline.vae.encode(some).latent_dist.mean for some in pixels.split(64)])

    def tokens(texts: list[str]) -> torch.Tensor:
        options = {"padding": "max_length", "truncation": True, "return_tensors": "pt"}
        return pipeline.tokenizer(texts, **options).input_ids.to(pipeline.device)

    scaled = latents * pipeline.vae.config.scaling_factor
    return Lessons(scaled, tokens([one.caption for one in examples]), tokens([""])[0])


def take(course: Course, lessons: Lessons, pipeline: StableDiffusionPipeline) -> None:
    """Train the adapters of UNet and text encoder together."""
    chance = torch.Generator().manual_seed(course.seed)
    noising = DDPMScheduler.from_config(pipeline.scheduler.config)
    weights = [
        weight
        for network in (pipeline.unet, pipeline.text_encoder)
        for weight in network.parameters()
        if weight.requires_grad
    ]
    most, steps = course.learning_rate, course.steps
    optimizer = torch.optim.AdamW(weights, lr=most, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, most, steps + 1, pct_start=0.1)
    progress = Progress(steps)
    for _ in range(steps):
        loss = one_step(pipeline, noising, lessons, course.batch_size, chance)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        progress.step(loss.item())


def one_step(
    pipeline: StableDiffusionPipeline,
    noising: DDPMScheduler,
    lessons: Lessons,
    batch_size: int,
    chance: torch.Generator,
) -> torch.Tensor:
    """The loss on some of the lessons."""
    picks = torch.randint(0, len(lessons.latents), (batch_size,), generator=chance)
    clean, tokens = lessons.latents[picks], lessons.tokens[picks]
    tokens[torch.rand(batch_size, generator=chance) < WORDLESS] = lessons.wordless
    noise = torch.randn(clean.shape, generator=chance).to(clean.device)
    at = torch.randint(0, 1000, (batch_size,), generator=chance).to(clean.device)
    hidden = pipeline.text_encoder(tokens)[0]
    guess = pipeline.unet(noising.add_noise(clean, noise, at), at, hidden).sample
    return F.mse_loss(guess, noising.get_velocity(clean, noise, at))


class Progress:
    """A line now and then: where it is, how well, how fast, how long still."""

    def __init__(self, steps: int) -> None:
        self._steps, self._done = steps, 0
        self._every = max(1, steps // REPORTS)
        self._losses: list[float] = []
        self._began = time.monotonic()

    def step(self, loss: float) -> None:
        """A step is done."""
        self._done += 1
        self._losses.append(loss)
        if self._done % self._every and self._done != self._steps:
            return
        rate = self._done / max(time.monotonic() - self._began, 1e-9)
        mean, self._losses = sum(self._losses) / len(self._losses), []
        left_s = (self._steps - self._done) / rate
        where = f"step {self._done}/{self._steps}: loss {mean:.4f}"
        print(f"{where}, {rate:.2f} steps/s, {left_s:.0f} s left", flush=True)


def save(pipeline: StableDiffusionPipeline) -> Path:
    """The adapters as safetensors."""
    from peft import get_peft_model_state_dict

    folder = tempfile.mkdtemp()
    StableDiffusionPipeline.save_lora_weights(
        folder,
        unet_lora_layers=get_peft_model_state_dict(pipeline.unet),
        text_encoder_lora_layers=get_peft_model_state_dict(pipeline.text_encoder),
        weight_name="lora.safetensors",
    )
    return Path(folder) / "lora.safetensors"
