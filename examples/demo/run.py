"""`make demo`: start everything, draw 100 digits, verify the webhook, judge the pictures.

All that it makes is in demo/, or in the folder that is named: the server's data, results,
gallery.html and gallery.png.
"""

import json
import os
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from gallery import Drawn, write_page, write_sheet
from manifest import wishes
from PIL import Image
from processes import BIN, Failed, claimed, free_port, listens, penstock, running, told, wait_for

ROOT = Path(__file__).parents[2]
DEMO = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else ROOT / "demo"
MODEL = "demo/digits"
FOLDER = "examples/models/digits"
STEPS = 6
ENOUGH = 0.95
NEXT = """
What next, with this demo's server and model:
  export PENSTOCK_DATA={demo}/data PATH="$PWD/{bin}:$PATH"
  penstock up &                                       # the same server again
  penstock predict {model} -i prompt="a red seven"    # one picture
  safepush {folder}                    # the gate: push, check, promote or refuse
  head -3 {demo}/manifest.jsonl {demo}/results/output.jsonl
"""


def main() -> None:
    """Run the demo; exit 1 if it fails, or if the pictures are not what was asked for."""
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that nothing is left running
    try:
        with claimed(DEMO):
            right, asked = demonstrate()
    except Failed as failure:
        sys.exit(f"demo: {failure}")
    except KeyboardInterrupt:
        sys.exit("demo: interrupted; everything it started was stopped")
    if right < ENOUGH * asked:
        sys.exit(f"demo: only {right} of {asked} pictures show what was asked for")
    say(NEXT.format(bin=shown(BIN), demo=shown(DEMO), model=MODEL, folder=FOLDER))


def demonstrate() -> tuple[int, int]:
    """The six steps; how many pictures are right, and how many there are."""
    began = time.monotonic()
    clear(DEMO)
    port, hook_port = free_port(), free_port()
    prepare_environment(port, hook_port)
    say("From a manifest of 100 wishes to pictures and a verified webhook.")
    say(f"All that it makes goes to {shown(DEMO)}/.\n")
    with step(1, "Start the server", f"penstock up --port {port}"):
        server = running(DEMO / "server.log", "penstock", "up", "--port", str(port))
    with server as alive:
        wait_for(lambda: listens(port), "the server", alive)
        os.environ["PENSTOCK_TOKEN"] = (DEMO / "data" / "token").read_text().strip()
        os.environ["PENSTOCK_WEBHOOK_SECRET"] = told("webhooks", "secret")
        with step(2, "Start a webhook receiver", "python examples/receiver/app.py"):
            receiver = running(DEMO / "receiver.log", "python", "examples/receiver/app.py")
        with receiver as alive:
            wait_for(lambda: listens(hook_port), "the receiver", alive)
            pictures = show(f"http://127.0.0.1:{hook_port}/hook")
    say(f"\nAll of it took {time.monotonic() - began:.1f} s.")
    return sum(one.right for one in pictures), len(pictures)


def show(hook: str) -> list[Drawn]:
    """Push, submit, watch, receive, look."""
    with step(3, "Push a model: a Cog folder becomes a version", f"penstock push {FOLDER} {MODEL}"):
        penstock("push", FOLDER, MODEL)
    manifest = DEMO / "manifest.jsonl"
    manifest.write_text("".join(json.dumps(wish.row) + "\n" for wish in wishes()))
    words = ["batch", "submit", MODEL, shown(manifest), "--webhook", hook, "--watch"]
    with step(4, "Submit a batch: 100 rows, drawn many at a time", shlex.join(["penstock", *words])):
        batch = json.loads(told(*words, "--json"))
        say_counts(batch)
    with step(5, "The webhook, as the receiver got it and checked its signature"):
        say_event(wait_for(lambda: event_of("batch.completed"), "the webhook"))
    with step(6, "The results, and a judge that never saw the model"):
        penstock("batch", "results", batch["id"], "--output", shown(DEMO / "results"))
        return exhibit(batch)


def prepare_environment(port: int, hook_port: int) -> None:
    """What the commands below go by."""
    os.environ |= {
        "PENSTOCK_DATA": str(DEMO / "data"),
        "PENSTOCK_URL": f"http://127.0.0.1:{port}",
        "RECEIVED": str(DEMO / "received.jsonl"),
        "PORT": str(hook_port),
    }


def clear(folder: Path) -> None:
    """Remove what an earlier run left, but for the lock."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != ".lock":
            path.unlink()


@contextmanager
def step(number: int, title: str, command: str = "") -> Iterator[None]:
    """Say what comes now, the command a reader would type, and how long it took."""
    say(f"{number}/{STEPS}  {title}")
    if command:
        say(f"     $ {command}")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 1:
        say(f"     ({took:.1f} s)")


def say_counts(batch: dict) -> None:
    """How the batch went."""
    counts = batch["request_counts"]
    took = batch["completed_at"] - batch["created_at"]
    say(f"     {counts['completed']} of {counts['total']} rows done, {counts['failed']} failed;")
    say(f"     batch {batch['id']} took about {took} s from submit to completed")


def say_event(event: dict) -> None:
    """What the webhook said."""
    data, counts = event["data"], event["data"]["request_counts"]
    say(f"     {event['type']}  {event['timestamp']}")
    say(f"     event {event['sequence']} of {data['id']}: {data['status']},")
    say(f"     {counts['completed']} completed, {counts['failed']} failed")
    say(f"     all of it is in {shown(DEMO / 'received.jsonl')}")


def event_of(type: str) -> dict | None:
    """The first verified event of a type, once the receiver has written it."""
    file = Path(os.environ["RECEIVED"])
    lines = file.read_text().splitlines() if file.exists() else []
    return next((event for event in map(json.loads, lines) if event["type"] == type), None)


def exhibit(batch: dict) -> list[Drawn]:
    """Fetch and judge the pictures, and write the gallery."""
    pictures = list(drawn())
    right = sum(one.right for one in pictures)
    summary = f"{right} of {len(pictures)} pictures show the digit and the colour asked for"
    facts = f"Model {MODEL}, version {batch['version'][:12]}. {batch['id']}."
    write_page(DEMO / "gallery.html", "Penstock: 100 digits", f"{summary}. {facts}", pictures)
    write_sheet(DEMO / "gallery.png", pictures)
    say(f"     {summary}:")
    say(f"     {shown(DEMO / 'gallery.html')}")
    say(f"     {shown(DEMO / 'gallery.png')}")
    return pictures


def drawn() -> Iterator[Drawn]:
    """Each picture, fetched and judged, in the order of the manifest."""
    # it learns from scikit-learn, which takes a second to import: not before anything is begun
    from judge import Judge

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


def shown(path: Path) -> str:
    """A path as it is typed from here."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def say(text: str) -> None:
    """To the reader, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
