"""How long a thread waited for a core: what others do says nothing about a model's speed."""

WHERE = "/proc/thread-self/schedstat"


def waited_s() -> float:
    """For how long this thread was ready to run, so far, while others ran; 0 if nobody counts."""
    try:
        with open(WHERE, "rb") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
