"""Train the shoe network (torch; training only) on street photos with cloth-by-cloth masks.

``python -m posture_check.grooming.train.shoes FOOTAGE`` writes ``models/shoes.onnx`` and ``models/shoes.cv.csv``.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from posture_check.grooming.shoes import PATCH_PX, Foot, colour_of, foot
from posture_check.grooming.train.export import write_network
from posture_check.grooming.train.footage import Example, ccp_classes, training_examples
from posture_check.grooming.train.splits import each_fold, group_folds, person

Floats = NDArray[np.floating[Any]]

SHOES = ("boots", "clogs", "flats", "heels", "loafers", "pumps", "sandals", "shoes", "sneakers", "wedges")
STEPS, BATCH, RATE, FOLDS = 300, 32, 5e-3, 4


@dataclass(frozen=True)
class Feet:
    """Feet to learn from.

    Attributes
    ----------
    planes
        ``(n, 8, 32, 32)`` what the network sees.
    shoe
        ``(n, 32, 32)`` which pixels are shoe.
    image
        ``(n, 32, 32, 3)`` uint8 RGB.
    person, name
        Whose they are, and of which picture.
    """

    planes: NDArray[np.float32]
    shoe: NDArray[np.bool_]
    image: NDArray[np.uint8]
    person: NDArray[np.str_]
    name: NDArray[np.str_]

    def some(self, which: Any) -> Feet:
        """Return the chosen ones."""
        return Feet(*(getattr(self, field)[which] for field in ("planes", "shoe", "image", "person", "name")))


def mask_pixels(found: Foot, mask: NDArray[np.uint8], shoes: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Return which pixels of a foot's patch are shoe by a mask ``(height, width)`` of class numbers."""
    at = np.stack(np.meshgrid(np.arange(float(PATCH_PX)), np.arange(float(PATCH_PX))), -1)
    x, y = np.round(found.patch.to_picture(at)).astype(np.int64).transpose(2, 0, 1)
    kind = mask[y.clip(0, mask.shape[0] - 1), x.clip(0, mask.shape[1] - 1)]
    return np.asarray(np.isin(kind, shoes) & found.patch.inside)


def feet(found: list[Example], names: list[str]) -> Feet:
    """Return the feet of people in masked photos."""
    shoes = np.array([names.index(name) for name in SHOES])
    out = []
    for example in found:
        mask, subject = example.mask(), example.subject()
        if mask is None or subject is None:
            continue
        for side in (0, 1):
            cut = foot(subject, side)
            if cut.patch.shown > 0.5:
                pixels = mask_pixels(cut, mask, shoes)
                out.append((cut.planes, pixels, cut.patch.image, person(example), example.name))
    planes, shoe, image, *rest = zip(*out, strict=True)
    return Feet(np.stack(planes), np.stack(shoe), np.stack(image), *(np.array(column) for column in rest))


class ShoeNet(nn.Module):
    """``(batch, 8, 32, 32)`` to the log odds ``(batch, 32, 32)`` that a pixel is shoe."""

    def __init__(self) -> None:
        super().__init__()
        self.down = _layer(8, 16)
        self.wide = nn.Sequential(_layer(16, 32, 2), _layer(32, 32), _layer(32, 48, 2), _layer(48, 48), _layer(48, 16))
        self.last = nn.Sequential(_layer(32, 16), nn.Conv2d(16, 1, 1))

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        """Return the log odds."""
        fine = self.down(planes)
        wide = functional.interpolate(self.wide(fine), scale_factor=4.0, mode="bilinear", align_corners=False)
        found: torch.Tensor = self.last(torch.cat([fine, wide], 1))
        return found[:, 0]


def _layer(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    layer = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def vary(planes: torch.Tensor, shoe: torch.Tensor, chance: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Return feet as they might also have been seen: mirrored, moved, larger, lit otherwise."""
    n = len(planes)

    def even(low: float, high: float) -> torch.Tensor:
        return torch.rand(n, generator=chance) * (high - low) + low

    turn = torch.zeros(n, 2, 3)
    size = even(0.8, 1.2)
    turn[:, 0, 0], turn[:, 1, 1] = size * torch.where(even(0, 1) < 0.5, -1.0, 1.0), size
    turn[:, 0, 1], turn[:, 1, 0] = even(-0.15, 0.15), even(-0.15, 0.15)
    turn[:, 0, 2], turn[:, 1, 2] = even(-0.15, 0.15), even(-0.15, 0.15)
    both = torch.cat([planes, shoe[:, None].float()], 1)
    grid = functional.affine_grid(turn, list(both.shape), align_corners=False)
    seen = functional.grid_sample(both, grid, padding_mode="border", align_corners=False)
    light = torch.stack([0 * size, even(-0.1, 0.1), even(-0.1, 0.1), even(-0.5, 0.5)], 1)[..., None, None]
    noise = torch.randn(n, 3, *planes.shape[2:], generator=chance) * even(0, 0.1)[:, None, None, None]
    tones = seen[:, :4] + light
    return torch.cat([tones[:, :3] + noise, tones[:, 3:], seen[:, 4:8]], 1), (seen[:, 8] > 0.5).float()


def fit(known: Feet, seed: int) -> ShoeNet:
    """Teach one network."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    chance = torch.Generator().manual_seed(seed)
    net = ShoeNet()
    planes, shoe = torch.from_numpy(known.planes), torch.from_numpy(known.shoe)
    taught = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.02)
    pace = torch.optim.lr_scheduler.OneCycleLR(taught, RATE, STEPS)
    for _ in range(STEPS):
        pick = torch.randint(0, len(planes), (BATCH,), generator=chance)
        batch, truth = vary(planes[pick], shoe[pick], chance)
        loss = functional.binary_cross_entropy_with_logits(net(batch), truth * 0.96 + 0.02)
        taught.zero_grad()
        loss.backward()
        taught.step()
        pace.step()
    return net.eval()


class Shipped(nn.Module):
    """A network over a foot and its mirror image, as probabilities ``(n, 32, 32)``."""

    def __init__(self, net: ShoeNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        """Return the probabilities."""
        found: torch.Tensor = torch.sigmoid((self.net(planes) + self.net(planes.flip(3)).flip(2)) / 2)
        return found


def main(footage: Path, models: Path) -> None:
    """Train, judge out of fold, and write the model and its held-out colours beside the masks' own."""
    known = feet(training_examples(footage, "ccp"), ccp_classes(footage))
    folds = group_folds(known.person.tolist(), [0] * len(known.person), FOLDS)
    seen = np.zeros(known.shoe.shape)
    for number, (train, held) in enumerate(each_fold(folds)):
        net = Shipped(fit(known.some(train), 0))
        with torch.no_grad():
            seen[held] = net(torch.from_numpy(known.planes[held])).numpy()
        print(f"fold {number + 1} of {FOLDS}: {held.sum()} feet held out", flush=True)
    with (models / "shoes.cv.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["path", "area", "lightness", "chroma", "found_area", "found_lightness", "found_chroma"])
        for i in range(len(folds)):
            both = [colour_of(known.image[i], share) for share in (known.shoe[i].astype(float), seen[i])]
            row = [figure for told in both for figure in (told.area_cm2, told.lightness, told.chroma)]
            table.writerow([known.name[i], *np.round(row, 2)])
    write(Shipped(fit(known, 0)).eval(), models / "shoes.onnx")


def write(net: nn.Module, path: Path) -> None:
    """Write the network as ONNX."""
    axes = {"planes": {0: "feet"}, "shoe": {0: "feet"}}
    notes = {"labels": json.dumps(["shoe"])}
    write_network(net, torch.zeros(2, 8, PATCH_PX, PATCH_PX), path, ("planes", "shoe"), notes, axes)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parents[3] / "models")
