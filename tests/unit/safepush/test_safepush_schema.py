"""The published schemas: of the configuration, which agrees with the loader, and of the report."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from safepush import commands, schema
from safepush.codelint import RULES as CODE_RULES
from safepush.config import load
from safepush.errors import ConfigInvalid
from safepush.lint import RULES
from tests.unit.safepush.test_safepush_peer import EVERYTHING, GUIDE

CASES: list[dict[str, Any]] = [
    {"exact_string": ""},
    {"exact_string": 7},
    {"match_url": "https://e.com/a"},
    {"match_url": "a.png"},
    {"match_prompt": "a cat"},
    {"match_prompt": " "},
    {"jq_query": ".a"},
    {"contains": "a"},
    {"contains": ["a", "b"]},
    {"contains": []},
    {"contains": ""},
    {"contains": [1]},
    {"not-contains": "a"},
    {"not-error_contains": "a"},
    {"regex": "a"},
    {"regex": 1},
    {"similar_to": "a"},
    {"similar_to": {"text": "a", "at_least": 0.5}},
    {"similar_to": {"text": "a", "at_least": 1.5}},
    {"similar_to": {"at_least": 0.5}},
    {"json_schema": {"type": "object"}},
    {"json_schema": "object"},
    {"number": 3},
    {"number": True},
    {"number": {"equals": 3, "tolerance": 0.1, "at": "a.b"}},
    {"number": {"equals": 3, "tolerance": -1}},
    {"latency": 2.5},
    {"latency": 0},
    {"script": "look.py"},
    {"script": ""},
    {"at_least": {"count": 1, "of": [{"contains": "a"}, {"not-regex": "b"}]}},
    {"at_least": {"count": 0, "of": [{"contains": "a"}]}},
    {"at_least": {"of": [{"contains": "a"}]}},
    {"runs": 5, "must_hold": 4},
    {"runs": 0},
    {"runs": 1.5},
    {"error_contains": "a"},
    {"error_contains": 1},
    {"inputs": {"a": [1, {"b": None}]}},
    {"inputs": []},
    {"surprise": 1},
]
TOPS: list[dict[str, Any]] = [
    {},
    {"model": "No/Capitals"},
    {"model": "a"},
    {"setup_timeout": 60},
    {"setup_timeout": 0},
    {"setup_timeout": "soon"},
    {"promote": False},
    {"promote": 0},
    {"parallel": 8},
    {"parallel": 0},
    {"judge": {"model": "m", "votes": 3, "errors": 0, "timeout": 5, "absent": "skip"}},
    {"judge": {"votes": 2}},
    {"judge": {"absent": "never"}},
    {"lint": {"levels": {"lint-choice-single": "off"}, "fail_on": "warning"}},
    {"lint": {"levels": {"lint-choice-single": False}}},
    {"lint": {"levels": {"lint-nothing": "off"}}},
    {"lint": {"levels": {"lint-choice-single": "loud"}}},
    {"lint": {"fail_on": "info"}},
    {"compatibility": {"accept": [{"finding": "input-removed at input.a: b", "reason": "r"}]}},
    {"compatibility": {"accept": [{"finding": "input-removed at input.a: b"}]}},
    {"compatibility": {"levels": {"input-removed": "warning"}}},
    {"ignore_schema_compatibility": True},
    {"ignore_schema_compatibility": "yes"},
    {"train": {"train_timeout": 60, "test_cases": [{"inputs": {}}], "fuzz": {"iterations": 3}}},
    {"train": {"test_cases": [{}]}},
    {"deployment": {"owner": "a", "name": "b", "hardware": "c"}},
    {"deployment": {"size": 1}},
    {"official_model": "a/b"},
    {"dockerfile": 1},
    {"predict": {"fuzz": {"fixed_inputs": {"a": 1}, "disabled_inputs": ["b"], "prompt": "c"}}},
    {"predict": {"fuzz": {"disabled_inputs": []}}},
    {"predict": {"fuzz": {"iterations": -1}}},
    {"predict": {"fuzz": {"disabled_inputs": "a"}}},
    {"predict": {"tolerance": {"block": 3, "number": 0}}},
    {"predict": {"tolerance": {"block": -3}}},
    {"predict": {"tolerance": {"blocks": 3}}},
    {"predict": {"predict_timeout": 1e9}},
    {"predict": {"compare_outputs": "yes"}},
    {"predict": {"test_cases": {}}},
    {"predict": None},
    {"nothing": 1},
]


def documents() -> Iterator[dict[str, Any]]:
    yield from ({"model": "me/a", **top} for top in TOPS)
    yield {}
    for case in CASES:
        yield {"model": "me/a", "predict": {"test_cases": [{"inputs": {}, **case}]}}
    yield {"model": "me/a", "predict": {"test_cases": [{"exact_string": "a"}]}}
    yield from (yaml.safe_load(text) for text in (GUIDE, EVERYTHING))


@pytest.mark.parametrize("document", list(documents()), ids=lambda one: json.dumps(one)[:60])
def test_schema_and_loader_agree(tmp_path: Path, document: dict[str, Any]) -> None:
    (tmp_path / "look.py").write_text("")
    path = tmp_path / "safepush.yaml"
    path.write_text(yaml.safe_dump(document))

    try:
        load(path)
        loads = True
    except ConfigInvalid:
        loads = False

    assert jsonschema.Draft202012Validator(schema.configuration()).is_valid(document) is loads


def test_both_answers_are_well_represented() -> None:
    validator = jsonschema.Draft202012Validator(schema.configuration())
    answers = [validator.is_valid(one) for one in documents()]

    assert min(answers.count(True), answers.count(False)) > 30


@pytest.mark.parametrize(
    ("place", "lead"),
    [("", {}), ("predict", {"predict": {}}), ("judge", {"judge": {}})],
)
def test_no_key_is_in_one_and_not_in_the_other(
    tmp_path: Path, place: str, lead: dict[str, Any]
) -> None:
    whole = schema.configuration()
    section = whole["$defs"][place] if place else whole
    target: dict[str, Any] = {"model": "me/a", **lead}
    (target[place] if place else target)["no-such-key"] = 1
    path = tmp_path / "safepush.yaml"
    path.write_text(yaml.safe_dump(target))

    with pytest.raises(ConfigInvalid) as caught:
        load(path)

    told = next(one.message for one in caught.value.problems if "no-such-key" in one.place)
    known = told.partition("known here: ")[2].rstrip(")").split(", ")
    assert sorted(known) == sorted(section["properties"])


def test_the_command_prints_them() -> None:
    for what, made in (("config", schema.configuration()), ("report", schema.report())):
        result = CliRunner().invoke(commands.command, ["schema", what])

        assert json.loads(result.stdout) == made
        jsonschema.Draft202012Validator.check_schema(made)
    assert {*RULES, *CODE_RULES} == set(
        schema.configuration()["properties"]["lint"]["properties"]["levels"]["properties"]
    )
