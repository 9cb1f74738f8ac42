"""Sentences that say what is left as it was: broken ones are found, and no more."""

import io
import wave
from typing import Any

import pytest
from PIL import Image, ImageSequence

from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises.said import same
from safepush.fuzz.promises.said.sentences import Said
from tests.unit.safepush.fuzz.test_fuzz_containers import drawn, file, told_of
from tests.unit.safepush.fuzz.test_fuzz_promises import FILE, SIDE, SWITCH, Made, fuzz
from tests.unit.safepush.fuzz.test_fuzz_said import text

SAME = "than what was sent, and the same is told"


def causes(model: Any, inputs: dict[str, Any], head: str, output: Any = FILE) -> list[str]:
    code = f'"""{head}"""\n\n\ndef predict():\n    pass\n'
    found = [one.cause for one in fuzz(model, inputs, output, 60, code).found]
    return [one for one in found if SAME in one]


def resampled(audio: str, *, block: int = 1, channels: int | None = None, rate: int = 1) -> Made:
    content = io.BytesIO()
    with wave.open(file(audio)) as sound:
        about, frames = sound.getparams(), sound.readframes(sound.getnframes())
    size = about.nchannels * about.sampwidth
    kept = frames[: len(frames) // (block * size) * block * size]
    with wave.open(content, "wb") as made:
        made.setparams(about._replace(framerate=about.framerate * rate, nframes=0))
        if channels is not None:
            made.setnchannels(channels)
        made.writeframes(kept)
    return "out.wav", content.getvalue()


MANY = "Gives a WAV with as many samples and channels as the recording."
RATE = "Gives the sound at the sample rate of the recording."


@pytest.mark.parametrize(
    ("head", "change", "found"),
    [
        (MANY, {}, []),
        (MANY, {"block": 2048}, ["number of samples"]),  # with the usual one too
        (MANY, {"block": 500}, ["number of samples"]),
        ("Gives a WAV.", {"block": 500}, []),
        ("Gives a WAV with about as many samples as the recording.", {"block": 500}, []),
        ("Gives a WAV with at most as many samples as the recording.", {"block": 500}, []),
        (RATE, {}, []),
        (RATE, {"rate": 2}, []),  # with the usual one it is not meant so either
    ],
)
def test_samples_that_are_lost_are_found(
    head: str, change: dict[str, int], found: list[str]
) -> None:
    inputs = {"recording": told_of("A WAV.")}

    made = causes(lambda recording: resampled(recording, **change), inputs, head)

    assert made == [f"the output has another {one} {SAME}" for one in found]


def test_channels_that_are_not_those_of_the_sound_are_found() -> None:
    inputs = {"recording": told_of("A WAV.")}

    made = causes(lambda recording: resampled(recording, channels=1), inputs, MANY)

    assert f"the output has another number of channels {SAME}" in made


def smaller(image: str, *, most: int) -> Made:
    with Image.open(file(image)) as picture:
        made = picture.convert("RGB")
    return drawn(made.resize((min(made.width, most), made.height)))


@pytest.mark.parametrize(
    ("head", "most", "found"),
    [
        ("The result has the same size as the picture.", 100, ["size"]),
        ("The result has the same width and height as the picture.", 100, ["width"]),
        ("Keeps the size of the picture.", 100, ["size"]),
        ("Keeps the size of the picture.", 70, []),  # the usual one neither
        ("The mask must have the same size as the picture.", 100, []),
        ("Smaller pictures keep their size.", 100, []),
        ("The same size as the picture, if it is small.", 100, []),
        ("The same size as the picture.", 5000, []),
    ],
)
def test_a_picture_that_loses_its_size_is_found(head: str, most: int, found: list[str]) -> None:
    inputs = {"image": told_of("A picture.")}

    made = causes(lambda image: smaller(image, most=most), inputs, head)

    assert made == [f"the output has another {one} {SAME}" for one in found]


@pytest.mark.parametrize(
    ("head", "lose", "found"),
    [
        ("Gives as many lines as the text.", True, ["number of lines"]),
        ("Gives as many lines as the text.", False, []),
        ("Gives the text in small letters.", True, []),
    ],
)
@pytest.mark.parametrize("joined", [False, True])
def test_lines_that_are_lost_are_found(
    head: str, lose: bool, found: list[str], joined: bool
) -> None:
    usual = "one two\nthree four\nfive six"

    def model(text: str = usual, keep_blanks: bool = False) -> Any:
        lines = [one for one in text.splitlines() if not lose or one.strip()]
        return "\n".join(lines) if joined else lines

    inputs = {"text": text("Some lines.", usual), "keep_blanks": SWITCH}
    made = causes(model, inputs, head, {})

    assert made == [f"the output has another {one} {SAME}" for one in found]


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("the same duration and sample rate as the input file.", {"length", "rate"}),
        ("it lasts as long as the recording.", {"length"}),
        ("as long as the recording is silent, nothing is done.", set()),
        ("with the rate and number of samples of the sound.", {"rate", "number of samples"}),
        ("the size is kept.", {"size"}),
    ],
)
def test_it_is_read_what_is_the_same(sentence: str, facts: set[str]) -> None:
    found = {one.broken for one in same.promises([Said(sentence)], [])}

    assert found == {f"the output has another {one} {SAME}" for one in facts}


@pytest.mark.parametrize(
    ("sentences", "names", "count"),
    [
        (["gives as many lines as the text.", "only the first 200 lines are read."], [], 0),
        (["gives as many lines as the text.", "only the first picture is read."], [], 1),
        (["gives as many samples as the sound.", "the first 60 seconds are read."], [], 0),
        (["gives as many samples as the sound.", "at most 60 megabytes are read."], [], 1),
        (["gives as many samples as the sound."], ["speed"], 0),
        (["gives as many channels as the sound."], ["speed"], 1),
        (["the same size as the picture.", "larger ones are made smaller."], [], 0),
        (["the same size as the picture."], ["scale"], 0),
        (["the same size as the picture.", "up to 16 megapixels."], ["strength"], 1),
    ],
)
def test_what_may_be_less_by_another_sentence_or_input_is_no_promise(
    sentences: list[str], names: list[str], count: int
) -> None:
    number = {"type": "number"}
    inputs = {"properties": dict.fromkeys(names, number)}
    fields = fields_of({"components": {"schemas": {"Input": inputs, "Output": {}}}})

    assert len([*same.promises([Said(one) for one in sentences], fields)]) == count


# Sizes of results

ASKED = "the output is as large as what was sent, and not as 'width' and 'height' say"


def painted(width: int, height: int, image: str | None, *, ignore: bool) -> Made:
    size = (width, height)
    if image is not None:
        with Image.open(file(image)) as picture:
            size = picture.size if ignore else size
    return drawn(Image.new("RGB", size))


@pytest.mark.parametrize(
    ("side", "image", "ignore", "found"),
    [
        ("of the result in pixels", "A picture to begin with", True, [ASKED]),
        ("of the result in pixels", "A picture to begin with", False, []),
        ("in pixels", "A picture to begin with", True, []),
        ("of the result without a picture", "A picture to begin with", True, []),
        ("of the result", "A picture, of which the result has the size", True, []),
        ("of the result, rounded to eights", "A picture to begin with", True, []),
    ],
)
def test_a_size_that_is_ignored_beside_a_picture_is_found(
    side: str, image: str, ignore: bool, found: list[str]
) -> None:
    def model(width: int = 96, height: int = 96, image: str | None = None) -> Made:
        return painted(width, height, image, ignore=ignore)

    nothing = {"anyOf": [FILE, {"type": "null"}], "default": None, "description": image}
    width, height = ({**SIDE, "description": f"{one} {side}"} for one in ("Width", "Height"))
    inputs = {"width": width, "height": height, "image": nothing}

    made = [one.cause for one in fuzz(model, inputs, FILE, 60).found]

    assert [one for one in made if one == ASKED] == found


# Pages and frames

PAGES = "there are not as many outputs as pages in the file that was sent, as is told"
FRAMES = PAGES.replace("pages", "frames")


def shares(image: str, most: int) -> list[int]:
    with Image.open(file(image)) as picture:
        pages = [one.convert("L").histogram()[0] for one in ImageSequence.Iterator(picture)]
    return pages[:most]


@pytest.mark.parametrize(
    ("head", "most", "found"),
    [
        ("Gives the ink of every page.", 1, [PAGES]),
        ("Gives the ink of every page.", 9, []),
        ("Gives the ink of all frames.", 1, [FRAMES]),
        ("Gives the ink, page by page.", 2, [PAGES]),
        ("Gives the ink of each page, up to one.", 1, []),
        ("Gives the ink of the first page.", 1, []),
        ("Gives some ink.", 1, []),
    ],
)
@pytest.mark.parametrize("within", [False, True])
def test_pages_that_are_left_out_are_found(
    head: str, most: int, found: list[str], within: bool
) -> None:
    def model(image: str) -> Any:
        made = shares(image, most)
        return {"ink": made, "pages": len(made)} if within else made

    code = f'"""{head}"""\n\n\ndef predict():\n    pass\n'
    made = [one.cause for one in fuzz(model, {"image": told_of("A TIFF.")}, {}, 60, code).found]

    assert [one for one in made if "outputs as" in one] == found


def test_pages_of_which_an_input_says_how_many_are_no_more_than_that() -> None:
    def model(image: str, most: int = 2) -> Any:
        return shares(image, most)

    most = {"type": "integer", "minimum": 1, "maximum": 9, "default": 2, "description": "Pages."}
    inputs = {"image": told_of("A TIFF."), "most": most}
    code = '"""Gives the ink of every page."""\n\n\ndef predict():\n    pass\n'

    assert fuzz(model, inputs, {}, 60, code).found == ()


@pytest.mark.parametrize(("most", "found"), [(1, ["pages", "frames"]), (9, [])])
def test_another_number_of_pages_than_the_file_has_is_found(most: int, found: list[str]) -> None:
    def model(image: str) -> Any:
        count = len(shares(image, most))
        return {"pages": count, "frame_count": count}

    made = [one.cause for one in fuzz(model, {"image": told_of("A TIFF.")}, {}, 60).found]

    told = "the output says another number of {} than the file has that was sent"
    assert {*made} == {told.format(one) for one in found}


STAYS = "Transparent areas stay transparent."


def shrunk(image: str, *, modes: tuple[str, ...]) -> Made:
    with Image.open(file(image)) as picture:
        kind = "RGBA" if picture.mode in modes or "all" in modes else "RGB"
        made = picture.convert(kind)
    made.info.pop("transparency", None)  # and no note of a clear colour
    made.thumbnail((24, 24))
    return drawn(made)


@pytest.mark.parametrize(
    ("said", "modes", "found"),
    [
        (STAYS, ("RGBA", "LA"), 1),  # a palette may have a clear colour as well
        (STAYS, ("all",), 0),
        ("A picture.", ("RGBA", "LA"), 0),
        ("Transparency is not kept for palettes.", ("RGBA", "LA"), 0),
        ("Keeps the alpha channel.", (), 1),
    ],
)
def test_transparency_that_is_told_to_stay_and_does_not_is_found(
    said: str, modes: tuple[str, ...], found: int
) -> None:
    outcome = fuzz(lambda image: shrunk(image, modes=modes), {"image": told_of(said)}, FILE, 100)

    assert len([one for one in outcome.found if "transparent part" in one.cause]) == found
