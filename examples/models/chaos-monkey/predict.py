"""A model that does what it is told, good or bad: for trying what a failure does."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time

from cog import BasePredictor, Input, Path


def fail():
    raise ValueError("this row was asked to fail")


def sys_exit():
    sys.exit(3)


def recurse():
    recurse()


def memory():
    bytearray(2**60)


def crash():
    os._exit(1)


def segfault():
    ctypes.string_at(0)


def killed():
    """What the kernel does to the largest process when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def hang():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(3600)


def hang_native():
    """Native code that holds the interpreter's lock: no Python thread of this process runs on."""
    ctypes.PyDLL(None).sleep(3600)


def bad_output():
    return {"not": "a string"}


def not_json():
    return {1, 2}


def half_text():
    return "\ud83d"


def no_file():
    return Path("nowhere.png")


def unspeakable():
    """An error that cannot even be printed."""

    class Unspeakable(Exception):
        def __str__(self):
            raise RuntimeError

    raise Unspeakable


def leak_file():
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write("left behind")


def leak_process():
    subprocess.Popen(["sleep", "86400"], start_new_session=True)


def come_back_twice():
    os.fork()


def shout():
    line = b"x" * 99 + b"\n"
    for _ in range(1000):
        os.write(1, line * 1000)


def close_output():
    sys.stdout.close()
    os.close(1)
    os.close(2)


def garble_output():
    os.write(1, bytes(range(256)))


DEEDS = {
    "succeed": lambda: None,
    # these end in an error row
    "fail": fail,
    "sys_exit": sys_exit,
    "recurse": recurse,
    "memory": memory,
    "crash": crash,
    "segfault": segfault,
    "killed": killed,
    "hang": hang,
    "hang_native": hang_native,
    "bad_output": bad_output,
    "not_json": not_json,
    "half_text": half_text,
    "no_file": no_file,
    "unspeakable": unspeakable,
    # these are bad manners, but the row has its answer
    "leak_file": leak_file,
    "leak_process": leak_process,
    "come_back_twice": come_back_twice,
    "shout": shout,
    "close_output": close_output,
    "garble_output": garble_output,
}


class Predictor(BasePredictor):
    """Does one of the deeds above."""

    def predict(
        self,
        do: str = Input(description="What to do.", default="succeed", choices=list(DEEDS.keys())),
        seconds: float = Input(description="How long to sleep first.", default=0.0, ge=0, le=3600),
        text: str = Input(description="What to answer.", default="done"),
    ) -> str:
        """Do it; bad deeds never come to the answer."""
        time.sleep(seconds)
        given = DEEDS[do]()
        return text if given is None else given


class Together(Predictor):
    """The same, with a forward pass that many rows share."""

    def predict_batch(self, inputs: list[dict]) -> list[str]:
        """Answer them all, or fail them all."""
        return [self.predict(**given) for given in inputs]
