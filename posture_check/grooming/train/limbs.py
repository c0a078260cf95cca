"""Train the limb network (torch; training only) on street photos with cloth-by-cloth masks and on rendered people.

``python -m posture_check.grooming.train.limbs FOOTAGE`` writes ``models/limbs.onnx`` and ``models/limbs.cv.csv``.
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

from posture_check.grooming.limbs import (
    CLIP,
    COLUMNS,
    ENDS,
    PARTS,
    ROWS,
    Strip,
    bare_share,
    cloth_tone,
    row_places,
    strip,
)
from posture_check.grooming.skin import skin_of
from posture_check.grooming.train.export import write_network
from posture_check.grooming.train.footage import Example, ccp_classes, training_examples
from posture_check.grooming.train.splits import each_fold, group_folds, person

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]

FAMILIES = ("ccp", "idcard_prince", "rendered_grooming")
SLEEVED = "idcard_prince"
"""Nobody there has bare upper arms: pink sleeves in warm, dim light, close to the tone of the skin."""
LABELS = Path(__file__).with_name("limb_labels.csv")
"""Forearms there that are bare below a rolled-up sleeve, by eye: name of the picture, side (0 the person's left)."""
SKIN, CLOTH, OTHER, UNTOLD = 0, 1, 2, -100
BARE = ("skin",)
IGNORED = ("bracelet", "watch", "ring", "necklace", "wallet")
BEFORE = ("null", "bag", "purse", "hair", "hat", "accessories", "glasses", "sunglasses", "earrings")
"""What a mask names: skin; what is worn on it; what is no part of the limb. All else is cloth, stockings too."""
MIDDLE = slice(8, 16)
"""Columns of a strip that lie on the limb whatever is worn over it."""
STEPS, BATCH, RATE, FOLDS = 500, 64, 4e-3, 4
RECOLOURED = 0.12
"""Share of strips of pure cloth that are given about the colour of the person's skin."""
SLEEVED_COUNTS = 2.0
HIDDEN_COUNTS = 3.0
"""Rows where something is before the limb are few and count so much more."""


@dataclass(frozen=True)
class Strips:
    """Strips to learn from: ``planes`` ``(n, 11, 32, 24)``, row labels ``(n, 32)``, and whose they are."""

    planes: NDArray[np.float32]
    rows: Ints
    person: NDArray[np.str_]
    name: NDArray[np.str_]
    part: NDArray[np.str_]
    side: Ints

    def some(self, which: Any) -> Strips:
        """Return the chosen ones."""
        return Strips(*(getattr(self, f)[which] for f in ("planes", "rows", "person", "name", "part", "side")))


def mask_rows(found: Strip, mask: NDArray[np.uint8], kinds: Ints) -> Ints:
    """Return what each row of a strip shows by a mask of class numbers.

    Parameters
    ----------
    found
        The strip.
    mask
        ``(height, width)`` class numbers.
    kinds
        ``(classes,)`` SKIN, CLOTH, OTHER or UNTOLD of each class.
    """
    at = np.stack(np.meshgrid(np.arange(float(COLUMNS)), np.arange(float(ROWS))), -1)[:, MIDDLE]
    x, y = np.round(found.patch.to_picture(at)).astype(np.int64).transpose(2, 0, 1)
    inside = (x >= 0) & (y >= 0) & (x < mask.shape[1]) & (y < mask.shape[0])
    seen = np.where(inside, kinds[mask[y.clip(0, mask.shape[0] - 1), x.clip(0, mask.shape[1] - 1)]], UNTOLD)
    counts = np.stack([(seen == kind).sum(1) for kind in (SKIN, CLOTH, OTHER)], 1)
    limb = counts[:, :2].sum(1) >= 0.4 * counts.sum(1)
    told = np.where(limb, counts[:, :2].argmax(1), OTHER)
    return np.where(counts.sum(1) > 0, told, UNTOLD)


def rendered_rows(part: str, sleeves: str) -> Ints:
    """Return what the rows of a rendered person's arm show, where that is certain."""
    at = row_places()
    rows = np.full(ROWS, UNTOLD)
    if part == "forearm":
        rows[(at > 0.0) & (at < 0.85)] = CLOTH if sleeves == "long" else SKIN
    elif part == "upper_arm":
        rows[(at > 0.1) & (at < (0.9 if sleeves == "long" else 0.4))] = CLOTH
    return rows


def sleeved_rows(part: str, rolled_up: bool) -> Ints:
    """Return what the rows of a limb show of somebody whose sleeves reach the elbow or further."""
    at = row_places()
    if part == "upper_arm":
        return np.where((at > 0.1) & (at < 0.8), CLOTH, UNTOLD)
    return np.where((part == "forearm") & rolled_up & (at > 0.55) & (at < 0.85), SKIN, UNTOLD)


def rolled_up() -> set[tuple[str, int]]:
    """Return the forearms that were seen to be bare, by name of the picture and side."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {(row["name"], int(row["side"])) for row in csv.DictReader(file)}


def strips(found: list[Example], kinds: Ints) -> Strips:
    """Return the strips of all limbs whose ends lie in the picture."""
    out, seen_bare = [], rolled_up()
    for example in found:
        subject = example.subject()
        skin = skin_of(subject) if subject is not None else None
        mask = example.mask()
        if subject is None or skin is None or (mask is None and example.family == "ccp"):
            continue
        cloth = cloth_tone(subject)
        for part in PARTS:
            for side in (0, 1):
                ends = subject.pose[[end + side for end in ENDS[part]], :2]
                cut = strip(subject, skin, cloth, part, side)
                if cut is None or not ((ends >= 0) & (ends < subject.size)).all():
                    continue
                if mask is not None:
                    told = mask_rows(cut, mask, kinds)
                elif example.family == SLEEVED:
                    told = sleeved_rows(part, (example.name, side) in seen_bare)
                else:
                    told = rendered_rows(part, str(example.truth.get("sleeves")))
                if (told != UNTOLD).any():
                    out.append((cut.planes, told, _who(example), example.name, part, side))
    planes, rows, *rest = zip(*out, strict=True)
    return Strips(np.stack(planes), np.stack(rows), *(np.array(column) for column in rest))


def _who(example: Example) -> str:
    """Return whose strip it is; the ten students of one source, whom nobody has told apart, stay together."""
    return SLEEVED if example.family == SLEEVED else person(example)


class LimbNet(nn.Module):
    """``(batch, 11, 32, 24)`` to scores ``(batch, 3, 32)`` of each row: skin, cloth, something else."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            _layer(11, 24, (3, 3), (1, 2)),
            _layer(24, 32, (3, 3), (1, 2)),
            nn.Conv2d(32, 48, (1, 6)),
            nn.BatchNorm2d(48),
            nn.ReLU(inplace=True),
            _layer(48, 48, (7, 1), (1, 1)),
            _layer(48, 48, (7, 1), (1, 1)),
            nn.Dropout(0.2),
            nn.Conv2d(48, 3, 1),
        )

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        """Return the scores."""
        found: torch.Tensor = self.body(planes)
        return found[..., 0]


def _layer(inputs: int, outputs: int, size: tuple[int, int], stride: tuple[int, int]) -> nn.Sequential:
    layer = nn.Conv2d(inputs, outputs, size, stride, (size[0] // 2, size[1] // 2), bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def vary(planes: torch.Tensor, rows: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """Return strips as they might also have been seen: mirrored, moved, lit otherwise, in cloth of skin's colour."""
    n = len(planes)

    def normal(scale: float) -> torch.Tensor:
        return torch.randn(n, 1, 1, 1, generator=chance) * scale

    seen = torch.where(torch.rand(n, 1, 1, 1, generator=chance) < 0.5, planes.flip(3), planes)
    seen = torch.roll(seen, int(torch.randint(-2, 3, (1,), generator=chance)), 3)
    off, cloth, rest = seen[:, :3], seen[:, 3:6], seen[:, 6:]
    # Pure cloth, moved to the skin's tone; mostly with the trunk in the same cloth.
    pure = ((rows == SKIN).sum(1) == 0) & (torch.rand(n, generator=chance) < RECOLOURED)
    middle = off[..., MIDDLE].flatten(2).median(2).values[..., None, None]
    wanted = torch.cat([normal(0.5), normal(0.12), normal(0.12)], 1)
    moved = torch.where(pure[:, None, None, None], wanted - middle, torch.zeros_like(wanted))
    off, cloth = off + moved, cloth + moved * (torch.rand(n, 1, 1, 1, generator=chance) < 0.3)
    light = torch.cat([normal(0.25), normal(0.05), normal(0.05)], 1)
    worn = torch.cat([normal(0.15), normal(0.03), normal(0.03)], 1)
    noise = torch.randn(off.shape, generator=chance) * torch.rand(n, 1, 1, 1, generator=chance) * 0.08
    off, cloth = off + light + noise, cloth + light + worn + noise
    inside = rest[:, :1]
    return torch.cat([off.clamp(-CLIP, CLIP) * inside, cloth.clamp(-CLIP, CLIP) * inside, rest], 1)


def fit(known: Strips, seed: int) -> LimbNet:
    """Teach one network."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    chance = torch.Generator().manual_seed(seed)
    net = LimbNet()
    planes, rows = torch.from_numpy(known.planes), torch.from_numpy(known.rows)
    trust = torch.tensor([1.0, 1.0, HIDDEN_COUNTS])
    # Bare limbs are scarce: they come up nearly as often as covered ones. So are sleeves like skin.
    bare = (rows == SKIN).float().mean(1) > 0.15
    odds = torch.where(bare, 0.4 / bare.sum(), 0.6 / (~bare).sum())
    odds = odds * torch.where(torch.from_numpy(known.person == SLEEVED), SLEEVED_COUNTS, 1.0)
    taught = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.02)
    pace = torch.optim.lr_scheduler.OneCycleLR(taught, RATE, STEPS)
    for _ in range(STEPS):
        pick = torch.multinomial(odds, BATCH, replacement=True, generator=chance)
        scores = net(vary(planes[pick], rows[pick], chance))
        loss = functional.cross_entropy(scores, rows[pick], trust, ignore_index=UNTOLD, label_smoothing=0.03)
        taught.zero_grad()
        loss.backward()
        taught.step()
        pace.step()
    return net.eval()


class Shipped(nn.Module):
    """A network over a strip and its mirror image, as probabilities."""

    def __init__(self, net: LimbNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        """Return the probabilities ``(n, 3, 32)``."""
        found: torch.Tensor = ((self.net(planes) + self.net(planes.flip(3))) / 2).softmax(1)
        return found


def kinds_of(names: list[str]) -> Ints:
    """Return what each class of the masks stands for."""
    table = {**dict.fromkeys(BARE, SKIN), **dict.fromkeys(IGNORED, UNTOLD), **dict.fromkeys(BEFORE, OTHER)}
    return np.array([table.get(name, CLOTH) for name in names])


def main(footage: Path, models: Path) -> None:
    """Train, judge out of fold, and write the model and its held-out shares beside the masks' shares."""
    found = [example for family in FAMILIES for example in training_examples(footage, family)]
    known = strips(found, kinds_of(ccp_classes(footage)))
    folds = group_folds(known.person.tolist(), known.part.tolist(), FOLDS)
    seen = np.zeros((len(folds), 3, ROWS))
    for number, (train, held) in enumerate(each_fold(folds)):
        net = Shipped(fit(known.some(train), 0))
        with torch.no_grad():
            seen[held] = net(torch.from_numpy(known.planes[held])).numpy()
        print(f"fold {number + 1} of {FOLDS}: {held.sum()} strips held out", flush=True)
    truth = np.stack([known.rows == kind for kind in (SKIN, CLOTH, OTHER)], 1).astype(float)
    with (models / "limbs.cv.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["path", "part", "side", "share", "shown", "found", "found_shown", "error"])
        for i in range(len(folds)):
            true, told = bare_share(truth[i]), bare_share(seen[i])
            row = [true.share, true.shown, told.share, told.shown, told.error]
            table.writerow([known.name[i], known.part[i], known.side[i], *np.round(row, 3)])
    write(Shipped(fit(known, 0)).eval(), models / "limbs.onnx")


def write(net: nn.Module, path: Path) -> None:
    """Write the network as ONNX."""
    axes = {"planes": {0: "strips"}, "chances": {0: "strips"}}
    notes = {"labels": json.dumps(["skin", "cloth", "something else"])}
    write_network(net, torch.zeros(2, 7 + len(PARTS), ROWS, COLUMNS), path, ("planes", "chances"), notes, axes)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parents[3] / "models")
