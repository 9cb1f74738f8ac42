"""A stand-in for the Messages API: it answers as it is told, and keeps what it was asked."""

import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify, request
from werkzeug.serving import make_server

#: a verdict, a status, or a body of its own; `("slow", seconds, answer)` waits first
Answer = Any


class Messages:
    """Answers in order, the last one again and again; `answer` decides by the request instead."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.answer: Callable[[dict[str, Any]], Answer] | None = None
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._lock = threading.Lock()
        app = Flask("messages")
        app.add_url_rule("/v1/messages", view_func=self._post, methods=["POST"])
        self._http = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def _next(self, body: dict[str, Any]) -> Answer:
        with self._lock:
            self.requests.append(body)
            self.headers.append(dict(request.headers))
            if self.answer is not None:
                return self.answer(body)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def _post(self) -> Any:
        answer = self._next(request.get_json())
        if isinstance(answer, tuple):
            _, seconds, answer = answer
            time.sleep(seconds)
        if isinstance(answer, int):
            problem = {"type": "error", "error": {"type": "api_error", "message": "no"}}
            return jsonify(problem), answer, {"retry-after-ms": "1"}
        if isinstance(answer, str):
            return jsonify(verdict(answer))
        return jsonify(answer)


def message(*content: dict[str, Any], stop_reason: str = "tool_use") -> dict[str, Any]:
    """An answer as the API gives it."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "stand-in",
        "content": list(content),
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 100, "output_tokens": 10},
    }


def verdict(word: Any, reason: Any = "as it looks to me", tool: str = "verdict") -> dict[str, Any]:
    """An answer that calls the tool."""
    told = {"verdict": word, "reason": reason}
    return message({"type": "tool_use", "id": "tu_1", "name": tool, "input": told})
