"""Signs a text with a key, and tells nobody the key."""

import hashlib
import hmac

from cog import BasePredictor, Input, Secret


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="What to sign.", default="pay 5 to Ann"),
        key: Secret = Input(description="The key.", default=None),
    ) -> str:
        if key is None:
            return "unsigned"
        secret = key.get_secret_value().encode("utf-8", "replace")
        return hmac.new(secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
