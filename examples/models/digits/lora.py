"""LoRA files: looked at before they are loaded, put on for some predictions, taken off again."""

import hashlib
import importlib.util
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

MOST_BYTES = 64 * 2**20
MOST_HEADER_BYTES = 2**20
MOST_RANK = 128
#: so many are kept in memory once they were looked at
KEPT = 8
#: how files begin that torch.load() would take: what is in them may be code
PICKLES = (b"\x80", b"PK")
NETWORKS = ("unet", "text_encoder")
_TENSOR = re.compile(r"(unet|text_encoder)\.([\w.]+)\.lora_([AB])\.weight", re.ASCII)

#: the size of each side of a layer that can be adapted: (in, kernel...), (out, 1...)
Sides = tuple[tuple[int, ...], tuple[int, ...]]


class BadLora(ValueError):
    """The file is no LoRA for this model."""


@dataclass(frozen=True)
class Lora:
    """The tensors of a file, by their names in it; two files with one digest are one LoRA."""

    digest: str
    tensors: Mapping[str, torch.Tensor]


def layers(pipeline: "StableDiffusionPipeline") -> dict[str, Sides]:
    """Every layer that can be adapted, by its name in a LoRA file."""
    found: dict[str, Sides] = {}
    for network in NETWORKS:
        for name, module in getattr(pipeline, network).named_modules():
            if isinstance(module, torch.nn.Linear):
                sides = (module.in_features,), (module.out_features,)
            elif isinstance(module, torch.nn.Conv2d):
                sides = (module.in_channels, *module.kernel_size), (module.out_channels, 1, 1)
            else:
                continue
            found[f"{network}.{name}"] = sides
    return found


class Shelf:
    """The LoRAs that were read last: rows that share one have each a file of their own."""

    def __init__(self, layers: Mapping[str, Sides]) -> None:
        self._layers = layers
        self._kept: dict[str, Lora] = {}

    def read(self, file: Path, field: str) -> Lora:
        """What is in a safetensors file; `field` is what errors call it.

        Raises:
            BadLora: it is another kind of file, or a LoRA for another model.
        """
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise BadLora(f"{field}: {size} bytes; a LoRA of this model has {MOST_BYTES} at most")
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        lora = self._kept.pop(digest, None) or Lora(digest, _parsed(content, field, self._layers))
        self._kept[digest] = lora
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return lora


def _parsed(content: bytes, field: str, layers: Mapping[str, Sides]) -> dict[str, torch.Tensor]:
    _refuse_others(content, field)
    try:
        tensors = load(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise BadLora(f"{field}: not a safetensors file that can be read: {error}") from error
    if not tensors:
        raise BadLora(f"{field}: there is no tensor in it")
    for name, tensor in tensors.items():
        _check(name, tensor, tensors, field, layers)
    return tensors


def _refuse_others(content: bytes, field: str) -> None:
    if content.startswith(PICKLES):
        raise BadLora(
            f"{field}: this is a pickle or a zip, which may hold code; save it as safetensors"
        )
    header = int.from_bytes(content[:8], "little")
    if len(content) < 8 or content[8:9] != b"{":
        raise BadLora(f"{field}: not a safetensors file")
    if header > MOST_HEADER_BYTES:
        raise BadLora(f"{field}: a header of {header} bytes; at most {MOST_HEADER_BYTES} are read")


def _check(
    name: str,
    tensor: torch.Tensor,
    tensors: Mapping[str, torch.Tensor],
    field: str,
    layers: Mapping[str, Sides],
) -> None:
    """One side of a layer fits the model, and the other side is there and fits this one."""
    parts = _TENSOR.fullmatch(name)
    shown = f"{field}: the tensor {name[:120]!r}"
    if parts is None or f"{parts[1]}.{parts[2]}" not in layers:
        raise BadLora(f"{shown} belongs to no layer of this model")
    into, out = layers[f"{parts[1]}.{parts[2]}"]
    pair = [tensors.get(f"{parts[1]}.{parts[2]}.lora_{side}.weight") for side in "AB"]
    if pair[0] is None or pair[1] is None:
        raise BadLora(f"{shown} is alone; a layer has lora_A and lora_B")
    rank = pair[0].shape[0] if pair[0].ndim else 0
    if not 1 <= rank <= MOST_RANK:
        raise BadLora(f"{shown} has the rank {rank}; it may be 1 to {MOST_RANK}")
    expected = (rank, *into) if parts[3] == "A" else (out[0], rank, *out[1:])
    if tuple(tensor.shape) != expected:
        raise BadLora(f"{shown} has the shape {tuple(tensor.shape)}; this model has {expected}")
    if not tensor.is_floating_point() or not bool(torch.isfinite(tensor.float()).all()):
        raise BadLora(f"{shown} holds what is not a finite number")


class Wearer:
    """A pipeline, and the LoRAs that it wears: those of one prediction, and none of the last."""

    def __init__(self, pipeline: "StableDiffusionPipeline") -> None:
        self._pipeline = pipeline
        #: the digests it wears and their scales; None if a change was not finished
        self._worn: tuple[tuple[str, float], ...] | None = ()

    def wear(self, loras: Sequence[tuple[Lora, float]]) -> None:
        """Wear exactly these, each with its scale.

        Raises:
            RuntimeError: peft is not installed.
        """
        wanted = tuple((lora.digest, scale) for lora, scale in loras)
        if wanted == self._worn:
            return
        if loras:
            _need_peft()
        worn, self._worn = self._worn, None
        if worn is None or [digest for digest, _ in worn] != [lora.digest for lora, _ in loras]:
            self._change(loras, clean=worn == ())
        if loras:
            self._pipeline.set_adapters(_names(loras), [scale for _, scale in loras])
        self._worn = wanted

    def _change(self, loras: Sequence[tuple[Lora, float]], *, clean: bool) -> None:
        """Take off what is worn, unless it is nothing, and put these on."""
        if not clean:
            self._pipeline.unload_lora_weights()
        for name, (lora, _) in zip(_names(loras), loras, strict=True):
            tensors: dict[str, Any] = dict(lora.tensors)
            self._pipeline.load_lora_weights(tensors, adapter_name=name)


def _names(loras: Sequence[Any]) -> list[str]:
    return [f"lora_{number}" for number in range(len(loras))]


def _need_peft() -> None:
    """Without it diffusers would only say that a backend is missing."""
    if importlib.util.find_spec("peft") is None:
        raise RuntimeError("a LoRA needs peft: pip install peft where the model runs")
