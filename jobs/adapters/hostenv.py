"""What a model host may know of our environment, and what is its own."""

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from jobs.adapters import strays
from jobs.adapters.environments import Environment
from jobs.adapters.hostfolder import HostFolder
from jobs.host.privatetmp import SHARED

ALLOWED = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH",
    "HF_HOME", "HF_HUB_OFFLINE", "COG_WEIGHTS", "PYTHONPATH", "TORCHINDUCTOR_CACHE_DIR",
    "VIRTUAL_ENV",
)  # fmt: skip
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
#: A thread that waits for the others gives its core away. The usual way, to go round in circles,
#: makes a model some twenty times slower where anything else wants a core, our own server included.
WAITING = {"OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}


#: how an interpreter that knows nothing of this package finds the part of it that is the host
_BOOT = (
    "import sys, types; jobs = sys.modules['jobs'] = types.ModuleType('jobs');"
    " jobs.__path__ = [{path!r}]; from jobs.host.serve import main; main()"
)
_OURS = Path(__file__).parents[1]


def command(environment: Environment | None) -> list[str]:
    """What starts a host: with our own interpreter, or with that of its environment."""
    if environment is None:
        return [sys.executable, "-m", "jobs.host"]
    return [str(environment.python), "-c", _BOOT.format(path=str(_OURS))]


def private_tmp(
    own: HostFolder, known: Mapping[str, str], seen: Sequence[str] | None
) -> tuple[str, ...]:
    """What tells a host to take a /tmp of its own: the folder, and what it still sees of ours."""
    ours = tempfile.gettempdir()  # files come and go there
    if seen is None or SHARED in (ours, *seen):
        return ()
    named = (path for name in known for path in known[name].split(os.pathsep))
    everything = (ours, *seen, *named)
    below = {path for path in everything if os.path.realpath(path).startswith(f"{SHARED}/")}
    return (str(own.private_tmp), str(own.path), *sorted(below))


def variables(
    own: HostFolder, threads: int, environment: Environment | None = None
) -> dict[str, str]:
    """What a host may know of ours, and what is its own."""
    allowed = {name: os.environ[name] for name in ALLOWED if name in os.environ}
    if environment is not None:  # what would come before its own packages
        allowed.pop("PYTHONPATH", None)
        allowed["VIRTUAL_ENV"] = str(environment.folder)
        allowed["PATH"] = f"{environment.folder / 'bin'}{os.pathsep}{allowed.get('PATH', '')}"
    allowed |= dict.fromkeys(THREADS, str(threads))
    allowed |= {name: os.environ.get(name, usual) for name, usual in WAITING.items()}
    # compiled kernels outlive the host, so that the next one need not compile again
    allowed.setdefault("TORCHINDUCTOR_CACHE_DIR", str(own.path.parent.parent / "compiled"))
    return allowed | {"TMPDIR": str(own.tmp), strays.MARK: str(own.path)}
