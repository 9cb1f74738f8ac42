"""A T5 with random weights: its speed is that of its kind, what it says means nothing."""

import os
import zlib
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import torch
from cog import BasePredictor, Input
from transformers import T5Config, T5ForConditionalGeneration

WORDS, LONGEST, SAID = 30_000, 256, 12


class Predictor(BasePredictor):
    """Answers a text with twelve tokens; a pass is as long as its longest text."""

    def setup(self) -> None:
        """Make the weights: of T5-base's size on a GPU, of a small one's elsewhere."""
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.manual_seed(0)
        layers, width = (12, 768) if self.device == "cuda" else (3, 192)
        config = T5Config(
            vocab_size=WORDS,
            d_model=width,
            d_kv=64,
            d_ff=4 * width,
            num_layers=layers,
            num_heads=width // 64,
            decoder_start_token_id=0,
        )
        self.model = T5ForConditionalGeneration(config).to(self.device).eval()

    def predict(self, text: str = Input(description="A text.")) -> list[int]:
        """The answer's tokens."""
        return self.predict_batch([{"text": text}])[0]

    @torch.inference_mode()
    def predict_batch(self, inputs: list[dict[str, Any]]) -> list[list[int]]:
        """The tokens of each answer; always as many, so that a row costs what any row costs."""
        numbers = [numbers_of(item["text"]) for item in inputs]
        longest = max(map(len, numbers))
        padded = torch.tensor([one + [0] * (longest - len(one)) for one in numbers])
        mask = torch.tensor([[1] * len(one) + [0] * (longest - len(one)) for one in numbers])
        said = self.model.generate(
            input_ids=padded.to(self.device),
            attention_mask=mask.to(self.device),
            min_new_tokens=SAID,
            max_new_tokens=SAID,
            do_sample=False,
        )
        return said[:, 1:].tolist()


def numbers_of(text: str) -> list[int]:
    """A number for each word, the same on every machine."""
    return [2 + zlib.crc32(word.encode()) % (WORDS - 2) for word in text.split()[:LONGEST]] or [1]
