"""The autoencoder's make: 8 times smaller each way, 4 latent channels, latents of unit variance."""

import copy
from typing import cast

import torch
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from torch import Tensor, nn

LATENT_CHANNELS = 4
REDUCTION = 8
_WIDTH = 64
_ENCODER_BLOCKS = (0, 1, 2, 2)
_DECODER_BLOCKS = (3, 3, 2, 1)


def new_autoencoder() -> AutoencoderTiny:
    """Return an untrained AutoencoderTiny; stock pipelines take the factor 8 from its four levels."""
    levels = len(_ENCODER_BLOCKS)
    return AutoencoderTiny(
        encoder_block_out_channels=(_WIDTH,) * levels,
        decoder_block_out_channels=(_WIDTH,) * levels,
        num_encoder_blocks=_ENCODER_BLOCKS,
        num_decoder_blocks=_DECODER_BLOCKS,
        latent_channels=LATENT_CHANNELS,
        scaling_factor=1.0,
        force_upcast=False,
    )


class TrainedAutoencoder(nn.Module):
    """An autoencoder whose latents are normalised while it trains; `folded` builds the norm into the encoder.

    The stock pipelines know one scaling factor only, so mean and variance go into the encoder's last convolution.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ae = new_autoencoder()
        self.norm = nn.BatchNorm2d(LATENT_CHANNELS, affine=False, momentum=0.02)

    def latents(self, pixels: Tensor) -> Tensor:
        """Encode (B, 3, H, W) in -1 to 1 to (B, 4, H/8, W/8) of zero mean and unit variance."""
        return self.norm(self.ae.encoder(pixels))

    def forward(self, pixels: Tensor, noise: float) -> Tensor:
        """Encode, add Gaussian noise of that standard deviation, decode; shapes and range stay as they are."""
        latents = self.latents(pixels)
        return self.ae.decoder(latents + noise * torch.randn_like(latents))

    @torch.no_grad()
    def settle(self, batches: list[Tensor]) -> None:
        """Set the norm to the exact statistics over these pictures; the running ones lag behind the weights."""
        latents = torch.cat([self.ae.encoder(batch) for batch in batches])
        running_mean, running_var = cast("Tensor", self.norm.running_mean), cast("Tensor", self.norm.running_var)
        running_mean.copy_(latents.mean((0, 2, 3)))
        running_var.copy_(latents.var((0, 2, 3)))

    @torch.no_grad()
    def folded(self) -> AutoencoderTiny:
        """Return a stock autoencoder that gives the normalised latents by itself."""
        autoencoder = copy.deepcopy(self.ae).float()
        last = cast("nn.Conv2d", autoencoder.encoder.layers[-1])
        running_mean, running_var = cast("Tensor", self.norm.running_mean), cast("Tensor", self.norm.running_var)
        deviation = (running_var + self.norm.eps).sqrt()
        last.weight.div_(deviation[:, None, None, None])
        cast("Tensor", last.bias).sub_(running_mean).div_(deviation)
        return autoencoder
