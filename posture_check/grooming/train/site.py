"""A site's own head: fitted to the figures of its photos, calibrated, cross-validated over people, written as ONNX.

The head is linear discriminant analysis with the shrinkage of Ledoit and Wolf (2004) on standardised figures: with ten
to sixty photos and some forty to hundred and forty figures it needs no setting chosen, and stand-in sites showed it no
worse than logistic regression at its best setting.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture_check.errors import InputError
from posture_check.grooming.descriptors import VERSION
from posture_check.grooming.site_heads import META, Calibration
from posture_check.grooming.train.splits import each_fold, one_person_out

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]
Strings = NDArray[np.str_]

WRONG_ALLOWED = 0.05
"""Share of the decided photos that may be wrong: the band in which a head does not commit itself is the narrowest one
that keeps to it."""
_LEAST_VARIANCE = 0.1
"""Added to that of every standardised figure within correct or incorrect dress: photos taken in one go are so alike
that the figures would seem to be without error."""
_LEAST_SPREAD = 0.03
"""In units of the figures, all of which range over about 1: what light, camera and the fall of the cloth change."""
_BANDS = np.arange(0.10, 0.41, 0.05)
NO_TRAIN_EXTRA = "scikit-learn and skl2onnx are missing, which train heads: pip install 'posture-check[train]'"


@dataclass(frozen=True)
class Photos:
    """What the photos of one item come to; no picture, no face.

    Attributes
    ----------
    figures
        ``(photos, figures)`` of :func:`posture_check.grooming.descriptors.describe`.
    correct
        ``(photos,)`` whether the dress is correct.
    person
        ``(photos,)`` who it is: any names.
    photo
        ``(photos,)`` fingerprint of the picture, to know it again.
    seen
        ``(photos,)`` whether a check would judge it (the item was found to be worn); the others train, but count as
        not assessed.
    """

    figures: Floats
    correct: Bools
    person: Strings
    photo: Strings
    seen: Bools

    def __len__(self) -> int:
        """Return the number of photos."""
        return len(self.correct)

    def take(self, which: Bools) -> Photos:
        """Return the chosen photos."""
        return Photos(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    def joined(self, other: Photos) -> Photos:
        """Return these and those of the other that are not the same pictures."""
        new = other.take(~np.isin(other.photo, self.photo))
        return Photos(*(np.concatenate([getattr(self, n), getattr(new, n)]) for n in self.__dataclass_fields__))


@dataclass(frozen=True)
class Judged:
    """What heads that never saw the person say of each photo.

    Attributes
    ----------
    probability
        ``(photos,)`` of correct dress; NaN where there was nothing to learn from.
    decided
        ``(photos,)`` whether it is outside the band, and the item was seen.
    """

    probability: Floats
    decided: Bools


@dataclass(frozen=True)
class Figures:
    """How good a head is. What is to be found is incorrect dress.

    Attributes
    ----------
    photos
        How many.
    precision, recall
        Of those it calls incorrect, the share that is; of the incorrect ones that were decided, the share it finds. NaN
        where there is none.
    balanced
        Mean of the shares that are right of the correct and of the incorrect, among the decided ones.
    not_assessed
        Share not decided.
    score
        As ``balanced`` over all photos, one that is not decided counting half: a guess.
    """

    photos: int
    precision: float
    recall: float
    balanced: float
    not_assessed: float
    score: float


def standing(judged: Judged, correct: Bools, which: Bools | None = None) -> Figures:
    """Return how good judgements are.

    Parameters
    ----------
    judged
        What was said.
    correct
        ``(photos,)`` the truth.
    which
        ``(photos,)`` the photos that count; None is all.
    """
    which = np.ones(len(correct), bool) if which is None else which
    decided, fine = judged.decided & which, np.nan_to_num(judged.probability, nan=0.5) >= 0.5
    right = decided & (fine == correct)
    called = decided & ~fine
    sides = [side & decided for side in (correct, ~correct)]
    points = np.where(decided, right.astype(float), 0.5)
    return Figures(
        photos=int(which.sum()),
        precision=_share(called & ~correct, called),
        recall=_share(right & ~correct, sides[1]),
        balanced=float(np.mean([_share(right & side, side) for side in sides])),
        not_assessed=_share(which & ~decided, which),
        score=float(np.mean([points[side & which].mean() for side in (correct, ~correct) if (side & which).any()])),
    )


def cross_validated(train: Photos, test: Photos | None = None) -> Judged:
    """Judge each person's photos by a head, a calibration and a band that rest on other people only.

    Parameters
    ----------
    train
        Photos that heads are trained on.
    test
        Photos to judge; None is the same.
    """
    test = train if test is None else test
    held = scores(train)
    probability, decided = np.full(len(test), np.nan), np.zeros(len(test), bool)
    for person in np.unique(test.person):
        others, own = train.person != person, test.person == person
        if not _both(train.correct[others]):
            continue
        head = fit(train.take(others))
        fair = calibrate(held[others], train.correct[others])
        probability[own] = fair.probability(head.score(test.figures[own]))
        decided[own] = (abs(probability[own] - 0.5) >= fair.half_band) & test.seen[own]
    return Judged(probability, decided)


def scores(photos: Photos) -> Floats:
    """Return the score ``(photos,)`` of each by a head that never saw the person; NaN where none could be fitted."""
    found = np.full(len(photos), np.nan)
    for train, held in each_fold(one_person_out(list(photos.person))):
        if _both(photos.correct[train]):
            found[held] = fit(photos.take(train)).score(photos.figures[held])
    return found


def calibrate(score: Floats, correct: Bools) -> Calibration:
    """Return the calibration of scores ``(photos,)`` of people that the head had not seen.

    Platt's maximum likelihood with his smoothed targets, so that a few photos without an error do not make certain.
    """
    from scipy.optimize import minimize

    known = np.isfinite(score)
    score, correct = score[known], correct[known]
    good, bad = int(correct.sum()), int((~correct).sum())
    target = np.where(correct, (good + 1) / (good + 2), 1 / (bad + 2))
    # Correct and incorrect dress weigh the same: how often a site photographed each says nothing of its staff.
    weight = np.where(correct, 0.5 / max(good, 1), 0.5 / max(bad, 1))
    spread = float(np.std(score)) or 1.0

    def loss(at: Floats) -> float:
        z = np.exp(at[0]) * score / spread + at[1]
        fit_to_scores = float((weight * (np.logaddexp(0, z) - target * z)).sum())
        return fit_to_scores + float(at[1] ** 2) / len(score)  # few photos hardly move the head's own threshold

    log_slope, offset = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    bare = Calibration(float(np.exp(log_slope)) / spread, float(offset), 0.0)
    return Calibration(bare.slope, bare.offset, _half_band(bare.probability(score), correct))


@dataclass(frozen=True)
class Line:
    """A fitted head: scores are ``figures @ weights + offset``, above 0 for correct dress."""

    weights: Floats
    offset: float

    def score(self, figures: Floats) -> Floats:
        """Return the scores ``(photos,)`` of figures ``(photos, figures)``."""
        return np.asarray(np.asarray(figures, float) @ self.weights + self.offset)


def fit(photos: Photos) -> Line:
    """Return discriminant analysis with equal priors on standardised figures.

    Raises
    ------
    InputError
        If the extra that trains is not installed.
    """
    try:
        from sklearn.covariance import ledoit_wolf
    except ImportError:
        raise InputError(NO_TRAIN_EXTRA) from None

    figures, correct = np.asarray(photos.figures, float), photos.correct
    middle, spread = figures.mean(axis=0), np.sqrt(figures.var(axis=0) + _LEAST_SPREAD**2)
    standard = (figures - middle) / spread
    good, bad = standard[correct].mean(axis=0), standard[~correct].mean(axis=0)
    inner = standard - np.where(correct[:, None], good, bad)
    covariance, _ = ledoit_wolf(inner, assume_centered=True)
    weights = np.linalg.solve(covariance + _LEAST_VARIANCE * np.eye(len(good)), good - bad)
    offset = -weights @ (good + bad) / 2
    weights = weights / spread
    return Line(weights, float(offset - weights @ middle))


def as_onnx(photos: Photos, calibration: Calibration) -> bytes:
    """Return the head fitted to all photos, with its calibration beside it, as the content of an ONNX file.

    Raises
    ------
    InputError
        If the extra that trains is not installed.
    """
    try:
        from skl2onnx import to_onnx
        from sklearn.linear_model import LinearRegression
    except ImportError:
        raise InputError(NO_TRAIN_EXTRA) from None

    line = fit(photos)
    # A line is a regression: its converter gives the bare score, and nothing else.
    head = LinearRegression()
    head.coef_, head.intercept_, head.n_features_in_ = line.weights[None], np.array([line.offset]), len(line.weights)
    model = to_onnx(head, np.zeros((1, len(line.weights)), np.float32), target_opset=17)
    model.metadata_props.add(key=META, value=json.dumps({"version": VERSION, **asdict(calibration)}))
    content: bytes = model.SerializeToString()
    return content


def _half_band(probability: Floats, correct: Bools) -> float:
    wrong = (probability >= 0.5) != correct
    for half in _BANDS:
        decided = abs(probability - 0.5) >= half
        if (wrong & decided).sum() <= WRONG_ALLOWED * decided.sum():
            return float(half)
    return float(_BANDS[-1])


def _both(correct: Bools) -> bool:
    return bool(correct.any() and not correct.all())


def _share(part: Bools, whole: Bools) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else float("nan")
