"""Opens a diffusers folder: local files only, safetensors only, known classes only; says which file is wrong.

Nothing in a model's folder is ever run: weights are read as safetensors and never as pickles, and the classes that its
files name are looked up in a list of the house.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch
from safetensors import SafetensorError, safe_open

from studio.domain.errors import BrokenModel, UnknownModel
from studio.domain.families import Family, family_of
from studio.engine.failures import is_out_of_memory
from studio.engine.library import library_class

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from studio.domain.request import ModelRef
    from studio.engine.device import Compute

INDEX: Final = "model_index.json"
_AGAIN: Final = "Copy or download the model again"
_CONFIGS: Final = {"tokenizer": "tokenizer_config.json", "scheduler": "scheduler_config.json"}
_WEIGHT_NAMES: Final = ("diffusion_pytorch_model", "model")

_CLASSES: Final = {
    "unet": {"UNet2DConditionModel": "diffusers"},
    "vae": {"AutoencoderKL": "diffusers", "AutoencoderTiny": "diffusers"},
    "text_encoder": {"CLIPTextModel": "transformers"},
    "tokenizer": {"CLIPTokenizer": "transformers", "CLIPTokenizerFast": "transformers"},
}
"""What may be loaded, by component; schedulers are looked up in diffusers' own list of compatible ones."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose small files were read and make sense.

    Attributes:
        ref: where it is.
        family: what runs it.
        index: model_index.json.
        weights: safetensors files by component, in the order of their names.
    """

    ref: ModelRef
    family: Family
    index: Mapping[str, Any]
    weights: Mapping[str, tuple[Path, ...]]

    @property
    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Name, size and time of every file that counts: equal stamps, equal models."""
        files = [self.ref.folder / INDEX]
        for name in self.family.components:
            files += sorted(path for path in (self.ref.folder / name).iterdir() if path.is_file())
        states = [(path, path.stat()) for path in files]
        return tuple((str(path), state.st_size, state.st_mtime_ns) for path, state in states)

    def fingerprint(self, component: str) -> str:
        """Return a hash of a component's weights that is quick at any size: each file's size, begin and end."""
        digest = hashlib.sha256()
        for path in self.weights[component]:
            with path.open("rb") as file:
                size = path.stat().st_size
                digest.update(size.to_bytes(8, "little") + file.read(2**20))
                file.seek(max(0, size - 2**20))
                digest.update(file.read())
        return digest.hexdigest()


def open_folder(ref: ModelRef) -> ModelFolder:
    """Read the small files of a model's folder and find its weights.

    Raises:
        UnknownModel: there is no such folder.
        BrokenModel: a file is missing or damaged, or no family runs such a model.
    """
    if not (ref.folder / INDEX).is_file():
        if not ref.folder.is_dir():
            raise UnknownModel(
                f'There is no model "{ref.id}"', f"the folder {ref.folder} does not exist", "Choose another model"
            )
        raise _broken(ref, f"the file {INDEX} is missing", "Choose a diffusers folder")
    index = _read(ref, INDEX)
    family = family_of(str(index.get("_class_name")))
    if family is None:
        kind = index.get("_class_name", "unnamed pipeline")
        raise _broken(ref, f"Sfumato does not know how to run a {kind}", "Use a Stable Diffusion 1.x or 2.x model")
    weights: dict[str, tuple[Path, ...]] = {}
    for name in family.components:
        _read(ref, f"{name}/{_CONFIGS.get(name, 'config.json')}")
        if name not in _CONFIGS:
            weights[name] = _weights(ref, name)
    return ModelFolder(ref, family, index, weights)


def load_parts(folder: ModelFolder, compute: Compute, check: Callable[[], None]) -> dict[str, Any]:
    """Load every component.

    Args:
        folder: the model.
        compute: where its weights go, in which numbers and layout.
        check: called before each component; may raise to stop.

    Returns:
        Component by name, as the pipelines' constructors take them.

    Raises:
        BrokenModel: a component cannot be loaded; names the file.
    """
    parts: dict[str, Any] = {}
    for name in folder.family.components:
        check()
        parts[name] = _load_weightless(folder, name) if name in _CONFIGS else _load_module(folder, name, compute)
    return parts


def _load_module(folder: ModelFolder, name: str, compute: Compute) -> Any:  # noqa: ANN401 - diffusers is untyped
    kind = _class_of(folder, name)
    for path in folder.weights[name]:
        _check_weights(folder.ref, path)
    options: dict[str, Any] = {"local_files_only": True, "use_safetensors": True, "output_loading_info": True}
    if any(".fp16." in path.name for path in folder.weights[name]):
        options["variant"] = "fp16"
    # The two libraries call the number type by different names.
    options["dtype" if _library_of(folder, name) == "transformers" else "torch_dtype"] = compute.torch_dtype
    try:
        module, told = kind.from_pretrained(str(folder.ref.folder / name), **options)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        files = ", ".join(f"{name}/{path.name}" for path in folder.weights[name])
        raise _broken(folder.ref, f"the {name} in {files} cannot be loaded: {_short(error)}", _AGAIN) from error
    # Libraries fill what is missing with random numbers and only remark on it.
    if missing := sorted(told["missing_keys"]):
        files = ", ".join(f"{name}/{path.name}" for path in folder.weights[name])
        raise _broken(folder.ref, f"the file {files} lacks {len(missing)} weights, such as {missing[0]}", _AGAIN)
    module.to(compute.device)
    if compute.channels_last and name != "text_encoder":
        module.to(memory_format=torch.channels_last)
    return module.requires_grad_(requires_grad=False).eval()


def _load_weightless(folder: ModelFolder, name: str) -> Any:  # noqa: ANN401 - diffusers is untyped
    place = folder.ref.folder / name
    file = f"{name}/{_CONFIGS[name]}"
    if name == "tokenizer" and not (place / "tokenizer.json").is_file():
        for needed in ("vocab.json", "merges.txt"):
            if not (place / needed).is_file():
                raise _broken(folder.ref, f"the file tokenizer/{needed} is missing", _AGAIN)
        _read(folder.ref, "tokenizer/vocab.json")
    kind = _scheduler_class(folder) if name == "scheduler" else _class_of(folder, name)
    try:
        return kind.from_pretrained(str(place), local_files_only=True)
    except Exception as error:
        raise _broken(
            folder.ref, f"the {name} described by {file} cannot be loaded: {_short(error)}", _AGAIN
        ) from error


def _class_of(folder: ModelFolder, name: str) -> Any:  # noqa: ANN401 - a class found by name
    kind = _named_class(folder, name)
    if kind not in _CLASSES[name]:
        known = " or ".join(_CLASSES[name])
        raise _broken(
            folder.ref, f"{INDEX} asks for a {name} of class {kind}, and Sfumato runs {known}", "Use another model"
        )
    return library_class(_CLASSES[name][kind], kind)


def _library_of(folder: ModelFolder, name: str) -> str:
    return _CLASSES[name][_named_class(folder, name)]


def _named_class(folder: ModelFolder, name: str) -> str:
    entry = folder.index.get(name)
    return entry[1] if isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], str) else "(none)"


def _scheduler_class(folder: ModelFolder) -> Any:  # noqa: ANN401 - a class found by name
    kind = _named_class(folder, "scheduler")
    base = library_class("diffusers", "SchedulerMixin")
    found: Any = getattr(library_class("diffusers", "schedulers"), kind, None)  # Any: a class found by name
    if not isinstance(found, type) or not issubclass(found, base):
        raise _broken(
            folder.ref, f"{INDEX} asks for a scheduler of class {kind}, which is unknown", "Use another model"
        )
    return found


def _weights(ref: ModelRef, name: str) -> tuple[Path, ...]:
    place = ref.folder / name
    for stem in _WEIGHT_NAMES:
        for variant in ("", ".fp16"):
            single = place / f"{stem}{variant}.safetensors"
            if single.is_file():
                return (single,)
            index = place / f"{stem}.safetensors.index{variant}.json"
            if index.is_file():
                return _shards(ref, name, index.name)
    if any(place.glob("*.bin")) or any(place.glob("*.ckpt")):
        raise _broken(
            ref,
            f"the weights of its {name} are pickles, which can run code when they are opened",
            "Get the model as safetensors",
        )
    raise _broken(ref, f"the file {name}/{_WEIGHT_NAMES[name == 'text_encoder']}.safetensors is missing", _AGAIN)


def _shards(ref: ModelRef, name: str, index: str) -> tuple[Path, ...]:
    shards = _read(ref, f"{name}/{index}").get("weight_map")
    if not isinstance(shards, dict) or not shards:
        raise _broken(ref, f"the file {name}/{index} names no weights", _AGAIN)
    # Only plain names: a path could lead out of the folder.
    names = sorted({str(one) for one in shards.values()})
    files = tuple(ref.folder / name / one for one in names)
    for one, path in zip(names, files, strict=True):
        if path.parent != ref.folder / name or not path.is_file():
            raise _broken(ref, f"the file {name}/{one} is missing", _AGAIN)
    return files


def _check_weights(ref: ModelRef, path: Path) -> None:
    try:
        with safe_open(str(path), framework="pt") as weights:
            weights.keys()
    except (SafetensorError, OSError) as error:
        raise _broken(ref, f"the file {path.parent.name}/{path.name} is damaged: {_short(error)}", _AGAIN) from error


def _read(ref: ModelRef, name: str) -> dict[str, Any]:
    try:
        content = json.loads((ref.folder / name).read_bytes())
    except FileNotFoundError as error:
        raise _broken(ref, f"the file {name} is missing", _AGAIN) from error
    except (OSError, ValueError, RecursionError) as error:
        raise _broken(ref, f"the file {name} cannot be read: {_short(error)}", _AGAIN) from error
    if not isinstance(content, dict):
        raise _broken(ref, f"the file {name} holds no JSON object", _AGAIN)
    return content


def _short(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__


def _broken(ref: ModelRef, why: str, remedy: str) -> BrokenModel:
    return BrokenModel(f"The model {ref.folder} cannot be used", why, remedy)
