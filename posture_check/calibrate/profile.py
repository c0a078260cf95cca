"""The calibration profile: what a site has measured of its camera, as versioned YAML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from posture_check.errors import InputError
from posture_check.measures.camera import Camera


class CameraProfile(BaseModel):
    """The camera's field of view and place. Errors are standard errors of careful hand measurement."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hfov_deg: float = Field(gt=10, lt=170, description="Field of view along the longer side of the picture, degrees.")
    height_m: float = Field(gt=0, lt=20, description="Height of the lens above the floor, metres.")
    pitch_deg: float = Field(ge=-60, le=89, description="Tilt, looking down positive, degrees.")
    roll_deg: float = Field(0.0, ge=-45, le=45, description="Roll, camera turned clockwise positive, degrees.")
    hfov_error_deg: float = Field(1.0, ge=0, description="Standard error of the field of view.")
    height_error_m: float = Field(0.02, ge=0, description="Standard error of the height.")
    pitch_error_deg: float = Field(0.5, ge=0, description="Standard error of the tilt.")
    roll_error_deg: float = Field(0.4, ge=0, description="Standard error of the roll.")

    def camera(self, width: int, height: int) -> Camera:
        """Return the camera for pictures of this size."""
        return Camera(width, height, **self.model_dump())


class Profile(BaseModel):
    """Everything a site has calibrated. More parts than the camera come with the postures that need them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["posture-check/calibration/1"] = "posture-check/calibration/1"
    name: str = Field(min_length=1, description="Name that results carry.")
    camera: CameraProfile


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
            YAML().dump(profile.model_dump(), out)
        part.replace(path)
    except OSError as e:
        raise InputError(f"{path}: cannot be written ({e.strerror}): name a file in an existing folder") from e
    finally:
        part.unlink(missing_ok=True)
