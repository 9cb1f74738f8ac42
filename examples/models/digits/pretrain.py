"""Train the checkpoint beside this file: a small Stable Diffusion that draws coloured digits.

Data: scikit-learn's handwritten digits, tinted. Run `python pretrain.py`; about 5 CPU minutes.
The result is in the layout of diffusers' StableDiffusionPipeline, tokenizer and all.
"""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    DDPMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from sklearn.datasets import load_digits
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

HERE = Path(__file__).parent
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
COLOURS = {
    "white": (1.0, 1.0, 1.0),
    "red": (1.0, 0.1, 0.1),
    "green": (0.1, 1.0, 0.1),
    "blue": (0.2, 0.2, 1.0),
    "yellow": (1.0, 1.0, 0.1),
}
NAMES = list(COLOURS)
OTHER_WORDS = ["a", "the", "number", "digit", "handwritten"]
TOKENS = 16
#: how noise is added, in training and in drawing
NOISE = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "v_prediction",
}


@dataclass(frozen=True)
class Digits:
    """Grey pictures (n, 1, 16, 16) in 0..1, and which digit each one is."""

    grey: torch.Tensor
    labels: torch.Tensor

    def tinted(self, picks: torch.Tensor, colours: torch.Tensor) -> torch.Tensor:
        """Pictures (n, 3, 16, 16) in -1..1."""
        table = torch.tensor(list(COLOURS.values()))
        return self.grey[picks] * table[colours][:, :, None, None] * 2 - 1


def digits() -> Digits:
    """scikit-learn's digits, enlarged from 8 to 16 pixels."""
    pixels, labels = load_digits(return_X_y=True)
    small = torch.tensor(pixels / 16, dtype=torch.float32).reshape(-1, 1, 8, 8)
    grey = F.interpolate(small, 16, mode="bilinear", align_corners=False)
    return Digits(grey, torch.tensor(labels))


def tokenizer(folder: Path) -> CLIPTokenizer:
    """A CLIP tokenizer that knows our words whole and spells all others in bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = list(byte_letters())
    tokens = letters + [letter + "</w>" for letter in letters]
    merges: list[tuple[str, str]] = []
    for word in DIGITS + NAMES + OTHER_WORDS:
        for pair in joins(word):
            if pair not in merges:
                merges.append(pair)
            if "".join(pair) not in tokens:
                tokens.append("".join(pair))
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    lines = ["#version: 0.2", *(f"{left} {right}" for left, right in merges), ""]
    (folder / "merges.txt").write_text("\n".join(lines))
    files = str(folder / "vocab.json"), str(folder / "merges.txt")
    return CLIPTokenizer(*files, model_max_length=TOKENS)


def byte_letters() -> Iterator[str]:
    """The 256 printable characters by which byte-level BPE writes bytes."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    yield from (chr(byte) for byte in sorted(printable))
    yield from (chr(256 + number) for number in range(256 - len(printable)))


def joins(word: str) -> Iterator[tuple[str, str]]:
    """The merges that build a word from its letters, left to right."""
    parts = [*word[:-1], word[-1] + "</w>"]
    built = parts[0]
    for part in parts[1:]:
        yield built, part
        built += part


def train_vae(data: Digits, rng: np.random.Generator, steps: int) -> AutoencoderKL:
    """An autoencoder from 16x16x3 pixels to 8x8x4 latents."""
    vae = AutoencoderKL(
        block_out_channels=[16, 32],
        down_block_types=["DownEncoderBlock2D"] * 2,
        up_block_types=["UpDecoderBlock2D"] * 2,
        norm_num_groups=4,
        latent_channels=4,
        sample_size=16,
        mid_block_add_attention=False,
    )
    optimizer = torch.optim.AdamW(vae.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, steps, pct_start=0.1)
    for _ in range(steps):
        picks, colours = sample(rng, len(data.grey), 32)
        pictures = data.tinted(picks, colours)
        latent = vae.encode(pictures).latent_dist
        again = vae.decode(latent.sample()).sample
        loss = F.l1_loss(again, pictures) + F.mse_loss(again, pictures)
        loss = loss + 1e-4 * latent.kl().mean() / 64
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    print(f"vae: loss {loss.item():.4f}")
    return vae.eval().requires_grad_(False)


def sample(
    rng: np.random.Generator, pictures: int, count: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Picture and colour numbers for one step."""
    picks = torch.from_numpy(rng.integers(0, pictures, count))
    return picks, torch.from_numpy(rng.integers(0, len(NAMES), count))


@torch.no_grad()
def latents(vae: AutoencoderKL, data: Digits) -> torch.Tensor:
    """Every picture in every colour (colours, n, 4, 8, 8), scaled to unit deviation."""
    everything = torch.arange(len(data.grey))
    rows = [
        vae.encode(data.tinted(everything, torch.full_like(everything, colour))).latent_dist.mean
        for colour in range(len(NAMES))
    ]
    raw = torch.stack(rows)
    vae.register_to_config(scaling_factor=float(1 / raw.std()))
    return raw * vae.config.scaling_factor


def networks(words: CLIPTokenizer) -> tuple[CLIPTextModel, UNet2DConditionModel]:
    """The text encoder and the UNet, untrained."""
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(words),
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=TOKENS,
            bos_token_id=words.bos_token_id,
            eos_token_id=words.eos_token_id,
            pad_token_id=words.pad_token_id,
        )
    )
    unet = UNet2DConditionModel(
        sample_size=8,
        in_channels=4,
        out_channels=4,
        layers_per_block=1,
        block_out_channels=(32, 64),
        norm_num_groups=8,
        cross_attention_dim=64,
        attention_head_dim=4,
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
    )
    return text, unet


def prompt(rng: np.random.Generator, colour: int, digit: int) -> str:
    """One of the ways to ask for a digit; now and then nothing, to learn drawing unguided."""
    if rng.random() < 0.1:
        return ""
    opening = ("a ", "", "the ", "a handwritten ")[rng.integers(4)]
    unsaid = colour == 0 and rng.random() < 0.5
    return opening + ("" if unsaid else NAMES[colour] + " ") + DIGITS[digit]


def train_drawing(
    text: CLIPTextModel,
    unet: UNet2DConditionModel,
    words: CLIPTokenizer,
    drawings: torch.Tensor,
    labels: torch.Tensor,
    rng: np.random.Generator,
    steps: int,
) -> None:
    """Train text encoder and UNet together; they end as the average of their last steps."""
    weights = [*text.parameters(), *unet.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=2e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, steps, pct_start=0.1)
    noise_schedule = DDPMScheduler(num_train_timesteps=1000, **NOISE)
    average = [weight.detach().clone() for weight in weights]
    began = time.monotonic()
    for step in range(1, steps + 1):
        picks, colours = sample(rng, drawings.shape[1], 64)
        clean = drawings[colours, picks]
        asked = [prompt(rng, int(c), int(labels[p])) for c, p in zip(colours, picks, strict=True)]
        hidden = text(tokens(words, asked))[0]
        noise, at = torch.randn_like(clean), torch.randint(0, 1000, (len(clean),))
        guess = unet(noise_schedule.add_noise(clean, noise, at), at, hidden).sample
        loss = F.mse_loss(guess, noise_schedule.get_velocity(clean, noise, at))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        keep = min(0.995, step / (step + 10))
        for mean, weight in zip(average, weights, strict=True):
            mean.mul_(keep).add_(weight.detach(), alpha=1 - keep)
        if step % 100 == 0:
            print(f"step {step}: loss {loss.item():.3f}, {time.monotonic() - began:.0f} s")
    with torch.no_grad():
        for mean, weight in zip(average, weights, strict=True):
            weight.copy_(mean)


def tokens(words: CLIPTokenizer, prompts: list[str]) -> torch.Tensor:
    """Token numbers (n, 16)."""
    options = {"padding": "max_length", "max_length": TOKENS, "truncation": True}
    return words(prompts, return_tensors="pt", **options).input_ids


def main() -> None:
    """Train and save."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    data = digits()
    vae = train_vae(data, rng, steps=400)
    drawings = latents(vae, data)
    scratch = HERE / ".tokenizer"
    words = tokenizer(scratch)
    text, unet = networks(words)
    train_drawing(text, unet, words, drawings, data.labels, rng, steps=800)
    pipeline = StableDiffusionPipeline(
        vae=vae,
        text_encoder=text.eval(),
        tokenizer=words,
        unet=unet.eval(),
        scheduler=DDIMScheduler(
            clip_sample=False,
            set_alpha_to_one=False,
            steps_offset=1,
            timestep_spacing="trailing",
            **NOISE,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(HERE / "checkpoint", safe_serialization=True)
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
