"""What a handler may raise to answer something else than "handled" or "failed"."""

from webhooks.errors import WebhookError


class Unsubscribe(WebhookError):
    """Nothing of this sender is wanted any more: it is told 410, and stops."""


class TryLater(WebhookError):
    """Not now: the sender is told 429, and how many seconds to wait."""

    def __init__(self, after_s: int = 60) -> None:
        super().__init__(f"try again in {after_s} s")
        self.after_s = after_s
