"""What a model host may know of our environment, and what is its own."""

import os

from jobs.adapters import strays
from jobs.adapters.hostfolder import HostFolder

ALLOWED = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH",
    "HF_HOME", "HF_HUB_OFFLINE", "COG_WEIGHTS", "PYTHONPATH", "TORCHINDUCTOR_CACHE_DIR",
    "VIRTUAL_ENV",
)  # fmt: skip
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
#: A thread that waits for the others gives its core away. The usual way, to go round in circles,
#: makes a model some twenty times slower where anything else wants a core, our own server included.
WAITING = {"OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}


def environment(own: HostFolder, threads: int) -> dict[str, str]:
    """What a host may know of ours, and what is its own."""
    allowed = {name: os.environ[name] for name in ALLOWED if name in os.environ}
    allowed |= dict.fromkeys(THREADS, str(threads))
    allowed |= {name: os.environ.get(name, usual) for name, usual in WAITING.items()}
    # compiled kernels outlive the host, so that the next one need not compile again
    allowed.setdefault("TORCHINDUCTOR_CACHE_DIR", str(own.path.parent.parent / "compiled"))
    return allowed | {"TMPDIR": str(own.tmp), strays.MARK: str(own.path)}
