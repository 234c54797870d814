"""What the window remembers from one day to the next. Each field says what it is for, and its range."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from studio.domain.disclosure import ExportPrivacy
from studio.domain.errors import InvalidSetting
from studio.domain.file_names import DEFAULT_TEMPLATE, FIELDS, check_template
from studio.domain.framing import FrameKind
from studio.domain.inpainting import DEFAULT_PADDING, MAX_PADDING, Fill
from studio.domain.picture import MAX_SIDE
from studio.domain.request import MAX_COUNT, MAX_GUIDANCE, MAX_SEED, MAX_STEPS
from studio.domain.samplers import Sampler, Schedule

SETTINGS_VERSION: Final = 1

_Level = Annotated[int, Field(ge=0, le=255)]
_Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]


def _names_files(template: str) -> str:
    """Return the template as it is; what is wrong with it becomes an error of this file's fields."""
    try:
        check_template(template)
    except InvalidSetting as error:
        raise ValueError(str(error)) from error
    return template


class Settings(BaseModel):
    """All that is remembered. Unknown fields are kept, so that a newer Sfumato finds its own again."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    version: int = Field(default=SETTINGS_VERSION, title="Version", description="Layout of the settings file.", ge=1)
    theme: Literal["dark", "light", "system"] = Field(
        default="dark", title="Theme", description="Colours of the window; system follows the desktop."
    )
    prompt: str = Field(default="", title="Prompt", description="What to paint.")
    negative_prompt: str = Field(default="", title="Negative prompt", description="What to avoid.")
    model: str = Field(default="starter", title="Model", description="What paints: the name of a model folder.")
    width: _Side = Field(default=256, title="Width", description="Width of the picture in pixels.")
    height: _Side = Field(default=256, title="Height", description="Height of the picture in pixels.")
    steps: int = Field(
        default=20,
        title="Steps",
        description="Denoising steps; more take longer and show more detail.",
        ge=1,
        le=MAX_STEPS,
    )
    guidance: float = Field(
        default=4.0,
        title="Guidance scale",
        description="How closely the picture follows the prompt; up to 1 the negative prompt is not used.",
        ge=0,
        le=MAX_GUIDANCE,
    )
    sampler: Sampler | None = Field(
        default=None, title="Sampler", description="How the noise is taken away; empty for the model's own."
    )
    schedule: Schedule | None = Field(
        default=None, title="Schedule", description="How the noise levels are spaced; empty for the sampler's own."
    )
    seed: int = Field(default=0, title="Seed", description="The noise to start from.", ge=0, le=MAX_SEED)
    seed_locked: bool = Field(
        default=False, title="Keep the seed", description="Use the same seed again instead of drawing a new one."
    )
    count: int = Field(default=1, title="Pictures", description="How many pictures to paint.", ge=1, le=MAX_COUNT)
    strength: float = Field(
        default=FrameKind.IMAGE.strength or 1.0,
        title="Denoising strength",
        description="How freely a picture is painted over; 1 leaves almost nothing of it.",
        gt=0,
        le=1,
    )
    mask_strength: float = Field(
        default=FrameKind.INPAINT.strength or 1.0,
        title="Denoising strength in a mask",
        description="How freely what lies under the mask is painted over.",
        gt=0,
        le=1,
    )
    fill: Fill = Field(
        default=Fill.ORIGINAL, title="Fill", description="What lies under the mask before it is painted."
    )
    padding: int = Field(
        default=DEFAULT_PADDING,
        title="Context",
        description="Pixels around the mask that the model sees.",
        ge=0,
        le=MAX_PADDING,
    )
    soft_mask: bool = Field(
        default=True, title="Soft mask", description="Grey parts of the mask are painted for a part of the way."
    )
    tools: dict[str, JsonValue] = Field(
        default_factory=dict, title="Tools", description="Which tool is in the hand, how each is set, and the colours."
    )
    recent_colours: tuple[tuple[_Level, _Level, _Level], ...] = Field(
        default=(), title="Recent colours", description="What was painted with lately: red, green, blue."
    )
    undo_mib: int = Field(
        default=1024, title="Undo", description="Memory for undo in MiB; the oldest edits go first.", ge=16, le=65536
    )
    export_privacy: ExportPrivacy = Field(
        default=ExportPrivacy.FULL,
        title="What files tell",
        description="How much pictures tell of how they were made when they are exported, copied or dragged out.",
    )
    export_quality: int = Field(
        default=92,
        title="Quality",
        description="Of an exported JPEG or WebP: a lower one makes smaller files; a WebP of 100 loses nothing.",
        ge=1,
        le=100,
    )
    sign_exports: bool = Field(
        default=True,
        title="Sign exported pictures",
        description="They carry Content Credentials, which say that a model had a part in them and show later changes.",
    )
    sign_history: bool = Field(
        default=False,
        title="Sign the history's pictures",
        description="Each finished picture carries Content Credentials; 13 kB and 10 ms more for each.",
    )
    signing_certificate: str = Field(
        default="",
        title="Certificate",
        description="PEM file with your certificate and its issuers'; empty for one that Sfumato issues to itself.",
    )
    signing_key: str = Field(
        default="",
        title="Key of the certificate",
        description="PEM file with the certificate's private key, without a password; it never leaves this machine.",
    )
    geometry: str = Field(default="", title="Window", description="Place and size of the window, Base64.")
    splitter_sizes: tuple[Annotated[int, Field(ge=0)], ...] = Field(
        default=(), title="Columns", description="Widths of the window's columns in pixels, left to right."
    )
    prompt_panel_shown: bool = Field(
        default=True, title="Show the prompt", description="Whether the column with the prompt is there."
    )
    side_panel_shown: bool = Field(
        default=True, title="Show the history", description="Whether the column with history and queue is there."
    )
    pictures_folder: str = Field(
        default="",
        title="Pictures folder",
        description="Where pictures are kept, from the next start on; empty for Sfumato in the system's own folder.",
    )
    file_name_template: Annotated[str, AfterValidator(_names_files)] = Field(
        default=DEFAULT_TEMPLATE,
        title="File names",
        description=f"How the files of pictures are called, with {', '.join(f'{{{one}}}' for one in FIELDS)}.",
    )
    last_picture: int | None = Field(
        default=None, title="Last picture", description="History number of the picture on the canvas.", ge=1
    )
