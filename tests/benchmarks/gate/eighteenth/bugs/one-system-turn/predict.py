"""Write a conversation as the prompt of a language model."""

import json
import re

from cog import BasePredictor, Input

ROLES = {"system", "user", "assistant"}


def read_messages(text: str) -> list[dict[str, str]]:
    """Read the messages and check their form."""
    try:
        messages = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("messages is not valid JSON") from error
    if not isinstance(messages, list) or not messages:
        raise ValueError("messages must be a JSON list with at least one message")
    for message in messages:
        if not isinstance(message, dict) or set(message) != {"role", "content"}:
            raise ValueError("a message has a role and a content")
        if not all(isinstance(value, str) for value in message.values()):
            raise ValueError("role and content must be texts")
        if re.search(r"<\||[\ud800-\udfff]", message["content"]):
            raise ValueError("a content may hold neither <| nor half a surrogate pair")
        if message["role"] not in ROLES:
            raise ValueError("the role must be system, user or assistant")
    return messages


class Predictor(BasePredictor):
    def predict(
        self,
        messages: str = Input(
            description="A JSON list of messages, each with role and content; <| is refused.",
            default=(
                '[{"role": "system", "content": "Be brief."}, '
                '{"role": "user", "content": "Name a tree."}]'
            ),
            max_length=20000,
        ),
        answer: bool = Input(description="End with the assistant's mark.", default=True),
    ) -> str:
        """Return the prompt with every message in it, those of the system first."""
        system = ""
        turns = []
        for message in read_messages(messages):
            if message["role"] == "system":
                system = f"<|system|>\n{message['content']}\n"
            else:
                turns.append(f"<|{message['role']}|>\n{message['content']}\n")
        return system + "".join(turns) + ("<|assistant|>\n" if answer else "")
