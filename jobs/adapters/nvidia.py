"""The GPUs of this machine, as NVIDIA's own tool tells of them."""

import shutil
import subprocess
from dataclasses import dataclass

from jobs.core.errors import BadRequest

TIMEOUT_S = 20.0
FIELDS = ("index", "uuid", "name", "memory.total", "compute_mode")


@dataclass(frozen=True)
class Gpu:
    """One GPU; its `uuid` is what CUDA_VISIBLE_DEVICES understands whatever the order."""

    index: str
    uuid: str
    name: str
    memory: str
    compute_mode: str


def installed() -> bool:
    """Whether there is a driver whose tool can be asked."""
    return shutil.which("nvidia-smi") is not None


def gpus() -> list[Gpu]:
    """Every GPU of the machine, in the driver's order.

    Raises:
        BadRequest: there is no driver, or it does not answer.
    """
    tool = shutil.which("nvidia-smi")
    if tool is None:
        raise BadRequest(
            "no NVIDIA driver here: nvidia-smi is not on PATH;"
            " without --gpus one worker runs models on the CPU"
        )
    arguments = [tool, f"--query-gpu={','.join(FIELDS)}", "--format=csv,noheader"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            arguments, capture_output=True, text=True, timeout=TIMEOUT_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise BadRequest("nvidia-smi fails; run it to see why, and reload the driver") from error
    rows = (line.split(", ") for line in done.stdout.splitlines() if line.strip())
    return [Gpu(*(cell.strip() for cell in row)) for row in rows if len(row) == len(FIELDS)]


def chosen(which: str, among: list[Gpu], visible: str | None) -> list[Gpu]:
    """The GPUs that `which` names: "all", or indexes or UUIDs with commas between.

    Args:
        visible: CUDA_VISIBLE_DEVICES as this process has it; "all" means no more than these.

    Raises:
        BadRequest: one of them is not there, or none is.
    """
    wanted = which if which != "all" else visible
    if wanted is None:
        found = among
    else:
        found = [_one(name.strip(), among) for name in wanted.split(",") if name.strip()]
    if not found:
        raise BadRequest(
            "no GPU here that this process may use;"
            " without --gpus one worker runs models on the CPU",
            field="--gpus",
        )
    return found


def _one(name: str, among: list[Gpu]) -> Gpu:
    if name.startswith("MIG-"):  # a part of a GPU, which the list of GPUs does not have
        return Gpu(name, name, name, "", "")
    for gpu in among:
        if name in (gpu.index, gpu.uuid):
            return gpu
    known = ", ".join(gpu.index for gpu in among) or "none"
    raise BadRequest(f"there is no GPU {name!r} here; there are: {known}", field="--gpus")
