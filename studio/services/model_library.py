"""Models on this machine, as their folders' small files describe them; no weight is read."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from studio.domain.errors import BrokenModel, UnknownModel
from studio.domain.families import Family, family_of
from studio.domain.model import ModelInfo
from studio.domain.request import ModelRef
from studio.services.paths import Paths, resources

if TYPE_CHECKING:
    from collections.abc import Sequence

STARTER: Final = "starter"
"""The model that ships with Sfumato."""
_INDEX: Final = "model_index.json"
_CARD: Final = "examples.json"
"""What a model's maker suggests: ``{"title": ..., "prompts": [...], "steps": n, "guidance": g}``, each optional."""
_CLIP_TOKENS: Final = 77
"""What CLIP reads: https://arxiv.org/abs/2103.00020, section 2.4."""
_WEIGHTS: Final = ("*.safetensors", "*.bin")
_WEIGHTLESS: Final = frozenset({"tokenizer", "scheduler"})

_Json = dict[str, Any]
"""A file somebody else wrote: what is in it is looked at value by value."""


class ModelLibrary:
    """Finds models by name or path.

    Attributes:
        folders: where models lie, one folder each; of two with the same name the first counts.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)

    @classmethod
    def of(cls, paths: Paths) -> ModelLibrary:
        """Return the library of a user: what ships with Sfumato, and the user's own."""
        return cls((resources() / "models", paths.models))

    def models(self) -> tuple[ModelInfo, ...]:
        """Return all models that can be used, the starter model first and the others by title."""
        return self.survey()[0]

    def broken(self) -> tuple[BrokenModel, ...]:
        """Return what is wrong with the folders that look like models and cannot be used."""
        return self.survey()[1]

    def survey(self) -> tuple[tuple[ModelInfo, ...], tuple[BrokenModel, ...]]:
        """Return `models` and `broken`, reading each folder once."""
        usable: list[ModelInfo] = []
        broken: list[BrokenModel] = []
        for folder in self._candidates().values():
            try:
                usable.append(read_model(folder))
            except BrokenModel as error:
                broken.append(error)
        usable.sort(key=lambda model: (model.ref.id != STARTER, model.title.casefold()))
        return tuple(usable), tuple(broken)

    def find(self, name_or_path: str) -> ModelInfo:
        """Return a model by the name of its folder or by a path to it.

        Raises:
            UnknownModel: there is none; says which ones there are.
            BrokenModel: it cannot be used; says why.
        """
        candidates = self._candidates()
        by_name = {name.casefold(): folder for name, folder in candidates.items()}
        if name_or_path in candidates:
            return read_model(candidates[name_or_path])
        if (folder := by_name.get(name_or_path.casefold())) is not None:
            return read_model(folder)
        path = Path(name_or_path).expanduser()
        if path.exists():
            return read_model(path.resolve())
        raise self._unknown(name_or_path, candidates)

    def _candidates(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in self.folders:
            for index in sorted(folder.glob(f"*/{_INDEX}")):
                found.setdefault(index.parent.name, index.parent)
        return found

    def _unknown(self, name: str, candidates: dict[str, Path]) -> UnknownModel:
        names = ", ".join(sorted(candidates, key=lambda one: (one != STARTER, one.casefold())))
        close = difflib.get_close_matches(name, candidates, n=1)
        remedy = f'Did you mean "{close[0]}"?' if close else "Give one of them or the path of a diffusers folder"
        if not names:
            remedy = "Give the path of a diffusers folder"
        return UnknownModel(
            f'There is no model "{name}"',
            f"the models here are: {names}" if names else "no model is installed",
            remedy,
        )


def left_out(broken: Sequence[BrokenModel]) -> BrokenModel:
    """Return one short message about models that the list of models lacks.

    Args:
        broken: what is wrong with each; at least one.
    """
    first = broken[0]
    if len(broken) == 1:
        return first
    others = "another one" if len(broken) == 2 else f"{len(broken) - 1} others"
    return BrokenModel(
        f"{first.what}, nor can {others}", first.why, 'Mend or remove them; "sfumato doctor" says what each one lacks'
    )


def read_model(folder: Path) -> ModelInfo:
    """Return what a diffusers folder's small files say.

    Raises:
        BrokenModel: something is missing or damaged, or no family knows it.
    """
    if not folder.is_dir():
        raise _broken(folder, "it is a file and not a diffusers folder", f"Use a folder that has a {_INDEX}")
    index = _read(folder, _INDEX)
    family = family_of(str(index.get("_class_name")))
    if family is None:
        kind = index.get("_class_name", "unnamed pipeline")
        raise _broken(folder, f"Sfumato does not know how to run a {kind}", "Use a Stable Diffusion 1.x or 2.x model")
    _check_parts(folder, family, index)
    multiple = _pixels_a_latent(folder)
    side = _read(folder, f"{family.denoiser}/config.json").get("sample_size")
    card = _read(folder, _CARD) if (folder / _CARD).exists() else {}
    prompts = card.get("prompts")
    return ModelInfo(
        ref=ModelRef(folder.name, folder),
        title=_text(card.get("title")) or _title(folder.name),
        family=family,
        extent_multiple=multiple,
        native_side=side * multiple if isinstance(side, int) and side > 0 else family.default_side,
        token_limit=_token_limit(folder),
        default_steps=_whole(card.get("steps")) or family.default_steps,
        default_guidance=_real(card.get("guidance"), family.default_guidance),
        examples=tuple(str(prompt) for prompt in prompts) if isinstance(prompts, list) else (),
    )


def _check_parts(folder: Path, family: Family, index: _Json) -> None:
    for part in family.components:
        if part not in index or not (folder / part).is_dir():
            raise _broken(folder, f"its {part} is missing", "Copy or download the model again")
        if part not in _WEIGHTLESS and not any(any((folder / part).glob(pattern)) for pattern in _WEIGHTS):
            raise _broken(folder, f"the weights of its {part} are missing", "Copy or download the model again")


def _pixels_a_latent(folder: Path) -> int:
    """Return how many pixels wide a latent is: each level of the autoencoder but the last halves the picture.

    The stock pipeline reckons the same way and takes multiples of 8 only, hence at least 8.
    """
    config = _read(folder, "vae/config.json")
    levels = config.get("block_out_channels") or config.get("decoder_block_out_channels")
    if not isinstance(levels, list) or not 1 <= len(levels) <= 8:
        raise _broken(
            folder, "the file vae/config.json does not say how much smaller a latent is", "Download the model again"
        )
    return max(8, 2 ** (len(levels) - 1))


def _token_limit(folder: Path) -> int:
    tokenizer, encoder = _read(folder, "tokenizer/tokenizer_config.json"), _read(folder, "text_encoder/config.json")
    # A tokenizer without a limit says 10^30.
    limits = [_whole(tokenizer.get("model_max_length")), _whole(encoder.get("max_position_embeddings"))]
    return min([limit for limit in limits if limit] or [_CLIP_TOKENS])


def _read(folder: Path, name: str) -> _Json:
    try:
        content = json.loads((folder / name).read_bytes())
    except FileNotFoundError as error:
        raise _broken(folder, f"the file {name} is missing", "Copy or download the model again") from error
    except (OSError, ValueError, RecursionError) as error:
        raise _broken(folder, f"the file {name} cannot be read: {error}", "Copy or download the model again") from error
    if not isinstance(content, dict):
        raise _broken(folder, f"the file {name} holds no JSON object", "Copy or download the model again")
    return content


def _title(name: str) -> str:
    return name.capitalize() if name.isalpha() else name


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _real(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) and value >= 0 else default


def _broken(folder: Path, why: str, remedy: str) -> BrokenModel:
    return BrokenModel(f"The model {folder} cannot be used", why, remedy)
