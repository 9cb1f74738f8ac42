"""From a folder to a version on staging that has settled: pushed, prepared, ready or failed."""

from collections.abc import Callable
from dataclasses import dataclass

from safepush.answers import Version
from safepush.client import Client
from safepush.config import Config
from safepush.version import Bundle

ALIAS = "staging"


@dataclass(frozen=True, kw_only=True)
class Staged:
    """The candidate as the server has it, and what was live before it came."""

    version: Version
    live: Version | None
    #: where it is
    model: str

    @property
    def live_before(self) -> str | None:
        """The digest that was live."""
        return None if self.live is None else self.live.id


def stage(client: Client, bundle: Bundle, config: Config, *, say: Callable[[str], None]) -> Staged:
    """Push the bundle, wait until it is settled, and point `staging` at it if it is ready."""
    live_before = client.alias(config.model, "live")
    live = None if live_before is None else client.version(config.model, live_before)
    size_mb = sum(file.size_bytes for file in bundle.files) / 1e6
    say(f"pushing {len(bundle.files)} files ({size_mb:.1f} MB) to {config.model}")
    pushed = client.push_files(bundle, config.model)
    say(f"waiting for version {pushed.id[:12]} to be ready")
    version = client.wait_ready(config.model, pushed, limit_s=config.setup_timeout_s, say=say)
    if version.state == "ready":
        client.set_alias(config.model, ALIAS, version.id)
    return Staged(version=version, live=live, model=config.model)
