"""Makes live exactly the digest that passed, and refuses if live has moved since; one step back."""

from dataclasses import dataclass

from safepush.client import Client
from safepush.errors import Conflict, LiveMoved, NoStepBack
from safepush.staging import Staged


@dataclass(frozen=True)
class Step:
    """One step back: the digest that is live now, and the one that was."""

    model: str
    live: str
    live_before: str


def promote(client: Client, model: str, staged: Staged) -> None:
    """Point `live` at the staged version.

    Raises:
        LiveMoved: another version went live since the push began.
    """
    version = staged.version.id
    if client.alias(model, "live") == version:
        # live already, or made so by a push of the same folder a moment ago; a second entry of
        # the same version would make one step back lead nowhere
        return
    try:
        client.move_alias(model, "live", version, expected=staged.live_before)
    except Conflict as exc:
        live = client.alias(model, "live")
        if live == version:
            return
        if live == staged.live_before:
            raise  # the server has another reason, and says it
        raise LiveMoved(model, version, staged.live_before) from exc


def rollback(client: Client, model: str) -> Step:
    """Point `live` at what it named before.

    Raises:
        NoStepBack: it never named anything else, or that version is gone.
    """
    try:
        live, before = client.step_back(model, "live")
    except Conflict as exc:
        raise NoStepBack(model, exc.detail) from exc
    return Step(model, live, before)
