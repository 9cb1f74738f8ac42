"""What the fuzzer finds, by rules with stable ids; all are errors until a team says otherwise."""

from safepush.findings import Level, Rule

_E = Level.ERROR
RULES = {
    rule.id: rule
    for rule in (
        Rule("fuzz-crash", _E, "callers get an error that does not tell them what to change"),
        Rule("fuzz-refused", _E, "the schema allows it, and the model refuses it"),
        Rule("fuzz-process-lost", _E, "it takes the model's process along, and setup() runs anew"),
        Rule("fuzz-timeout", _E, "one such input keeps everybody else waiting"),
        Rule("fuzz-slow", _E, "the time grows much faster than the input"),
        Rule("fuzz-memory-growth", _E, "after enough predictions the machine has no memory left"),
        Rule("fuzz-temp-growth", _E, "after enough predictions the disk is full"),
        Rule("fuzz-handle-growth", _E, "after enough predictions it may open no more of them"),
        Rule("fuzz-output-schema", _E, "callers get what they were not told of"),
        Rule("fuzz-output-count", _E, "callers get more or fewer than they asked for"),
        Rule("fuzz-output-parts", _E, "the parts of an output do not go with each other"),
        Rule("fuzz-output-asked", _E, "callers get something else than what they asked for"),
        Rule("fuzz-output-text", _E, "callers get text that is no answer"),
        Rule("fuzz-secret-shown", _E, "whoever sees the output or the logs has the secret"),
        Rule("fuzz-output-file", _E, "callers get a file that they cannot use"),
        Rule("fuzz-nondeterministic", _E, "the same inputs and seed give something else each time"),
        Rule("fuzz-state-leak", _E, "what somebody gets depends on what others sent before"),
    )
}
