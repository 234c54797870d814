"""Grow a trained autoencoder of factor 8 and 4 channels by one level, to keep its high-resolution work.

The new level is fitted on its own first: it takes the old encoder's features at 1/8 size and has to give what the old
decoder expects there. That costs a twentieth of training end to end.
"""

import torch
import torch.nn.functional as F
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from torch import Tensor, nn

from starter_model.vae import TrainedAutoencoder

_OLD_ENCODER_END = 9
_OLD_DECODER_START = 2
_NEW_DECODER_START = 7
_OLD_CHANNELS = 4


def transplant(state: dict[str, Tensor], model: TrainedAutoencoder) -> nn.Conv2d:
    """Copy the old stages into the new autoencoder.

    Args:
        state: The old one's weights, keys `ae.encoder.layers.N...`, `ae.decoder.layers.N...`, `bn...`.
        model: The new one, changed in place.

    Returns:
        The old decoder's first convolution (4 to 64), which says what it made of its latents.
    """
    target = model.state_dict()
    for key, value in state.items():
        parts = key.split(".")
        if key.startswith("ae.encoder.layers.") and int(parts[3]) < _OLD_ENCODER_END:
            target[key] = value
        if key.startswith("ae.decoder.layers.") and int(parts[3]) >= _OLD_DECODER_START:
            parts[3] = str(int(parts[3]) - _OLD_DECODER_START + _NEW_DECODER_START)
            target[".".join(parts)] = value
    model.load_state_dict(target)
    first = nn.Conv2d(_OLD_CHANNELS, 64, 3, padding=1)
    first.load_state_dict({name: state[f"ae.decoder.layers.0.{name}"] for name in ("weight", "bias")})
    return first


class Growth:
    """The new level and its targets."""

    def __init__(self, state: dict[str, Tensor], model: TrainedAutoencoder) -> None:
        self._first = transplant(state, model).requires_grad_(requires_grad=False)
        self._out = nn.Conv2d(64, _OLD_CHANNELS, 3, padding=1).requires_grad_(requires_grad=False)
        self._out.load_state_dict({name: state[f"ae.encoder.layers.9.{name}"] for name in ("weight", "bias")})
        self._mean, self._deviation = state["bn.running_mean"], (state["bn.running_var"] + 1e-5).sqrt()
        self._model = model
        self._inward = model.ae.encoder.layers[_OLD_ENCODER_END:]
        self._outward = model.ae.decoder.layers[:_NEW_DECODER_START]

    def parameters(self) -> list[nn.Parameter]:
        """Return what the first phase trains."""
        return [*self._inward.parameters(), *self._outward.parameters()]

    @torch.no_grad()
    def features(self, pixels: Tensor) -> Tensor:
        """Return the old encoder's features: (B, 3, H, W) in -1 to 1 gives (B, 64, H/8, W/8)."""
        return self._model.ae.encoder.layers[:_OLD_ENCODER_END](pixels.add(1).div(2))

    @torch.no_grad()
    def target(self, features: Tensor) -> Tensor:
        """Return what the old decoder made of these features' latents, (B, 64, H/8, W/8)."""
        latents = (self._out(features) - self._mean[:, None, None]) / self._deviation[:, None, None]
        return F.relu(self._first(torch.tanh(latents / 3) * 3))

    def loss(self, features: Tensor, noise: float) -> Tensor:
        """Return how far the new level is from the old one's features, relative to their variance."""
        latents = self._model.norm(self._inward(features))
        noisy = latents + noise * torch.randn_like(latents)
        wanted = self.target(features)
        return F.mse_loss(self._outward(torch.tanh(noisy / 3) * 3), wanted) / wanted.var()


def decoder_is_grown(autoencoder: AutoencoderTiny) -> bool:
    """Return whether an autoencoder has the level that growth adds."""
    return len(autoencoder.config["block_out_channels"]) == 5
