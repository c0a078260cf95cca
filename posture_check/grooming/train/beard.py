"""Train the beard network (torch; training only): the unfolded lower faces of real people, and beards drawn onto some.

``python -m posture_check.grooming.train.beard FOOTAGE`` writes ``models/beard.onnx`` and ``models/beard.cv.csv``.
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

from posture_check.grooming.beard import CLIP, NARROWEST, PATCH_PX, foreshortening, lower_face
from posture_check.grooming.skin import skin_of
from posture_check.grooming.train.export import write_network
from posture_check.grooming.train.footage import Example, training_examples
from posture_check.grooming.train.splits import each_fold, group_folds, person

Floats = NDArray[np.floating[Any]]

LABELS = Path(__file__).with_name("beard_labels.csv")
"""Beards seen by eye in pictures whose source does not say: ``yes`` or ``unsure``; what is not listed has none."""
FOLDS, SEEDS = 4, (0, 1)
STEPS, BATCH, RATE = 500, 48, 4e-3
DRAWN = 0.2
"""Share of the beardless that get a drawn beard, afresh each time."""
COVERED = 0.15
"""Share of faces that get a drawn mask, hand or cup before the mouth."""
WEIGHTS = {"congress": 1.0, "ccp": 0.4, "idcard_prince": 0.4, "nprportrait": 0.7, "rendered_grooming": 0.2}
"""Trust in each source: small, blurred or labelled-by-us faces count less, and some ten students come 84 times."""
DARK, DARK_COUNTS = 0.25, 2.5
"""The faces with the darkest skin of each source, this share of them, come up so much more often, bearded or not."""
PRIOR = 0.25
"""Share of bearded faces that probabilities are made for; how many staff wear beards is not known."""
BAND = 0.25
"""Probabilities within this of an even chance decide nothing: 4 % of the held-out portraits, most of them stubble."""


FIELDS = ("planes", "light", "bearded", "family", "person", "name")


@dataclass(frozen=True)
class Faces:
    """Lower faces to learn from, ``planes`` ``(n, 3, size, size)``; ``light`` ranks skin within its source, 0..1."""

    planes: NDArray[np.float32]
    light: Floats
    bearded: NDArray[np.bool_]
    family: NDArray[np.str_]
    person: NDArray[np.str_]
    name: NDArray[np.str_]

    def some(self, which: Any) -> Faces:
        """Return the chosen ones."""
        return Faces(*(getattr(self, field)[which] for field in FIELDS))


def seen_labels() -> dict[str, str]:
    """Return the labels made by eye, by the picture's name."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["label"] for row in csv.DictReader(file)}


def label_of(example: Example, seen: dict[str, str]) -> bool | None:
    """Return whether the person wears a beard or a moustache; None where nobody could tell, as with stubble."""
    if example.family == "congress":
        told = [example.labels.get("beard"), example.labels.get("moustache")]
        return True if True in told else False if told == [False, False] else None
    return {"yes": True, "unsure": None}.get(seen.get(example.name, ""), False)


def faces(found: list[Example]) -> Faces:
    """Return the labelled faces that a reader would judge."""
    seen = seen_labels()
    rows = []
    for example in found:
        label = label_of(example, seen)
        subject = example.subject() if label is not None else None
        if subject is None or not subject.has_face or foreshortening(subject.face) < NARROWEST:
            continue
        # The same ten students: nobody has said who is who, so that all are kept on one side.
        who = example.family if example.family == "idcard_prince" else person(example)
        skin = skin_of(subject)
        light = skin.luminance if skin is not None else 0.5
        rows.append((lower_face(subject).planes, light, label, example.family, who, example.name))
    planes, *rest = zip(*rows, strict=True)
    lights, labels, families, people, names = (np.array(column) for column in rest)
    rank = np.array([(lights[families == each] < light).mean() for light, each in zip(lights, families, strict=True)])
    return Faces(np.stack(planes).astype(np.float32), rank, labels, families, people, names)


class BeardNet(nn.Module):
    """Five small layers: ``(batch, 3, 64, 64)`` to the log odds ``(batch, 2)`` of a beard and of something in front."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(_layer(3, 16, 5, 2), _layer(16, 32, 3, 2), _layer(32, 48, 3, 2), _layer(48, 64, 3, 1))
        self.last = nn.Sequential(nn.Dropout(0.3), nn.Linear(3 * 64, 2))

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        """Return the log odds."""
        found = self.body(planes)
        # Moustache and chin lie at known heights; left and right are alike.
        rows = torch.cat([found[:, :, 2:5].amax((2, 3)), found[:, :, 5:].amax((2, 3)), found.mean((2, 3))], 1)
        scores: torch.Tensor = self.last(rows)
        return scores


def _layer(inputs: int, outputs: int, size: int, stride: int) -> nn.Sequential:
    layer = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def draw_beards(planes: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """Return lower faces ``(n, 3, size, size)`` with a beard drawn onto each: some regions, a colour, strands.

    Regions are where the unfolding puts them (``posture_check.grooming.beard``). Hair sends back less light than the
    skin and less coloured, grey hair about as much or more.
    """
    n, size = len(planes), planes.shape[-1]

    def even(low: float, high: float) -> torch.Tensor:
        return torch.rand(n, 1, 1, generator=chance) * (high - low) + low

    line = (torch.arange(size) + 0.5) / size
    y, x = line[None, :, None], (line[None, None, :] - 0.5).abs()
    wave = functional.interpolate(torch.randn(n, 1, 9, 9, generator=chance), (size, size), mode="bicubic")[:, 0]

    def soft(edge: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid((edge + 0.02 * wave) / 0.015)

    lips = torch.exp(-(((y - 0.565) / 0.05) ** 4) - (x / 0.22) ** 4)
    lip = soft(torch.minimum(y - even(0.37, 0.41), even(0.48, 0.52) + 0.25 * x - y)) * soft(even(0.1, 0.24) - x)
    ring = soft(torch.minimum(y - even(0.45, 0.55), even(0.2, 0.25) - x)) * soft(x - even(0.12, 0.16))
    chin = soft(torch.minimum(y - even(0.68, 0.75), even(0.08, 0.2) - x))
    cheek = even(0.32, 0.5)
    full = torch.maximum(soft(torch.minimum(y - cheek, x - even(0.2, 0.3))), soft(y - even(0.68, 0.74)))
    # moustache, goatee, goatee with moustache, full beard, full beard with moustache
    kind = torch.randint(0, 5, (n, 1, 1), generator=chance)
    some = [lip * torch.isin(kind, torch.tensor([0, 2, 4]))]
    some += [chin * ((kind == 1) | (kind == 2)), ring * (kind == 2) * (even(0, 1) < 0.5), full * (kind >= 3)]
    where = torch.stack(some).amax(0) * even(0.65, 1.0) * (1 - lips)
    strands = torch.randn(n, 1, size // 2, size, generator=chance)
    strands = functional.interpolate(strands, (size, size), mode="bilinear")[:, 0] * even(0.1, 0.5)
    grey = even(0, 1) < 0.35
    bright = torch.where(grey, even(-0.3, 0.7), even(-2.2, -0.7)) + strands
    tint = torch.where(grey, even(0.7, 1.0), even(0.1, 0.7))
    colour = torch.stack([bright, -0.35 * tint + 0 * bright, 0.35 * tint + 0 * bright], 1)
    thick = where[:, None]
    return planes * (1 - thick * torch.tensor([0.6, 0.3, 0.3])[:, None, None]) + thick * colour


def draw_covers(planes: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """Return lower faces ``(n, 3, size, size)`` with something held or worn before the mouth: a mask, a hand, a cup."""
    n, size = len(planes), planes.shape[-1]

    def even(low: float, high: float) -> torch.Tensor:
        return torch.rand(n, 1, 1, generator=chance) * (high - low) + low

    line = (torch.arange(size) + 0.5) / size
    y, x = line[None, :, None], line[None, None, :]
    wave = functional.interpolate(torch.randn(n, 1, 7, 7, generator=chance), (size, size), mode="bicubic")[:, 0]
    mask = torch.minimum(y - even(0.2, 0.34) - 0.3 * (x - 0.5).abs(), even(0.8, 1.05) - y)
    middle = torch.minimum(even(0.2, 0.3) - (x - even(0.4, 0.6)).abs(), y - even(0.3, 0.46))
    worn = even(0, 1) < 0.6
    where = torch.where(worn, mask + 0.01 * wave, middle + 0.04 * wave)
    where = torch.sigmoid(where / 0.012)[:, None]
    folds = 0.12 * wave + even(0, 0.15) * torch.sin(y * even(20, 60))
    skin = torch.cat([even(-0.4, 0.3), even(-0.1, 0.1), even(-0.1, 0.1)], 1)
    cloth = torch.cat([even(-2.5, 1.2), even(-0.8, 0.3), even(-0.3, 0.8)], 1)
    colour = torch.where(worn, cloth, torch.where(even(0, 1) < 0.6, skin, cloth))[..., None]
    bright = torch.tensor([1.0, 0.0, 0.0])[:, None, None]
    return planes * (1 - where) + where * (colour + folds[:, None] * bright)


def vary(planes: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """Return lower faces as they might also have been seen: moved, mirrored, blurred, noisy, lit from elsewhere."""
    n, size = len(planes), planes.shape[-1]

    def even(low: float, high: float) -> torch.Tensor:
        return torch.rand(n, 1, 1, generator=chance) * (high - low) + low

    turn = torch.zeros(n, 2, 3)
    side = torch.where(torch.rand(n, generator=chance) < 0.5, -1.0, 1.0)
    turn[:, 0, 0], turn[:, 1, 1] = even(0.9, 1.1).flatten() * side, even(0.9, 1.1).flatten()
    turn[:, 0, 1], turn[:, 1, 0] = even(-0.06, 0.06).flatten(), even(-0.06, 0.06).flatten()
    turn[:, :, 2] = torch.stack([even(-0.08, 0.08), even(-0.08, 0.08)], 1)[:, :, 0, 0]
    grid = functional.affine_grid(turn, [n, 3, size, size], align_corners=False)
    seen = functional.grid_sample(planes, grid, padding_mode="border", align_corners=False)
    coarse = int(torch.randint(20, size + 1, (1,), generator=chance))
    blurred = functional.interpolate(seen, (coarse, coarse), mode="bilinear", antialias=True)
    blurred = functional.interpolate(blurred, (size, size), mode="bilinear")
    seen = torch.where((even(0, 1) < 0.4)[..., None], blurred, seen)
    y, x = torch.linspace(-0.5, 1.0, size)[None, :, None], torch.linspace(-1, 1, size)[None, None, :]
    shade = even(-0.4, 0.4) * x + even(-0.6, 0.4) * y + even(-0.15, 0.15)
    # What the chin's own shadow darkens is no beard.
    shade = shade - even(0, 1.2) * (even(0, 1) < 0.5) * torch.sigmoid((y * 2 / 3 + 1 / 3 - even(0.86, 0.98)) / 0.02)
    # Where cheeks shine and the mouth does not, the mouth is darker and more coloured: shine has the light's colour.
    down, wide = (y + 0.5) / 1.5, even(0.1, 0.25)
    below = torch.sigmoid((down - even(0.3, 0.5)) / 0.08) * even(0, 1.1) * (even(0, 1) < 0.5)
    mouth = torch.exp(-(((down - 0.57) / wide) ** 2) - (x / (2.5 * wide)) ** 2) * even(0, 0.7) * (even(0, 1) < 0.4)
    dull = below + mouth
    tint = torch.randn(n, 2, 1, 1, generator=chance) * 0.04 + dull[:, None] * torch.stack(
        [even(0, 0.35), -even(0, 0.35)], 1
    )
    noise = torch.randn(seen.shape, generator=chance) * (even(0, 0.12)[..., None])
    moved = torch.cat([(shade - dull)[:, None], tint], 1) + noise
    gain = torch.stack([even(0.8, 1.6), even(0.85, 1.2), even(0.85, 1.2)], 1)
    return (seen * gain + moved * (seen.abs().amax(1, keepdim=True) > 0)).clamp(-CLIP, CLIP)


def fit(known: Faces, seed: int) -> BeardNet:
    """Teach one network."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    chance = torch.Generator().manual_seed(seed)
    net = BeardNet()
    planes = torch.from_numpy(known.planes).clamp(-CLIP, CLIP)
    labels = torch.from_numpy(known.bearded.astype(np.float32))
    weights = torch.tensor([WEIGHTS[family] for family in known.family])
    # Dark skin is scarce in every source, and its shine is easily taken for a beard below it.
    weights = weights * torch.where(torch.from_numpy(known.light < DARK), DARK_COUNTS, 1.0)
    # One in three of a batch is bearded.
    odds = weights * torch.where(labels > 0, 0.33 / (weights * labels).sum(), 0.67 / (weights * (1 - labels)).sum())
    taught = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.02)
    pace = torch.optim.lr_scheduler.OneCycleLR(taught, RATE, STEPS)
    for _ in range(STEPS):
        pick = torch.multinomial(odds, BATCH, replacement=True, generator=chance)
        batch, truth = planes[pick], labels[pick].clone()
        drawn = (truth == 0) & (torch.rand(BATCH, generator=chance) < DRAWN)
        if drawn.any():
            batch[drawn] = draw_beards(batch[drawn], chance)
            truth[drawn] = 1.0
        hidden = torch.rand(BATCH, generator=chance) < COVERED
        if hidden.any():
            batch[hidden] = draw_covers(batch[hidden], chance)
        told = torch.stack([truth * 0.96 + 0.02, hidden.float()], 1)
        each = functional.binary_cross_entropy_with_logits(net(vary(batch, chance)), told, reduction="none")
        loss = each[:, 0][~hidden].mean() + 0.5 * each[:, 1].mean()
        taught.zero_grad()
        loss.backward()
        taught.step()
        pace.step()
    return net.eval()


def odds(net: nn.Module, planes: Floats) -> Floats:
    """Return the log odds ``(n, 2)`` that a network gives, a mirrored face counting as much."""
    with torch.no_grad():
        seen = torch.from_numpy(np.asarray(planes, np.float32)).clamp(-CLIP, CLIP)
        return np.asarray((net(seen) + net(seen.flip(3))).numpy() / 2)


class Shipped(nn.Module):
    """The mean of several networks over the face and its mirror image, as probabilities ``(1, 2)``."""

    def __init__(self, nets: list[BeardNet], slope: float, shift: float) -> None:
        super().__init__()
        self.nets, self.slope, self.shift = nn.ModuleList(nets), slope, shift

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of a beard and of something in front."""
        both = torch.cat([planes, planes.flip(3)])
        score = torch.stack([net(both) for net in self.nets]).mean((0, 1), keepdim=True)[0]
        return torch.sigmoid(torch.cat([self.slope * score[:, :1] + self.shift, score[:, 1:]], 1))


def calibrate(scores: Floats, known: Faces) -> tuple[float, float]:
    """Return slope and shift of the log odds by which held-out scores become probabilities (Platt), at ``PRIOR``."""
    score, truth = torch.from_numpy(scores), torch.from_numpy(known.bearded.astype(np.float64))
    trust = torch.tensor([WEIGHTS[family] for family in known.family], dtype=torch.float64)
    trust = trust * torch.where(truth > 0, PRIOR / (trust * truth).sum(), (1 - PRIOR) / (trust * (1 - truth)).sum())
    line = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([line], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        solver.zero_grad()
        found = functional.binary_cross_entropy_with_logits(line[0] * score + line[1], truth, trust)
        found.backward()
        return found

    solver.step(loss)
    slope, shift = line.detach().tolist()
    return slope, shift


def main(footage: Path, models: Path) -> None:
    """Train, judge out of fold, and write the model and its held-out predictions."""
    known = faces(training_examples(footage))
    folds = group_folds(
        known.person.tolist(), [f"{f}{b}" for f, b in zip(known.family, known.bearded, strict=True)], FOLDS
    )
    scores, covered = np.zeros(len(folds)), np.zeros(len(folds))
    for number, (train, held) in enumerate(each_fold(folds)):
        nets = [fit(known.some(train), seed) for seed in SEEDS[:1]]
        scores[held], covered[held] = np.mean([odds(net, known.planes[held]) for net in nets], 0).T
        print(f"fold {number + 1} of {FOLDS}: {held.sum()} faces held out", flush=True)
    slope, shift = calibrate(scores, known)
    chance = 1 / (1 + np.exp(-(slope * scores + shift)))
    with (models / "beard.cv.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["path", "label", "probability", "light"])
        columns = known.name, known.bearded.astype(int), np.round(chance, 4), np.round(known.light, 3)
        table.writerows(zip(*columns, strict=True))
    print(f"wrongly taken for hidden: {(covered > 0).mean():.4f}")
    for family in np.unique(known.family):
        print(family, _summary(chance, known, known.family == family))
    dark = known.light < DARK
    for name, which in (("darkest quarter of each source", dark), ("the others", ~dark)):
        print(name, _summary(chance, known, which))
    write(Shipped([fit(known, seed) for seed in SEEDS], slope, shift).eval(), models / "beard.onnx")


def _summary(chance: Floats, known: Faces, which: NDArray[np.bool_]) -> str:
    decided = np.abs(chance - 0.5) >= BAND
    told = [which & (known.bearded == truth) for truth in (True, False)]
    right = [((chance > 0.5) == known.bearded)[told[i] & decided].mean() if told[i].any() else np.nan for i in (0, 1)]
    left = [1 - decided[t].mean() if t.any() else np.nan for t in told]
    return f"{told[0].sum()} bearded, {right[0]:.3f} right, {left[0]:.3f} undecided; " + (
        f"{told[1].sum()} not, {right[1]:.3f} right, {left[1]:.3f} undecided"
    )


def write(net: nn.Module, path: Path) -> None:
    """Write the network with its bands as ONNX."""
    notes = {"band": [0.5 - BAND, 0.5 + BAND], "labels": ["none", "beard or moustache"]}
    told = {key: json.dumps(value) for key, value in notes.items()}
    write_network(net, torch.zeros(1, 3, PATCH_PX, PATCH_PX), path, ("planes", "probability"), told)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parents[3] / "models")
