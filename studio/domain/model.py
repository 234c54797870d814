"""What is known of a model before any weight is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.domain.errors import InvalidSize

if TYPE_CHECKING:
    from studio.domain.families.family import Family
    from studio.domain.request import ModelRef


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as its folder's small files describe it.

    Attributes:
        ref: where it is.
        title: name for people.
        family: what runs it.
        extent_multiple: width and height must be multiples of this, in pixels.
        native_side: side of the square picture it was trained on, in pixels.
        token_limit: tokens of a prompt that are read, begin and end marks included.
        default_steps: what its card or family suggests.
        default_guidance: likewise.
        examples: prompts that show what it can do.
    """

    ref: ModelRef
    title: str
    family: Family
    extent_multiple: int
    native_side: int
    token_limit: int
    default_steps: int
    default_guidance: float
    examples: tuple[str, ...] = ()

    def check_size(self, width: int, height: int) -> None:
        """Check that the model can paint a picture of this size.

        Raises:
            InvalidSize: a side is no multiple of ``extent_multiple``; names the nearest size that is.
        """
        multiple = self.extent_multiple
        if width % multiple or height % multiple:
            near_width = max(multiple, round(width / multiple) * multiple)
            near_height = max(multiple, round(height / multiple) * multiple)
            raise InvalidSize(
                f"A picture of {width}x{height} cannot be painted by {self.title}",
                f"width and height must be multiples of {multiple}",
                f"The nearest size is {near_width}x{near_height}",
            )
