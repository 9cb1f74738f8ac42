"""`make demo`: start everything, draw 100 digits, verify the webhook, judge the pictures.

All that it makes is in demo/: the server's data, results, gallery.html and gallery.png.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx
from gallery import Drawn, write_page, write_sheet
from judge import Judge
from manifest import wishes
from PIL import Image

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "demo"
BIN = Path(sys.executable).parent
MODEL = "demo/digits"
ENOUGH = 0.95
T = TypeVar("T")


def main() -> None:
    """Run the demo; exit 1 if the pictures are not what was asked for."""
    began = time.monotonic()
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    port, hook_port = free_port(), free_port()
    os.environ |= {
        "PENSTOCK_DATA": str(DEMO / "data"),
        "PENSTOCK_URL": f"http://127.0.0.1:{port}",
        "RECEIVED": str(DEMO / "received.jsonl"),
        "PORT": str(hook_port),
    }
    say("1. penstock up")
    with running("penstock", "up", "--port", str(port)):
        wait_for(lambda: listens(port), "the server")
        os.environ["PENSTOCK_TOKEN"] = (DEMO / "data" / "token").read_text().strip()
        os.environ["PENSTOCK_WEBHOOK_SECRET"] = told("webhooks", "secret")
        say("2. the example receiver (examples/receiver/app.py)")
        with running("python", str(ROOT / "examples" / "receiver" / "app.py")):
            wait_for(lambda: listens(hook_port), "the receiver")
            shown = demonstrate(f"http://127.0.0.1:{hook_port}/hook")
    right = sum(one.right for one in shown)
    say(f"total {time.monotonic() - began:.1f} s")
    if right < ENOUGH * len(shown):
        sys.exit(f"only {right} of {len(shown)} pictures show what was asked for")


def demonstrate(hook: str) -> list[Drawn]:
    """Push, submit, watch, receive, look."""
    say("3. penstock push examples/models/digits demo/digits")
    penstock("push", str(ROOT / "examples" / "models" / "digits"), MODEL)
    manifest = DEMO / "manifest.jsonl"
    manifest.write_text("".join(json.dumps(wish.row) + "\n" for wish in wishes()))
    say(f"4. penstock batch submit {MODEL} demo/manifest.jsonl --watch")
    batch = json.loads(
        told("batch", "submit", MODEL, str(manifest), "--webhook", hook, "--watch", "--json")
    )
    say(f"   {batch['request_counts']['completed']} of {batch['request_counts']['total']} rows")
    say("5. the webhook that the receiver verified")
    event = wait_for(lambda: event_of("batch.completed"), "the webhook")
    data = event["data"]
    say(f"   {event['type']} at {event['timestamp']}, event {event['sequence']} of {data['id']}")
    say(f"   status {data['status']}, request_counts {data['request_counts']}")
    say("6. results and gallery")
    penstock("batch", "results", batch["id"], "--output", str(DEMO / "results"))
    return exhibit(drawn())


def drawn() -> Iterator[Drawn]:
    """Each picture, fetched and judged, in the order of the manifest."""
    folder = DEMO / "pictures"
    folder.mkdir()
    judge = Judge()
    asked = {wish.custom_id: wish for wish in wishes()}
    rows = (DEMO / "results" / "output.jsonl").read_text().splitlines()
    with httpx.Client(headers={"Authorization": f"Bearer {os.environ['PENSTOCK_TOKEN']}"}) as http:
        for row in map(json.loads, rows):
            wish = asked[row["custom_id"]]
            file = folder / f"{wish.custom_id}.png"
            answer = http.get(row["response"]["body"]["output"][0])
            file.write_bytes(answer.raise_for_status().content)
            with Image.open(file) as picture:
                seen = judge.see(picture)
            yield Drawn(file, wish.prompt, seen == (wish.digit, wish.colour))


def exhibit(pictures: Iterator[Drawn]) -> list[Drawn]:
    """Write the gallery."""
    shown = list(pictures)
    right = sum(one.right for one in shown)
    summary = f"{right} of {len(shown)} pictures show the digit and the colour asked for."
    write_page(DEMO / "gallery.html", "Penstock: 100 digits", summary, shown)
    write_sheet(DEMO / "gallery.png", shown)
    say(f"   {summary}")
    say("   demo/gallery.html, demo/gallery.png, demo/results/")
    return shown


def event_of(type: str) -> dict | None:
    """The first verified event of a type, once the receiver has written it."""
    file = Path(os.environ["RECEIVED"])
    lines = file.read_text().splitlines() if file.exists() else []
    return next((event for event in map(json.loads, lines) if event["type"] == type), None)


def penstock(*words: str) -> None:
    """A command to its end; what it says is seen."""
    subprocess.run([BIN / "penstock", *words], check=True)


def told(*words: str) -> str:
    """What a command prints."""
    done = subprocess.run([BIN / "penstock", *words], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


@contextmanager
def running(program: str, *words: str) -> Iterator[None]:
    """A process for as long as the block lasts; its words go to a file in demo/."""
    with (DEMO / f"{Path(words[0]).stem}.log").open("wb") as log:
        process = subprocess.Popen([BIN / program, *words], stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(what: Callable[[], T], name: str, seconds: float = 60.0) -> T:
    """What it answers once that is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := what():
            return answer
        time.sleep(0.05)
    sys.exit(f"{name} did not show within {seconds:.0f} s; see the logs in {DEMO}")


def say(text: str) -> None:
    """To the reader, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
