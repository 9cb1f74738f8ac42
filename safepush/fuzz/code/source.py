"""What a model's code asks about its inputs: the literals they are compared with, by input."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safepush.errors import BundleInvalid
from safepush.version import read_bundle

MAX_FILES, MAX_BYTES = 50, 1 << 20
#: code that uses one of these may well give something else each time
CHANCE = frozenset(
    {"random", "randint", "randn", "rand", "randperm", "multinomial", "shuffle", "default_rng"}
    | {"secrets", "uuid", "uuid1", "uuid4", "urandom", "getpid", "id", "torch", "tensorflow", "jax"}
)
CLOCKS = frozenset(
    {"time", "time_ns", "now", "utcnow", "today", "monotonic", "process_time"}
    | {"perf_counter", "perf_counter_ns"}
)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Names = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Source:
    """A model's Python files: (path, text), and the trees of those that can be read."""

    files: tuple[tuple[str, str], ...] = ()
    trees: tuple[ast.Module, ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(text for _, text in self.files)

    @property
    def uses_chance(self) -> bool:
        """Whether its output may be another one each time; also where there is no code to see."""
        return not self.files or bool(self._called() & CHANCE) or self.uses_clock

    @property
    def uses_clock(self) -> bool:
        """Whether it asks what time it is."""
        return bool(self._called() & CLOCKS)

    @property
    def leaves_dropout_on(self) -> bool:
        """Whether a network has layers that drop values by chance, and is never put to use."""
        called = self._called()
        return bool(called & {"Dropout", "Dropout1d", "Dropout2d"}) and not called & {
            "eval",
            "train",
        }

    @property
    def runs_at_once(self) -> bool:
        """Whether predictions may be under way together in one process."""
        predicts = (one for one in self.functions() if one.name == "predict")
        return any(isinstance(one, ast.AsyncFunctionDef) for one in predicts)

    def _called(self) -> set[str]:
        """Names that are imported or called."""
        found: set[str] = set()
        for node in (node for tree in self.trees for node in ast.walk(tree)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
                names = {one.name for one in node.names} | {module}
                found |= {part for name in names for part in name.split(".")} - CLOCKS
            elif isinstance(node, ast.Call):
                called = node.func
                found |= {called.id} if isinstance(called, ast.Name) else set()
                found |= {called.attr} if isinstance(called, ast.Attribute) else set()
        return found

    def holds(self, path: str) -> bool:
        """Whether a file that a traceback names is one of these."""
        return any(path == name or path.endswith(f"/{name}") for name, _ in self.files)

    def functions(self) -> Iterator[Function]:
        """Every function, methods among them."""
        for tree in self.trees:
            yield from (node for node in ast.walk(tree) if isinstance(node, Function))


def read(folder: Path | None) -> Source:
    """The Python files that are pushed from a folder; what cannot be read is left out."""
    if folder is None:
        return Source()
    try:
        paths = [file.path for file in read_bundle(folder).files if file.path.endswith(".py")]
    except BundleInvalid:
        return Source()
    files, trees = [], []
    for path in paths[:MAX_FILES]:
        try:
            text = (folder / path).read_text(encoding="utf-8")[:MAX_BYTES]
            trees.append(ast.parse(text))
        except (OSError, ValueError, SyntaxError, RecursionError):
            continue
        files.append((path, text))
    return Source(tuple(files), tuple(trees))


@dataclass(frozen=True)
class Scope:
    """One function: which inputs each of its names comes from, and the constants it can see."""

    node: Function
    names: Names
    constants: Mapping[str, Any] = field(default_factory=dict)

    def inputs(self, node: ast.AST) -> frozenset[str]:
        """The inputs that an expression is made of."""
        used = (one.id for one in ast.walk(node) if isinstance(one, ast.Name))
        return frozenset().union(*(self.names.get(name, frozenset()) for name in used))

    def literal(self, node: ast.AST) -> Any:
        """An expression's value where it is a literal or names one; raises ValueError."""
        return value_of(node, self.constants)


def value_of(node: ast.AST, constants: Mapping[str, Any]) -> Any:
    """A literal's value, or that of the literal which a name stands for; raises ValueError."""
    if isinstance(node, ast.Name) and node.id in constants:
        return constants[node.id]
    if isinstance(node, ast.Attribute) and node.attr in constants:
        return constants[node.attr]
    try:
        return ast.literal_eval(node)
    except (TypeError, SyntaxError, MemoryError, RecursionError) as exc:
        raise ValueError from exc


def constants_of(source: Source) -> Iterator[tuple[str, Any]]:
    """Names that are given a literal anywhere in the code."""
    for tree in source.trees:
        yield from _constants(tree)


def scopes(source: Source, inputs: Iterable[str]) -> Iterator[Scope]:
    """The functions that have to do with the inputs, each with what its names come from."""
    wanted = frozenset(inputs)
    constants = dict(constants_of(source))
    for node in source.functions():
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        known = {one.arg: frozenset({one.arg}) for one in arguments if one.arg in wanted}
        if known:
            yield Scope(node, _derived(node, known), constants)


def _constants(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    """Names that are given a literal anywhere, attributes among them."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        try:
            value = ast.literal_eval(node.value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            value = _keys(node.value)
        for target in targets:
            if value is not None and isinstance(target, ast.Name):
                yield target.id, value
            elif value is not None and isinstance(target, ast.Attribute):
                yield target.attr, value


def _keys(node: ast.expr) -> dict[Any, None] | None:
    """The keys of a dictionary whose values are no literals."""
    if not isinstance(node, ast.Dict):
        return None
    found = [one.value for one in node.keys if isinstance(one, ast.Constant)]
    return dict.fromkeys(found) or None


def _derived(node: Function, known: dict[str, frozenset[str]]) -> Names:
    """Which inputs each name comes from: what is assigned, looped over, or opened."""
    names = dict(known)
    for _ in range(3):  # a name may be used above where it is made
        for targets, value in _bindings(node):
            used = (one.id for one in ast.walk(value) if isinstance(one, ast.Name))
            found = frozenset().union(*(names.get(name, frozenset()) for name in used))
            for target in targets:
                for one in ast.walk(target):
                    if isinstance(one, ast.Name) and found:
                        names[one.id] = names.get(one.id, frozenset()) | found
    return names


def _bindings(node: Function) -> Iterator[tuple[list[ast.expr], ast.expr]]:
    for one in ast.walk(node):
        match one:
            case ast.Assign():
                yield one.targets, one.value
            case ast.AnnAssign(value=ast.expr()) | ast.AugAssign() | ast.NamedExpr():
                assert one.value is not None  # noqa: S101 (the pattern says so)
                yield [one.target], one.value
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                yield [one.target], one.iter
            case ast.withitem(optional_vars=ast.expr()):
                assert one.optional_vars is not None  # noqa: S101 (the pattern says so)
                yield [one.optional_vars], one.context_expr
