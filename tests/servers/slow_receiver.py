"""The example receiver, made slow: what is sent stays in flight, and every arrival is noted."""

import os
import runpy
import time
from pathlib import Path

from flask import request

APP = Path(__file__).parents[2] / "examples" / "receiver" / "app.py"


def main() -> None:
    """Serve the example's application with a note and a pause before each request."""
    app = runpy.run_path(str(APP))["app"]

    @app.before_request
    def note() -> None:
        with open(os.environ["ARRIVED"], "a") as file:
            file.write(request.headers["webhook-id"] + "\n")
        time.sleep(float(os.environ["PAUSE_S"]))

    app.run(port=int(os.environ["PORT"]))


if __name__ == "__main__":
    main()
