"""Tables and records as a model wants them: told by its words and its code, sent, and made odd."""

import base64
import csv
import io
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from safepush.fuzz import layers
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field, fields_of
from safepush.fuzz.oracles import is_damaged
from safepush.fuzz.promises import digits, outputs
from safepush.fuzz.promises.promise import Made
from safepush.fuzz.sent import given
from safepush.fuzz.tables import cells, described, examples, own, table
from safepush.fuzz.task import Outcome
from tests.unit.safepush.fuzz.test_fuzz_campaign import Bench, fuzz
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of

FILE = {"type": "string", "format": "uri"}
LIST = {"type": "array", "items": {"type": "string"}}
NONE = source_of("")
#: code that reads columns by their names
READER = "csv.DictReader\n"


def field(schema: dict[str, Any], name: str = "file") -> Field:
    return fields_of(document({name: schema}, [name]))[0]


def file_of(description: str) -> Field:
    return field({**FILE, "description": description})


def content(uri: str) -> str:
    return base64.b64decode(uri.partition(",")[2]).decode("utf-8-sig")


# What is told


@pytest.mark.parametrize(
    ("said", "columns"),
    [
        ("CSV with the columns customer, months and spend.", ["customer", "months", "spend"]),
        ("A CSV with a header of `id`, `price`.", ["id", "price"]),
        ("x,y lines with a head.", ["x", "y"]),
        ("CSV with columns name and value, one row per person.", ["name", "value"]),
        ("CSV; columns: day (YYYY-MM-DD), amount (number).", ["day", "amount"]),
        ("A table with a 'text' column and a 'label' column.", ["text", "label"]),
        ("Rows with date, shop and takings columns.", ["date", "shop", "takings"]),
        ("Semicolon separated, a line `time;volt;ampere` first.", ["time", "volt", "ampere"]),
        ("A CSV file whose first row has the names of the columns.", []),
        ("The columns are separated by commas.", []),
        ("CSV in UTF-8, up to 2 MB and 100,000 cells; quotes as usual.", []),
    ],
)  # fmt: skip
def test_columns_are_told_from_a_description(said: str, columns: list[str]) -> None:
    assert list(described.columns(said)) == columns


@pytest.mark.parametrize(
    ("said", "sign"),
    [("CSV with a, b", ","), ("Cells between tabs.", "\t"), ("Semicolon separated.", ";"),
     ("A line `a;b` first.", ";"), ("A TSV file.", "\t"), ("A pipe between cells.", "|")],
)  # fmt: skip
def test_what_stands_between_cells_is_told_too(said: str, sign: str) -> None:
    assert described.between(said) == sign


def test_the_keys_of_records_are_told_from_a_description() -> None:
    items = described.record("JSON with `items`, a list of objects with `id` and `price`.", 2)
    whole = described.record("A JSON object with keys 'name' and 'age'.", 2)

    assert items == {"items": [{"id": "A-1", "price": 12.5}, {"id": "A-2", "price": 20.25}]}
    assert whole == {"name": "amber", "age": 4}
    assert described.record("A JSON file.", 2) is None


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ('for row in csv.DictReader(f):\n    x = float(row["months"]) * float(row.get("calls"))',
         ["months", "calls"]),
        ('rows = list(csv.DictReader(f))\nif {"day", "amount"} - set(rows[0]): pass',
         ["amount", "day"]),
        ('COLUMNS = ("sku", "units")\nif header != COLUMNS: pass', ["sku", "units"]),
        ('NEEDED = frozenset({"b", "a"})\nif not NEEDED.issubset(reader.fieldnames): pass',
         ["a", "b"]),
        ('HEADER = "sku,warehouse,units"\nif head != HEADER: pass', ["sku", "warehouse", "units"]),
        ('missing = [c for c in ["u", "v"] if c not in columns]', ["u", "v"]),
        ('at = header.index("price")\nto = header.index("shop")', ["price", "shop"]),
        ('frame = pandas.read_csv(f)\ny = frame["one"] + frame["two"]', ["one", "two"]),
        ('rows = [dict(zip(head, line.split(","))) for line in lines]\n'
         'for row in rows:\n    use(row["shop"], row["price"])', ["shop", "price"]),
    ],
)  # fmt: skip
def test_columns_are_told_from_the_code(code: str, columns: list[str]) -> None:
    body = "\n".join(f"    {line}" for line in code.splitlines())
    source = source_of(f"import csv\ndef predict(file):\n{body}\n")

    made = examples.made(file_of("A CSV file."), source)[0]

    assert isinstance(made.data, table.Table)
    assert sorted(made.data.columns) == sorted(columns)


def test_cells_are_what_the_code_makes_of_them() -> None:
    code = """
        import csv
        def number(row, name):
            return float(row["odd_name"])
        def predict(file):
            for row in csv.DictReader(file):
                number(row, "x")
                day = datetime.strptime(row["when"], "%d.%m.%Y")
                if row["side"] not in ("left", "right"):
                    raise ValueError("side")
    """
    made = examples.made(file_of("A CSV file."), source_of(code))[0].data

    columns = dict(zip(made.columns, zip(*made.rows, strict=True), strict=True))
    assert columns["when"][:2] == ("05.01.2024", "06.01.2024")
    assert set(columns["side"]) == {"left", "right"}
    assert made.are_numbers(made.columns.index("odd_name"))


def test_members_of_json_are_told_from_the_code() -> None:
    code = """
        import json
        def area(room):
            return room["width"] * float(room.get("depth"))
        def predict(file):
            plan = json.loads(file.read_text())
            if not isinstance(plan.get("name"), str):
                raise ValueError("name")
            for floor in plan["floors"]:
                total = sum(area(room) for room in floor["rooms"])
    """
    made = examples.made(file_of("The plan as JSON."), source_of(code))[0].data

    room = made["floors"][0]["rooms"][0]
    assert isinstance(made["name"], str)
    assert set(room) == {"width", "depth"}
    assert all(isinstance(one, float) for one in room.values())


def test_a_constant_that_is_a_table_and_a_default_are_used_as_they_are() -> None:
    sample = "customer,months\nA-1,30\n"
    code = f"SAMPLE = {sample!r}\ndef predict(file):\n    pass\n"
    told = field({"type": "string", "description": "CSV.", "default": "a,b\n1,2\n"}, "rows")

    assert examples.made(file_of("A CSV file."), source_of(code))[0].text == sample
    assert [one.text for one in examples.made(told, NONE)] == ["a,b\n1,2\n"]
    assert own.of_field(told, NONE) is None  # it is sent without being given


@pytest.mark.parametrize(
    "schema",
    [
        {**FILE, "description": "A picture."},
        {**FILE, "description": "A picture to begin with, of which the lighter half is kept."},
        {**FILE, "description": "A LoRA (weights) to draw with."},
        {"type": "string", "description": "The table to read from."},
        {"type": "string", "description": "Some text.", "default": "one, two\nthree, four"},
        {"type": "string", "description": "What to draw."},
    ],
)
def test_what_is_for_no_table_is_sent_none(schema: dict[str, Any]) -> None:
    assert own.of_field(field(schema), NONE) is None
    # though other code of the model reads one
    reads = source_of('import csv\nfor row in csv.DictReader(file): print(row["caption"])')
    assert not schema.get("format") or own.of_field(field(schema), reads) is None
    assert not [*own.ideas([field(schema)], {"file": schema.get("default", "x")}, NONE)]


def test_names_of_columns_say_what_stands_in_them() -> None:
    names = ("unit_price", "customerId", "order_date", "created_at", "age", "is_paid", "title")
    kinds = {name: cells.kind(name) for name in names}

    assert kinds == {
        "unit_price": "number", "customerId": "id", "order_date": "date", "created_at": "time",
        "age": "whole", "is_paid": "switch", "title": "word",
    }  # fmt: skip


# What is sent


def churn(file: str) -> list[str]:
    made = []
    for row in read(file, "customer", "months", "spend"):
        try:
            rate = float(row["spend"] or "") / float(row["months"] or "")
        except ValueError:
            raise ValueError("file: months and spend must be numbers") from None
        made.append(f"{row['customer']}: {rate > 1}")
    return made


def read(file: str, *columns: str) -> list[dict[str, str]]:
    try:
        rows = list(csv.DictReader(io.StringIO(content(file), newline="")))
    except (ValueError, csv.Error):
        raise ValueError("file must be CSV in UTF-8") from None
    if not rows or any(name not in rows[0] for name in columns):
        raise ValueError(f"file must have rows with the columns {columns}")
    return rows


def tried(
    model: Callable[..., Any], said: str, *, code: str = READER, output: Any = LIST
) -> tuple[Outcome, Bench]:
    properties = {"file": {**FILE, "description": said}}
    return fuzz(
        model, properties, output=output, required=("file",), source=source_of(code), budget=100
    )


CUSTOMERS = "CSV with the columns customer, months and spend, a customer per row."


def test_a_table_with_the_columns_that_are_told_is_taken_and_what_is_behind_it_tried() -> None:
    outcome, bench = tried(churn, CUSTOMERS)

    assert content(bench.inputs[0]["file"]).startswith("customer,months,spend\nA-1,")
    assert not any("none of the usual inputs" in note for note in outcome.notes)
    assert [one.cause for one in outcome.found if one.rule == "fuzz-crash"] == [
        "ZeroDivisionError float division by zero"
    ]


def test_where_one_table_is_refused_one_of_other_cells_is_sent() -> None:
    def model(file: str) -> list[str]:
        rows = read(file, "customer", "title")
        if not all(cell.replace(".", "").isdigit() for row in rows for cell in row.values()):
            raise ValueError("file must hold numbers")
        return [row["title"] for row in rows]

    outcome, _ = tried(model, "CSV with the columns customer and title.")

    assert outcome.took > 10
    assert not any("none of the usual inputs" in note for note in outcome.notes)


def test_a_crash_on_one_table_counts_where_another_one_is_taken() -> None:
    def model(file: str) -> list[str]:
        rows = [*csv.reader(io.StringIO(content(file)))][1:]
        return [str(int(cell.partition(".")[0])) for row in rows for cell in row[:1]]

    outcome, bench = tried(model, "A CSV file with a heading.", code="csv.reader")

    assert content(bench.inputs[0]["file"]) == content(media.usual("table").uri)
    assert outcome.took > 10
    assert outcome.found[0].number == 0


def ideas(schema: dict[str, Any], name: str = "file", code: str = "") -> list[Any]:
    fields = [field(schema, name)]
    known = own.usual(fields, source_of(code))
    base = {name: known[name].first[0]} if name in known else {}
    plan = layers.Plan(fields=fields, base=base, source=source_of(code), seed=1)
    probes = itertools.islice(layers.probes(plan), 160)
    return [one.inputs[name] for one in probes if one.layer in ("tables", "media", "edits")]


def test_odd_ones_of_its_own_table_are_sent_and_none_of_the_corpus() -> None:
    sent = ideas({**FILE, "description": CUSTOMERS})
    files = [media.of(one) for one in sent]

    names = [one.name for one in files if one is not None]
    assert names[0] == "own CSV of one row"
    assert "own CSV of a heading only" in names[:8]
    assert "own CSV with a cell of 0 in months" in names[:16]
    assert "own CSV with its columns in the other order" in names
    assert "table file of no bytes" in names
    # one table has other columns than are asked for
    assert sent.count(media.usual("table").uri) == 1
    assert media.corpus("table")[0].uri not in sent


def test_what_is_damaged_may_be_refused_and_what_is_odd_has_to_be_read() -> None:
    files = [media.of(one) for one in ideas({**FILE, "description": CUSTOMERS})]
    sound = {one.name: one.sound for one in files if one is not None}

    assert sound["own CSV of one row"]
    assert not sound["table file cut in half"]
    assert is_damaged({"file": next(one.uri for one in files if one and not one.sound)})
    assert [one.sound for one in files[:9] if one is not None][2::3] == [True, False, False]


def test_a_text_that_holds_a_table_is_sent_odd_ones_of_it() -> None:
    told = {"type": "string", "description": "CSV.", "default": "name,age\nAda,36\nAlan,41\n"}

    sent = ideas(told, "rows")

    assert {"name,age\nAda,36\n", "name,age\n", "age,name\n36,Ada\n41,Alan\n"} <= {*sent}
    assert "name,age\nAda,36\nAlan,0\n" in sent
    assert not any(one.startswith("\ufeff") for one in sent)  # a text has no such mark


def test_records_are_sent_with_other_items_and_other_members() -> None:
    told = {"type": "string", "default": '{"items": [{"id": "a", "price": 2}]}'}

    made = ideas(told, "order")
    sent = [json.loads(one) for one in made if examples.of_text(one) or one == "{}"]

    assert {"items": []} in sent
    assert {"items": [{"id": "a"}]} in sent
    assert {"items": [{"id": "a", "price": None}]} in sent
    assert {"items": [{"id": "a", "price": 2}, None]} in sent
    assert {} in sent


def test_json_lines_are_sent_as_lines() -> None:
    sent = ideas({**FILE, "description": "JSON lines, each with `speaker` and `text`."})

    lines = [content(one) for one in sent if (told := media.of(one)) and "empty line" in told.name]
    first, gap, *rest = lines[0].splitlines()
    assert set(json.loads(first)) == {"speaker", "text"}
    assert gap == ""
    assert len(rest) == 5


def test_a_table_that_a_test_case_gives_is_made_odd_too() -> None:
    rows = base64.b64encode(b"shop,price\nA,1\nB,2\n").decode()
    uri = f"data:text/csv;base64,{rows}"

    sent = [*own.ideas([file_of("A CSV file.")], {"file": uri}, NONE)]

    assert content(sent[0]["file"]) == "shop,price\nA,1\n"
    assert [*own.ideas([file_of("A picture.")], {"file": uri}, NONE)] == []


def test_subtitles_are_sent_as_such_and_made_odd() -> None:
    def model(file: str) -> list[str]:
        made = []
        try:
            text = content(file)
        except UnicodeDecodeError:
            raise ValueError("file must be in UTF-8") from None
        for block in text.replace("\r\n", "\n").strip().split("\n\n"):
            number, times, *said = [*block.split("\n"), ""]
            if not number.isdigit() or " --> " not in times:
                raise ValueError("file must be subtitles")
            made.append(" ".join(said) + str(60 // int(number)))
        return made

    outcome, bench = tried(model, "Subtitles (SRT).", code="")

    assert content(bench.inputs[0]["file"]).startswith("1\n00:00:01,000 --> ")
    assert [one.cause.partition(" ")[0] for one in outcome.found] == ["ZeroDivisionError"]


def test_what_passes_a_damaged_text_on_is_not_to_blame_for_it() -> None:
    def model(file: str) -> str:
        try:
            return content(file)
        except UnicodeDecodeError:
            raise ValueError("file must be in UTF-8") from None

    outcome, _ = tried(model, "Subtitles (SRT).", code="", output={"type": "string"})

    assert outcome.took > 20
    assert outcome.found == ()


def test_a_sample_in_the_code_is_sent_where_a_text_is_in_no_format_that_is_known() -> None:
    code = 'SAMPLE = "walk 3\\nturn left\\n"\n'

    told = own.of_field(file_of("The file with the steps."), source_of(code))

    assert told is not None
    assert content(told.first[0]) == "walk 3\nturn left\n"
    assert own.of_field(field({"type": "string", "description": "Markdown."}), NONE) is None


# What was sent may be said


def test_what_stands_in_a_file_may_be_said_by_the_output() -> None:
    sent = {"file": media.own(media.Medium("", "table", "text/csv", b"a,b\nx,nan\n")).uri}

    assert "nan" in given(sent)
    assert not [*outputs.wrong("x nan", "x nan", None, sent, damaged=False)]


def test_long_ids_in_a_file_come_back_as_they_were() -> None:
    sent = {
        "file": media.own(media.Medium("", "table", "text/csv", b"id\n1234567890123456789\n")).uri
    }
    promise = next(digits.promises())

    def kept(output: str) -> bool | None:
        return promise.kept(Made(inputs=sent, changed=frozenset(), output=output))

    assert kept("1234567890123456768") is False
    assert kept("1234567890123456789") is not False
