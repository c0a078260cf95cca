"""The head segmentation network, its loss and how long it is taught (torch; training only)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from posture_check.grooming.headmap import Part
from posture_check.grooming.train.hairdata import ALLOWED, HAIR_OR_SKIN, IGNORED

_WIDTHS = (16, 32, 64, 96, 64)
_EXPANSION = 2
_AVERAGE = 0.995
"""Decay of the running mean of the weights, which is what is shipped."""


def _conv(inputs: int, outputs: int, size: int = 3, stride: int = 1, groups: int = 1) -> nn.Sequential:
    layer = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class _Block(nn.Module):
    """Widen, filter each channel by itself, narrow again; added to its input where the shapes agree."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1, size: int = 3) -> None:
        super().__init__()
        wide = inputs * _EXPANSION
        narrow = nn.Sequential(nn.Conv2d(wide, outputs, 1, bias=False), nn.BatchNorm2d(outputs))
        self.body = nn.Sequential(_conv(inputs, wide, 1), _conv(wide, wide, size, stride, wide), narrow)
        self.added = stride == 1 and inputs == outputs

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        found = self.body(values)
        return values + found if self.added else found


class _Up(nn.Module):
    """Double the size, join with what the same size saw on the way down, and filter."""

    def __init__(self, inputs: int, beside: int, outputs: int) -> None:
        super().__init__()
        self.join = _conv(inputs + beside, outputs, 1)
        self.filter = nn.Sequential(_conv(outputs, outputs, groups=outputs), _conv(outputs, outputs, 1))

    def forward(self, values: torch.Tensor, beside: torch.Tensor) -> torch.Tensor:
        grown = functional.interpolate(values, scale_factor=2.0, mode="bilinear", align_corners=False)
        found: torch.Tensor = self.filter(self.join(torch.cat([grown, beside], 1)))
        return found


class HairNet(nn.Module):
    """A U-Net of inverted residual blocks: ``(batch, 6, n, n)`` to scores ``(batch, len(Part), n, n)``.

    n is a multiple of 16. It works at half the size, on squares of four pixels: the full size would cost four times as
    much, and the masks it learns from are no finer.
    """

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d, e = _WIDTHS
        self.down1 = nn.Sequential(nn.PixelUnshuffle(2), _conv(24, a))
        self.down2 = nn.Sequential(_conv(a, b, stride=2), _Block(b, b))
        self.down3 = nn.Sequential(_conv(b, c, stride=2), _Block(c, c), _Block(c, c))
        self.down4 = nn.Sequential(_Block(c, d, 2, 5), _Block(d, d, 1, 5), _Block(d, d, 1, 5))
        self.whole = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(d, e, 1), nn.ReLU(inplace=True), nn.Conv2d(e, d, 1)
        )
        self.up3, self.up2, self.up1 = _Up(d, c, 64), _Up(64, b, 32), _Up(32, a, 24)
        self.last = nn.Sequential(nn.Conv2d(24, 4 * len(Part), 1), nn.PixelShuffle(2))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the scores."""
        one = self.down1(values)
        two = self.down2(one)
        three = self.down3(two)
        four = self.down4(three)
        four = four * torch.sigmoid(self.whole(four))
        found = self.up1(self.up2(self.up3(four, three), two), one)
        scores: torch.Tensor = self.last(found)
        return scores


def loss(scores: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Return the mean surprise at the labels, plus the share of hair missed or invented.

    A coarse label is met by any of its parts: its probability is their sum.

    Parameters
    ----------
    scores
        ``(batch, parts, n, n)``.
    labels
        ``(batch, n, n)`` whole numbers: parts, coarse labels or ``IGNORED``.
    weights
        ``(batch,)`` trust in each picture's labels.
    """
    known = labels != IGNORED
    allowed = torch.from_numpy(ALLOWED)[labels.where(known, torch.zeros_like(labels))].permute(0, 3, 1, 2)
    shares = functional.softmax(scores, 1)
    surprise = -(shares * allowed).sum(1).clamp(min=1e-5).log()
    counted = known * weights[:, None, None]
    told = counted * (labels != HAIR_OR_SKIN)
    hair, truth = shares[:, Part.HAIR], (labels == Part.HAIR).float()
    overlap = 2 * (told * hair * truth).sum((1, 2)) + 20
    missed = 1 - overlap / ((told * (hair + truth)).sum((1, 2)) + 20)
    return (surprise * counted).sum() / counted.sum().clamp(min=1) + 0.3 * missed.mean()


Draw = Callable[[np.random.Generator], tuple[NDArray[np.float32], NDArray[np.int64], float]]
"""Draws one training picture: inputs ``(6, n, n)``, labels ``(n, n)`` and the trust in them."""


def fit(draw: Draw, steps: int, seed: int, batch: int = 16, peak_rate: float = 4e-3, say: Any = None) -> HairNet:
    """Teach a network and return the running mean of its weights.

    Parameters
    ----------
    draw
        Makes the training pictures.
    steps
        Number of batches; the rate of learning rises over the first tenth and falls to nothing.
    seed
        Of the first weights and of the drawing.
    batch
        Pictures per step.
    peak_rate
        Highest rate of learning.
    say
        Called with a line of text now and then.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    chance = np.random.default_rng(seed)
    net = HairNet().to(memory_format=torch.channels_last)
    mean = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(_AVERAGE), use_buffers=True
    )
    descent = torch.optim.AdamW(net.parameters(), lr=peak_rate, weight_decay=0.02)
    rates = torch.optim.lr_scheduler.OneCycleLR(descent, peak_rate, total_steps=steps, pct_start=0.1)
    seen: list[float] = []
    for step in range(steps):
        values, labels, weights = zip(*(draw(chance) for _ in range(batch)), strict=True)
        given = torch.from_numpy(np.stack(values)).contiguous(memory_format=torch.channels_last)
        found = loss(net(given), torch.from_numpy(np.stack(labels)), torch.tensor(weights))
        descent.zero_grad(set_to_none=True)
        found.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        descent.step()
        rates.step()
        mean.update_parameters(net)
        seen.append(found.item())
        if say and (step + 1) % 100 == 0:
            say(f"step {step + 1}/{steps}: loss {np.mean(seen[-100:]):.4f}")
    shipped: HairNet = mean.module
    return shipped.eval()
