"""The door to diffusers and transformers: classes by name, and quiet.

The libraries are imported when the first model is loaded and not with the engine: that takes seconds, and the engine
can tell its device meanwhile. Families name their classes as text for the same reason.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Generator

_NAMED: Final = ("torch", "diffusers", "transformers", "safetensors", "numpy", "Pillow")


@contextmanager
def quiet() -> Generator[None]:
    """Keep the libraries' progress bars, remarks and warnings off the console.

    They speak to programmers: of torchvision that is not there, of types that a pipeline did not expect, of settings
    in other people's model folders. What a user must know is a `StudioError`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Before diffusers is imported: its import makes transformers remark on torchvision.
        for name in ("transformers.utils.logging", "diffusers.utils.logging"):
            logging: Any = import_module(name)  # Any: a module looked up by name
            logging.set_verbosity_error()
            logging.disable_progress_bar()
        yield


def library_class(library: str, name: str) -> Any:  # noqa: ANN401 - the libraries are loaded by name and untyped
    """Return a class of ``diffusers`` or ``transformers`` by its name.

    Raises:
        AttributeError: the library has no such class.
    """
    return getattr(import_module(library), name)


def versions() -> dict[str, str]:
    """Return the versions of the libraries that pixels depend on."""
    found: dict[str, str] = {}
    for name in _NAMED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
