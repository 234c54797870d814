"""Stage 5, `python -m starter_model.painting`: train denoiser and text encoder, from a checkpoint if there is one."""

import argparse
import copy
import json
import random
import time
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

from starter_model import checkpoints
from starter_model.denoiser import Painterly, draw_times, for_training, new_denoiser, noised, signal_shares
from starter_model.latents import LatentPool
from starter_model.muon import Muon
from starter_model.parallel import Crew, agreed, average_gradients, join, leave
from starter_model.schedule import Budget, minutes_until, rate
from starter_model.text_encoder import token_ids

_UNPROMPTED = 0.1
_TEXT_RATE = 0.4
# Exponent of the power average (Karras et al. 2024, "Analyzing and improving the training dynamics of diffusion
# models"): its half-life is about 4 % of the training so far.
_AVERAGE_POWER = 17.0
_AVERAGE_EVERY = 4
_LOG_EVERY = 25
_REFRESH_EVERY = 200


def optimizers(model: Painterly, crew: Crew, kind: str, peak: float) -> list[torch.optim.Optimizer]:
    """Return what updates the model: AdamW alone, or Muon for the denoiser's inner matrices and AdamW for the rest.

    Args:
        model: Text encoder and denoiser.
        crew: The processes that share Muon's work.
        kind: "adamw" or "muon".
        peak: Learning rate; groups carry their share of it as `scale`.
    """
    inner: list[nn.Parameter] = []
    outer: list[nn.Parameter] = []
    for name, parameter in model.denoiser.named_parameters():
        edge = name.startswith(("conv_in", "conv_out", "time_embedding"))
        (inner if kind == "muon" and parameter.ndim >= 2 and not edge else outer).append(parameter)
    groups = [
        {"params": outer, "scale": 1.0},
        {"params": list(model.text_encoder.parameters()), "scale": _TEXT_RATE},
    ]
    adam = torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    return [Muon(inner, crew, peak), adam] if inner else [adam]


class Training:
    """The training loop's state."""

    def __init__(self, crew: Crew, arguments: argparse.Namespace) -> None:
        self._crew = crew
        self._arguments = arguments
        self._work = Path(arguments.work)
        self._out = self._work / arguments.name
        self._out.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(arguments.seed)
        tokenizer = CLIPTokenizer.from_pretrained(self._work / "text" / "tokenizer")
        text_encoder = CLIPTextModel.from_pretrained(self._work / "text" / "text_encoder", dtype=torch.float32).train()
        self._model = Painterly(text_encoder, for_training(new_denoiser(), crew.device)).to(crew.device)
        self._pool = LatentPool(self._work / "latents", crew.device)
        self._nothing = token_ids(tokenizer, [""])[0].to(crew.device)
        self._shares = signal_shares().to(crew.device)
        self._optimizers = optimizers(self._model, crew, arguments.optimizer, arguments.rate)
        self._averaged = copy.deepcopy(self._model.state_dict()) if crew.leads else {}
        self._step = 0
        self._samples = 0
        self._spent = 0.0

    def run(self) -> None:
        """Train until the time is over, from the checkpoint or, without one, from the weights already exported."""
        if (self._out / "checkpoint.pt").is_file():
            self._resume(checkpoints.load(self._out / "checkpoint.pt", self._crew.device))
        elif self._arguments.start_from:
            self._start_from(Path(self._arguments.start_from))
        seed = self._arguments.seed + 1000 * (self._step + 1) + self._crew.rank
        torch.manual_seed(seed)
        random.seed(seed)
        arguments = self._arguments
        minutes = minutes_until(arguments.until) if arguments.until else arguments.minutes
        self._train(Budget.start(minutes, self._spent))

    def _resume(self, saved: checkpoints.Checkpoint) -> None:
        self._model.load_state_dict(saved["weights"]["model"])
        if self._crew.leads:
            self._averaged = saved["averaged"]["model"]
        # Trained with the other kind of optimizer until now: the weights serve, the moments do not.
        if len(saved["optimizers"]) == len(self._optimizers):
            for optimizer, state in zip(self._optimizers, saved["optimizers"], strict=True):
                optimizer.load_state_dict(state)
        self._step, self._samples, self._spent = saved["step"], saved["samples"], saved["seconds"]

    def _start_from(self, folder: Path) -> None:
        trained = type(self._model.denoiser).from_pretrained(folder / "unet").state_dict()
        self._model.denoiser.load_state_dict(trained)
        words = CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=torch.float32).state_dict()
        self._model.text_encoder.load_state_dict(words)
        self._averaged = copy.deepcopy(self._model.state_dict()) if self._crew.leads else {}

    def _train(self, budget: Budget) -> None:
        next_save = time.monotonic() + 60 * self._arguments.save_minutes
        losses: list[Tensor] = []
        since, samples = time.monotonic(), self._samples
        while (fraction := agreed(self._crew, budget.fraction)) < 1:
            self._model.words_settled = fraction >= self._arguments.text_share
            losses.append(self._one_step(rate(self._arguments.rate, self._step, fraction, self._arguments.decay)))
            if self._crew.leads and self._step % _AVERAGE_EVERY == 0:
                kept = (1 - 1 / (self._step / _AVERAGE_EVERY + 1)) ** (_AVERAGE_POWER + 1)
                checkpoints.average(self._averaged, self._model.state_dict(), kept)
            if self._step % _REFRESH_EVERY == 0:
                self._pool.refresh()
            if self._step % _LOG_EVERY == 0:
                self._log(budget, losses, (self._samples - samples) / (time.monotonic() - since))
                losses, since, samples = [], time.monotonic(), self._samples
            if time.monotonic() > next_save:
                next_save += 60 * self._arguments.save_minutes
                self._save(budget)
        self._save(budget)

    def _one_step(self, learning_rate: float) -> Tensor:
        """Make one step and return its loss."""
        crew, count = self._crew, self._arguments.batch
        clean, ids = self._pool.draw(count)
        ids[torch.rand(count, device=crew.device) < _UNPROMPTED] = self._nothing
        sample = noised(clean, draw_times(count, crew.device), torch.randn_like(clean), self._shares)
        with torch.autocast(crew.device.type, torch.bfloat16, enabled=self._arguments.bfloat16):
            loss = self._model(sample, ids)
        for optimizer in self._optimizers:
            optimizer.zero_grad()
        loss.backward()
        average_gradients(crew, self._model.parameters())
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * group["scale"]
            optimizer.step()
        self._step += 1
        self._samples += count * crew.size
        return loss.detach()

    def _log(self, budget: Budget, losses: list[Tensor], speed: float) -> None:
        if not self._crew.leads:
            return
        row = {
            "step": self._step,
            "samples": self._samples,
            "scenes": len(self._pool),
            "loss": round(float(torch.stack(losses).mean()), 4),
            "samples_per_second": round(speed, 1),
            "minutes": round(budget.spent / 60, 1),
        }
        line = json.dumps(row)
        print(line, flush=True)
        with (self._out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")

    def _save(self, budget: Budget) -> None:
        if not self._crew.leads:
            return
        checkpoints.save(
            self._out / "checkpoint.pt",
            checkpoints.Checkpoint(
                weights={"model": self._model.state_dict()},
                averaged={"model": self._averaged},
                optimizers=[optimizer.state_dict() for optimizer in self._optimizers],
                step=self._step,
                samples=self._samples,
                seconds=budget.spent,
            ),
        )


def main() -> None:
    """Train the denoiser and the text encoder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", default="work", help="folder for checkpoints")
    parser.add_argument("--name", default="painting", help="folder in it for this training")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--until", default="", help="train until the clock shows HH:MM, in place of --minutes")
    parser.add_argument(
        "--start-from", default="", help="a diffusers folder to go on from where there is no checkpoint"
    )
    parser.add_argument("--optimizer", choices=("adamw", "muon"), default="muon")
    parser.add_argument("--batch", type=int, default=16, help="samples a step and process")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.5, help="last share of the time in which the rate falls")
    parser.add_argument("--text-share", type=float, default=0.5, help="share of the time the text encoder learns in")
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--bfloat16", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    crew = join(arguments.device, arguments.threads)
    Training(crew, arguments).run()
    leave(crew)


if __name__ == "__main__":
    main()
