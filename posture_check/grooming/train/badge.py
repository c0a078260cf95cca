"""Train the badge networks: one command from the footage to ``models/badge.onnx`` and ``models/badge_close.onnx``.

Each step keeps its result in a work folder, so that a broken run goes on where it stopped. Held-out predictions come
from networks that never saw the person; those of idcard_prince from networks that never saw that source at all.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from posture_check.grooming.badge import CLOSE_PX, Look, look_at, print_signs
from posture_check.grooming.train import badge_fit, badge_nets
from posture_check.grooming.train.badge_data import FAMILIES, Chest, collect, folds, scenes
from posture_check.grooming.train.badge_nets import ChestNet, CloseNet
from posture_check.grooming.train.footage import training_examples

FOLDS = 2
SCENES = 8000
EPOCHS = {"chest": 4, "close": 3}
MORE_EPOCHS = {"chest": 3, "close": 2}
"""For the shipped networks, which go on from those of the first fold."""
PRINTS = 700
"""Drawn badges per fold that the certainty of print is fitted to."""
SMALLEST_PX_PER_CM = 3.0
SMALLEST_PRINT_PX_PER_CM = 4.5
"""Scales of the photograph below which a badge, or its print, is not judged: measured, see the model card."""
HELD_OUT_FAMILY = "idcard_prince"
"""The only real badges: no fold trains on them, so that they tell what drawings teach."""
Nets = tuple[ChestNet, CloseNet]


def load_chests(footage: Path, work: Path) -> list[Chest]:
    """Return all chests, cut out once."""
    kept = work / "chests.npz"
    names = list(Chest.__dataclass_fields__)
    if not kept.exists():
        found = [chest for family in FAMILIES for chest in collect(training_examples(footage, family))]
        columns: dict[str, Any] = {name: np.array([getattr(chest, name) for chest in found]) for name in names}
        columns["printed"] = np.array([str(chest.printed) for chest in found])
        np.savez(kept, **columns)
    with np.load(kept) as arrays:
        columns = {name: arrays[name] for name in names}
    said = {"True": True, "False": False, "None": None}
    return [
        Chest(
            str(columns["name"][i]), str(columns["family"][i]), str(columns["who"][i]), columns["image"][i],
            columns["inside"][i], float(columns["source_px_per_cm"][i]), str(columns["kind"][i]),
            said[str(columns["printed"][i])], columns["outline"][i],
        )
        for i in range(len(columns["name"]))
    ]  # fmt: skip


def load_scenes(chests: Sequence[Chest], work: Path, count: int) -> list[dict[str, NDArray[Any]]]:
    """Return what the chest network and the close network learn from, drawn once."""
    kept = [work / "far.npz", work / "near.npz"]
    if not all(path.exists() for path in kept):
        for path, arrays in zip(kept, scenes(chests, count, seed=0), strict=True):
            np.savez(path, **arrays)
    found = []
    for path in kept:
        with np.load(path) as arrays:
            found.append({name: arrays[name] for name in arrays.files})
    return found


def trained(
    work: Path, name: str, data: Sequence[dict[str, NDArray[Any]]], sources: NDArray[np.bool_], start: str | None = None
) -> Nets:
    """Return both networks, taught with the pictures whose chest may be used, or as kept from last time.

    ``start`` names networks that are taught on.
    """
    nets: Nets = ChestNet(), CloseNet()
    for at, kind in enumerate(("chest", "close")):
        net, arrays = nets[at], data[at]
        kept = work / f"{kind}_{name}.pt"
        if kept.exists():
            net.load_state_dict(torch.load(kept))
            net.eval()
            continue
        rows = sources[arrays["source"]]
        epochs = EPOCHS[kind]
        if start is not None:
            net.load_state_dict(torch.load(work / f"{kind}_{start}.pt"))
            epochs = MORE_EPOCHS[kind]
        print(f"{kind} network, {name}: {int(rows.sum())} pictures", flush=True)
        badge_nets.fit(net, {k: v[rows] for k, v in arrays.items() if k != "source"}, epochs, seed=1)
        torch.save(net.state_dict(), kept)
    return nets


def held_out(chests: Sequence[Chest], place: NDArray[Any], data: Any, work: Path) -> list[Look]:
    """Return what networks say of each chest that never saw its person."""
    foreign = np.array([chest.family == HELD_OUT_FAMILY for chest in chests])
    found: list[list[Look]] = [[] for _ in chests]
    for fold in range(FOLDS):
        nets = trained(work, f"fold{fold}", data, (place != fold) & ~foreign)
        for i in np.nonzero((place == fold) | foreign)[0]:
            found[int(i)].append(looked(nets, chests[int(i)]))
    return [looks[place[i] % len(looks)] for i, looks in enumerate(found)]


def drawn_prints(chests: Sequence[Chest], place: NDArray[Any], near: Any, work: Path) -> badge_fit.Prints:
    """Return what the close networks say of badges drawn on chests that they never saw."""
    signs, label, people = [], [], []
    for fold in range(FOLDS):
        net = CloseNet()
        net.load_state_dict(torch.load(work / f"close_fold{fold}.pt"))
        known = np.isfinite(near["printed"]) & np.isfinite(near["corners"]).all((1, 2))
        rows = np.nonzero(known & (place[near["source"]] == fold))[0][:PRINTS]
        corners, said = badge_nets.predict(net.eval(), near["image"][rows])
        for row, where, words in zip(rows, corners, said, strict=True):
            seen = print_signs(near["image"][row], (where + 1) / 2 * CLOSE_PX - 0.5)
            signs.append([words[1], *seen])
            label.append(near["printed"][row] > 0.5)
            people.append(chests[int(near["source"][row])].who)
    return badge_fit.Prints(np.array(signs), np.array(label), people)


def looked(nets: Nets, chest: Chest) -> Look:
    """Return what two networks say of a chest."""

    def run(net: ChestNet | CloseNet) -> Any:
        return lambda images: badge_nets.predict(net, images)

    return look_at(run(nets[0]), run(nets[1]), chest.image)


def write_table(path: Path, chests: Sequence[Chest], probability: Any, place: NDArray[Any]) -> None:
    """Write the held-out predictions, a row per picture."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["path", "label", "probability", "lanyard", "printed", "fold"])
        for i, chest in enumerate(chests):
            figures = [f"{probability[name][i]:.4f}" for name in ("worn", "lanyard", "printed")]
            out.writerow([chest.name, chest.kind, *figures, int(place[i])])


def main() -> None:
    """Run all steps."""
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("--footage", type=Path, required=True)
    parse.add_argument("--work", type=Path, required=True, help="folder for what is kept between the steps")
    parse.add_argument("--models", type=Path, default=Path("models"))
    parse.add_argument("--scenes", type=int, default=SCENES)
    parse.add_argument("--until", choices=("scenes", "folds", "all"), default="all")
    asked = parse.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    chests = load_chests(asked.footage, asked.work)
    data = load_scenes(chests, asked.work, asked.scenes)
    if asked.until == "scenes":
        return
    place = folds(chests, FOLDS)
    looks = held_out(chests, place, data, asked.work)
    prints = drawn_prints(chests, place, data[1], asked.work)
    fitted, probability = badge_fit.fit(chests, looks, prints, SMALLEST_PX_PER_CM, SMALLEST_PRINT_PX_PER_CM)
    write_table(asked.models / "badge.cv.csv", chests, probability, place)
    print(badge_fit.report(chests, probability, fitted))
    if asked.until == "folds":
        return
    nets = trained(asked.work, "all", data, np.ones(len(chests), bool), start="fold0")
    badge_nets.export(nets[0], asked.models / "badge.onnx", {"fitted": json.dumps(fitted)})
    badge_nets.export(nets[1], asked.models / "badge_close.onnx", {"part": "badge"})


if __name__ == "__main__":
    main()
