"""The command line: thin doors over the HTTP API, and `up`, which starts everything."""

from jobs.cli.main import main

__all__ = ["main"]
