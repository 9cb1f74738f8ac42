"""Print function lengths, file lengths and import cycles, and fail above the caps."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PACKAGES = ("jobs", "webhooks", "safepush")
CAPPED_ONLY = ("examples", "tools")
MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 400

COLUMNS = f"{'n':>6} {'median':>7} {'p90':>5} {'max':>5}"
HEADING = (
    f"{'':<10} {'lines per function':>26}   {'lines per file':>26}\n"
    f"{'':<10} {COLUMNS}   {COLUMNS}   cycles"
)


@dataclass(frozen=True)
class Source:
    """One Python file: where it is, what it is called and what is in it."""

    path: Path
    module: str
    lines: int
    tree: ast.Module


@dataclass(frozen=True)
class Function:
    """A function's place and its lines, docstring included."""

    place: str
    lines: int


def read_sources(root: Path, folder: str) -> list[Source]:
    """Read a folder's Python files in path order."""
    return [read_source(root, path) for path in sorted((root / folder).rglob("*.py"))]


def read_source(root: Path, path: Path) -> Source:
    """Read one file; its module name is its path from the root."""
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(root).with_suffix("").parts
    named = parts[:-1] if parts[-1] == "__init__" else parts
    return Source(
        path=path.relative_to(root),
        module=".".join(named),
        lines=len(text.splitlines()),
        tree=ast.parse(text, filename=str(path)),
    )


def functions(source: Source) -> Iterator[Function]:
    """Yield every function of a file, nested ones too."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Function(f"{source.path}:{node.lineno} {node.name}", lines)


def imported_modules(tree: ast.AST, known: set[str]) -> Iterator[str]:
    """Yield the known modules a tree imports when it runs, so not under TYPE_CHECKING."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from _from_import(node.module, node.names, known)
        else:
            yield from imported_modules(node, known)


def _from_import(module: str, names: list[ast.alias], known: set[str]) -> Iterator[str]:
    """`from package import module` is about the module; everything else about the package."""
    for alias in names:
        submodule = f"{module}.{alias.name}"
        if submodule in known:
            yield submodule
        elif module in known:
            yield module


def import_cycles(sources: list[Source]) -> list[list[str]]:
    """Return the groups of modules that reach each other by imports."""
    known = {source.module for source in sources}
    graph = {s.module: set(imported_modules(s.tree, known)) - {s.module} for s in sources}
    reach = {module: _reachable(module, graph) for module in graph}
    groups = {
        tuple(sorted(other for other in reach[module] if module in reach[other]))
        for module in graph
        if module in reach[module]
    }
    return [list(group) for group in sorted(groups)]


def _reachable(start: str, graph: dict[str, set[str]]) -> set[str]:
    """Return the modules found by following imports; the start only if a cycle leads back."""
    seen: set[str] = set()
    ahead = list(graph[start])
    while ahead:
        module = ahead.pop()
        if module not in seen:
            seen.add(module)
            ahead.extend(graph[module])
    return seen


def figures(lengths: list[int]) -> str:
    """Format count, median, ninetieth percentile and maximum."""
    if not lengths:
        return f"{0:>6} {'-':>7} {'-':>5} {'-':>5}"
    ordered = sorted(lengths)
    p90 = ordered[-(-9 * len(ordered) // 10) - 1]
    return f"{len(ordered):>6} {median(ordered):>7.1f} {p90:>5} {ordered[-1]:>5}"


def row(name: str, sources: list[Source], cycles: str) -> str:
    """Format one line of the table; empty files are left out of the file figures."""
    lengths = [function.lines for source in sources for function in functions(source)]
    file_lengths = [s.lines for s in sources if s.tree.body]
    return f"{name:<10} {figures(lengths)}   {figures(file_lengths)}   {cycles:>6}"


def over_caps(sources: list[Source]) -> Iterator[str]:
    """Yield a complaint for each file and function that is too long."""
    for source in sources:
        if source.lines > MAX_FILE_LINES:
            yield f"{source.path}: {source.lines} lines, the cap is {MAX_FILE_LINES}; split it"
        for function in functions(source):
            if function.lines > MAX_FUNCTION_LINES:
                yield (
                    f"{function.place}: {function.lines} lines, "
                    f"the cap is {MAX_FUNCTION_LINES}; name its steps"
                )


def measure(root: Path) -> list[str]:
    """Print the table and return what breaks the rules."""
    problems: list[str] = []
    everything: list[Source] = []
    print(HEADING)
    for name in PACKAGES + CAPPED_ONLY:
        sources = read_sources(root, name)
        cycles = import_cycles(sources) if name in PACKAGES else []
        print(row(name, sources, str(len(cycles)) if name in PACKAGES else "-"))
        problems += over_caps(sources)
        problems += [f"{name}: import cycle {' -> '.join(cycle)}" for cycle in cycles]
        everything += sources if name in PACKAGES else []
    print(row("packages", everything, str(len(import_cycles(everything)))))
    return problems


def main() -> int:
    """Measure the checkout this file is in; 1 if a cap is broken."""
    problems = measure(Path(__file__).resolve().parent.parent)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
