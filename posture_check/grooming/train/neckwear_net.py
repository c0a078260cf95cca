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

from posture_check.grooming.neckwear import HEIGHTS, SIZE_PX
from posture_check.grooming.train.neckwear_data import CLASSES, NOT_TIE, Samples
from posture_check.grooming.train.neckwear_draw import TIE

Floats = NDArray[np.floating[Any]]

_WIDTHS = (16, 32, 64, 128)
_LABELS = 4
_BATCH = {80: 64, 240: 24}
_RATE, _DECAY = 3e-3, 0.02
_AVERAGE = 0.99
"""Share of the running mean of the weights that a step keeps; the mean is what is shipped."""
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
        self.first = nn.Sequential(_layer(3, a, 2), _layer(a, a))
        self.second = nn.Sequential(_layer(a, b, 2), _layer(b, b))
        self.third = nn.Sequential(_layer(b, c, 2), _layer(c, c))
        self.fourth = nn.Sequential(_layer(c, d, 2), _layer(d, d), _layer(d, d, apart=2))
        self.narrow3, self.join3 = _layer(d, c, size=1), _layer(c, c)
        self.narrow2, self.join2 = _layer(c, b, size=1), _layer(b, b)
        self.dense = nn.Conv2d(b, CLASSES + 1, 1)
        self.label = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * (c + d), _LABELS))

    def forward(self, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the three outputs for patches in -1..1."""
        quarter = self.second(self.first(values))
        eighth = self.third(quarter)
        deep = self.fourth(eighth)
        middle = self.join3(eighth + functional.interpolate(self.narrow3(deep), scale_factor=2.0))
        fine = self.join2(quarter + functional.interpolate(self.narrow2(middle), scale_factor=2.0))
        whole = torch.cat([deep, functional.avg_pool2d(middle, 2)], 1)
        pooled = torch.cat([whole.amax((2, 3)), whole.mean((2, 3))], 1)
        return self.dense(fine), self.label(pooled), middle


def loss(net: NeckwearNet, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return the loss of a batch: classes of the cells, what is worn, and the collar's centre."""
    dense, worn, _ = net(batch["images"])
    dense, worn = dense.float(), worn.float()
    scores = dense[:, :CLASSES].log_softmax(1)
    shares = batch["shares"]
    known = shares.sum(1)
    cells = -(shares * scores).sum() / known.sum().clamp(min=1)
    labels = batch["labels"]
    chance = worn.log_softmax(1)
    either = torch.logaddexp(chance[:, 0], chance[:, 3])
    presence = -torch.where(labels == NOT_TIE, either, chance.gather(1, labels.clamp(max=3)[:, None])[:, 0]).mean()
    total = presence + 4 * cells
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
    images = torch.from_numpy(pool.images[chosen]).permute(0, 3, 1, 2).float() / 127.5 - 1
    gain = torch.from_numpy(np.exp(rng.normal(0, 0.1, (len(chosen), 3, 1, 1))).astype(np.float32))
    grey = (images == images[:, :1]) & ((images + 1 / 255).abs() < 1e-3)
    images = torch.where(grey, images, ((images + 1) * gain - 1).clamp(-1, 1))
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
        k, chosen = batches[i]
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16):
            found = loss(net, batch_of(pools[k], chosen, rng))
        found.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        rate.step()
        mean.update_parameters(net)
        if step % 50 == 0:
            print(f"step {step}/{len(batches)} loss {float(found.detach()):.3f}", flush=True)
    shipped: NeckwearNet = mean.module
    return shipped.eval()


def _passes(part: NDArray[np.integer[Any]], size: int, seen: int, rng: np.random.Generator) -> list[Any]:
    rounds = -(-seen // max(len(part), 1))
    chosen = np.concatenate([rng.permutation(part) for _ in range(rounds)])[:seen]
    return [chosen[i : i + size] for i in range(0, len(chosen) - size + 1, size)]


def export(net: NeckwearNet, path: Path, meta: dict[str, str]) -> None:
    """Write the network as ONNX, with what its training has to say."""
    import onnx

    names = ["patch", "dense", "worn", "features"]
    example = torch.zeros(1, 3, HEIGHTS[-1], SIZE_PX[0])
    torch.onnx.export(
        net.eval(),
        (example,),
        str(path),
        input_names=names[:1],
        output_names=names[1:],
        dynamic_axes={name: {0: "n"} | ({2: "rows"} if name != "worn" else {}) for name in names},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, meta)
    onnx.save(model, str(path))
