"""How many processes the tests are spread over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Options of pytest that choose the processes themselves, talk to the terminal, or run no tests.
ALONE = ("-n", "--num", "--dist", "-p", "--pdb", "--trace", "-s", "--capture=no", "--co", "-h", "--help")


def spread(arguments: Sequence[str], root: Path) -> list[str]:
    """Return the options of pytest-xdist for a run of all tests; none where they do not help or were given.

    A worker loads torch first, which takes as long as most files do. Each holds 1 GB, hence no more than four.

    Args:
        arguments: for pytest.
        root: of the checkout, where the tests start.
    """
    names_place = any((root / argument.partition("::")[0]).exists() for argument in arguments if argument)
    if names_place or any(argument.startswith(ALONE) for argument in arguments):
        return []
    return ["-n", "logical", "--maxprocesses", "4", "--dist", "worksteal"]
