"""Functions, classes and files stay small enough to be read at one go.

A function or class is measured from its `def` or `class` line to its last one, docstring included. A file is measured
whole, less its **data tables**: a data table is an assignment at the top level of a module or a class whose value is
a tuple, list, dict or set written out, or a call that wraps exactly one of these (`frozenset({...})`), with no lambda
and no comprehension anywhere inside. Text is not a table.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.architecture.tree import name_of, parsed, python_files

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTION_LINES, CLASS_LINES, FILE_LINES = 50, 250, 400
COLLECTIONS = (ast.Tuple, ast.List, ast.Dict, ast.Set)
LOGIC = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def test_every_file_class_and_function_is_within_its_limit() -> None:
    found = [f"{name_of(path)}: {breach}" for path in python_files() for breach in breaches(parsed(path))]
    assert found == []


def breaches(tree: ast.Module) -> list[str]:
    """Return one line for each thing in a module that is too long."""
    found: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if lines(node) > FUNCTION_LINES:
                found.append(f"function {node.name} has {lines(node)} lines, limit {FUNCTION_LINES}")
            case ast.ClassDef() if lines(node) > CLASS_LINES:
                found.append(f"class {node.name} has {lines(node)} lines, limit {CLASS_LINES}")
            case _:
                pass
    whole = max((node.end_lineno or 0 for node in tree.body), default=0)
    measured = whole - sum(lines(table) for table in tables(tree))
    if measured > FILE_LINES:
        found.append(f"the file has {measured} lines without its data tables, limit {FILE_LINES}")
    return found


def tables(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the data tables of a module; see the top of this file."""
    for body in (tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))):
        for statement in body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value and is_table(statement.value):
                yield statement


def is_table(value: ast.expr) -> bool:
    """Tell whether an expression is data written out."""
    match value:
        case ast.Call(args=[inner], keywords=[]):
            written = isinstance(inner, COLLECTIONS)
        case _:
            written = isinstance(value, COLLECTIONS)
    return written and not any(isinstance(node, LOGIC) for node in ast.walk(value))


def lines(node: ast.stmt) -> int:
    """Return how many lines a statement takes, decorators aside."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def function(length: int, indent: str = "") -> str:
    return f"{indent}def planted():\n" + f"{indent}    x = 1\n" * (length - 1)


@pytest.mark.parametrize(("length", "caught"), [(50, False), (51, True)])
def test_a_planted_function_is_measured(length: int, caught: bool) -> None:
    expected = ["function planted has 51 lines, limit 50"] if caught else []
    assert breaches(ast.parse(function(length))) == expected
    assert breaches(ast.parse(f"async {function(length)}")) == expected
    assert breaches(ast.parse(f"def outer(): ...\nclass Inner:\n{function(length, '    ')}")) == expected


@pytest.mark.parametrize(("length", "caught"), [(250, False), (251, True)])
def test_a_planted_class_is_measured(length: int, caught: bool) -> None:
    source = "class Planted:\n" + "    x = 1\n" * (length - 1)
    assert breaches(ast.parse(source)) == (["class Planted has 251 lines, limit 250"] if caught else [])


@pytest.mark.parametrize(("length", "caught"), [(400, False), (401, True)])
def test_a_planted_file_is_measured(length: int, caught: bool) -> None:
    expected = ["the file has 401 lines without its data tables, limit 400"] if caught else []
    assert breaches(ast.parse("x = 1\n" * length)) == expected


ROWS = "    (1, 'one'),\n" * 500


@pytest.mark.parametrize(
    ("source", "exempt"),
    [
        (f"TABLE = (\n{ROWS})\n", True),
        (f"TABLE: tuple[object, ...] = (\n{ROWS})\n", True),
        (f"TABLE = frozenset({{\n{ROWS}}})\n", True),
        (f"TABLE = [\n{ROWS}]\n", True),
        (f"TABLE = [\n{ROWS}    lambda: 1,\n]\n", False),
        (f"TABLE = [\n{ROWS}    *(x for x in 'ab'),\n]\n", False),
        (f"def f(): ...\nf(\n{ROWS})\n", False),
        ('TEXT = """\n' + "line\n" * 500 + '"""\n', False),
    ],
)
def test_only_data_written_out_is_exempt(source: str, exempt: bool) -> None:
    assert (breaches(ast.parse(source)) == []) is exempt
