"""Where a candidate is staged and promoted: a Penstock server, or a Replicate-compatible one."""

from collections.abc import Mapping

from safepush.backends.base import Backend
from safepush.backends.penstock import Penstock
from safepush.backends.replicate import Replicate
from safepush.backends.service import ReplicateClient
from safepush.client import Client
from safepush.config import Config
from safepush.connection import connection, replicate_connection
from safepush.replicatesettings import Replicate as Settings

__all__ = ["Backend", "chosen", "client"]


def client(settings: Settings | None, environ: Mapping[str, str]) -> Client:
    """The door to the server that the environment names; `settings` where it is Replicate's kind.

    Raises:
        ConfigInvalid: its address or the token cannot be used.
    """
    if settings is None:
        return Client(connection(environ))
    return ReplicateClient(replicate_connection(environ), settings.files)


def chosen(config: Config, environ: Mapping[str, str]) -> Backend:
    """The back end of a configuration.

    Raises:
        ConfigInvalid: the server's address or the token cannot be used.
    """
    if config.replicate is None:
        return Penstock(Client(connection(environ)))
    return Replicate(
        ReplicateClient(replicate_connection(environ), config.replicate.files), config.replicate
    )
