"""The command that builds and pushes an image, as a process: what it prints, and how it ends."""

import contextlib
import os
import re
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from safepush.errors import ConfigInvalid, Problem, PushCommandFailed
from safepush.peer import Peer
from safepush.plain import plain
from safepush.replicatesettings import Replicate

DIGEST = re.compile(r"\bsha256:([0-9a-f]{64})\b")
#: a build prints those of its layers too; that of the image comes at the end
MAX_DIGESTS = 20
TAIL_LINES = 20
#: a build has no use for it
HELD_BACK = ("ANTHROPIC_API_KEY",)


@dataclass(frozen=True)
class PushCommand:
    """One image's push; `words` are the whole command."""

    words: tuple[str, ...]
    folder: Path

    def run(self, limit_s: float, say: Callable[[str], None]) -> tuple[str, ...]:
        """The digests that it printed, the last one first.

        Raises:
            ConfigInvalid: there is no such command.
            PushCommandFailed: it failed, or had no end within `limit_s`.
        """
        process = self._started()
        is_late = threading.Event()
        timer = threading.Timer(limit_s, _end_late, [process, is_late])
        timer.start()
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        digests: deque[str] = deque(maxlen=MAX_DIGESTS)
        try:
            assert process.stdout is not None  # noqa: S101 (it is a pipe)
            for line in process.stdout:
                told = plain(line.rstrip("\n"), 300)
                tail.append(told)
                digests.extend(DIGEST.findall(line))
                say(told)
            status = process.wait()
        finally:
            timer.cancel()
            _end(process)
            process.stdout.close() if process.stdout is not None else None
        if is_late.is_set() or status:
            late = f"had no end within {limit_s:g} s"
            reason = late if is_late.is_set() else f"ended with {status}"
            raise PushCommandFailed(self.words[0], reason, tuple(tail))
        return tuple(dict.fromkeys(reversed(digests)))

    def _started(self) -> "subprocess.Popen[str]":
        environment = {name: one for name, one in os.environ.items() if name not in HELD_BACK}
        try:
            return subprocess.Popen(  # noqa: S603 - the command that the configuration names
                self.words,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        except OSError as exc:
            told = f"{plain(self.words[0])} cannot be run ({exc.strerror}); install it, or name"
            way_out = "another with --push-command or `replicate.push`"
            raise ConfigInvalid("", [Problem("", f"{told} {way_out}")]) from exc


def command(settings: Replicate, peer: Peer, model: str, folder: Path) -> PushCommand:
    """The push of a folder to a model, with the flags that cog-safe-push would give."""
    flags: Sequence[str] = (
        *(("--x-fast",) if peer.fast_push else ()),
        *(() if peer.use_cog_base_image else ("--use-cog-base-image=false",)),
        *((f"--dockerfile={peer.dockerfile}",) if peer.dockerfile else ()),
    )
    image = f"{settings.registry}/{model}" if settings.registry else model
    return PushCommand((*settings.push, image, *flags), folder)


def _end_late(process: "subprocess.Popen[str]", is_late: threading.Event) -> None:
    """End what had its time; said before the kill, which whoever reads the pipe sees at once."""
    is_late.set()
    _kill(process)


def _end(process: "subprocess.Popen[str]") -> None:
    """End it and what it started, if it has no end yet."""
    if process.poll() is None:
        _kill(process)
        process.wait()


def _kill(process: "subprocess.Popen[str]") -> None:
    """Kill the group: a child may hold the pipe when the command itself is over."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
