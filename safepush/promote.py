"""Makes live exactly the digest that passed, and refuses if live has moved since."""

from safepush.client import Client
from safepush.errors import Conflict, LiveMoved
from safepush.staging import Staged


def promote(client: Client, model: str, staged: Staged) -> None:
    """Point `live` at the staged version.

    Raises:
        LiveMoved: another version went live since the push began.
    """
    version = staged.version.id
    if version == staged.live_before == client.alias(model, "live"):
        # a second entry of the same version would make one step back lead nowhere
        return
    try:
        client.move_alias(model, "live", version, expected=staged.live_before)
    except Conflict as exc:
        if client.alias(model, "live") == staged.live_before:
            raise  # the server has another reason, and says it
        raise LiveMoved(model, version, staged.live_before) from exc
