"""Training in several processes: one thread each, gradients averaged over gloo (or NCCL on GPUs).

Two single-threaded processes and not one of two threads: OpenMP's barriers spin, and on a busy machine a step of the
latter took 3 to 15 CPU seconds in place of 0.4.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.distributed as dist


@dataclass(frozen=True)
class Crew:
    """The processes that train together.

    Attributes:
        rank: This process's number; 0 leads: it alone writes files.
        size: How many there are.
        device: Where this process computes.
    """

    rank: int
    size: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this process writes logs, checkpoints and sheets."""
        return self.rank == 0


def join(device: str, threads: int) -> Crew:
    """Join the processes that `torchrun` started, or stand alone.

    Args:
        device: "auto", "cpu" or "cuda".
        threads: CPU threads of this process.
    """
    torch.set_num_threads(threads)
    rank, size = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    on_gpu = device == "cuda" or (device == "auto" and torch.cuda.is_available())
    if size > 1:
        dist.init_process_group("nccl" if on_gpu else "gloo")
    where = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if on_gpu else torch.device("cpu")
    return Crew(rank, size, where)


def leave(crew: Crew) -> None:
    """Take leave of the other processes."""
    if crew.size > 1:
        dist.destroy_process_group()


def average_gradients(crew: Crew, parameters: Iterable[torch.nn.Parameter]) -> None:
    """Replace every gradient by its mean over all processes, in one message of bfloat16, which halves its cost."""
    if crew.size == 1:
        return
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    flat = torch.empty(sum(gradient.numel() for gradient in gradients), dtype=torch.bfloat16, device=crew.device)
    parts = flat.split([gradient.numel() for gradient in gradients])
    for part, gradient in zip(parts, gradients, strict=True):
        part.view_as(gradient).copy_(gradient)
    dist.all_reduce(flat)
    for part, gradient in zip(parts, gradients, strict=True):
        torch.div(part.view_as(gradient), crew.size, out=gradient)


def agreed(crew: Crew, value: float) -> float:
    """Return the leader's value in every process, so that all stop at the same step."""
    if crew.size == 1:
        return value
    box = torch.tensor([value], dtype=torch.float64, device=crew.device)
    dist.broadcast(box, 0)
    return float(box.item())
