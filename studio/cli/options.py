"""The options of every command. Imports nothing that takes time."""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import fields
from typing import TYPE_CHECKING, NoReturn

from studio import __version__
from studio.domain.errors import InvalidSetting
from studio.domain.frame_kind import FrameKind, Margins
from studio.domain.inpainting import BEST, Fill
from studio.domain.samplers import Sampler, Schedule

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import Enum

_ABOUT = """Paint with diffusion models on your own machine.

Without a command the window opens; it takes --engine process|thread, --device and --dtype."""

_EXAMPLES = """examples:
  sfumato generate "a red fox, 3d"
  sfumato generate "a blue whale" --seed 3 --count 4 --out whales/
  sfumato generate "a cat" --init sketch.png --strength 0.6 --out cat.png
  sfumato generate "a hat" --init cat.png --mask head.png --out hat.png
  sfumato generate "a cat on a sofa" --init cat.png --outpaint left=128,right=128
  sfumato inspect cat.png
  sfumato replay cat.png"""
_REPLAY = """Paint pictures again from what their files say, and tell how that came out.

identical   every bit of every pixel is the same
close       all that was asked for is the same, and what was not: other hardware, numbers, libraries
changed     another picture, and what differs: the model's weights, the program that painted it
cannot      what is missing: the model, what it was painted from, a LoRA

The exit code is 0 where every picture is identical or close, and 1 where one is not."""


class Parser(argparse.ArgumentParser):
    """Answers a wrong option with one sentence."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and exit with 2."""
        self.exit(2, f"{self.prog}: {message}; {self.prog} --help tells more\n")


def main_parser() -> tuple[Parser, argparse._SubParsersAction[Parser]]:  # pyright: ignore[reportPrivateUsage] - argparse has no other name for it
    """Return the parser without its commands, and where to add them."""
    parser = Parser("sfumato", description=_ABOUT, epilog=_EXAMPLES, allow_abbrev=False, formatter_class=_Formatter)
    parser.add_argument("--version", action="version", version=f"Sfumato {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, dest="command")
    return parser, commands


def add_generate(parser: Parser) -> None:
    """Add the options of ``generate``."""
    parser.formatter_class = _Formatter
    parser.add_argument("prompt", metavar="PROMPT", type=_text, help="what to paint")
    what = parser.add_argument_group("what to paint")
    what.add_argument("--negative", metavar="T", type=_text, default="", help="what to avoid")
    what.add_argument("--model", metavar="ID|PATH", default="starter", help="name or folder of a model (starter)")
    what.add_argument(
        "--size", metavar="WxH", type=_size, help="in pixels (the model's own); with --init, scales that picture"
    )
    what.add_argument("--count", metavar="N", type=int, default=1, help="how many pictures (1)")
    _add_picture(parser)
    _add_inpainting(parser)
    how = parser.add_argument_group("how")
    how.add_argument("--steps", metavar="N", type=int, help="denoising steps (the model's own)")
    how.add_argument("--guidance", metavar="G", type=float, help="classifier-free guidance scale (the model's own)")
    how.add_argument("--sampler", metavar="NAME", type=_one_of(Sampler), help=f"{_names(Sampler)} (the model's own)")
    how.add_argument(
        "--schedule", metavar="NAME", type=_one_of(Schedule), help=f"{_names(Schedule)} (the sampler's own)"
    )
    how.add_argument("--seed", metavar="N", type=int, help="repeats a picture; further ones count up (by chance)")
    how.add_argument("--device", choices=("auto", "cpu", "cuda", "mps", "xpu"), default="auto", help="what computes")
    how.add_argument(
        "--dtype", choices=("auto", "float32", "bfloat16", "float16"), default="auto", help="how precisely"
    )
    where = parser.add_argument_group("what comes out")
    where.add_argument(
        "--out",
        metavar="FILE|FOLDER",
        help="FILE.png is replaced; with --count above 1 its name gets a number. In a FOLDER, which ends in / or is "
        "there already, and without --out in the current folder, pictures get new names like sfumato-SEED.png",
    )
    where.add_argument(
        "--previews",
        metavar="FOLDER",
        help="also write the previews: after the first step, and as often as they cost next to no time",
    )
    where.add_argument(
        "--sign", action="store_true", help="add Content Credentials, with the certificate that the settings name"
    )
    where.add_argument("--json", action="store_true", help="print one JSON object instead of the paths")
    _add_verbose(parser)


def _add_picture(parser: Parser) -> None:
    what = parser.add_argument_group("from a picture")
    what.add_argument(
        "--init",
        metavar="PNG",
        help="picture to start from; decides the size. Where it is transparent it is continued, as in the window",
    )
    what.add_argument(
        "--strength",
        metavar="S",
        type=float,
        help="how much of it changes, 0 to 1 (0.75; with a mask 1; where it is continued 0.7)",
    )
    what.add_argument("--mask", metavar="PNG", help="white is painted anew, black stays exactly; needs --init")
    what.add_argument(
        "--outpaint",
        metavar="SIDES",
        type=_margins,
        help="continue the picture beyond its border, such as left=128,top=64 in pixels; needs --init",
    )
    what.add_argument(
        "--kind",
        metavar="K",
        type=_one_of(FrameKind),
        help=f"{_names(FrameKind)}: what is made of --init (what its mask and transparency ask for)",
    )


def _add_inpainting(parser: Parser) -> None:
    mask = parser.add_argument_group("into a mask, and beyond the border")
    mask.add_argument(
        "--fill",
        metavar="F",
        type=_one_of(Fill),
        default=BEST.fill,
        help=f"{_names(Fill)}: what lies there before it is painted (original)",
    )
    mask.add_argument(
        "--padding",
        metavar="N|all",
        type=_padding,
        default=BEST.padding,
        help="pixels around the mask that the model sees; that part is painted in the size it is made for "
        f"({BEST.padding}). all: the whole picture in its own size",
    )
    mask.add_argument(
        "--edge", metavar="N", type=int, default=BEST.edge, help=f"pixels inside the mask that fade in ({BEST.edge})"
    )
    mask.add_argument(
        "--hard",
        action="store_true",
        help="grey of the mask is opacity (it says how much a pixel may change)",
    )
    mask.add_argument(
        "--own-colours", action="store_true", help="leave the fill's colours as they come (matched to those around it)"
    )


def check_generate(parser: Parser, options: argparse.Namespace) -> None:
    """Refuse what does not go together."""
    if options.init is None and options.mask is not None:
        parser.error("--mask needs --init, the picture that it covers")
    if options.init is None and options.outpaint is not None:
        parser.error("--outpaint needs --init, the picture to continue")
    if options.outpaint is not None and options.kind not in {None, FrameKind.OUTPAINT}:
        parser.error(f"--outpaint is of the kind {FrameKind.OUTPAINT.value}")
    if options.init is None and options.strength is not None:
        parser.error("--strength needs --init, the picture to start from")


def add_inspect(parser: Parser) -> None:
    """Add the options of ``inspect``."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="a picture, also one of another program")
    parser.add_argument("--json", action="store_true", help="print one JSON array, an object for each file")
    _add_verbose(parser)


def add_replay(parser: Parser) -> None:
    """Add the options of ``replay``."""
    parser.formatter_class = _Formatter
    parser.description = _REPLAY
    parser.add_argument("files", metavar="FILE", nargs="+", help="a picture that says how it was painted")
    what = parser.add_argument_group("what to paint it with")
    what.add_argument("--model", metavar="ID|PATH", help="instead of the model that the file names")
    what.add_argument("--init", metavar="PNG", help="what it was painted from, where Sfumato has not kept that")
    what.add_argument("--mask", metavar="PNG", help="the mask that it was painted into, likewise")
    what.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "mps", "xpu"), default="auto", help="what computes (as it was)"
    )
    what.add_argument(
        "--dtype",
        choices=("auto", "float32", "bfloat16", "float16"),
        default="auto",
        help="how precisely (as it was)",
    )
    where = parser.add_argument_group("what comes out")
    where.add_argument("--out", metavar="FILE|FOLDER", help="also write the picture that was painted, as generate does")
    where.add_argument("--json", action="store_true", help="print one JSON array, an object for each file")
    _add_verbose(parser)


def check_replay(parser: Parser, options: argparse.Namespace) -> None:
    """Refuse what does not go together."""
    if len(options.files) > 1 and (options.init is not None or options.mask is not None):
        parser.error("--init and --mask go with one FILE")


def add_history(parser: Parser) -> None:
    """Add what ``history`` can do, and the options of each."""
    actions = parser.add_subparsers(title="what to do", metavar="ACTION", required=True, dest="action")
    rows = (
        ("list", "print what the history holds, newest first"),
        ("import", "enter pictures of any program; files outside the pictures folder are copied as they are"),
        ("check", "tell whether index and files agree; exits with 1 where they do not"),
        ("rebuild", "make the index anew from the files; stars, notes, tags and boards stay"),
        ("trash", "print what is in the trash"),
    )
    added = {name: actions.add_parser(name, help=told, description=f"{told.capitalize()}.") for name, told in rows}
    added["list"].add_argument("query", metavar="QUERY", nargs="*", help='such as: model:starter star:yes "red fox"')
    added["list"].add_argument("--limit", metavar="N", type=_count, default=20, help="at most so many (20)")
    added["import"].add_argument("files", metavar="FILE|FOLDER", nargs="+", help="PNG, JPEG, WebP or AVIF")
    added["trash"].add_argument("--empty", action="store_true", help="move all that is in it to the system's trash")
    for one in added.values():
        one.add_argument("--json", action="store_true", help="print JSON")
        _add_verbose(one)


def add_doctor(parser: Parser) -> None:
    """Add the options of ``doctor``."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    _add_verbose(parser)


def add_bench(parser: Parser) -> None:
    """Add the options of ``bench``."""
    parser.add_argument(
        "--quick", action="store_true", help="leave out what needs a model of Stable Diffusion 1.5's size"
    )
    parser.add_argument("--only", metavar="NAME", action="append", default=[], help="make this measurement; repeatable")
    parser.add_argument(
        "--model", metavar="ID|PATH", default="starter", help="what the small ones paint with (starter)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    _add_verbose(parser)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the line breaks of description and examples."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=22)


def _add_verbose(parser: Parser) -> None:
    parser.add_argument("--verbose", action="store_true", help="show tracebacks and the libraries' own warnings")


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        # Bytes that are no text in the terminal's encoding arrive as lone surrogates.
        raise argparse.ArgumentTypeError(f"it is not valid {sys.getfilesystemencoding()} text") from None
    return value


def _size(value: str) -> tuple[int, int]:
    if (found := re.fullmatch(r"(\d{1,6})x(\d{1,6})", value.strip().lower())) is None:
        raise argparse.ArgumentTypeError(f'"{value}" is no size; write width x height in pixels, such as 256x256')
    return int(found[1]), int(found[2])


def _margins(value: str) -> Margins:
    sides = {one.name for one in fields(Margins)}
    found: dict[str, int] = {}
    for part in value.strip().lower().split(","):
        side, _, pixels = part.partition("=")
        if side.strip() not in sides or not pixels.strip().isdecimal():
            raise argparse.ArgumentTypeError(f'"{value}" names no sides; write for example left=128,right=128')
        found[side.strip()] = int(pixels)
    try:
        return Margins(**found)
    except InvalidSetting as error:
        raise argparse.ArgumentTypeError(f"{error.what}: {error.why}") from None


def _padding(value: str) -> int | None:
    if value.strip().lower() == "all":
        return None
    if not value.strip().isdecimal():
        raise argparse.ArgumentTypeError(f'"{value}" is no padding; write a number of pixels, or all')
    return int(value)


def _count(value: str) -> int:
    if not value.strip().isdecimal() or not int(value):
        raise argparse.ArgumentTypeError(f'"{value}" is no number of pictures')
    return int(value)


def _one_of(kind: type[Enum]) -> Callable[[str], Enum]:
    def convert(value: str) -> Enum:
        try:
            return kind(value.lower())
        except ValueError:
            raise argparse.ArgumentTypeError(f'"{value}" is none of {_names(kind)}') from None

    return convert


def _names(kind: type[Enum]) -> str:
    return ", ".join(str(one.value) for one in kind)
