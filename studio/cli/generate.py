"""`sfumato generate`: paint pictures into files."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from studio.cli.interrupts import Interrupted, Interrupts
from studio.cli.outputs import Outputs, numbered, write_new
from studio.cli.painting import Done, Painting, Stopped
from studio.cli.progress import ProgressLine
from studio.cli.requests import asked_request, previewed
from studio.domain.disclosure import Disclosure
from studio.domain.errors import StudioError
from studio.domain.events import Cancelled, Failed, Finished, Painted, Preview, Progress, Started
from studio.domain.metadata import Metadata
from studio.domain.picture_kind import PictureKind
from studio.domain.request import Inpaint, TextToImage
from studio.domain.source_type import source_type_of
from studio.services.credentials_seal import CredentialsSeal
from studio.services.files import require_writable, write_whole
from studio.services.model_library import ModelLibrary
from studio.services.paths import Paths
from studio.services.picture_texts import told
from studio.services.pictures import png_bytes, write_png
from studio.services.sealing import Seal, unsealed
from studio.services.settings_store import SettingsStore
from studio.services.signing_identity import identity_of
from studio.services.sources import Sources

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from studio.domain.events import Event, GeneratedImage
    from studio.domain.ports import Engine
    from studio.domain.request import GenerationRequest

    EngineFactory = Callable[[str, str, Path], Engine]
    """Takes device, dtype and the engine's cache folder; called on the engine's thread."""


def diffusers_engine(device: str, dtype: str, cache_folder: Path) -> Engine:
    """Return the engine that ships with Sfumato. Importing it takes seconds."""
    from studio.engine.diffusers_engine import DiffusersEngine

    return DiffusersEngine(device, dtype, cache_folder)


def run(options: argparse.Namespace, make_engine: EngineFactory) -> int:
    """Paint, write and tell where. The first Ctrl-C ends it within a second; finished pictures stay.

    Raises:
        StudioError: it could not be done.
    """
    paths = Paths.of_user(os.environ)
    model = ModelLibrary.of(paths).find(options.model)
    job = _Job(options, asked_request(options, model), Outputs.of(options.out, options.count))
    job.seal = _seal(options, paths) if options.sign else unsealed
    job.prepare()
    _keep_sources(Sources(paths.sources), job.request)
    painting = Painting([job.request], partial(make_engine, options.device, options.dtype, paths.engine_cache))
    with Interrupts(painting.interrupt):
        try:
            end = painting.follow(job.take)
        finally:
            job.line.clear()
    match end:
        case Done():
            job.tell(end)
            return 0
        case Interrupted():
            print(f"sfumato: stopped; finished pictures: {len(job.painted)}", file=sys.stderr)
            return painting.leave(end.exit_code)
        case Stopped(error):
            raise error
        case _:
            assert_never(end)


def _keep_sources(sources: Sources, request: GenerationRequest) -> None:
    """Keep what is painted from, for ``sfumato replay``: the files that come out hold only its hash."""
    try:
        if not isinstance(request, TextToImage):
            sources.keep(request.image)
        if isinstance(request, Inpaint):
            sources.keep_mask(request.mask)
    except StudioError as error:
        # The picture is worth more than painting it again some day.
        print(f"sfumato: {error.what}: {error.why}; the picture cannot be painted again by itself", file=sys.stderr)


def _seal(options: argparse.Namespace, paths: Paths) -> Seal:
    """Return what signs the pictures, as the settings want it; the credentials of ``--init`` go on in them.

    Raises:
        StudioError: the settings cannot be read.
    """
    settings = SettingsStore(paths.settings).load()
    begun = Path(options.init).expanduser() if options.init else None
    return CredentialsSeal(partial(identity_of, settings, paths.signing), lambda _: begun)


class _Job:
    """What becomes of a job's events: files, a line of progress, words.

    Attributes:
        request: what is painted.
        line: of progress.
        painted: what was written so far.
        seal: puts Content Credentials into the files.
    """

    def __init__(self, options: argparse.Namespace, request: GenerationRequest, outputs: Outputs) -> None:
        self.request = request
        self.line = ProgressLine(sys.stderr)
        self.painted: list[tuple[Path, GeneratedImage]] = []
        self.seal: Seal = unsealed
        self._outputs = outputs
        self._previews = Path(options.previews).expanduser() if options.previews else None
        self._json: bool = options.json
        self._started = time.monotonic()

    def prepare(self) -> None:
        """Check before any work that its result can be kept.

        Raises:
            UnwritablePlace: it cannot.
        """
        for folder in filter(None, (self._outputs.folder, self._previews)):
            require_writable(folder)
        self.line.say("Starting the engine")

    def take(self, event: Event) -> None:
        """Do what an event asks for.

        Raises:
            UnwritablePlace: a file could not be written.
        """
        match event:
            case Started():
                self._started = time.monotonic()
            case Progress():
                self.line.show(event)
            case Preview():
                if self._previews is not None:
                    self._keep_preview(self._previews, event)
            case Painted():
                self._keep(event)
            case Finished() | Failed() | Cancelled():
                pass  # the painting says so itself, and whether the engine could be closed
            case _:
                assert_never(event)

    def tell(self, done: Done) -> None:
        """Print the JSON, where it was asked for; the paths were printed as they came."""
        if not self._json:
            return
        images = [
            {
                "path": str(path.absolute()),
                "seed": image.seed,
                "width": image.picture.width,
                "height": image.picture.height,
                "sha256_pixels": image.picture.sha256,
            }
            for path, image in self.painted
        ]
        figures = {"seconds": done.result.seconds, "seconds_per_step": done.result.seconds_per_step}
        engine = {"device": done.description.device, "dtype": done.result.conditions.dtype}
        print(json.dumps({"images": images, **figures, **engine, "model": self.request.model.id}, indent=2))

    def _keep(self, event: Painted) -> None:
        seconds = time.monotonic() - self._started
        metadata = Metadata.of(self.request, event.image, event.conditions, datetime.now(UTC), seconds=seconds)
        picture = event.image.picture
        notes: list[str] = []
        path = self._outputs.write(
            event.image.seed,
            lambda path, replace: notes.extend(write_png(path, picture, metadata, replace=replace, seal=self.seal)),
        )
        self.painted.append((path, event.image))
        for note in notes:
            self.line.clear()
            print(f"sfumato: {note}", file=sys.stderr)
        if not self._json:
            self.line.clear()
            print(path, flush=True)

    def _keep_preview(self, folder: Path, event: Preview) -> None:
        seed = self.request.sampling.seed + event.index
        made = source_type_of(has_generated=True, has_own=self.request.has_own_pixels)
        disclosure = Disclosure(source_type=made, models=(self.request.model.id,))
        content = told(png_bytes(previewed(self.request, event), {}), PictureKind.PNG, disclosure)
        paths = (folder / name for name in numbered(f"sfumato-{seed}-step-{event.step:03}"))
        write_new(paths, lambda path, replace: write_whole(path, content, replace=replace))
