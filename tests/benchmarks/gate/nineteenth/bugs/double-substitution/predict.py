"""Fills a prompt template before it goes to a language model."""

from cog import BaseModel, BasePredictor, Input

TEMPLATE = "Answer from the notes alone.\nNotes: {context}\nQuestion: {question}\nAnswer:"
PLACES = ("context", "question")


class Prompt(BaseModel):
    prompt: str
    tokens: int


class Predictor(BasePredictor):
    def predict(
        self,
        question: str = Input(
            description="Stands where the template says {question}, letter for letter.",
            default="When does the ferry leave?",
            max_length=4000,
        ),
        context: str = Input(
            description="Stands where the template says {context}, letter for letter.",
            default="The ferry leaves at nine.",
            max_length=4000,
        ),
        template: str = Input(
            description="The template; it names {context} and {question} once each.",
            default=TEMPLATE,
            max_length=4000,
        ),
    ) -> Prompt:
        """The prompt, and about how many tokens it has (a fourth of its bytes, rounded up)."""
        values = {"context": context, "question": question}
        for place in PLACES:
            if template.count(f"{{{place}}}") != 1:
                raise ValueError(f"template does not name {{{place}}} once")
        filled = template
        for place in PLACES:
            filled = filled.replace(f"{{{place}}}", values[place])
        filled = filled.encode("utf-8", "replace").decode("utf-8")
        return Prompt(prompt=filled, tokens=-(-len(filled.encode()) // 4))
