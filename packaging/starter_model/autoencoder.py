"""Stage 2, `python -m starter_model.autoencoder`: train the autoencoder, from its checkpoint if there is one."""

import argparse
import copy
import time
from pathlib import Path
from typing import TypedDict, cast

import torch
import torch.nn.functional as F
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from torch import Tensor

from starter_model import checkpoints
from starter_model.pack import Pack
from starter_model.parallel import Crew, agreed, average_gradients, join, leave
from starter_model.scenes import CropPool, held_out_scenes, to_model
from starter_model.schedule import Budget, rate
from starter_model.things import load_things
from starter_model.vae import TrainedAutoencoder

_LATENT_NOISE = 0.06
# Share of a training from nothing after which the latents' statistics are fixed.
_SETTLED_AFTER = 0.4


class Figures(TypedDict):
    """What a check of the autoencoder finds: decibels over held-out scenes, mean and spread of their latents."""

    psnr_db: float
    latent_mean: float
    latent_deviation: float


def reconstruction_loss(output: Tensor, wanted: Tensor) -> Tensor:
    """Return L1 + 2 L2 + 0.75 L1 of the gradients at full and half size; both (B, 3, H, W) in -1 to 1."""
    loss = (output - wanted).abs().mean() + 2 * F.mse_loss(output, wanted)
    for _ in range(2):
        for axis in (2, 3):
            loss = loss + 0.75 * (output.diff(dim=axis) - wanted.diff(dim=axis)).abs().mean()
        output, wanted = F.avg_pool2d(output, 2), F.avg_pool2d(wanted, 2)
    return loss


@torch.no_grad()
def measure(stock: AutoencoderTiny, scenes: Tensor) -> Figures:
    """Measure a stock autoencoder over held-out scenes, (B, 3, H, W) in -1 to 1: the mean of the pictures' PSNR."""
    decibels: list[Tensor] = []
    latents: list[Tensor] = []
    for batch in scenes.split(4):
        encoded = cast("Tensor", stock.encode(batch, return_dict=False)[0])
        decoded = cast("Tensor", stock.decode(encoded, return_dict=False)[0])
        error = ((decoded.clamp(-1, 1) - batch) / 2).pow(2).mean((1, 2, 3))
        decibels.append(-10 * error.log10())
        latents.append(encoded)
    joined = torch.cat(latents)
    return Figures(
        psnr_db=float(torch.cat(decibels).mean()),
        latent_mean=float(joined.mean()),
        latent_deviation=float(joined.std()),
    )


class AutoencoderTraining:
    """The training loop's state."""

    def __init__(self, crew: Crew, arguments: argparse.Namespace) -> None:
        self._crew = crew
        self._arguments = arguments
        self._work = Path(arguments.work) / "autoencoder"
        torch.manual_seed(arguments.seed)
        self._model = TrainedAutoencoder().to(device=crew.device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  # the stub knows memory_format with a tensor only
        pack, things = Pack(Path(arguments.pack)), load_things()
        self._pool = CropPool(pack, things, 256, arguments.scenes, arguments.seed + 1 + crew.rank)
        self._held_out = to_model(held_out_scenes(pack, things, 256, 32)).to(crew.device)
        # The same scenes in every process, so that all settle on the same statistics.
        self._settling = to_model(CropPool(pack, things, 256, 192, arguments.seed).scenes)
        self._step = 0
        self._samples = 0
        self._seconds = 0.0

    def run(self) -> None:
        """Train until the time is over: from the checkpoint, from given weights, or from nothing."""
        path = self._work / "checkpoint.pt"
        saved = checkpoints.load(path, self._crew.device) if path.is_file() else None
        if saved is not None:
            self._model.load_state_dict(saved["weights"]["model"])
        elif self._arguments.start_from:
            # Its norm is folded into its encoder, and a new norm changes nothing.
            stock = AutoencoderTiny.from_pretrained(self._arguments.start_from)
            self._model.ae.load_state_dict(stock.state_dict())
        torch.manual_seed(self._arguments.seed + 100 + self._crew.rank)
        self._train(saved)

    def _settle(self) -> None:
        self._model.settle(list(self._settling.to(self._crew.device).split(8)))

    def _norm(self, *, settled: bool) -> None:
        """Choose whose statistics normalise the latents: each batch's own at first, later those of whole scenes.

        A few crops' own statistics hide from the decoder how bright and how coloured a crop is: trained to the end with
        them, an autoencoder lost 2 dB.
        """
        self._model.norm.train(not settled)

    def _train(self, saved: checkpoints.Checkpoint | None) -> None:
        arguments, model = self._arguments, self._model
        trained = list(model.ae.decoder.parameters() if arguments.decoder_only else model.parameters())
        optimizer = torch.optim.AdamW(trained, lr=arguments.rate, betas=(0.9, 0.99), weight_decay=1e-4)
        averaged = copy.deepcopy(model.state_dict())
        if saved is not None:
            averaged = saved["averaged"]["model"]
            self._step, self._samples, self._seconds = saved["step"], saved["samples"], saved["seconds"]
        budget, next_save = Budget.start(arguments.minutes), time.monotonic() + 240
        begun = self._step
        self._norm(settled=saved is not None or bool(arguments.start_from))
        while (fraction := agreed(self._crew, budget.fraction)) < 1:
            if model.norm.training and fraction > _SETTLED_AFTER:
                self._settle()
                self._norm(settled=True)
                averaged = copy.deepcopy(model.state_dict())
            for group in optimizer.param_groups:
                group["lr"] = rate(arguments.rate, self._step - begun, fraction, 0.6)
            loss = self._one_step(optimizer, trained)
            checkpoints.average(averaged, model.state_dict(), min(0.99, (self._step + 1) / (self._step + 20)))
            if self._crew.leads and self._step % 25 == 0:
                speed = (self._step - begun) * arguments.batch * self._crew.size / budget.spent
                print(f"step {self._step} loss {loss:.4f} {speed:.1f} crops/s {budget.spent:.0f} s", flush=True)
            if time.monotonic() > next_save:
                next_save += 240
                self._save(averaged, optimizer, budget)
        self._save(averaged, optimizer, budget)

    def _one_step(self, optimizer: torch.optim.Optimizer, trained: list[torch.nn.Parameter]) -> float:
        arguments, crew = self._arguments, self._crew
        crops = self._pool.crops(arguments.batch, arguments.crop).to(crew.device)
        with torch.autocast(crew.device.type, torch.bfloat16):
            output = self._model(crops, _LATENT_NOISE)
        loss = reconstruction_loss(output.float(), crops)
        optimizer.zero_grad()
        loss.backward()
        average_gradients(crew, trained)
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        self._step += 1
        self._samples += arguments.batch * crew.size
        return float(loss.item())

    def _save(self, averaged: dict[str, Tensor], optimizer: torch.optim.Optimizer, budget: Budget) -> None:
        if not self._crew.leads:
            return
        model = TrainedAutoencoder().to(self._crew.device)
        model.load_state_dict(averaged)
        print(f"step {self._step} samples {self._samples}", measure(model.folded().eval(), self._held_out), flush=True)
        model.folded().save_pretrained(self._work / "vae")
        checkpoints.save(
            self._work / "checkpoint.pt",
            checkpoints.Checkpoint(
                weights={"model": self._model.state_dict()},
                averaged={"model": model.state_dict()},
                optimizers=[optimizer.state_dict()],
                step=self._step,
                samples=self._samples,
                seconds=self._seconds + budget.spent,
            ),
        )


def main() -> None:
    """Train the autoencoder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", required=True, help="folder of the training pack")
    parser.add_argument("--work", default="work", help="folder for checkpoints")
    parser.add_argument("--minutes", type=float, default=15, help="training end to end")
    parser.add_argument("--start-from", default="", help="folder of an autoencoder to go on from, as the shipped one")
    parser.add_argument("--decoder-only", action="store_true", help="leave the encoder, so old latents stay valid")
    parser.add_argument("--scenes", type=int, default=800, help="scenes to crop from, for each process")
    parser.add_argument("--crop", type=int, default=128)
    parser.add_argument("--batch", type=int, default=4, help="crops a step and process")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    crew = join(arguments.device, arguments.threads)
    AutoencoderTraining(crew, arguments).run()
    leave(crew)


if __name__ == "__main__":
    main()
