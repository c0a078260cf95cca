"""The neckwear network and how it is taught (torch, training only)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from posture_check.grooming.neckwear import HEIGHTS, OUTSIDE, SIZE_PX, standard
from posture_check.grooming.train.export import halved, write_network
from posture_check.grooming.train.neckwear_data import CLASSES, NOT_TIE, Samples
from posture_check.grooming.train.neckwear_draw import TIE

Floats = NDArray[np.floating[Any]]

_WIDTHS = (16, 32, 64, 128)
_TOP = HEIGHTS[0] // 16
"""Rows of the coarsest map that tell what is worn: the neck and the upper chest."""
_LABELS = 4
_BATCH = {80: 32, 240: 16}
_RATE, _DECAY = 3e-3, 0.02
_AVERAGE = 0.99
"""Share of the running mean of the weights that a step keeps; the mean is what is shipped."""
_WEIGHTS = (1.0, 4.0, 8.0, 4.0, 1.5)
"""Of the classes of a cell: neckwear covers few cells."""
_RARE = (1.0, 1.0, 2.0, 1.5, 1.0)
"""Of the labels."""
_FROZEN = 0.5
"""After this share of the steps the layers' means and spreads stay: those of short and tall batches differ, and what is
shipped uses one of both."""
_SPREAD = 0.8
"""Width of the collar's target in cells."""
_STRONGEST = 8
"""Cells that stand for a tie where only its presence is labelled: the least that a knot covers."""


def _layer(inputs: int, outputs: int, stride: int = 1, size: int = 3, apart: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(inputs, outputs, size, stride, apart * (size // 2), dilation=apart, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class NeckwearNet(nn.Module):
    """A small network with two outputs and a vector for site enrolment.

    In: ``(batch, 3, height, 128)``. Out: ``(batch, 6, height / 4, 32)``, scores of the classes of a cell and last the
    score of being the collar's centre; ``(batch, 4)``, scores of none, tie, bow and scarf; ``(batch, 64, height / 8,
    16)``, features of a cell.
    """

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d = _WIDTHS
        across, down = torch.linspace(-1, 1, SIZE_PX[0]), torch.linspace(-1, 1, HEIGHTS[-1])
        self.register_buffer("place", torch.stack(torch.meshgrid(down, across, indexing="ij"))[None], persistent=False)
        self.first = nn.Sequential(_layer(5, a, 2), _layer(a, a))
        self.second = nn.Sequential(_layer(a, b, 2), _layer(b, b))
        self.third = nn.Sequential(_layer(b, c, 2), _layer(c, c))
        self.fourth = nn.Sequential(_layer(c, d, 2), _layer(d, d), _layer(d, d, apart=2))
        self.narrow3, self.join3 = _layer(d, c, size=1), _layer(c, c)
        self.narrow2, self.join2 = _layer(c, b, size=1), _layer(b, b)
        self.dense = nn.Conv2d(b, CLASSES + 1, 1)
        cells = _TOP * SIZE_PX[0] // 16
        self.glance = nn.Sequential(_layer(c + d, 24, size=1), nn.Flatten(), nn.Dropout(0.3))
        self.label = nn.Linear(24 * cells + c + d + CLASSES - 1, _LABELS)

    def forward(self, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the three outputs for patches in -1..1."""
        place = self.place[:, :, : values.shape[2]].expand(values.shape[0], -1, -1, -1)
        quarter = self.second(self.first(torch.cat([values, place], 1)))
        eighth = self.third(quarter)
        deep = self.fourth(eighth)
        middle = self.join3(eighth + functional.interpolate(self.narrow3(deep), scale_factor=2.0))
        fine = self.join2(quarter + functional.interpolate(self.narrow2(middle), scale_factor=2.0))
        dense = self.dense(fine)
        top = torch.cat([deep, functional.avg_pool2d(middle, 2)], 1)[:, :, :_TOP]
        spots = (dense[:, 1:CLASSES] - dense[:, :1])[:, :, : 4 * _TOP]
        strongest = functional.avg_pool2d(spots, 3, 1).amax((2, 3))
        return dense, self.label(torch.cat([self.glance(top), top.amax((2, 3)), strongest], 1)), middle


def loss(net: NeckwearNet, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return the loss of a batch: classes of the cells, what is worn, and the collar's centre."""
    dense, worn, _ = net(batch["images"])
    dense, worn = dense.float(), worn.float()
    scores = dense[:, :CLASSES].log_softmax(1)
    shares = batch["shares"]
    known = shares.sum(1)
    weighted = shares * torch.tensor(_WEIGHTS)[:, None, None]
    cells = -(weighted * scores).sum() / weighted.sum().clamp(min=1)
    labels = batch["labels"]
    chance = worn.log_softmax(1)
    rare = torch.tensor(_RARE)[labels]
    either = torch.logaddexp(chance[:, 0], chance[:, 3])
    presence = torch.where(labels == NOT_TIE, either, chance.gather(1, labels.clamp(max=3)[:, None])[:, 0])
    presence = -(rare * presence).sum() / rare.sum()
    total = 2 * presence + 4 * cells
    weak = (labels == TIE) & (shares[:, TIE].sum((1, 2)) == 0)
    if weak.any():
        free = scores[weak, TIE].masked_fill(known[weak] > 0, -20.0).flatten(1)
        total = total - 0.2 * free.topk(_STRONGEST, dim=1).values.mean()
    seen = torch.isfinite(batch["collars"]).all(1)
    if seen.any():
        total = total + 0.15 * _collar_loss(dense[seen, CLASSES], batch["collars"][seen])
    return total


def _collar_loss(scores: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    rows = torch.arange(scores.shape[1])[None, :, None]
    columns = torch.arange(scores.shape[2])[None, None]
    away = (columns - places[:, 0, None, None]) ** 2 + (rows - places[:, 1, None, None]) ** 2
    wanted = (-away / (2 * _SPREAD**2)).flatten(1).softmax(1)
    return -(wanted * scores.flatten(1).log_softmax(1)).sum(1).mean()


def batch_of(pool: Samples, chosen: NDArray[np.integer[Any]], rng: np.random.Generator) -> dict[str, torch.Tensor]:
    """Return samples as tensors, half of them mirrored, each a little brighter or darker."""
    pictures = pool.images[chosen]
    tints = np.exp(rng.normal(0, 0.08, (len(chosen), 1, 3)))
    inside = (pictures != OUTSIDE).any(3)
    seen = [standard(picture, mask, tint)[0] for picture, mask, tint in zip(pictures, inside, tints, strict=True)]
    images = torch.from_numpy(np.stack(seen))
    shares = torch.from_numpy(pool.shares[chosen]).permute(0, 3, 1, 2).float() / 255
    collars = torch.from_numpy(pool.collars[chosen].copy())
    turned = torch.from_numpy(rng.random(len(chosen)) < 0.5)
    images[turned], shares[turned] = images[turned].flip(3), shares[turned].flip(3)
    collars[turned, 0] = SIZE_PX[0] / 4 - 1 - collars[turned, 0]
    images = images.contiguous(memory_format=torch.channels_last)
    return {"images": images, "shares": shares, "labels": torch.from_numpy(pool.labels[chosen]), "collars": collars}


def train(pools: Sequence[Samples], allowed: NDArray[np.bool_], seen: int, seed: int) -> NeckwearNet:
    """Return a network taught on about ``seen`` samples of the bases ``(bases,)`` that are allowed."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    net = NeckwearNet().to(memory_format=torch.channels_last)
    parts = [np.flatnonzero(allowed[pool.base]) for pool in pools]
    total = sum(map(len, parts))
    batches = [
        (k, chosen)
        for k, part in enumerate(parts)
        for chosen in _passes(part, _BATCH[HEIGHTS[k]], round(seen * len(part) / total), rng)
    ]
    order = rng.permutation(len(batches))
    optimiser = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, len(batches), pct_start=0.15)
    mean = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(_AVERAGE), use_buffers=True
    )
    net.train()
    for step, i in enumerate(order):
        if step == int(_FROZEN * len(order)):
            _freeze(net)
        k, chosen = batches[i]
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16):
            found = loss(net, batch_of(pools[k], chosen, rng))
        found.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        rate.step()
        mean.update_parameters(net)
        if step % 100 == 0:
            print(f"step {step}/{len(batches)} loss {float(found.detach()):.3f}", flush=True)
    shipped: NeckwearNet = mean.module
    return shipped.eval()


def _freeze(net: NeckwearNet) -> None:
    for layer in net.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.eval()


def _passes(part: NDArray[np.integer[Any]], size: int, seen: int, rng: np.random.Generator) -> list[Any]:
    rounds = -(-seen // max(len(part), 1))
    chosen = np.concatenate([rng.permutation(part) for _ in range(rounds)])[:seen]
    return [chosen[i : i + size] for i in range(0, len(chosen) - size + 1, size)]


def export(net: NeckwearNet, path: Path, meta: dict[str, str]) -> None:
    """Write the network as ONNX, with what its training has to say."""
    names = ("patch", "dense", "worn", "features")
    axes = {name: {0: "n"} | ({2: "rows"} if name != "worn" else {}) for name in names}
    write_network(net.eval(), torch.zeros(1, 3, HEIGHTS[-1], SIZE_PX[0]), path, names, meta, axes, halved)
