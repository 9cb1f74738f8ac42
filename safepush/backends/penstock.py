"""Our own server: the version that was tested is the one that goes live, by a move of an alias."""

from safepush import promote, staging
from safepush.backends.base import Promotion, Say
from safepush.client import Client
from safepush.config import Config
from safepush.staging import Staged
from safepush.version import Bundle


class Penstock:
    """Versions are digests of files; `staging` and `live` are aliases."""

    notes: tuple[str, ...] = ()

    def __init__(self, client: Client) -> None:
        self.client = client

    def stage(self, bundle: Bundle, config: Config, *, say: Say) -> Staged:
        """Send what the server lacks, wait, and point `staging` at it."""
        return staging.stage(self.client, bundle, config, say=say)

    def promote(self, bundle: Bundle, config: Config, staged: Staged, *, say: Say) -> Promotion:
        """Point `live` at exactly the digest that was tested."""
        promote.promote(self.client, config.model, staged)
        return Promotion(staged.version.id)
