"""A text encoder with random weights: its speed is that of its kind, its answers mean nothing."""

import os
import zlib
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import torch
from cog import BasePredictor, Input
from transformers import BertConfig, BertModel

WORDS, LONGEST = 30_000, 256


class Predictor(BasePredictor):
    """Turns a text into a vector; a pass is as long as its longest text."""

    def setup(self) -> None:
        """Make the weights: of BERT's own size on a GPU, of a small one's elsewhere."""
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.manual_seed(0)
        layers, width = (12, 768) if self.device == "cuda" else (4, 256)
        config = BertConfig(
            vocab_size=WORDS,
            hidden_size=width,
            num_hidden_layers=layers,
            num_attention_heads=width // 64,
            intermediate_size=4 * width,
            max_position_embeddings=LONGEST,
        )
        self.model = BertModel(config).to(self.device).eval()

    def predict(self, text: str = Input(description="A text.")) -> list[float]:
        """The text's vector."""
        return self.predict_batch([{"text": text}])[0]

    @torch.inference_mode()
    def predict_batch(self, inputs: list[dict[str, Any]]) -> list[list[float]]:
        """The vector of each text: the mean over its words."""
        numbers = [numbers_of(item["text"]) for item in inputs]
        longest = max(map(len, numbers))
        padded = torch.tensor([one + [0] * (longest - len(one)) for one in numbers])
        mask = torch.tensor([[1] * len(one) + [0] * (longest - len(one)) for one in numbers])
        padded, mask = padded.to(self.device), mask.to(self.device)
        states = self.model(input_ids=padded, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        means = (states * weights).sum(1) / weights.sum(1)
        return means.float().tolist()


def numbers_of(text: str) -> list[int]:
    """A number for each word, the same on every machine."""
    return [1 + zlib.crc32(word.encode()) % (WORDS - 1) for word in text.split()[:LONGEST]] or [0]
