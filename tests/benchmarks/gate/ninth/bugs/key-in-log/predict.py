"""Signs download links that end after a while."""

import hmac
from urllib.parse import quote

from cog import BasePredictor, Input, Secret


class Predictor(BasePredictor):
    """A link is good as long as its signature fits its path and its end."""

    def predict(
        self,
        key: Secret = Input(description="Key to sign with; it is never shown."),
        path: str = Input(
            description="Path of the file.", default="reports/spring.pdf", max_length=500
        ),
        ends: int = Input(
            description="Second since 1970 at which the link ends.",
            default=1_800_000_000,
            ge=0,
            le=4_000_000_000,
        ),
        algorithm: str = Input(description="Hash.", default="sha256", choices=["sha256", "sha512"]),
    ) -> str:
        """The path with the end and the signature."""
        settings = {
            "key": key.get_secret_value(),
            "path": quote(path, errors="replace"),
            "algorithm": algorithm,
        }
        if not settings["key"]:
            raise ValueError("key must not be empty")
        print(f"signing until {ends} with {settings}")
        text = f"{settings['path']}?ends={ends}"
        signer = hmac.new(
            settings["key"].encode(errors="replace"), text.encode(), settings["algorithm"]
        )
        return f"{text}&signature={signer.hexdigest()}"
