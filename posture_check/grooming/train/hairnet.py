"""The head segmentation network, its loss and how long it is taught (torch; training only)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from posture_check.grooming.headmap import Part
from posture_check.grooming.train.hairdata import ALLOWED, HAIR_OR_SKIN, IGNORED

_WIDTHS = (24, 48, 96, 128)
LABEL_WEIGHTS = np.ones(len(ALLOWED), np.float32)
LABEL_WEIGHTS[[Part.HEADWEAR, Part.EAR, Part.BEARD]] = 2, 4, 4
"""Weight of each label's pixels: ears and beards are small and seldom labelled."""
_BATCH = 8
_AVERAGE = 0.995
"""Decay of the running mean of the weights, which is what is shipped."""


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    layer = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class _Up(nn.Module):
    """Double the size, add what the same size saw on the way down, and filter."""

    def __init__(self, inputs: int, beside: int) -> None:
        super().__init__()
        self.small, self.filter = nn.Conv2d(inputs, beside, 1), _conv(beside, beside)

    def forward(self, values: torch.Tensor, beside: torch.Tensor) -> torch.Tensor:
        grown = functional.interpolate(self.small(values), scale_factor=2.0, mode="nearest")
        found: torch.Tensor = self.filter(grown + beside)
        return found


class HairNet(nn.Module):
    """A small U-Net: ``(batch, 7, n, n)`` to scores ``(batch, len(Part), n, n)``.

    n is a multiple of 16. It works at half the size, on squares of four pixels: the full size would cost four times as
    much, and the masks it learns from are no finer. Whole convolutions in bfloat16 train faster on current processors
    than depthwise ones, which wait for memory.
    """

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d = _WIDTHS
        self.down1 = nn.Sequential(nn.PixelUnshuffle(2), _conv(4 * 7, a))
        self.down2 = nn.Sequential(_conv(a, b, 2), _conv(b, b))
        self.down3 = nn.Sequential(_conv(b, c, 2), _conv(c, c))
        self.down4 = nn.Sequential(_conv(c, d, 2), _conv(d, d), _conv(d, d))
        self.whole = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(d, d, 1), nn.ReLU(inplace=True), nn.Conv2d(d, d, 1)
        )
        self.up3, self.up2, self.up1 = _Up(d, c), _Up(c, b), _Up(b, a)
        self.last = nn.Sequential(nn.Conv2d(a, 4 * len(Part), 1), nn.PixelShuffle(2))

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


def loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the mean surprise at the labels, plus the share of hair missed or invented.

    A coarse label is met by any of its parts: its probability is their sum.

    Parameters
    ----------
    scores
        ``(batch, parts, n, n)``.
    labels
        ``(batch, n, n)`` whole numbers: parts, coarse labels or ``IGNORED``.
    """
    known = labels != IGNORED
    allowed = torch.from_numpy(ALLOWED)[labels.where(known, torch.zeros_like(labels))].permute(0, 3, 1, 2)
    shares = functional.softmax(scores, 1)
    surprise = -(shares * allowed).sum(1).clamp(min=1e-5).log()
    counted = known * torch.from_numpy(LABEL_WEIGHTS)[labels.where(known, torch.zeros_like(labels))]
    told = known * (labels != HAIR_OR_SKIN)
    hair, truth = shares[:, Part.HAIR], (labels == Part.HAIR).float()
    overlap = 2 * (told * hair * truth).sum((1, 2)) + 20
    missed = 1 - overlap / ((told * (hair + truth)).sum((1, 2)) + 20)
    return (surprise * counted).sum() / counted.sum().clamp(min=1) + 0.3 * missed.mean()


Draw = Callable[[np.random.Generator], tuple[NDArray[np.float32], NDArray[np.uint8]]]
"""Draws one training picture: inputs ``(7, n, n)`` and labels ``(n, n)``."""


def fit(
    net: HairNet, draw: Draw, steps: int, seed: int, peak_rate: float = 3e-3, say: Any = None, kept: Path | None = None
) -> HairNet:
    """Teach a network and return the running mean of its weights.

    Parameters
    ----------
    net
        The network to begin with.
    draw
        Makes the training pictures.
    steps
        Number of batches; the rate of learning rises over the first tenth and falls to nothing.
    seed
        Of the drawing.
    peak_rate
        Highest rate of learning.
    say
        Called with a line of text now and then.
    kept
        Where the state of the mean is written now and then.
    """
    torch.set_num_threads(1)
    chance = np.random.default_rng(seed)
    net = net.train().to(memory_format=torch.channels_last)
    mean = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(_AVERAGE), use_buffers=True
    )
    descent = torch.optim.AdamW(net.parameters(), lr=peak_rate, weight_decay=0.02)
    rates = torch.optim.lr_scheduler.OneCycleLR(descent, peak_rate, total_steps=steps, pct_start=0.1)
    seen: list[float] = []
    for step in range(steps):
        values, labels = zip(*(draw(chance) for _ in range(_BATCH)), strict=True)
        given = torch.from_numpy(np.stack(values)).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            scores = net(given)
        found = loss(scores.float(), torch.from_numpy(np.stack(labels)).long())
        descent.zero_grad(set_to_none=True)
        found.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        descent.step()
        rates.step()
        mean.update_parameters(net)
        seen.append(found.item())
        if say and (step + 1) % 200 == 0:
            say(f"step {step + 1}/{steps}: loss {np.mean(seen[-200:]):.4f}")
        if kept and (step + 1) % 500 == 0:
            torch.save(mean.module.state_dict(), kept)
    shipped: HairNet = mean.module
    return shipped.eval()
