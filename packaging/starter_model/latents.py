"""Stage 4, `python -m starter_model.latents`: paint scenes, encode them, keep their latents and captions in chunks.

A chunk holds every thing in every style once. Chunk 0 shows them on white, the others in varied scenes. Chunks that are
there are not made again, and the denoiser takes up new ones while it trains.
"""

import argparse
import random
import time
from pathlib import Path
from typing import TypedDict, cast

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from torch import Tensor
from transformers import CLIPTokenizer

from starter_model.captions import Style
from starter_model.composites import Mix, Painter
from starter_model.pack import Pack
from starter_model.parallel import join, leave
from starter_model.prompts import held_out_captions
from starter_model.scenes import to_model
from starter_model.text_encoder import token_ids
from starter_model.things import load_things

ON_WHITE = Mix(white=1.0, gradient=0.0, tinted=0.0)
VARIED = Mix(white=0.1, gradient=0.18, tinted=0.2, two=0.08, small=0.05)
_WORDINGS = 16
_BATCH = 8
_SIZE = 256


class Chunk(TypedDict):
    """A chunk as it is kept.

    Attributes:
        latents: (N, 4, 32, 32) float16.
        ids: (N, 16, 32) int16, the tokens of sixteen wordings of each scene's caption.
    """

    latents: Tensor
    ids: Tensor


def chunk_path(folder: Path, number: int) -> Path:
    """Return where a chunk is kept."""
    return folder / f"chunk_{number:03d}.pt"


def plans_of(things: int) -> list[tuple[int, Style]]:
    """Return every thing in every style."""
    return [(number, style) for number in range(things) for style in Style]


def latents_of(autoencoder: AutoencoderTiny, pixels: Tensor) -> Tensor:
    """Encode (B, 3, H, W) in -1 to 1 to (B, 4, H/8, W/8)."""
    return cast("Tensor", autoencoder.encode(pixels, return_dict=False)[0])


@torch.no_grad()
def encode(autoencoder: AutoencoderTiny, scenes: np.ndarray) -> Tensor:
    """Encode (N, H, W, 3) uint8 to (N, 4, H/8, W/8) float16."""
    device = autoencoder.device
    batches = to_model(scenes).to(device).split(_BATCH)
    with torch.autocast(device.type, torch.bfloat16):
        latents = [latents_of(autoencoder, batch) for batch in batches]
    return torch.cat([batch.half().cpu() for batch in latents]).contiguous()


def make_chunk(
    painter: Painter, things: int, autoencoder: AutoencoderTiny, tokenizer: CLIPTokenizer, seed: int
) -> Chunk:
    """Paint, word and encode one scene of every thing in every style."""
    rng = random.Random(seed)
    plans = [painter.plan(rng, number, style) for number, style in plans_of(things)]
    latents = [
        encode(autoencoder, np.stack([painter.draw(plan, rng) for plan in plans[start : start + _BATCH]]))
        for start in range(0, len(plans), _BATCH)
    ]
    captions = [painter.caption(plan, rng) for plan in plans for _ in range(_WORDINGS)]
    ids = token_ids(tokenizer, captions).to(torch.int16)
    return Chunk(latents=torch.cat(latents), ids=ids.view(len(plans), _WORDINGS, -1))


class LatentPool:
    """All chunks in memory; draws batches, a share of them on white."""

    def __init__(self, folder: Path, device: torch.device, white: float = 0.4) -> None:
        """Load what is there.

        Raises:
            FileNotFoundError: There is no chunk of things on white yet.
        """
        self._folder = folder
        self._device = device
        self._white = white
        self._chunks: list[Chunk] = []
        if not chunk_path(folder, 0).is_file():
            raise FileNotFoundError(f"{chunk_path(folder, 0)} is missing; run starter_model.latents first.")
        self.refresh()

    def refresh(self) -> None:
        """Take up chunks that came since the last look."""
        while (path := chunk_path(self._folder, len(self._chunks))).is_file():
            chunk: Chunk = torch.load(path, map_location=self._device, weights_only=True)
            self._chunks.append(chunk)

    def __len__(self) -> int:
        return sum(len(chunk["latents"]) for chunk in self._chunks)

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """Return latents (count, 4, 32, 32) float32, channels last, and token ids (count, 32) int64."""
        latents: list[Tensor] = []
        ids: list[Tensor] = []
        for _ in range(count):
            varied = len(self._chunks) > 1 and random.random() >= self._white
            chunk = self._chunks[random.randrange(1, len(self._chunks)) if varied else 0]
            index = random.randrange(len(chunk["latents"]))
            latents.append(chunk["latents"][index])
            ids.append(chunk["ids"][index, random.randrange(_WORDINGS)])
        joined = torch.stack(latents).float().contiguous(memory_format=torch.channels_last)
        return joined, torch.stack(ids).long()


def main() -> None:
    """Make the chunks that are missing; several processes share them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", required=True, help="folder of the training pack")
    parser.add_argument("--work", default="work", help="folder for checkpoints")
    parser.add_argument("--chunks", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    crew = join(arguments.device, arguments.threads)
    work = Path(arguments.work)
    pack, things = Pack(Path(arguments.pack)), load_things()
    autoencoder = AutoencoderTiny.from_pretrained(work / "autoencoder" / "vae").eval()
    torch.nn.Module.to(autoencoder, device=crew.device)
    tokenizer = CLIPTokenizer.from_pretrained(work / "text" / "tokenizer")
    folder = work / "latents"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(crew.rank, arguments.chunks, crew.size):
        if chunk_path(folder, number).is_file():
            continue
        begun = time.monotonic()
        painter = Painter(pack, things, _SIZE, VARIED if number else ON_WHITE, held_out_captions())
        chunk = make_chunk(painter, len(things), autoencoder, tokenizer, arguments.seed * 10_000 + number)
        part = chunk_path(folder, number).with_suffix(".part")
        torch.save(chunk, part)
        part.replace(chunk_path(folder, number))
        print(f"chunk {number}: {len(chunk['latents'])} scenes, {time.monotonic() - begun:.0f} s", flush=True)
    leave(crew)


if __name__ == "__main__":
    main()
