"""Where inputs come from: fields, layers, the model's code, files; all are allowed, none twice."""

import ast
import io
import itertools
import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import av
import jsonschema
import pytest
from PIL import Image

from safepush.compare.videos import Unreadable, facts, play
from safepush.fuzz import layers
from safepush.fuzz.code import conditions, source
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import compressed, media, videos
from safepush.fuzz.fields import fields_of
from safepush.fuzz.inputs import awkward, boundaries, edits, usual
from safepush.fuzz.inputs.granted import granted

PROPERTIES: dict[str, Any] = {
    "prompt": {"type": "string", "description": "What to draw, such as 'a red seven'."},
    "code": {"type": "string", "minLength": 2, "maxLength": 5, "default": "abc"},
    "steps": {"type": "integer", "minimum": 1, "maximum": 50, "default": 4},
    "guidance": {"type": "number", "minimum": 0, "maximum": 2.5, "default": 1.0},
    "mode": {"type": "string", "enum": ["fast", "fine"], "default": "fast"},
    "tiled": {"type": "boolean", "default": False},
    "seed": {"type": "integer", "nullable": True},
    "image": {"type": "string", "format": "uri", "description": "A picture."},
    "tags": {"type": "array", "items": {"type": "string"}, "default": [], "maxItems": 30},
    "note": {"type": "string", "nullable": True},
}


def document(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    shape = {"type": "object", "properties": properties, "required": required}
    return {"components": {"schemas": {"Input": shape, "Output": {"type": "string"}}}}


DOCUMENT = document(PROPERTIES, ["prompt", "image"])


def source_of(code: str) -> Source:
    text = textwrap.dedent(code)
    return Source((("predict.py", text),), (ast.parse(text),))


def plan(seed: int = 1, code: str = "", properties: Any = None) -> layers.Plan:
    told = DOCUMENT if properties is None else document(properties, [])
    fields = fields_of(told)
    base = next(usual.inputs(fields, {}))
    return layers.Plan(fields=fields, base=base, source=source_of(code), seed=seed)


def allowed(inputs: dict[str, Any]) -> bool:
    """By another library's reading of the schema; null is its own word there."""
    made = {
        name: {**schema, "type": [schema["type"], "null"]} if schema.get("nullable") else schema
        for name, schema in PROPERTIES.items()
    }
    whole = {"type": "object", "properties": made, "required": ["prompt", "image"]}
    return bool(jsonschema.Draft7Validator(whole).is_valid(inputs))


def test_every_input_that_is_tried_is_allowed_and_none_is_tried_twice() -> None:
    tried = list(itertools.islice(layers.probes(plan()), 220))

    assert all(allowed(dict(one.inputs)) for one in tried)
    assert len({repr(sorted(one.inputs.items())) for one in tried}) == 220
    found = {one.layer for one in tried}
    assert found >= {"given", "boundaries", "awkward", "media", "relations", "pairs"}


def test_a_usual_text_is_altered_part_by_part_where_it_has_a_format() -> None:
    made = list(edits.edited("red:2, blue:1"))

    assert {"red:0, blue:0", "red:-1, blue:1", "x:2, blue:1", "red", "red2, blue:1"} <= {*made}
    assert [*edits.edited("a quick brown fox.")] == []
    assert "name,age" in list(edits.edited("name,age\nAda,36\nAlan,41\n"))[:8]
    assert {'{"a": [], "b": 2}', '{"b": 2}'} <= {*edits.edited('{"a": 1, "b": 2}')}


def test_files_of_a_list_are_unlike_each_other() -> None:
    pictures = {"type": "array", "items": {"type": "string", "format": "uri"}, "minItems": 2}
    told = plan(properties={"pictures": {**pictures, "description": "Pictures."}})

    tried = itertools.islice(layers.probes(told), 50)
    sent = [one.inputs["pictures"] for one in tried if one.layer == "media"]

    grey = next(one for one in media.corpus("image") if one.name == "grey PNG")
    assert [grey.uri, media.others("image")[0].uri] in sent
    assert all(len(one) > 1 for one in sent)


def test_the_same_seed_tries_the_same_and_another_seed_something_else() -> None:
    def tried(seed: int) -> list[dict[str, Any]]:
        return [dict(one.inputs) for one in itertools.islice(layers.probes(plan(seed)), 230)]

    assert tried(1) == tried(1)
    assert tried(1) != tried(2)


def test_a_model_with_few_values_comes_to_an_end() -> None:
    switch = {"on": {"type": "boolean", "default": False}}

    assert 1 <= len(list(layers.probes(plan(properties=switch)))) <= 4


def test_edges_are_the_limits_and_the_choices_but_not_the_default() -> None:
    found = {one.name: boundaries.edges(one) for one in fields_of(DOCUMENT)}

    assert found["steps"] == [50, 1]
    assert found["guidance"] == [2.5, 0]
    assert found["mode"] == ["fine"]
    assert found["tiled"] == [True]
    assert found["prompt"] == []


def test_null_is_only_sent_where_it_may_be() -> None:
    found = {one.name for one in fields_of(DOCUMENT) if None in boundaries.values(one)}

    assert found == {"seed", "note"}


def test_texts_keep_to_their_lengths() -> None:
    code = next(one for one in fields_of(DOCUMENT) if one.name == "code")
    found = [value for value in awkward.values(code) if len(value) > 1]

    assert found
    assert all(2 <= len(value) <= 5 for value in found)


def test_an_ordinary_input_is_what_its_description_says() -> None:
    base = next(usual.inputs(fields_of(DOCUMENT), {}))

    assert base["prompt"] == "a red seven"
    assert base["seed"] == usual.SEED
    assert media.of(base["image"]) == media.usual("image")
    assert set(base) == {"prompt", "image", "seed"}


def test_given_inputs_are_in_every_ordinary_input() -> None:
    fields = fields_of(DOCUMENT)

    assert all(one["prompt"] == "mine" for one in usual.inputs(fields, {"prompt": "mine"}))


# The model's code


FIELDS = {one.name: one for one in fields_of(DOCUMENT)}
BASE = {"prompt": "a red seven", "image": media.usual("image").uri}


def led(code: str) -> list[dict[str, Any]]:
    """What the code's branches ask for, as values."""
    body = textwrap.indent(textwrap.dedent(code), "    ")
    names = "prompt, code, steps, guidance, mode, tiled, seed, image, tags, note"
    made = source_of(f"TABLE = {{'a': 1, 'bc': 2}}\ndef predict(self, {names}):\n{body}\n")
    wishes = conditions.branches(made, FIELDS)
    return [told for one in wishes if (told := granted(one, FIELDS, BASE))]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("if steps > 20:\n  pass", {"steps": 21}),
        ("if steps >= 20:\n  pass", {"steps": 20}),
        ("if 20 < steps:\n  pass", {"steps": 21}),
        ("if prompt == 'sudo':\n  pass", {"prompt": "sudo"}),
        ("if prompt.lower().strip() == 'sudo':\n  pass", {"prompt": "SUDO"}),
        ("if prompt.startswith('/x'):\n  pass", {"prompt": "/x a red seven"}),
        ("if 'magic' in prompt:\n  pass", {"prompt": "a red seven magic a red seven"}),
        ("if len(prompt) > 280:\n  pass", {"prompt": "a" * 281}),
        ("words = prompt.split()\nif len(words) == 3:\n  pass", {"prompt": "aaa"}),
        ("if tiled and steps > 8 and mode == 'fine':\n  pass",
         {"tiled": True, "steps": 9, "mode": "fine"}),
        ("if tiled:\n  if steps < 3:\n    pass", {"tiled": True, "steps": 2}),
        ("if tiled:\n  pass\nelif steps == 7:\n  pass", {"tiled": False, "steps": 7}),
        ("x = 1 if guidance == 0 else 2", {"guidance": 0}),
        ("assert not (tiled and mode == 'fine')", {"tiled": True, "mode": "fine"}),
        ("match mode:\n  case 'fine':\n    pass", {"mode": "fine"}),
        ("return TABLE[code]", {"code": "bc"}),
        ("if note is None:\n  pass", {"note": None}),
        ("return guidance / (steps - 5)", {"steps": 5}),
        ("if len(tags) > 2:\n  pass", {"tags": ["three of them"]}),
    ],
)  # fmt: skip
def test_branches_are_led_into(code: str, wanted: dict[str, Any]) -> None:
    found = led(code)

    if "tags" in wanted:
        assert any(len(one.get("tags", [])) == 3 for one in found)
    else:
        assert wanted in found


def test_only_literals_are_read_and_nothing_is_run(tmp_path: Path) -> None:
    (tmp_path / "cog.yaml").write_text("predict: predict.py:P\n")
    (tmp_path / "predict.py").write_text("raise SystemExit('this was run')\n")
    (tmp_path / "broken.py").write_text("def (:\n")

    found = source.read(tmp_path)

    assert [name for name, _ in found.files] == ["predict.py"]


@pytest.mark.parametrize(
    ("code", "chance", "clock"),
    [
        ("import random", True, False),
        ("import numpy as np\nnp.random.rand(2)", True, False),
        ("import time\ntime.sleep(1)", False, False),
        ("import time\ntime.time()", True, True),
        ("x = 'at a time, by random chance'", False, False),
    ],
)
def test_chance_is_seen_in_what_is_called(code: str, chance: bool, clock: bool) -> None:
    found = source_of(code)

    assert (found.uses_chance, found.uses_clock) == (chance, clock)


# Files


def test_sound_pictures_can_be_opened_and_are_of_many_modes() -> None:
    sound = [one for one in media.corpus("image") if one.sound]
    modes = set()
    for one in sound:
        with Image.open(io.BytesIO(one.content)) as picture:
            picture.load()
            modes.add(picture.mode)

    assert modes >= {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"}
    assert len({one.name for one in sound}) == len(sound)


def test_damaged_pictures_cannot() -> None:
    for one in media.corpus("image"):
        if not one.sound:
            with pytest.raises((OSError, SyntaxError)):
                Image.open(io.BytesIO(one.content)).load()


def test_sound_videos_play_damaged_ones_do_not_and_each_is_made_the_same_again() -> None:
    clips = [media.usual("video"), *media.corpus("video")]
    for one in clips:
        if one.sound:
            play(one.content)
        elif not one.name.startswith("image file"):  # which may pass for a video of one frame
            with pytest.raises(Unreadable):
                play(one.content)

    codecs = {facts(one.content).codec for one in clips if one.sound}
    assert codecs == {"h264", "vp9", "mjpeg", "mpeg4"}
    assert [content for _, _, content in videos.odd()] == [
        one.content for one in clips[1:] if one.sound
    ]


def test_compressed_sounds_play_and_are_made_the_same_again() -> None:
    made = [*compressed.sounds()]

    for one in made:
        with av.open(io.BytesIO(one.content)) as file:
            seconds = sum(frame.samples / frame.rate for frame in file.decode(audio=0))
        assert 0.45 < seconds < 0.6
    assert {one.name for one in made} <= {one.name for one in media.corpus("sound")}
    assert made == [*compressed.sounds()]


def test_without_their_library_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(videos, "is_available", lambda: False)

    assert not [*compressed.sounds()]


def test_videos_that_cannot_be_made_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = fields_of(document({"clip": {"type": "string", "format": "uri"}}, ["clip"]))
    assert media.untold(fields) is None
    monkeypatch.setattr(videos, "is_available", lambda: False)

    assert media.kinds_of(fields[0]) == [kind for kind in media.SPEECH if kind != "video"]
    assert "'.[video]' in a checkout" in str(media.untold(fields))


def test_a_file_is_known_again_by_its_address() -> None:
    for kind in media.SPEECH:
        for one in media.corpus(kind):
            assert media.of(one.uri) is not None
            assert len(one.uri) < 600_000


@pytest.mark.parametrize(
    ("name", "said", "kind"),
    [
        *(("image", "", "image"), ("voice", "", "sound"), ("input", "A CSV file", "table")),
        ("video", "Of which a frame is taken", "video"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_name(name: str, said: str, kind: str) -> None:
    (field,) = fields_of(
        document({name: {"type": "string", "format": "uri", "description": said}}, [name])
    )

    assert media.kinds_of(field)[0] == kind


def test_what_is_drawn_leaves_nothing_in_the_folder_of_the_model(tmp_path: Path) -> None:
    """safepush runs in that folder, and what lies there would be part of the next version."""
    code = (
        "import json, sys\n"
        "from safepush.fuzz.inputs.drawn import drawn\n"
        "from safepush.fuzz.fields import fields_of\n"
        "print(len(drawn(fields_of(json.loads(sys.argv[1])), {}, 1, 5)))"
    )
    told = json.dumps(DOCUMENT)

    done = subprocess.run(
        [sys.executable, "-c", code, told], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert (done.stdout.strip(), list(tmp_path.iterdir())) == ("5", [])
