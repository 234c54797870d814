"""The denoiser's make and the mathematics of its training: v-prediction over a scaled-linear schedule."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from diffusers.models.attention_processor import AttnProcessor
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextModel

from starter_model.text_encoder import TEXT_WIDTH
from starter_model.vae import LATENT_CHANNELS

STEPS = 1000
BETA_START = 0.00085
BETA_END = 0.02
LATENT_EDGE = 32
# Four channels, because the stock inpainting pipeline takes no other number from a denoiser without mask channels. The
# first level is narrow: 32 channels at 32 x 32 hold what 128 would at 16 x 16, and it costs a fifth of a step.
WIDTHS = (32, 96, 160, 224)
_HEAD_WIDTH = 32


def new_denoiser(widths: tuple[int, int, int, int] = WIDTHS) -> UNet2DConditionModel:
    """Return an untrained denoiser for 32 x 32 latents: attention at 8 x 8 and 4 x 4, where it is cheap."""
    return UNet2DConditionModel(
        sample_size=LATENT_EDGE,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        block_out_channels=widths,
        layers_per_block=1,
        down_block_types=("DownBlock2D", "DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D", "UpBlock2D"),
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=tuple(width // _HEAD_WIDTH for width in widths),  # pyright: ignore[reportArgumentType]  # annotated as a tuple of one
        norm_num_groups=16,
    )


def for_training(denoiser: UNet2DConditionModel, device: torch.device) -> UNet2DConditionModel:
    """Move a denoiser to its device in the layout that trains fastest there."""
    nn.Module.to(denoiser, device=device)
    nn.Module.to(denoiser, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  # the stub misses this overload
    if device.type == "cpu":
        # The backward pass of the CPU's fused attention is slower than plain matrix products at these sizes.
        denoiser.set_attn_processor(AttnProcessor())
    return denoiser.train()


def signal_shares() -> Tensor:
    """Return the cumulative products of 1 - beta, (1000,) float32, as the schedulers compute them."""
    betas = torch.linspace(BETA_START**0.5, BETA_END**0.5, STEPS, dtype=torch.float32) ** 2
    return (1 - betas).cumprod(0)


@dataclass(frozen=True)
class Sample:
    """A noised batch and what the denoiser has to say of it.

    Attributes:
        noised: (B, 4, H, W).
        times: (B,) int64, 0 to 999.
        wanted: (B, 4, H, W), the velocity (Salimans and Ho 2022).
    """

    noised: Tensor
    times: Tensor
    wanted: Tensor


def draw_times(count: int, device: torch.device) -> Tensor:
    """Return (count,) times, half of them uniform, half of them in the middle, where pictures take shape."""
    uniform = torch.rand(count, device=device)
    middle = torch.sigmoid(torch.randn(count, device=device) * 0.9 + 0.1)
    mixed = torch.where(torch.rand(count, device=device) < 0.5, uniform, middle)
    return (mixed * STEPS).long().clamp(0, STEPS - 1)


def noised(clean: Tensor, times: Tensor, noise: Tensor, shares: Tensor) -> Sample:
    """Mix clean latents and noise, (B, 4, H, W) each, as the schedule says for each time."""
    share = shares[times][:, None, None, None]
    signal, rest = share.sqrt(), (1 - share).sqrt()
    return Sample(signal * clean + rest * noise, times, signal * noise - rest * clean)


class Painterly(nn.Module):
    """Text encoder and denoiser as they train together.

    Attributes:
        text_encoder: Gives the denoiser its (B, 32, 256) of meaning.
        denoiser: Says the velocity.
        words_settled: Whether the text encoder has learnt enough and is spared its backward pass.
    """

    def __init__(self, text_encoder: CLIPTextModel, denoiser: UNet2DConditionModel) -> None:
        super().__init__()
        self.text_encoder = text_encoder
        self.denoiser = denoiser
        self.words_settled = False

    def forward(self, sample: Sample, ids: Tensor) -> Tensor:
        """Return the mean squared error of the velocity; ids (B, 32) int64."""
        with torch.set_grad_enabled(not self.words_settled and torch.is_grad_enabled()):
            meaning = self.text_encoder(input_ids=ids).last_hidden_state
        said = self.denoiser(sample.noised, sample.times, encoder_hidden_states=meaning, return_dict=False)[0]
        return F.mse_loss(said.float(), sample.wanted)
