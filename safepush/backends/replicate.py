"""A Replicate-compatible server: a test model to try on, a push command, and a second build."""

import time

from safepush import config as configuration
from safepush.answers import Version
from safepush.backends.base import Promotion, Say
from safepush.backends.cogpush import command
from safepush.backends.rolling import rolled
from safepush.backends.service import ReplicateClient
from safepush.config import Config, is_model
from safepush.errors import (
    BuiltOtherwise,
    BundleInvalid,
    ConfigInvalid,
    LiveMoved,
    NotFound,
    NotListed,
    Problem,
    SafePushError,
)
from safepush.replicatesettings import Replicate as Settings
from safepush.staging import Staged
from safepush.version import Bundle, read_bundle

#: how long a version that was pushed may not be there yet
LISTED_S = 60.0
POLL_S = 0.5
NOTES = (
    "not exercised: promotion of what was tested; such a server takes pushes alone, so the same "
    "files are built a second time to go live",
    "not exercised: the version's setup by itself; it runs with the first prediction",
    "not exercised: that nobody else makes a version live during the push; such a server cannot "
    "refuse it, and it is only looked at before and after",
)


class Replicate:
    """Tries a folder as a version of the test model, then pushes the folder to the model."""

    notes: tuple[str, ...] = NOTES

    def __init__(self, client: ReplicateClient, settings: Settings) -> None:
        self.client = client
        self._settings = settings

    def stage(self, bundle: Bundle, config: Config, *, say: Say) -> Staged:
        """Push to the test model, which is made if there is none."""
        model = test_model(config)
        live = self.client.latest(config.model)
        self.client.ensure(model, config.peer.test_hardware)
        pushed = self._pushed(bundle, config, model, say)
        version = self.client.wait_ready(model, pushed, limit_s=config.setup_timeout_s)
        return Staged(version=version, live=live, model=model)

    def twin(self, bundle: Bundle, config: Config, staged: Staged) -> Version | None:
        """Another build would take minutes, and the server may well use one process for both."""
        return None

    def promote(self, bundle: Bundle, config: Config, staged: Staged, *, say: Say) -> Promotion:
        """Push the same files to the model; what was built is told apart from what was tested.

        Raises:
            LiveMoved: another version went live since the push began.
            BundleInvalid: the folder is no longer what was tested.
        """
        tested = staged.version
        live = self.client.alias(config.model, "live")
        if live == tested.id:
            return Promotion(tested.id)
        if live != staged.live_before:
            raise LiveMoved(config.model, tested.id, staged.live_before)
        if read_bundle(bundle.folder).id != bundle.id:
            raise BundleInvalid(str(bundle.folder), "changed during the checks; run it again")
        self.client.ensure(config.model, config.peer.test_hardware)
        version = self._pushed(bundle, config, config.model, say)
        return self._live(config, tested, version)

    def _live(self, config: Config, tested: Version, version: Version) -> Promotion:
        """What there is to say of the version that the second build made."""
        told: list[str] = []
        wrong: SafePushError | None = None
        if tested.schema == version.schema:
            told.append(_built_again(tested, version))
        else:
            wrong = BuiltOtherwise(config.model, tested.id, version.id)
        if self.client.alias(config.model, "live") != version.id:
            told.append(f"another version than {version.id[:12]} is live by now")
        missing = "this server has none"
        deployed, failed = rolled(self.client.deploy, config, version.id, missing=missing)
        return Promotion(version.id, (*told, *deployed), wrong or failed)

    def _pushed(self, bundle: Bundle, config: Config, model: str, say: Say) -> Version:
        """The version that the push command made of a folder."""
        before = self.client.newest(model)
        wanted = command(self._settings, config.peer, model, bundle.folder)
        say(f"pushing {bundle.folder} to {model}: {' '.join(wanted.words)}")
        printed = wanted.run(config.setup_timeout_s, say)
        until = time.monotonic() + LISTED_S
        while (found := self._listed(model, printed, before)) is None:
            if time.monotonic() >= until:
                raise NotListed(model, printed)
            time.sleep(POLL_S)
        return found

    def _listed(
        self, model: str, printed: tuple[str, ...], before: tuple[str, ...]
    ) -> Version | None:
        """That of the printed digests which is a version; the one new version where none was."""
        for digest in printed:
            try:
                return self.client.version(model, digest)
            except NotFound:
                continue
        new = [] if printed else [one for one in self.client.newest(model) if one not in before]
        # of two, one is somebody else's
        return self.client.version(model, new[0]) if len(new) == 1 else None


def test_model(config: Config) -> str:
    """Where a candidate is tried: the configuration's `test_model`, or the model's name and -test.

    Raises:
        ConfigInvalid: it is no other model.
    """
    found = config.peer.test_model or f"{config.model}-test"
    if not is_model(found):
        raise ConfigInvalid("test_model", [Problem("", configuration.MODEL_FORM)])
    if found == config.model:
        told = "must be another model than `model`: whatever is pushed there is live there"
        raise ConfigInvalid("test_model", [Problem("", told)])
    return found


def _built_again(tested: Version, built: Version) -> str:
    """What may be said of a version that was made of the same files once more."""
    if tested.id == built.id:
        return "the second build gave the same digest: what is live is what was tested"
    return (
        f"what is live is {built.id[:12]}, built again from the same files and with the same "
        f"schema; what was tested is {tested.id[:12]}"
    )
