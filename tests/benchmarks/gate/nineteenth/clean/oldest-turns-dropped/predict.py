"""Writes a conversation in the form that a chat model reads."""

import json

from cog import BasePredictor, Input

ROLES = ("system", "user", "assistant")
SAMPLE = '[{"role": "system", "content": "Be short."}, {"role": "user", "content": "Hello!"}]'


def parse(messages: str) -> list[tuple[str, str]]:
    try:
        found = json.loads(messages)
    except (ValueError, RecursionError):
        raise ValueError("messages is not JSON") from None
    if not isinstance(found, list) or not found:
        raise ValueError("messages is not a list of at least one message")
    turns = []
    for turn in found:
        if not isinstance(turn, dict) or turn.get("role") not in ROLES:
            raise ValueError("a message has no role of system, user or assistant")
        if not isinstance(turn.get("content"), str):
            raise ValueError("a message has no text as its content")
        turns.append((turn["role"], turn["content"]))
    return turns


class Predictor(BasePredictor):
    def predict(
        self,
        messages: str = Input(
            description="JSON: a list of messages with role and content; other keys are ignored.",
            default=SAMPLE,
            max_length=50000,
        ),
        budget: int = Input(
            description="Characters of content that the turns of user and assistant may have "
            "together. The oldest are dropped until they fit; the newest always stays.",
            default=2000,
            ge=0,
            le=50000,
        ),
    ) -> str:
        """The prompt: system messages first. '<|' in a content becomes '< |', ends are trimmed."""
        turns = parse(messages)
        system = [turn for turn in turns if turn[0] == "system"]
        kept: list[tuple[str, str]] = []
        used = 0
        for role, content in reversed([turn for turn in turns if turn[0] != "system"]):
            used += len(content)
            if kept and used > budget:
                break
            kept.insert(0, (role, content))
        lines = [
            f"<|{role}|>\n{content.strip().replace('<|', '< |')}\n"
            for role, content in [*system, *kept]
        ]
        prompt = "".join(lines) + "<|assistant|>\n"
        return prompt.encode("utf-8", "replace").decode("utf-8")
