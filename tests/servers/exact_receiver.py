"""A receiver that remembers ids in a file, and notes what came, what was handled and answered.

It takes a while over each message, so that there is time to do something to whoever sent it.
"""

import hashlib
import os
import time
from pathlib import Path

from flask import Flask, Response, request

from webhooks.message import Event
from webhooks.receiver import Receiver
from webhooks.replay import SQLiteReplay

FOLDER = Path(os.environ["FOLDER"])


def note(name: str, *words: object) -> None:
    """One line, in one write."""
    with (FOLDER / name).open("a") as file:
        file.write(" ".join(map(str, words)) + "\n")


def main() -> None:
    """Serve until killed."""
    app = Flask(__name__)
    replay = SQLiteReplay(FOLDER / "seen.db")
    receiver = Receiver([os.environ["PENSTOCK_WEBHOOK_SECRET"]], replay=replay)
    pause_s = float(os.environ["PAUSE_S"])

    @app.before_request
    def came() -> None:
        digest = hashlib.sha256(request.get_data()).hexdigest()
        note("came", request.headers["webhook-id"], digest)
        time.sleep(pause_s)

    @receiver.on("*")
    def handle(event: Event) -> None:
        note("handled", event.id, event.data["id"], event.sequence)

    @app.after_request
    def answered(response: Response) -> Response:
        id, status = request.headers["webhook-id"], response.status_code
        # once the last byte of it has been handed to the socket
        response.call_on_close(lambda: note("answered", id, status, time.time()))
        return response

    receiver.init_app(app, "/hook")
    app.run(port=int(os.environ["PORT"]), threaded=True)


if __name__ == "__main__":
    main()
