"""A stand-in for `cog push`: a folder as a version of a server that speaks as Replicate does.

It is run as `python cog.py push REGISTRY/OWNER/NAME [flags]` in the model's folder. As there, what
is pushed is live at once. STAMP_BUILDS makes each build another one, as builds of images may be.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from safepush.client import Client
from safepush.connection import replicate_connection
from safepush.version import read_bundle


def push(folder: Path, model: str, environ: Mapping[str, str]) -> str:
    """Upload, wait, make live; the digest."""
    with Client(replicate_connection(environ)) as client:
        version = client.push_files(read_bundle(folder), model)
        done = client.wait_ready(model, version, limit_s=120)
        if done.state != "ready":
            sys.exit(f"the build failed: {done.error}")
        client.set_alias(model, "live", done.id)
        return done.id


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Print what `docker push` prints last."""
    word, image, *flags = sys.argv[1:]
    if word != "push" or not image.startswith("r8.im/"):
        sys.exit(f"unknown: {word} {image}")
    _say(" ".join(("[+] Building", *flags)))
    _say(f"#7 sha256:{'0' * 64} 3.2MB / 3.2MB done")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "model")
        shutil.copytree(Path.cwd(), folder)
        if os.environ.get("STAMP_BUILDS"):
            (folder / "built.txt").write_text(str(time.time_ns()))
        digest = push(folder, image.removeprefix("r8.im/"), os.environ)
    _say(f"latest: digest: sha256:{digest} size: 4102")


if __name__ == "__main__":
    main()
