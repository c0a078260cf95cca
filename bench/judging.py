"""Judge kept tracks with and without the true camera and chair: no video, no models, a minute for hundreds of files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ruamel.yaml import YAML

from bench.footage import Case
from bench.profiles import profiles
from bench.reading import Outcome
from bench.simulated import is_simulated
from bench.tracks import recall
from posture_check import pipeline
from posture_check.audit.pool import run_each
from posture_check.errors import InputError
from posture_check.landmarks.track import TrackSet
from posture_check.pipeline import Options
from posture_check.resources import rules_path


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges one case in every setting; runs in a worker.

    Attributes
    ----------
    kept
        Kept tracks of this version of the landmark code.
    scratch
        Folder with the rules without alternatives, and for calibration profiles.
    """

    kept: Path
    scratch: Path

    def __call__(self, case: Case) -> list[Outcome]:
        """Return the outcome without calibration and, for rendered people, with what is true of the place."""
        if is_simulated(case):
            return [self._judge(case, pipeline.find_tracks(str(case.path), Options()), "camera", None)]
        try:
            found = recall(self.kept, case.path)
        except InputError as error:
            where = f"{case.path.parent}/"  # the report is for other machines too
            return [Outcome(case, "none", None, error=str(error).replace(where, ""), unreadable=True)]
        outcomes = [self._judge(case, found, "none", None)]
        for setting, profile in profiles(case, found.source, self.scratch).items():
            outcomes.append(self._judge(case, found, setting, profile))
        return outcomes

    def _judge(self, case: Case, found: TrackSet, setting: str, profile: Path | None) -> Outcome:
        options = Options(role=case.role, calibration=profile)
        rules = named = everybody = None
        try:
            result = pipeline.judge(found, options)
            if case.family == "rendered-standing":
                rules = pipeline.judge(found, replace(options, rules=self.scratch / _RULES))
            if case.rendered:
                named = pipeline.judge(found, replace(options, posture=(NAMES[case.family],)))
            if case.family == "videos":
                everybody = pipeline.judge(found, replace(options, person="all"))
        except Exception as error:  # a case that breaks the rules is a finding, not the end of the bench
            return Outcome(case, setting, None, error=f"{type(error).__name__}: {error}")
        return Outcome(case, setting, result, rules, named, everybody)


NAMES = {
    "rendered-standing": "standing",
    "rendered-walking": "walking",
    "rendered-sitting": "sitting",
    "rendered-squatting": "squatting",
    "rendered-gesture": "gesture",
}
"""What a family's posture is asked for by."""
_RULES = "rules.yaml"


def judge_all(kept: Path, cases: Sequence[Case], broken: dict[str, str], workers: int) -> list[Outcome]:
    """Return the outcomes of every case, in the order of the cases.

    Parameters
    ----------
    kept
        Kept tracks of this version of the landmark code.
    cases
        What to judge.
    broken
        Case name to error, for cases whose tracks could not be found.
    workers
        Processes.
    """
    outcomes = {c.name: [Outcome(c, "none", None, error=broken[c.name])] for c in cases if c.name in broken}
    with TemporaryDirectory(prefix="posture-check-bench-") as scratch:
        without_alternatives(Path(scratch))
        todo = [case for case in cases if case.name not in broken]
        for done in run_each(Judge(kept, Path(scratch)), todo, workers):
            outcomes[done.item.name] = done.answer or [Outcome(done.item, "none", None, error=done.error)]
    return [outcome for case in cases for outcome in outcomes[case.name]]


def without_alternatives(folder: Path) -> Path:
    """Write the shipped rules without their alternatives and return the file's path.

    Of several alternatives only the deciding rule's value is in a document; here every rule has its own.
    """
    yaml = YAML()
    tree = yaml.load(rules_path().read_text(encoding="utf-8"))
    tree.pop("choices", None)
    path = folder / _RULES
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(tree, file)
    return path
