"""The calibration profile: what a site has measured of its camera, floor, chair and person, as versioned YAML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from posture_check.errors import InputError
from posture_check.measures.camera import Camera

Side = Annotated[int, Field(ge=16, le=20000)]
Size = tuple[Side, Side]
Pixel = tuple[float, float]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class CameraProfile(_Part):
    """The camera's field of view and place. Errors are standard errors; the defaults suit careful hand measurement."""

    hfov_deg: float = Field(gt=10, lt=170, description="Field of view along the longer side of the picture, degrees.")
    height_m: float = Field(gt=0, lt=20, description="Height of the lens above the floor, metres.")
    pitch_deg: float = Field(ge=-60, le=89, description="Tilt, looking down positive, degrees.")
    roll_deg: float = Field(0.0, ge=-45, le=45, description="Roll, camera turned clockwise positive, degrees.")
    hfov_error_deg: float = Field(1.0, ge=0, description="Standard error of the field of view.")
    height_error_m: float = Field(0.02, ge=0, description="Standard error of the height.")
    pitch_error_deg: float = Field(0.5, ge=0, description="Standard error of the tilt.")
    roll_error_deg: float = Field(0.4, ge=0, description="Standard error of the roll.")
    size: Size | None = Field(None, description="Width and height in pixels of the pictures it was measured on.")

    def camera(self, width: int, height: int) -> Camera:
        """Return the camera for pictures of this size."""
        return Camera(width, height, **self.model_dump(exclude={"size"}))


class LensProfile(_Part):
    """How the field of view was found from pictures of the printed board."""

    views: int = Field(ge=1, description="Pictures of the board that were used.")
    corners: int = Field(ge=4, description="Corners in all of them.")
    reprojection_px: float = Field(ge=0, description="Root mean square distance of the corners from the model's.")
    bend_px: float = Field(0.0, ge=0, description="How far the lens bends lines at the picture's corner; not used.")


class FloorProfile(_Part):
    """How height, tilt and roll were found, and what lay on the floor then, so that a moved camera can be noticed."""

    how: Literal["points", "markers", "board"] = Field(description="Clicked points, four markers, or the board.")
    residual_px: float = Field(ge=0, description="Root mean square distance of the points from the model's, pixels.")
    residual_cm: float = Field(ge=0, description="The same on the floor, centimetres.")
    square_mm: float | None = Field(None, gt=0, description="Side of the board's squares, if it was the board.")
    points: tuple[Pixel, ...] = Field(description="The points in pixels, of a picture of the camera's size.")
    ground_cm: tuple[Pixel, ...] = Field(description="The same points on the floor, centimetres along the mat.")


class ChairProfile(_Part):
    """The top of the seat: four points of the picture, and what a ruler says."""

    seat: tuple[Pixel, Pixel, Pixel, Pixel] = Field(
        description="Pixels of front-left, front-right, back-right, back-left, as the sitter sees them."
    )
    depth_cm: float = Field(ge=15, le=90, description="From the seat's front edge to its back edge.")
    height_cm: float = Field(ge=10, le=120, description="Of the seat's top above the floor.")
    size: Size | None = Field(None, description="Size of the picture that was marked; none: of those checked.")
    how: Literal["points", "marker"] = Field("points", description="Marked by a person, or found from a marker.")
    marker: tuple[Pixel, Pixel, Pixel, Pixel] | None = Field(
        None, description="Where the seat marker was seen, pixels."
    )
    points_error_px: float = Field(2.0, gt=0, le=50, description="Standard error of each point, pixels.")
    depth_error_cm: float = Field(0.7, gt=0, description="Standard error of the depth.")
    height_error_cm: float = Field(0.7, gt=0, description="Standard error of the height.")


class PersonProfile(_Part):
    """How one person stands when they stand well; what was not seen is left out."""

    name: str = Field(min_length=1, description="Name or number of the person; never needed for judging.")
    stature_cm: float | None = Field(None, ge=80, le=240, description="Height of the person.")
    stature_error_cm: float = Field(1.0, ge=0, description="Standard error of the stature.")
    lean_fore_deg: float | None = Field(None, description="Trunk lean shown upright, forward positive.")
    lean_side_deg: float | None = Field(None, description="Trunk lean shown upright, to the person's left positive.")
    head_pitch_deg: float | None = Field(None, description="Head pitch shown looking level, down positive.")
    mouth_corner_lift: float | None = Field(None, description="Of the neutral face, share of the mouth's width.")
    error_deg: float = Field(1.0, ge=0, description="Standard error of the angles.")
    proportions: dict[str, float] = Field(
        default_factory=dict, description="Lengths between landmarks over stature, as seen."
    )


class Profile(_Part):
    """Everything a site has calibrated; only the camera must be there."""

    format: Literal["posture-check/calibration/1"] = "posture-check/calibration/1"
    name: str = Field(min_length=1, description="Name that results carry.")
    camera: CameraProfile
    lens: LensProfile | None = None
    floor: FloorProfile | None = None
    chair: ChairProfile | None = None
    person: PersonProfile | None = None


def load_profile(path: Path) -> Profile:
    """Read a calibration profile.

    Raises
    ------
    InputError
        If the file is missing, not YAML or not a valid profile.
    """
    try:
        tree = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise InputError(f"{path}: cannot be read ({e.strerror}): name an existing calibration profile") from e
    except (YAMLError, UnicodeDecodeError) as e:
        raise InputError(f"{path}: not YAML: make the profile again with 'posture-check calibrate camera'") from e
    try:
        return Profile.model_validate(tree)
    except ValidationError as e:
        first = e.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        said = f"{field}: {first['msg']}" if field else first["msg"]
        raise InputError(f"{path}: {said}: mend it or make it again with 'posture-check calibrate camera'") from e


def save_profile(profile: Profile, path: Path) -> None:
    """Write a calibration profile, whole or not at all.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as out:
            YAML().dump(profile.model_dump(mode="json", exclude_none=True), out)
        part.replace(path)
    except OSError as e:
        raise InputError(f"{path}: cannot be written ({e.strerror}): name a file in an existing folder") from e
    finally:
        part.unlink(missing_ok=True)
