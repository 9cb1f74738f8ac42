"""The CLI's way to the server: one client, problems as errors with a way out."""

import os
from pathlib import Path
from typing import Any

import click
import httpx

DEFAULT_URL = "http://127.0.0.1:8471"
CANNOT_RUN = 2


class CliError(click.ClickException):
    """Something the user can act on; `exit_code` says which kind."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]


def data_folder() -> Path:
    """Where the embedded server keeps its things."""
    return Path(os.environ.get("PENSTOCK_DATA", "penstock-data"))


def token() -> str:
    """PENSTOCK_TOKEN, else the embedded server's token file."""
    given = os.environ.get("PENSTOCK_TOKEN")
    if given:
        return given.strip()
    path = data_folder() / "token"
    if not path.exists():
        raise CliError(
            f"no token: set PENSTOCK_TOKEN, or start `penstock up` here (it writes {path})",
            CANNOT_RUN,
        )
    return path.read_text().strip()


def client(timeout_s: float = 120.0) -> httpx.Client:
    """A client of the server that PENSTOCK_URL names."""
    url = os.environ.get("PENSTOCK_URL", DEFAULT_URL)
    headers = {"Authorization": f"Bearer {token()}"}
    return httpx.Client(base_url=url, headers=headers, timeout=timeout_s)


def call(method: str, path: str, **options: Any) -> Any:
    """One request; the JSON of its answer.

    Raises:
        CliError: the server cannot be reached, or it refused.
    """
    with client() as http:
        try:
            response = http.request(method, path, **options)
        except httpx.TransportError as error:
            raise unreachable(str(http.base_url), error) from error
    check(response)
    return response.json() if response.content else None


def upload(path: Path) -> str:
    """Keep a local file on the server; its id.

    Raises:
        UsageError: there is no such file.
    """
    if not path.is_file():
        raise click.UsageError(f"there is no file {str(path)!r}")
    with path.open("rb") as file:
        told = call("POST", "/v1/files", files={"content": (path.name, file)})
    id: str = told["id"]
    return id


def unreachable(url: str, error: Exception) -> CliError:
    """What to say when nobody answers."""
    return CliError(
        f"cannot reach {url} ({type(error).__name__}); start it with `penstock up`,"
        " or set PENSTOCK_URL",
        CANNOT_RUN,
    )


def check(response: httpx.Response) -> None:
    """Raise CliError, with the server's own words, unless the answer is good."""
    if response.is_success:
        return
    try:
        told = response.json()
        field = f" (field {told['field']})" if told.get("field") else ""
        text = f"{told['detail']}{field}"
    except (ValueError, KeyError, TypeError):
        text = f"the server answered {response.status_code}"
    raise CliError(text, CANNOT_RUN if response.status_code in (401, 403) else 1)
