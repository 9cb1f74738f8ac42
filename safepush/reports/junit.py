"""A report as JUnit XML: a suite for each check, a case for each thing it looked at or found."""

import re
from xml.etree import ElementTree

from safepush.checks.base import Item, Result, Verdict
from safepush.report import Report

#: what XML 1.0 cannot carry at all
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ENDS = {Verdict.FAILED: "failure", Verdict.UNSURE: "error", Verdict.SKIPPED: "skipped"}


def to_xml(report: Report) -> str:
    """The whole document. What a person must decide is an `error` of type `unsure`."""
    root = ElementTree.Element("testsuites", {"name": f"safepush {report.model}"})
    suites = [_suite(report, result) for result in report.results]
    root.extend(suites)
    # Jenkins' schema knows no count of the skipped ones here
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False)


def _suite(report: Report, result: Result) -> ElementTree.Element:
    whole = Item(name=result.check, verdict=result.verdict, reasons=result.reasons)
    items = result.items or _findings(result) or [whole]
    suite = ElementTree.Element("testsuite", {"name": f"safepush.{result.check}"})
    verdicts = [item.verdict for item in items]
    suite.set("tests", str(len(items)))
    suite.set("failures", str(verdicts.count(Verdict.FAILED)))
    suite.set("errors", str(verdicts.count(Verdict.UNSURE)))
    suite.set("skipped", str(verdicts.count(Verdict.SKIPPED)))
    suite.set("time", f"{sum(item.took_s for item in items):.3f}")
    suite.extend([_case(report, result, item) for item in items])
    return suite


def _findings(result: Result) -> list[Item]:
    """What made it fail, one by one: under its own name it is the same case in the next run."""
    judgement = result.judgement
    if judgement is None or result.verdict is not Verdict.FAILED:
        return []
    return [
        Item(name=f"{one.rule.id} at {one.place}", verdict=Verdict.FAILED, reasons=(one.told,))
        for one in judgement.findings
        if judgement.fails(one)
    ]


def _case(report: Report, result: Result, item: Item) -> ElementTree.Element:
    facts = {
        "classname": f"{report.model}.{result.check}",
        "name": item.name,
        "time": f"{item.took_s:.3f}",
    }
    case = ElementTree.Element("testcase", {name: _text(fact) for name, fact in facts.items()})
    tag = ENDS.get(item.verdict)
    if tag is None:
        return case
    reasons = item.reasons or (item.verdict.value,)
    end = ElementTree.SubElement(case, tag, {"message": _text(reasons[0])})
    if tag != "skipped":
        end.set("type", "unsure" if item.verdict is Verdict.UNSURE else result.check)
        end.text = _text("\n".join(reasons))
    return case


def _text(text: str) -> str:
    return _FORBIDDEN.sub("?", text)
