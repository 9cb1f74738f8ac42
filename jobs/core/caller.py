"""Who a request speaks for, and which buckets it may name."""

from dataclasses import dataclass

from jobs.core.errors import BadRequest, Forbidden
from jobs.core.limits import NO_LIMITS, Limits


@dataclass(frozen=True)
class Caller:
    """Who a token speaks for; `buckets` are the `bucket/prefix` pairs it may read and write."""

    owner: str
    buckets: tuple[str, ...] = ()
    #: the hash of the token, and what it may have at a time
    token: str = ""
    limits: Limits = NO_LIMITS
    #: whether it may say what `live` names; a token for tests of what is not merged yet may not
    promotes: bool = True
    #: the token's name, which histories tell
    name: str = ""

    def may_move(self, alias: str) -> None:
        """Raise Forbidden unless this token may move an alias."""
        if alias == "live" and not self.promotes:
            raise Forbidden(
                "this token may push and test, but not move `live`; it was made with"
                " `penstock token create --no-promote`"
            )

    def may_release(self) -> None:
        """Raise Forbidden unless this token may say what a deployment is."""
        if not self.promotes:
            raise Forbidden(
                "this token may push and test, but not release to deployments; it was made with"
                " `penstock token create --no-promote`"
            )

    def may_use(self, bucket: str, key: str) -> None:
        """Raise Forbidden unless a grant covers `s3://bucket/key`."""
        path = f"{bucket}/{key}"
        if ".." in key.split("/"):
            raise Forbidden("'..' is not allowed in an s3:// address")
        for grant in self.buckets:
            if path == grant or path.startswith(grant.rstrip("/") + "/"):
                return
        raise Forbidden(
            f"this token may not use s3://{bucket}/…;"
            " grant it with `penstock token create --bucket`"
        )


def check_grant(text: str) -> str:
    """A grant as it is kept: `bucket` or `bucket/prefix`; raises BadRequest."""
    grant = text.removeprefix("s3://").strip("/")
    if not grant or ".." in grant.split("/") or any(char.isspace() for char in grant):
        raise BadRequest(f"a grant is written BUCKET or BUCKET/PREFIX, not {text!r}")
    return grant
