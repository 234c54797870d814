"""Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/): momentum whose matrices are made orthogonal.

Written here for two reasons: convolutions count as matrices (out, in * k * k), which torch.optim.Muon refuses, and the
processes that train together share the work, each making its part of the matrices orthogonal.
"""

from collections.abc import Iterable
from typing import cast

import torch
import torch.distributed as dist
from torch import Tensor, nn

from starter_model.parallel import Crew

# The first rounds of "The Polar Express" (Amsel et al. 2025): each the best odd quintic for what the ones before leave.
_ROUNDS = (
    (8.28721201814563, -23.595886519098837, 17.300387312530933),
    (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
    (3.9486908534822946, -2.908902115962949, 0.5518191394370137),
    (3.3184196573706015, -2.488488024314874, 0.51004894012372),
)
# Scales an orthogonal update to the root mean square of an AdamW update (Liu et al. 2025, "Muon is scalable").
_MATCH = 0.2


def orthogonal(matrices: Tensor) -> Tensor:
    """Return the nearest half-orthogonal matrices by Newton-Schulz iteration, (N, rows, columns) float32.

    The rounds run on the small Gram matrix: with G = X X^T every round multiplies X by a polynomial of G from the left,
    so the product of the polynomials is gathered and X is touched twice in place of eleven times.
    """
    wide = matrices.size(1) <= matrices.size(2)
    x = matrices if wide else matrices.mT
    x = x / (torch.linalg.matrix_norm(x, keepdim=True) * 1.01 + 1e-7)
    gram = x @ x.mT
    one = torch.eye(x.size(1), dtype=x.dtype, device=x.device)
    product = _quintic(gram, one, _ROUNDS[0])
    polynomial = product
    for coefficients in _ROUNDS[1:]:
        gram = polynomial @ gram @ polynomial
        polynomial = _quintic(gram, one, coefficients)
        product = polynomial @ product
    x = product @ x
    return x if wide else x.mT


def _quintic(gram: Tensor, one: Tensor, coefficients: tuple[float, float, float]) -> Tensor:
    """Return a + b G + c G^2, what one round multiplies with."""
    a, b, c = coefficients
    return torch.baddbmm(b * gram + a * one, gram, gram, alpha=c)


class Muon(torch.optim.Optimizer):
    """Muon for matrices and convolutions; every process must hold the same gradients and step together."""

    def __init__(
        self, parameters: Iterable[nn.Parameter], crew: Crew, lr: float, momentum: float = 0.95, decay: float = 0.01
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "decay": decay, "scale": 1.0})
        self._crew = crew

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  # no closure is ever used
        """Update every parameter that has a gradient."""
        del closure
        for group in self.param_groups:
            parameters = [parameter for parameter in group["params"] if parameter.grad is not None]
            updates = self._share([self._momentum(parameter, group["momentum"]) for parameter in parameters])
            for parameter, update in zip(parameters, updates, strict=True):
                matrix = parameter.flatten(1)
                parameter.mul_(1 - group["lr"] * group["decay"])
                size = _MATCH * max(matrix.shape) ** 0.5
                parameter.add_(update.view(parameter.shape), alpha=-group["lr"] * size)

    def _momentum(self, parameter: Tensor, momentum: float) -> Tensor:
        """Return the Nesterov momentum of a parameter as a matrix."""
        gradient = cast("Tensor", parameter.grad)
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        kept = state["momentum"].lerp_(gradient, 1 - momentum)
        return gradient.lerp(kept, momentum).flatten(1)

    def _share(self, matrices: list[Tensor]) -> list[Tensor]:
        """Make the matrices orthogonal, each process its part of every shape, and exchange the results."""
        shapes = [matrix.shape for matrix in matrices]
        # Every entry is made by one process and zero in the others; bfloat16 is exact enough for a direction.
        flat = torch.zeros(sum(shape.numel() for shape in shapes), dtype=torch.bfloat16, device=self._crew.device)
        parts = list(flat.split([shape.numel() for shape in shapes]))
        turn = 0
        for shape in sorted(set(shapes), key=lambda shape: -shape.numel()):
            alike = [index for index, other in enumerate(shapes) if other == shape]
            mine = [index for place, index in enumerate(alike) if (turn + place) % self._crew.size == self._crew.rank]
            turn += len(alike)
            if mine:
                made = orthogonal(torch.stack([matrices[index] for index in mine]))
                for index, matrix in zip(mine, made, strict=True):
                    parts[index].copy_(matrix.reshape(-1))
        if self._crew.size > 1:
            dist.all_reduce(flat)
        return [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]
