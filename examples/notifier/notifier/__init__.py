"""Tells people when batches or predictions fail: by mail, in a chat, and once when many do."""

from notifier.app import create_app

__all__ = ["create_app"]
