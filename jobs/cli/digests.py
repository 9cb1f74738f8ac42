"""A digest as people write it: its beginning will do, where it is that of one version."""

import re

from jobs.cli import http

#: whole ones have 64 letters; of fewer than these nobody can be sure
BEGINNING = re.compile("[0-9a-f]{8,63}")
#: of those that there are, so many are told, and so much of each
MOST_TOLD, TOLD = 5, 16


def whole(model: str, digest: str) -> str:
    """The digest that this begins; what is no beginning is left to the server to judge.

    Raises:
        CliError: no version of the model begins so, or several do.
    """
    if not BEGINNING.fullmatch(digest):
        return digest
    known: list[str] = [one["id"] for one in http.pages(f"/v1/models/{model}/versions", 100_000)]
    found = [one for one in known if one.startswith(digest)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(one[:TOLD] for one in (found or known)[:MOST_TOLD]) or "none"
    if found:
        raise http.CliError(f"{digest} begins several digests: {listed}", http.CANNOT_RUN)
    told = f"no version of {model} begins with {digest}; the newest are: {listed}"
    raise http.CliError(told, http.NOT_FOUND)


def whole_ref(ref: str) -> str:
    """The same for `owner/name:DIGEST`; whatever else may stand there stays as it is."""
    model, colon, digest = ref.partition(":")
    return f"{model}:{whole(model, digest)}" if colon and model.count("/") == 1 else ref
