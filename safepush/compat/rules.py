"""The rules of compatibility: what may not change about inputs, and what about outputs."""

from safepush.findings import Level, Rule

_E, _W = Level.ERROR, Level.WARNING

#: by what changed; the inputs' rules guard what callers send today
INPUT_RULES = {
    "removed": Rule(
        "input-removed", _E, "callers go on sending it, and from then on it is silently ignored"
    ),
    "removed-deprecated": Rule(
        "input-removed-deprecated", _W, "it was deprecated; whoever still sends it is ignored"
    ),
    "added": Rule("input-added-required", _E, "callers do not send it, so all are refused"),
    "required": Rule("input-made-required", _E, "callers who leave it out are refused"),
    "type": Rule("input-type-changed", _E, "values of the type that callers send are refused"),
    "kinds": Rule("input-type-narrowed", _E, "some values that callers send are refused"),
    "variant": Rule("input-variant-removed", _E, "values of one variant are refused"),
    "choice": Rule("input-choice-removed", _E, "callers who choose it are refused"),
    "choices": Rule("input-choices-added", _E, "what is not among the choices is refused"),
    "range": Rule("input-range-narrowed", _E, "numbers that were taken are refused"),
    "length": Rule("input-length-narrowed", _E, "texts that were taken are refused"),
    "count": Rule("input-count-narrowed", _E, "lists that were taken are refused"),
    "pattern": Rule("input-pattern-narrowed", _E, "texts that were taken are refused"),
    "pattern-changed": Rule(
        "input-pattern-changed", _W, "no text was found that is refused now, but there may be some"
    ),
    "format": Rule("input-format-narrowed", _E, "texts of another form may be refused"),
    "null": Rule("input-null-removed", _E, "callers who send null are refused"),
    "extra": Rule("input-extra-narrowed", _E, "members under other names are refused"),
    "file": Rule(
        "input-file-changed", _E, "the model gets a file where it got text, or the other way round"
    ),
    "secret": Rule("input-secret-exposed", _W, "a value that was hidden is shown and kept as text"),
    "default": Rule(
        "input-default-changed", _W, "callers who leave it out get another result than before"
    ),
    "accept": Rule("input-accept-narrowed", _W, "files that were offered as fitting no longer are"),
    "gone": Rule("input-undeclared", _E, "the new version says nothing of its inputs"),
    "unclear": Rule("input-unclear", _E, "it cannot be shown that what callers send is taken"),
}

#: the outputs' rules guard what callers are ready to get today
OUTPUT_RULES = {
    "removed": Rule("output-removed", _E, "callers who read it no longer find it"),
    "required": Rule("output-made-optional", _E, "callers who count on it may not find it"),
    "type": Rule("output-type-changed", _E, "callers get a type that they do not expect"),
    "kinds": Rule("output-type-widened", _E, "callers may get a type that they do not expect"),
    "variant": Rule("output-variant-added", _E, "callers may get a variant they do not know"),
    "choice": Rule("output-choice-added", _E, "callers may get a value they do not know"),
    "choices": Rule("output-choices-removed", _E, "callers may get values they do not know"),
    "range": Rule("output-range-widened", _E, "callers may get numbers they were told never come"),
    "length": Rule("output-length-widened", _E, "callers may get texts they were told never come"),
    "count": Rule("output-count-widened", _E, "callers may get lists they were told never come"),
    "pattern": Rule("output-pattern-widened", _E, "callers may get texts of another form"),
    "pattern-changed": Rule(
        "output-pattern-changed", _W, "no text of another form was found, but there may be some"
    ),
    "format": Rule("output-format-widened", _E, "callers may get texts of another form"),
    "null": Rule("output-null-added", _E, "callers may get null where they expect a value"),
    "extra": Rule("output-extra-widened", _E, "callers may get members they were told never come"),
    "file": Rule(
        "output-file-changed", _E, "callers get a file for a text, or the other way round"
    ),
    "stream": Rule("output-list-to-stream", _W, "the list comes piece by piece from then on"),
    "unstream": Rule("output-stream-to-list", _E, "callers who follow the stream get nothing"),
    "joined": Rule("output-display-changed", _W, "pieces are joined where they were not, or not"),
    "gone": Rule("output-undeclared", _E, "the new version says nothing of its output"),
    "unclear": Rule("output-unclear", _E, "it cannot be shown that callers are ready for it"),
}

RULES = {rule.id: rule for rule in (*INPUT_RULES.values(), *OUTPUT_RULES.values())}
