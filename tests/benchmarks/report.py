"""What a run of the benchmarks leaves: a page with a table and a plot, and its figures."""

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.efficiency import Efficiency
from tests.servers.penstock import ROOT

#: git ignores it, unless another one is named
FOLDER = ROOT / os.environ.get("PENSTOCK_BENCH_FOLDER", "bench")


@dataclass(frozen=True)
class Line:
    """One figure, as it is printed."""

    name: str
    figure: str
    target: str
    load: float


class Report:
    """Everything that one run measured."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        #: no-op rows per second, by who ran them
        self.noop: dict[str, float] = {}
        #: rows per second of each torch model, by who ran them
        self.models: dict[str, dict[str, float]] = {}
        self.efficiency: list[Efficiency] = []

    def say(self, name: str, figure: str, target: str) -> None:
        """Print one line and keep it."""
        print(f"\n{name}: {figure}  (target: {target})", flush=True)
        self.lines.append(Line(name, figure, target, os.getloadavg()[0]))

    def save(self) -> None:
        """Write figures.json, README.md and plot.png; each has what this run measured, no more."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        figures = {
            "lines": [asdict(line) for line in self.lines],
            "noop_rows_s": self.noop,
            "model_rows_s": self.models,
            "efficiency": [asdict(one) | {"e": one.e} for one in self.efficiency],
        }
        (FOLDER / "figures.json").write_text(json.dumps(figures, indent=1))
        page = [f"# Measured\n\n{circumstances()}\n"]
        if self.noop or self.efficiency or self.models:
            plot(self, FOLDER / "plot.png")
            page.append("![Rows per second beside peers and beside the bare loop](plot.png)\n")
        (FOLDER / "README.md").write_text("\n".join([*page, self.table()]))
        print(f"\n{self.table()}\nkept in {FOLDER}")

    def table(self) -> str:
        """The lines as Markdown."""
        head = ["| what | figure | target | load |", "| --- | --- | --- | --- |"]
        rows = (f"| {x.name} | {x.figure} | {x.target} | {x.load:.1f} |" for x in self.lines)
        return "\n".join([*head, *rows, ""])


def circumstances() -> str:
    """When, which commit, and on what."""
    git = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit.strip() or 'unknown'}, by `make bench`:"
        f" {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, Python"
        f" {platform.python_version()}, torch {version('torch')}."
        " The load is that of the machine when the line was measured."
    )


REPORT = Report()
say = REPORT.say


def plot(report: Report, file: Path) -> None:
    """Rows per second beside the peers', of a no-op and of torch models; E of each model."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    draws = [
        (draw, width)
        for draw, what, width in (
            (lambda axes: _bars_of_rows(axes, report.noop), report.noop, 3),
            (lambda axes: _bars_of_models(axes, report.models), report.models, 3),
            (lambda axes: _bars_of_efficiency(axes, report.efficiency), report.efficiency, 2),
        )
        if what
    ]
    widths = [width for _, width in draws]
    figure, axes = pyplot.subplots(
        1,
        len(draws),
        figsize=(1 + 2.4 * sum(widths), 4),
        layout="constrained",
        width_ratios=widths,
        squeeze=False,
    )
    for (draw, _), place in zip(draws, axes[0], strict=True):
        draw(place)
    figure.savefig(file, dpi=120)
    pyplot.close(figure)


OURS, OTHERS, LIMIT = "#1f6f5c", "#9aa5a1", "#c2503a"


def _bars_of_rows(axes: Any, noop: dict[str, float]) -> None:
    names = sorted(noop, key=lambda name: noop[name])
    colours = [OURS if name.startswith("Penstock") else OTHERS for name in names]
    bars = axes.barh(names, [noop[name] for name in names], color=colours)
    axes.bar_label(bars, labels=[f" {noop[name]:,.0f}" for name in names])
    axes.set_xscale("log")
    axes.set_xlim(left=50, right=3 * max(noop.values(), default=1e5))
    axes.set_title("Rows per second, a model that does nothing")
    axes.spines[["top", "right"]].set_visible(False)


def _bars_of_models(axes: Any, models: dict[str, dict[str, float]]) -> None:
    """Each runner's share of the bare loop, model by model."""
    runners = list(dict.fromkeys(name for found in models.values() for name in found))
    colours = ["#d5dad8", OURS, "#5b7083", "#9aa5a1", "#c9b458"]
    width = 0.8 / len(runners)
    for number, runner in enumerate(runners):
        shares = [found.get(runner, 0) / next(iter(found.values())) for found in models.values()]
        places = [at + number * width for at in range(len(models))]
        bars = axes.bar(places, shares, width, label=runner, color=colours[number % len(colours)])
        axes.bar_label(bars, labels=[f"{share:.2f}" for share in shares], fontsize=7)
    axes.set_xticks([at + 0.4 - width / 2 for at in range(len(models))], list(models))
    axes.axhline(1.0, color=LIMIT, linewidth=1)
    axes.set_ylim(0, 1.4 * axes.get_ylim()[1])  # room for the names
    axes.legend(fontsize=7, frameon=False, loc="upper center", ncols=2)
    axes.set_title("Rows per second ÷ bare loop")
    axes.spines[["top", "right"]].set_visible(False)


def _bars_of_efficiency(axes: Any, found: list[Efficiency]) -> None:
    bars = axes.bar([one.model for one in found], [one.e for one in found], color=OURS, width=0.5)
    axes.bar_label(bars, labels=[f"{one.e:.2f}" for one in found])
    axes.axhline(1.0, color=LIMIT, linewidth=1)
    axes.set_ylim(0, 1.3 * max([1.0, *(one.e for one in found)]))
    axes.set_title("A whole batch ÷ bare loop at its best size")
    axes.spines[["top", "right"]].set_visible(False)
