"""Asks a server for single predictions over connections that stay open: `python calls.py URL …`.

It prints two numbers: the median milliseconds from request to result of one client that asks one
after the other, and how many predictions a second so many clients get together. A refusal for want
of a free slot (409) is asked again at once and counts as waiting.
"""

import http.client
import json
import sys
import threading
import time
from urllib.parse import urlsplit


def client(url: str, headers: dict[str, str], body: bytes, wanted: str, end: float) -> list[float]:
    """Seconds of every prediction until `end`."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=60)
    found = []
    while (began := time.perf_counter()) < end:
        status = 409
        while status == 409:
            connection.request("POST", place.path, body, headers)
            answer = connection.getresponse()
            status, told = answer.status, answer.read()
        assert status in (200, 201), told
        assert json.loads(told)["output"] == wanted, told
        found.append(time.perf_counter() - began)
    return found


def several(clients: int, seconds: float, *asked: object) -> list[float]:
    """Seconds of every prediction of all clients."""
    found: list[float] = []
    end = time.perf_counter() + seconds

    def run() -> None:
        found.extend(client(*asked, end))  # type: ignore[arg-type]

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def main() -> None:
    """URL, headers as JSON, body, what its output is to be, clients, seconds."""
    url, headers, body, wanted, clients, seconds = sys.argv[1:]
    asked = (url, json.loads(headers), body.encode(), wanted)
    several(1, 0.5, *asked)
    alone = sorted(several(1, float(seconds), *asked))
    together = several(int(clients), float(seconds), *asked)
    print(alone[len(alone) // 2] * 1e3, len(together) / float(seconds))


if __name__ == "__main__":
    main()
