"""Widths and heights that are said to be those of the result, whatever picture it is made of."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from safepush.fuzz.fields import Field
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.likeness import RESIZES, sent_picture
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said

_OF_RESULT = re.compile(
    r"\b(?:of|in) the (?:\w+ )?(?:result|output|generated|final|finished|new|drawn|painted|made)\b"
    r"|\b(?:output|result\w*) (?:picture|image|width|height|size)\b|\bresulting\b"
)
_UNLESS = re.compile(
    r"\b(?:unless|without|ignored?|if|when|where|only|instead|otherwise|not used|no picture"
    r"|no image)\b"
)
#: what else may say how large it gets
_SIZE = re.compile(r"\b(?:size|width|height|dimensions?|resolution|proportions|aspect)\b")
_OF_IT = re.compile(
    r"\b(?:pictures?|images?|photos?|inputs?|sketch|its|their|given|sent|ignored|original)\b"
)


def promises(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Promise]:
    """That the result is not as large as the picture that was sent, where another size is asked."""
    told_by = sizes.sides(fields)
    if told_by is None or not any(one.is_file for one in fields):
        return
    own = [[one.text for one in said if one.field is field] for field in told_by]
    rest = [one.text for one in said if one.field not in told_by]
    plain = all(any(_OF_RESULT.search(text) for text in texts) for texts in own)
    about = any(sizes.is_about(text) or _UNLESS.search(text) for texts in own for text in texts)
    if plain and not about and not any(_SIZE.search(one) and _OF_IT.search(one) for one in rest):
        width, height = (one.name for one in told_by)
        told = f"the output is as large as what was sent, and not as {width!a} and {height!a} say"
        yield Promise(broken=told, kept=partial(_as_asked, width, height))


def _as_asked(width: str, height: str, made: Made) -> bool | None:
    wanted = made.inputs.get(width), made.inputs.get(height)
    found = [sizes.size_of(one) for one in sizes.files(made.output)]
    if len(found) != 1 or found[0] is None or None in wanted:
        return None
    if found[0] == wanted:
        return True
    others = made.changed - {width, height}
    if any(RESIZES.search(name.lower()) for name in others):
        return None
    return False if found[0] == sent_picture(made) else None
