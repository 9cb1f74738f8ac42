"""Fill a prompt template with variables."""

import json
import re

from cog import BasePredictor, Input

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
LONGEST = 10_000


def read_variables(text: str) -> dict[str, str]:
    """Read the variables, a JSON object whose values are texts."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("variables is not valid JSON") from error
    if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        raise ValueError("variables must be a JSON object of texts")
    if re.search("[\ud800-\udfff]", "".join(values.values())):
        raise ValueError("variables has half a surrogate pair")
    return values


class Predictor(BasePredictor):
    def predict(
        self,
        template: str = Input(
            description="The prompt, with places like {{name}}.",
            default="Write to {{reader}} about {{topic}}.",
            max_length=2000,
        ),
        variables: str = Input(
            description="A JSON object of texts. A value may hold places, too.",
            default='{"reader": "a {{mood}} neighbour", "mood": "cheerful", "topic": "apples"}',
            max_length=4000,
        ),
    ) -> str:
        """Return the prompt with every place filled, of at most 10000 characters."""
        values = read_variables(variables)
        prompt = template
        while place := PLACE.search(prompt):
            name = place.group(1)
            if name not in values:
                raise ValueError("the template has a place without a variable")
            prompt = prompt[: place.start()] + values[name] + prompt[place.end() :]
            if len(prompt) > LONGEST:
                raise ValueError(f"the prompt would be longer than {LONGEST} characters")
        return prompt
