"""A file that is sent to a model."""

import base64
from dataclasses import dataclass

PNG, JPEG, GIF, WAV, TEXT = "image/png", "image/jpeg", "image/gif", "audio/x-wav", "text/plain"
TIFF = "image/tiff"


@dataclass(frozen=True)
class Medium:
    """A file; `sound` is whether one that expects its kind has to be able to read it."""

    name: str
    kind: str
    mime: str
    content: bytes
    sound: bool = True

    @property
    def uri(self) -> str:
        """The file as an address that holds it."""
        return f"data:{self.mime};base64,{base64.b64encode(self.content).decode()}"
