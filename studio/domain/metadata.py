"""What a picture says about itself: our own JSON, which repeats it, and the text that other programs read."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from studio import __version__
from studio.domain.errors import InvalidRequest, NewerData, UnreadablePicture
from studio.domain.inpainting import MAX_EDGE, MAX_PADDING, PLAIN, Fill, Inpainting
from studio.domain.lineage import Parent
from studio.domain.lora import LoraUse
from studio.domain.picture import MAX_SIDE
from studio.domain.request import (
    MAX_COUNT,
    MAX_GUIDANCE,
    MAX_STEPS,
    GenerationRequest,
    ImageToImage,
    Inpaint,
    ModelRef,
    Sampling,
    Task,
    TextToImage,
)
from studio.domain.samplers import Sampler, Schedule
from studio.domain.source_type import SourceType

if TYPE_CHECKING:
    from datetime import datetime

    from studio.domain.events import Conditions, GeneratedImage
    from studio.domain.picture import Mask, Picture

METADATA_VERSION: Final = 1
OWN_KEY: Final = "sfumato"
"""Of our JSON among a PNG's texts."""
PLAIN_DIALECT: Final = "plain"
"""Every mark of the prompt is a letter like any other: no weights, no LoRA tags, no wildcards."""
PARAMETERS_KEY: Final = "parameters"
"""Of the text that A1111 and most other programs write and read."""

_Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]
_Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Metadata(BaseModel):
    """One picture's request, and what its exact pixels depend on beside it.

    Attributes:
        version: layout of the JSON.
        software: version of the Sfumato that painted it.
        created: when, UTC.
        task: kind of the request.
        prompt: what to paint.
        negative_prompt: what to avoid.
        width: in pixels.
        height: in pixels.
        steps: denoising steps asked for.
        guidance_scale: classifier-free guidance.
        sampler: None for the model's own.
        schedule: None for the sampler's own.
        seed: of this very picture.
        index: 0-based place in its job.
        count: pictures of its job.
        strength: denoising strength, where it was painted from a picture.
        image_sha256: of the raw pixels of that picture.
        mask_sha256: of the raw bytes of the mask, where there was one.
        fill: what lay under the mask before the noise; this and the next four are None where there was no mask.
        padding: pixels around the mask that the model saw; None also for the whole picture.
        soft: whether grey levels of the mask said for how much of the way a pixel was painted.
        edge: pixels inside the mask over which what was painted faded in.
        match_colour: whether the fill took on the colours around it.
        picture_sha256: of the raw pixels of the picture itself: tells whether it was changed later.
        model: id of the model.
        model_hash: hex SHA-256 over its weights, or empty.
        vae: name of the autoencoder; empty for the model's own.
        vae_hash: hex SHA-256 over its weights, or empty.
        loras: that took part.
        dialect: how the prompt's marks were understood: the same text weighs differently elsewhere.
        parents: what it was made of.
        has_own_pixels: whether pixels took part that no model painted, as far as anybody knows.
        device: that computed it.
        dtype: of the denoiser.
        versions: of the libraries that matter.
        seconds: from the start of the job to this picture, where it was measured.
    """

    # Built with the first picture: the window's start need not wait for it.
    model_config = ConfigDict(
        frozen=True, extra="ignore", allow_inf_nan=False, protected_namespaces=(), defer_build=True
    )

    version: int = METADATA_VERSION
    software: str = __version__
    created: AwareDatetime
    task: Task
    prompt: str
    negative_prompt: str
    width: _Side
    height: _Side
    steps: Annotated[int, Field(ge=1, le=MAX_STEPS)]
    guidance_scale: Annotated[float, Field(ge=0, le=MAX_GUIDANCE)]
    sampler: Sampler | None
    schedule: Schedule | None
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    index: Annotated[int, Field(ge=0, lt=MAX_COUNT)]
    count: Annotated[int, Field(ge=1, le=MAX_COUNT)]
    strength: Annotated[float, Field(gt=0, le=1)] | None
    image_sha256: _Sha256 | None
    mask_sha256: _Sha256 | None
    picture_sha256: _Sha256
    model: str
    model_hash: str
    device: str
    dtype: str
    versions: dict[str, str]
    seconds: Annotated[float, Field(ge=0)] | None = None
    fill: Fill | None = None
    padding: Annotated[int, Field(ge=0, le=MAX_PADDING)] | None = None
    soft: bool | None = None
    edge: Annotated[int, Field(ge=0, le=MAX_EDGE)] | None = None
    match_colour: bool | None = None
    vae: str = ""
    vae_hash: str = ""
    loras: tuple[LoraUse, ...] = ()
    dialect: str = PLAIN_DIALECT
    parents: tuple[Parent, ...] = ()
    has_own_pixels: bool = False

    @classmethod
    def of(
        cls,
        request: GenerationRequest,
        image: GeneratedImage,
        conditions: Conditions,
        created: datetime,
        *,
        seconds: float | None = None,
    ) -> Metadata:
        """Return what to write into one picture of a job.

        Args:
            request: that asked for it.
            image: the picture.
            conditions: what its pixels depend on beside the request.
            created: when it was painted, with a time zone.
            seconds: from the start of the job to this picture.
        """
        sampling = request.sampling
        return cls(
            created=created,
            task=request.task,
            prompt=request.prompt,
            negative_prompt=request.negative_prompt,
            width=request.width,
            height=request.height,
            steps=sampling.steps,
            guidance_scale=sampling.guidance_scale,
            sampler=sampling.sampler,
            schedule=sampling.schedule,
            seed=image.seed,
            index=image.index,
            count=request.count,
            picture_sha256=image.picture.sha256,
            model=request.model.id,
            model_hash=conditions.model_hash,
            device=conditions.device,
            dtype=conditions.dtype,
            versions=conditions.versions,
            seconds=seconds,
            vae_hash=conditions.vae_hash,
            parents=request.parents,
            has_own_pixels=request.has_own_pixels,
            **_sources(request),
        )

    @classmethod
    def from_json(cls, text: str) -> Metadata:
        """Return what `to_json` wrote.

        Raises:
            NewerData: a newer Sfumato wrote it.
            UnreadablePicture: it is damaged.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise _damaged(str(error)) from error
        if isinstance(values, dict):
            _refuse_newer(values)
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise _damaged(f"{place}: {first['msg']}" if place else first["msg"]) from error

    def to_json(self) -> str:
        """Return it as one line of ASCII, which every reader of PNG texts gets right."""
        return json.dumps(self.model_dump(mode="json"))

    def to_parameters(self) -> str:
        """Return the text that A1111 writes: prompt, ``Negative prompt:`` if there is one, a line of settings.

        Source: ``create_infotext`` in A1111's ``modules/processing.py``, ``quote`` in its ``infotext_utils.py``. LoRAs
        stand as tags behind the prompt, where A1111 has people write them. Left out is what is not known, such as the
        sampler where the model's own was used.
        """
        lines = [" ".join([self.prompt, *(f"<lora:{lora.name}:{_number(lora.weight)}>" for lora in self.loras)])]
        if self.negative_prompt:
            lines.append(f"Negative prompt: {self.negative_prompt}")
        settings = {name: value for name, value in self._settings().items() if value}
        lines.append(", ".join(f"{name}: {_quoted(value)}" for name, value in settings.items()))
        return "\n".join(lines).strip()

    def text_chunks(self) -> dict[str, str]:
        """Return a PNG's texts by key."""
        return {PARAMETERS_KEY: self.to_parameters(), OWN_KEY: self.to_json()}

    @property
    def digital_source_type(self) -> SourceType:
        """What to call the picture; where its file does not say, what it was painted from counts as own."""
        was_asked = "has_own_pixels" in self.model_fields_set
        has_own = self.has_own_pixels if was_asked else self.task is not Task.TEXT_TO_IMAGE
        return SourceType.COMPOSITE if has_own else SourceType.GENERATED

    def to_request(self, model: ModelRef, image: Picture | None = None, mask: Mask | None = None) -> GenerationRequest:
        """Return the request that paints this very picture again, alone.

        Args:
            model: where the model is on this machine.
            image: what it was painted from, where it was painted from a picture; its hash is ``image_sha256``.
            mask: likewise, with ``mask_sha256``.

        Raises:
            InvalidRequest: it was painted from a picture or into a mask that is not handed in.
        """
        sampling = Sampling(
            steps=self.steps,
            guidance_scale=self.guidance_scale,
            seed=self.seed,
            sampler=self.sampler,
            schedule=self.schedule,
        )
        words = TextToImage(
            model=model,
            prompt=self.prompt,
            negative_prompt=self.negative_prompt,
            width=self.width,
            height=self.height,
            sampling=sampling,
            parents=self.parents,
            has_own_pixels=self.has_own_pixels,
        )
        return words if self.task is Task.TEXT_TO_IMAGE else _from_picture(self, words, image, mask)

    def _settings(self) -> dict[str, str]:
        """Return A1111's settings in its order; an empty value is left out."""
        # A1111 says Automatic for the sampler's own schedule.
        schedule = self.schedule.title if self.schedule else "Automatic" if self.sampler else ""
        return {
            "Steps": str(self.steps),
            "Sampler": self.sampler.title if self.sampler else "",
            "Schedule type": schedule,
            "CFG scale": _number(self.guidance_scale),
            "Seed": str(self.seed),
            "Size": f"{self.width}x{self.height}",
            "Model hash": self.model_hash[:10],
            "Model": self.model,
            "VAE hash": self.vae_hash[:10] if self.vae else "",
            "VAE": self.vae,
            "Denoising strength": "" if self.strength is None else _number(self.strength),
            **self._mask_settings(),
            # Each picture's noise is drawn on the CPU from its own seed: A1111's word for that.
            "RNG": "CPU",
            "Lora hashes": ", ".join(f"{lora.name}: {lora.hash[:12]}" for lora in self.loras if lora.hash),
            "Version": f"Sfumato {self.software}",
        }

    def _mask_settings(self) -> dict[str, str]:
        """Return A1111's words for how a mask was painted into.

        Source: ``StableDiffusionProcessingImg2Img.init`` in its ``modules/processing.py``; its blur of the surroundings
        is called fill, and its original goes without saying.
        """
        masked_content = {Fill.BLURRED: "fill", Fill.NOISE: "latent noise"}
        return {
            "Inpaint area": "" if self.padding is None else "Only masked",
            "Masked area padding": "" if self.padding is None else str(self.padding),
            "Masked content": masked_content.get(self.fill, "") if self.fill else "",
        }


def _sources(request: GenerationRequest) -> dict[str, Any]:
    """Return, by field, what says from which picture and how it was painted."""
    match request:
        case TextToImage():
            return {"strength": None, "image_sha256": None, "mask_sha256": None}
        case ImageToImage():
            return {"strength": request.strength, "image_sha256": request.image.sha256, "mask_sha256": None}
        case Inpaint():
            hashes = {"image_sha256": request.image.sha256, "mask_sha256": request.mask.sha256}
            return {"strength": request.strength} | hashes | asdict(request.method)


def _from_picture(
    said: Metadata, words: TextToImage, image: Picture | None, mask: Mask | None
) -> ImageToImage | Inpaint:
    if image is None or said.strength is None or (mask is None and said.task.has_mask):
        raise InvalidRequest(
            "This picture cannot be painted again from its metadata",
            "it was painted from another picture, of which only the hash is kept",
            "Open that picture and paint from it",
        )
    from_image = ImageToImage(
        model=words.model,
        prompt=words.prompt,
        negative_prompt=words.negative_prompt,
        sampling=words.sampling,
        image=image,
        strength=said.strength,
        parents=said.parents,
        has_own_pixels=said.has_own_pixels,
    )
    if mask is None or not said.task.has_mask:
        return from_image
    return Inpaint(
        model=words.model,
        prompt=words.prompt,
        negative_prompt=words.negative_prompt,
        sampling=words.sampling,
        image=image,
        mask=mask,
        strength=said.strength,
        method=_method_of(said),
        continues=said.task is Task.OUTPAINT,
        parents=said.parents,
        has_own_pixels=said.has_own_pixels,
    )


def _method_of(said: Metadata) -> Inpainting:
    """Return how a mask was painted into; the stock pipeline's way where the file is older than the others."""
    if said.fill is None or said.soft is None or said.edge is None or said.match_colour is None:
        return PLAIN
    return Inpainting(
        padding=said.padding, fill=said.fill, soft=said.soft, edge=said.edge, match_colour=said.match_colour
    )


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if any(mark in value for mark in ",:\n") else value


def _refuse_newer(values: dict[str, Any]) -> None:
    version = values.get("version")
    if isinstance(version, int) and version > METADATA_VERSION:
        raise NewerData(
            f"The picture's data has version {version}",
            f"this Sfumato knows versions up to {METADATA_VERSION}",
            "Update Sfumato to read it",
        )


def _damaged(why: str) -> UnreadablePicture:
    return UnreadablePicture("The picture's data is damaged", why, "Use a copy of the picture that nobody has edited")
