"""Whether an object store refused a request because the clock of this host is wrong."""

import email.utils
import time
from collections.abc import Mapping
from typing import Any

#: stores refuse what was signed more than a quarter of an hour from their time
MOST_S = 14 * 60.0
_CODES = ("RequestTimeTooSkewed", "RequestExpired")


def skewed(code: str, answer: Mapping[str, Any]) -> bool:
    """Whether boto3's `answer` to a refused request says so.

    An answer to HEAD has no body and so no code but 403: the store's own Date tells it apart from
    a refusal that asking again does not change.
    """
    if code in _CODES:
        return True
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        at = email.utils.parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return False
    return code == "403" and abs(at.timestamp() - time.time()) > MOST_S
