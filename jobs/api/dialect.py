"""Whose client asks. Most of the API serves all of them; a few places OpenAI's want otherwise.

They are known by their name, such as `OpenAI/Python`; others that want the same ask under
/openai/v1.
"""

import re

from flask import request

#: a path that begins so is OpenAI's /v1
PREFIX = "/openai/v1/"
#: what the door leaves in the environment of a request that came by that path
KEY = "penstock.openai"
#: what they expect on one page, which some never turn
MOST = 10_000
#: classes of users that inherit from the client's say their own names
_CLIENT = re.compile(r"\w*OpenAI/", re.ASCII)


def is_openai() -> bool:
    """Whether this request is answered as OpenAI answers."""
    return KEY in request.environ or _CLIENT.match(request.user_agent.string) is not None
