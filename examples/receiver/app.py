"""A receiver in one file: verified events go to a file, one JSON line each."""

import json
import os

from flask import Flask

from webhooks.receiver import Receiver

app = Flask(__name__)
receiver = Receiver([os.environ["PENSTOCK_WEBHOOK_SECRET"]])
receiver.init_app(app, "/hook")


@receiver.on("*")
def keep(event):
    """Append the event; it is verified, and handed over once."""
    with open(os.environ.get("RECEIVED", "received.jsonl"), "a") as file:
        file.write(json.dumps(event.content) + "\n")


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "5055")))
