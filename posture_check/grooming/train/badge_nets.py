"""The two badge networks and how they are taught (torch; training only).

The first looks over the whole chest for badges and straps; the second looks closely at one place: is it a badge, where
are its corners, is it printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from posture_check.grooming.train.export import write_network

Floats = NDArray[np.floating[Any]]
Arrays = Mapping[str, NDArray[Any]]

CLOSE_CELLS = 24
"""Cells along each side of the close network's corner maps."""
_BATCH = 20
_PEAK_RATE = 3e-3


def _conv(inputs: int, outputs: int, stride: int = 1, size: int = 3) -> nn.Sequential:
    layer = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(_conv(width, width), _conv(width, width))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = values + self.body(values)
        return found


class ChestNet(nn.Module):
    """Chest ``(batch, 3, 160, 128)`` to maps ``(batch, 2, 40, 32)`` of card and strap, and scores ``(batch, 2)``.

    The scores say that a badge is worn, and that one hangs on a lanyard. All are logits.
    """

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Sequential(_conv(3, 24, 2), _conv(24, 32, 2), _conv(32, 32))
        self.two = nn.Sequential(_conv(32, 64, 2), _Residual(64))
        self.three = nn.Sequential(_conv(64, 96, 2), _Residual(96), _Residual(96))
        self.from_three, self.from_two = _conv(96, 48, size=1), _conv(64, 48, size=1)
        self.join_two = _conv(48, 48)
        self.down_two, self.from_one = _conv(48, 32, size=1), _conv(32, 32, size=1)
        self.join_one = _conv(32, 32)
        self.maps = nn.Conv2d(32, 2, 1)
        self.last = nn.Sequential(nn.Linear(2 * 96 + 4, 48), nn.ReLU(inplace=True), nn.Linear(48, 2))
        nn.init.constant_(self.maps.bias, -4.0)

    def forward(self, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return both outputs."""
        one = self.one(values)
        two = self.two(one)
        three = self.three(two)
        up = functional.interpolate(self.from_three(three), scale_factor=2.0, mode="nearest")
        up = self.join_two(up + self.from_two(two))
        up = functional.interpolate(self.down_two(up), scale_factor=2.0, mode="nearest")
        maps = self.maps(self.join_one(up + self.from_one(one)))
        pooled = [three.mean((2, 3)), three.amax((2, 3)), maps.mean((2, 3)), maps.amax((2, 3))]
        return maps, self.last(torch.cat(pooled, 1))


class CloseNet(nn.Module):
    """A place ``(batch, 3, 96, 96)`` to corners ``(batch, 4, 2)`` in -1..1, logits ``(batch, 2)``: badge, printed."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Sequential(_conv(3, 24, 2), _conv(24, 32))
        self.two = nn.Sequential(_conv(32, 48, 2), _Residual(48))
        self.three = nn.Sequential(_conv(48, 96, 2), _Residual(96))
        self.four = nn.Sequential(_conv(96, 96, 2), _conv(96, 96))
        self.from_four, self.from_three = _conv(96, 64, size=1), _conv(96, 64, size=1)
        self.join_three = _conv(64, 64)
        self.down_three, self.from_two = _conv(64, 48, size=1), _conv(48, 48, size=1)
        self.join_two = _conv(48, 48)
        self.heat = nn.Conv2d(48, 4, 1)
        self.last = nn.Sequential(nn.Linear(96 * 2 + 48, 48), nn.ReLU(inplace=True), nn.Linear(48, 2))
        line = (torch.arange(CLOSE_CELLS) + 0.5) / CLOSE_CELLS * 2 - 1
        self.register_buffer("line", line)

    def forward(self, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return corners, scores, and the logits ``(batch, 4, cells)`` of where each corner is."""
        two = self.two(self.one(values))
        three = self.three(two)
        four = self.four(three)
        up = functional.interpolate(self.from_four(four), scale_factor=2.0, mode="nearest")
        up = self.join_three(up + self.from_three(three))
        up = functional.interpolate(self.down_three(up), scale_factor=2.0, mode="nearest")
        up = self.join_two(up + self.from_two(two))
        cells = self.heat(up).flatten(2)
        heat = torch.softmax(cells.float(), 2).unflatten(2, (CLOSE_CELLS, CLOSE_CELLS))
        x, y = (heat.sum(2) * self.line).sum(2), (heat.sum(3) * self.line).sum(2)
        pooled = [four.mean((2, 3)), four.amax((2, 3)), up.amax((2, 3))]
        return torch.stack([x, y], 2), self.last(torch.cat(pooled, 1)), cells


def chest_loss(found: tuple[torch.Tensor, torch.Tensor], truth: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """Return the loss of the chest network for a batch; what is NaN in the truth teaches nothing."""
    maps, scores = found
    weight = torch.stack([1 + 6 * truth["maps"][:, 0], 1 + 3 * truth["maps"][:, 1]], 1)
    weight = weight * truth["map_weight"][:, :, None, None]
    pixels = functional.binary_cross_entropy_with_logits(maps, truth["maps"], weight)
    return 8 * pixels + _known_bce(scores, torch.stack([truth["worn"], truth["lanyard"]], 1))


def close_loss(
    found: tuple[torch.Tensor, torch.Tensor, torch.Tensor], truth: Mapping[str, torch.Tensor]
) -> torch.Tensor:
    """Return the loss of the close network for a batch; what is NaN in the truth teaches nothing."""
    corners, scores, cells = found
    known = torch.isfinite(truth["corners"]).all(2).all(1)
    loss = _known_bce(scores, torch.stack([truth["badge"], truth["printed"]], 1))
    if known.any():
        wanted = truth["corners"][known]
        loss = loss + 4 * functional.smooth_l1_loss(corners[known], wanted, beta=0.05)
        # Alone, the distance to the mean of a map teaches slowly where its peak belongs.
        chance = torch.log_softmax(cells[known].float(), 2)
        loss = loss - 0.25 * (chance * _spots(wanted)).sum(2).mean()
    return loss


def _spots(corners: torch.Tensor) -> torch.Tensor:
    """Return maps ``(n, 4, cells)`` that sum to one about each corner ``(n, 4, 2)``, as wide as a cell."""
    line = (torch.arange(CLOSE_CELLS) + 0.5) / CLOSE_CELLS * 2 - 1
    near = torch.exp(-(((line - corners[..., None]) * CLOSE_CELLS / 2) ** 2) / (2 * 0.6**2)) + 1e-6
    both = near[:, :, 1, :, None] * near[:, :, 0, None, :]
    return (both / both.sum((2, 3), keepdim=True)).flatten(2)


def _known_bce(scores: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    known = torch.isfinite(truth)
    each = functional.binary_cross_entropy_with_logits(scores, torch.nan_to_num(truth), reduction="none")
    return (each * known).sum() / max(len(scores), 1)


def fit(net: ChestNet | CloseNet, data: Arrays, epochs: int, seed: int) -> None:
    """Teach a network in place.

    Parameters
    ----------
    net
        Fresh.
    data
        ``image`` ``(n, height, width, 3)`` uint8 and the truth beside it, as the losses name it.
    epochs
        How often each picture is shown.
    seed
        Of the order and of the changes of colour.
    """
    loss_of = chest_loss if isinstance(net, ChestNet) else close_loss
    optimiser = torch.optim.AdamW(net.parameters(), lr=_PEAK_RATE, weight_decay=1e-3)
    steps = epochs * (len(data["image"]) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _PEAK_RATE, total_steps=steps, pct_start=0.15)
    net.to(memory_format=torch.channels_last).train()
    total = 0.0
    for step, batch in enumerate(_batches(data, epochs, np.random.default_rng(seed))):
        image = batch.pop("image").contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            found = net(image)
        loss = loss_of(tuple(part.float() for part in found), batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if step % 100 == 99:
            print(f"  step {step + 1} of {steps}: loss {total / 100:.4f}", flush=True)
            total = 0.0
    net.eval()


def predict(net: ChestNet | CloseNet, images: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Return both outputs of a network for pictures ``(n, height, width, 3)`` uint8."""
    both = []
    with torch.no_grad():
        for at in range(0, len(images), 64):
            part = torch.from_numpy(np.ascontiguousarray(images[at : at + 64])).permute(0, 3, 1, 2).float() / 127.5 - 1
            both.append([value.numpy() for value in net(part)[:2]])
    return np.concatenate([b[0] for b in both]), np.concatenate([b[1] for b in both])


class _FirstTwo(nn.Module):
    """The outputs that are used after training."""

    def __init__(self, net: ChestNet | CloseNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        found = self.net(values)
        return found[0], found[1]


def export(net: ChestNet | CloseNet, path: Path, meta: Mapping[str, str]) -> None:
    """Write a network as ONNX, with what training found beside its weights."""
    size = (160, 128) if isinstance(net, ChestNet) else (96, 96)
    names = ("image", "maps" if isinstance(net, ChestNet) else "corners", "scores")
    axes = {name: {0: "batch"} for name in names}
    write_network(_FirstTwo(net).eval(), torch.zeros(1, 3, *size), path, names, meta, axes)


def _batches(data: Arrays, epochs: int, rng: np.random.Generator) -> Iterator[dict[str, torch.Tensor]]:
    count = len(data["image"])
    for _ in range(epochs):
        order = rng.permutation(count)
        for at in range(0, count - _BATCH + 1, _BATCH):
            rows = np.sort(order[at : at + _BATCH])
            image = torch.from_numpy(data["image"][rows]).permute(0, 3, 1, 2).float()
            gain = np.exp(rng.normal(0, 0.12, (len(rows), 1, 1, 1)) + rng.normal(0, 0.04, (len(rows), 3, 1, 1)))
            lift = rng.normal(0, 0.08, (len(rows), 1, 1, 1)) - 1
            image.mul_(torch.from_numpy(gain).float() / 127.5).add_(torch.from_numpy(lift).float()).clamp_(-1, 1)
            batch = {
                name: torch.from_numpy(np.asarray(v[rows], np.float32)) for name, v in data.items() if name != "image"
            }
            if "maps" in batch:
                batch["maps"] /= 255
                if rng.random() < 0.5:
                    image, batch["maps"] = image.flip(3), batch["maps"].flip(3)
            yield batch | {"image": image}
