"""Rules of the house that no tool knows: each is a function from source to complaints, tried on planted breaches."""

from __future__ import annotations

import ast
import importlib.util
import io
import re
import tokenize
from typing import TYPE_CHECKING

import pytest

from tests.architecture.tree import RESOURCES, ROOT, STUDIO, files, name_of, parsed, python_files

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOMS = ("domain", "engine", "services", "bridge", "ui")
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}
# They run code that comes in with the data.
UNPICKLERS = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle"}
# The classes in brackets keep this file from naming what it looks for.
MACHINE_PLACES = re.compile(
    r"[p]ypi\.org|[p]ythonhosted|download\.[p]ytorch|[a]naconda\.org|[n]pmjs\.|[c]rates\.io|[d]ebian\.org/debian"
    r"|(?<![\w.~*/-])/(?:[w]ork|[o]pt|[r]oot|[f]arm)(?=/|\b)(?![-\w])|/[h]ome/(?!u\b)\w+",
)


def code_run_from_data(tree: ast.Module) -> Iterator[str]:
    """Yield what could run code out of a file or a message."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if found := UNPICKLERS & {name.name.split(".")[0] for name in names}:
                yield f"line {node.lineno}: imports {', '.join(found)}"
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in UNPICKLERS:
                yield f"line {node.lineno}: imports {module}"
            case ast.Call(func=ast.Name(id="eval" | "exec" | "compile" | "__import__" as name)):
                yield f"line {node.lineno}: calls {name}"
            case ast.keyword(arg="trust_remote_code", value=value) if not is_constant(value, False):
                yield f"line {value.lineno}: may trust remote code"
            case ast.keyword(arg="shell", value=value) if not is_constant(value, False):
                yield f"line {value.lineno}: starts a shell"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="torch"), attr="load"), keywords=keywords):
                if not any(k.arg == "weights_only" and is_constant(k.value, True) for k in keywords):
                    yield f"line {node.lineno}: torch.load without weights_only"
            case _:
                pass


def is_constant(node: ast.expr, value: object) -> bool:
    """Tell whether an expression is this very constant."""
    return isinstance(node, ast.Constant) and node.value is value


def empty_names(tree: ast.Module) -> Iterator[str]:
    """Yield functions and classes whose name says nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", node.name)}
            if words & EMPTY_NAMES:
                yield f"line {node.lineno}: {node.name}"


def bad_comments(source: str) -> Iterator[str]:
    """Yield comments that silence a tool without saying why, and work left undone."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        silences = re.search(r"noqa|pyright:|type: *ignore", token.string)
        if silences and not re.search(
            r"(noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|pyright: ignore\[\w+(, ?\w+)*\])\W+\w+", token.string
        ):
            yield f"line {token.start[0]}: no reason or no rule: {token.string}"
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", token.string):
            yield f"line {token.start[0]}: {token.string}"


def fixed_waits(tree: ast.Module) -> Iterator[str]:
    """Yield waits for a fixed time, which are too short on one machine and too long on every other."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="qtbot"), attr="wait")):
                yield f"line {node.lineno}: qtbot.wait"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="QTest"), attr="qWait" | "qSleep")):
                yield f"line {node.lineno}: QTest waits"
            case _:
                pass


def places(text: str) -> Iterator[str]:
    """Yield hosts of package registries and paths of one machine."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := MACHINE_PLACES.search(line):
            yield f"line {number}: {found[0]}"


def licence_rows() -> dict[str, str]:
    """Return folder -> file with its licence, as the table in resources/README.md has them."""
    table = (RESOURCES / "README.md").read_text("utf-8")
    return dict(re.findall(r"^\| `([\w/]+)/` \|.*\| \[[^\]]+\]\(([^)]+)\) \|$", table, re.MULTILINE))


# --- the house as it is


def test_nothing_runs_code_out_of_data() -> None:
    found = [f"{name_of(p)}: {one}" for p in python_files("studio") for one in code_run_from_data(parsed(p))]
    assert found == []


def test_names_say_something() -> None:
    found = [f"{name_of(p)}: {one}" for p in python_files("studio", "packaging") for one in empty_names(parsed(p))]
    found += [name_of(p) for p in python_files() if EMPTY_NAMES & {p.stem, *p.relative_to(ROOT).parts}]
    assert found == []


def test_every_silenced_rule_has_a_reason_and_nothing_is_left_undone() -> None:
    found = [f"{name_of(p)}: {one}" for p in python_files() for one in bad_comments(p.read_text("utf-8"))]
    assert found == []


def test_no_test_waits_for_a_fixed_time() -> None:
    assert [f"{name_of(p)}: {one}" for p in python_files("tests") for one in fixed_waits(parsed(p))] == []


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    found: list[str] = []
    for path in files():
        try:
            found += [f"{name_of(path)}: {one}" for one in places(path.read_text("utf-8"))]
        except UnicodeDecodeError:
            continue
    assert found == []


def test_torchvision_is_not_installed() -> None:
    # Where its build does not match torch's, transformers and the diffusers pipelines fail to import.
    assert importlib.util.find_spec("torchvision") is None


def test_every_room_says_its_rule() -> None:
    for room in ROOMS:
        docstring = ast.get_docstring(parsed(STUDIO / room / "__init__.py")) or ""
        assert re.match(r"[A-Z]+: ", docstring), room
        assert "This room may import" in docstring, room
    assert [name_of(path) for path in python_files("studio") if not ast.get_docstring(parsed(path))] == []


def test_everything_in_resources_has_a_licence() -> None:
    rows = licence_rows()
    covered = [RESOURCES / folder for folder in rows]
    bare = [p for p in files("resources") if not any(folder in p.parents for folder in covered)]
    assert [name_of(path) for path in bare] == ["resources/README.md"]
    assert [licence for licence in rows.values() if not (RESOURCES / licence).is_file()] == []
    assert [name_of(folder) for folder in covered if not any(folder.iterdir())] == []


# --- planted


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "def f():\n    from shelve import open",
        "eval('1')",
        "exec('1')",
        "__import__('os')",
        "load(trust_remote_code=True)",
        "load(trust_remote_code=wanted)",
        "run('ls', shell=True)",
        "torch.load('x.ckpt')",
        "torch.load('x.ckpt', weights_only=False)",
    ],
)
def test_planted_code_run_from_data_is_caught(source: str) -> None:
    assert len(list(code_run_from_data(ast.parse(source)))) == 1


@pytest.mark.parametrize(
    "source", ["app.exec()", "import json", "torch.load('x', weights_only=True)", "f(shell=False)"]
)
def test_what_runs_no_code_passes(source: str) -> None:
    assert list(code_run_from_data(ast.parse(source))) == []


@pytest.mark.parametrize(("name", "caught"), [("QueueManager", 1), ("image_utils", 1), ("Helper", 1), ("Manage", 0)])
def test_a_planted_empty_name_is_caught(name: str, caught: int) -> None:
    assert len(list(empty_names(ast.parse(f"class {name}: ...\ndef f(): ...")))) == caught


@pytest.mark.parametrize(
    ("comment", "caught"),
    [
        ("# no" + "qa: E501", 1),
        ("# no" + "qa", 1),
        ("# pyright: ignore[reportReturnType]", 1),
        ("# type: ignore[arg-type]", 1),
        ("# TO" + "DO: later", 1),
        ("# no" + "qa: PLC0415 - the engine is slow to import", 0),
        ("# no" + "qa: PLC0415, BLE001  # the thread's boundary", 0),
        ("# pyright: ignore[reportReturnType]  # diffusers says so", 0),
        ("# a remark", 0),
    ],
)
def test_a_planted_bad_comment_is_caught(comment: str, caught: int) -> None:
    assert len(list(bad_comments(f"x = 1  {comment}\n"))) == caught


def test_a_planted_fixed_wait_is_caught() -> None:
    assert len(list(fixed_waits(ast.parse("qtbot.wait(10)\nQTest.qWait(10)\nqtbot.waitSignal(s)\nevent.wait(1)")))) == 2


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("see https://py" + "pi.org/simple", 1),
        ("cp /wo" + "rk/main/x .", 1),
        ('Path("/op' + 't/wheels")', 1),
        ("/ho" + "me/anna/x.png", 1),
        ("the UI's /worker and src/work/x, a/opt/b, root/", 0),
        ("packaging/starter_model/work/", 0),
    ],
)
def test_a_planted_place_is_caught(line: str, caught: int) -> None:
    assert len(list(places(line))) == caught
