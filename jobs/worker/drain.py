"""How a process that was told to end comes to its end: nothing new, then nothing at all."""

import threading


class Drain:
    """`ending`: take nothing new. `hurry`: hand back what is not done yet."""

    def __init__(self) -> None:
        self.ending = threading.Event()
        self.hurry = threading.Event()

    def begin(self, grace_s: float) -> None:
        """What is under way has so long to be done; told twice, it goes on as before."""
        if self.ending.is_set():
            return
        self.ending.set()
        timer = threading.Timer(grace_s, self.hurry.set)
        timer.daemon = True
        timer.start()
