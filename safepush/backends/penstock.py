"""Our own server: the version that was tested is the one that goes live, by a move of an alias."""

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

from safepush import promote, staging
from safepush.answers import Version
from safepush.backends.base import Promotion, Say
from safepush.backends.rolling import rolled
from safepush.client import Client
from safepush.config import Config
from safepush.staging import Staged
from safepush.version import Bundle, File

#: in a folder that is never part of a version of its own
MARK_PATH = ".cog/safepush/twin"
MARK = b"The same model, for a process of its own.\n"


def _path(file: File) -> bytes:
    return file.path.encode()


class Penstock:
    """Versions are digests of files; `staging` and `live` are aliases."""

    notes: tuple[str, ...] = ()

    def __init__(self, client: Client) -> None:
        self.client = client

    def stage(self, bundle: Bundle, config: Config, *, say: Say) -> Staged:
        """Send what the server lacks, wait, and point `staging` at it."""
        return staging.stage(self.client, bundle, config, say=say)

    def twin(self, bundle: Bundle, config: Config, staged: Staged) -> Version | None:
        """The same files and one more that nobody reads: another digest, so another process."""
        with tempfile.TemporaryDirectory() as folder:
            mark = Path(folder, "twin")
            mark.write_bytes(MARK)
            digest = hashlib.sha256(MARK).hexdigest()
            one = File(MARK_PATH, mark, digest, len(MARK), executable=False)
            twin = Bundle(bundle.folder, tuple(sorted((*bundle.files, one), key=_path)))
            pushed = self.client.push_files(twin, staged.model)
        version = self.client.wait_ready(staged.model, pushed, limit_s=config.setup_timeout_s)
        return version if version.state == "ready" else None

    def promote(self, bundle: Bundle, config: Config, staged: Staged, *, say: Say) -> Promotion:
        """Point `live`, and the deployment if one is named, at the digest that was tested."""
        live = staged.version.id
        promote.promote(self.client, config.model, staged)
        missing = f"`penstock deployments create NAME {config.model}` makes it"
        told, wrong = rolled(self._deploy, config, live, missing=missing)
        return Promotion(live, told, wrong)

    def _deploy(self, deployment: Mapping[str, str], model: str, version: str) -> bool:
        """On what workers, and how many, is for who makes it to say."""
        return self.client.roll(deployment["owner"], deployment["name"], version)
