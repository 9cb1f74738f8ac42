"""What can go wrong with a webhook; no message ever holds a secret or a signature."""


class WebhookError(Exception):
    """Root of the tree."""


class ConfigurationError(WebhookError):
    """A secret or a setting cannot be used; mend it before anything is received."""


class VerificationError(WebhookError):
    """The message is not to be trusted, for one of the reasons below."""


class Missing(VerificationError):
    """A header that signing needs is not there."""


class Malformed(VerificationError):
    """A header is there but cannot be read."""


class Stale(VerificationError):
    """The timestamp is too old or too new; `age_s` is how old (negative: in the future)."""

    def __init__(self, age_s: int) -> None:
        super().__init__(
            f"the timestamp is {abs(age_s)} s {'old' if age_s > 0 else 'in the future'};"
            " compare this machine's clock with the sender's"
        )
        self.age_s = age_s


class Mismatch(VerificationError):
    """No signature fits any of our secrets."""


class Unreadable(WebhookError):
    """The message is genuine, but its body is not an event; sending it again will not help."""
