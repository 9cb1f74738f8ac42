"""Answers a chat line, and a few commands."""

from cog import BasePredictor, Input

COMMANDS = {"/help": "Say anything.", "/about": "A small model."}


class Predictor(BasePredictor):
    def predict(self, message: str = Input(description="A line of chat.")) -> str:
        if message.startswith("/imagine"):
            return COMMANDS[message.split()[0]]
        return COMMANDS.get(message, f"You said: {message}")
