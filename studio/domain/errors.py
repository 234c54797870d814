"""Every failure a user can meet, as one tree.

StudioError
├── InvalidRequest          a request that cannot be built
│   ├── InvalidSize         width or height the model cannot paint
│   └── InvalidSetting      a number or name outside its range
├── InvalidEdit             an edit the document refuses: a locked layer, none chosen
├── ModelError
│   ├── UnknownModel        no model of that name or path
│   ├── BrokenModel         a model folder that cannot be loaded
│   └── UnsupportedTask     a task the model's family does not have
├── EngineError
│   ├── DeviceUnavailable   the device asked for is not there
│   ├── OutOfMemory         the machine or the GPU ran out of memory
│   ├── NotANumber          the latents or the picture became NaN
│   ├── EngineDied          the engine's process ended in the middle of a job
│   └── EngineFailed        anything else that went wrong inside the engine
└── StorageError
    ├── UnreadablePicture   a file that is no picture, or a damaged one
    ├── DownloadFailed      a link that leads to no picture, or nowhere
    ├── UnwritablePlace     a folder that cannot be written, a full disk
    ├── SigningFailed       a picture that could not be given its Content Credentials
    └── NewerData           data written by a newer Sfumato

Cancelling is not an error: see `studio.domain.cancel`.
"""

from __future__ import annotations


class StudioError(Exception):
    """A failure in words: what happened, why, and what to do.

    Attributes:
        what: one clause, what went wrong.
        why: the cause as far as it is known.
        remedy: what the user can do now.
    """

    def __init__(self, what: str, why: str = "", remedy: str = "") -> None:
        super().__init__(what, why, remedy)
        self.what = what
        self.why = why
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(part for part in (_sentence(self.what), _sentence(self.why), _sentence(self.remedy)) if part)


class InvalidRequest(StudioError):
    """A request that cannot be built from these values."""


class InvalidSize(InvalidRequest):
    """A width or height that the model cannot paint."""


class InvalidSetting(InvalidRequest):
    """A number or name outside its range."""


class InvalidEdit(StudioError):
    """An edit that the canvas document refuses."""


class ModelError(StudioError):
    """Something about the model itself."""


class UnknownModel(ModelError):
    """No model of that name or path."""


class BrokenModel(ModelError):
    """A model folder that cannot be loaded."""


class UnsupportedTask(ModelError):
    """A task that the model's family does not have."""


class EngineError(StudioError):
    """Something went wrong while painting."""


class DeviceUnavailable(EngineError):
    """The device asked for is not there."""


class OutOfMemory(EngineError):
    """The machine or the GPU ran out of memory."""


class NotANumber(EngineError):
    """The latents or the picture became NaN or infinite."""


class EngineDied(EngineError):
    """The engine's process ended in the middle of a job."""


class EngineFailed(EngineError):
    """Any other failure inside the engine."""


class StorageError(StudioError):
    """Something about files and folders."""


class UnreadablePicture(StorageError):
    """A file that is no picture, or a damaged one."""


class DownloadFailed(StorageError):
    """A link that leads to no picture, or nowhere."""


class UnwritablePlace(StorageError):
    """A place that cannot be written."""


class SigningFailed(StorageError):
    """A picture that could not be given its Content Credentials."""


class NewerData(StorageError):
    """Data written by a newer Sfumato."""


def error_from_parts(kind: str, what: str, why: str, remedy: str) -> StudioError:
    """Return the error whose class is named ``kind``, as it came over a process boundary; `EngineFailed` if none is."""
    return _kinds(StudioError).get(kind, EngineFailed)(what, why, remedy)


def _kinds(root: type[StudioError]) -> dict[str, type[StudioError]]:
    found = {root.__name__: root}
    for child in root.__subclasses__():
        found |= _kinds(child)
    return found


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if not text or text.endswith((".", "!", "?")) else text + "."
