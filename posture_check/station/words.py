"""What is said on the screen when the station is not well."""

from __future__ import annotations

from posture_check.rules.result import Text

_CAMERA = {
    "lost": ("摄像头没有画面，正在重新连接", "The camera gives no picture; reconnecting"),
    "frozen": ("摄像头画面卡住了", "The camera's picture stands still"),
    "starting": ("正在打开摄像头", "Opening the camera"),
}
_VISION = {
    "lost": ("识别暂时中断，请稍候", "Looking is interrupted, one moment"),
    "starting": ("正在准备，请稍候", "Getting ready, one moment"),
}


def health_text(camera: str, vision: str) -> Text | None:
    """Return what to say; None if all is well.

    Parameters
    ----------
    camera, vision
        As in :class:`posture_check.checklist.messages.Health`.
    """
    said = _CAMERA.get(camera) if camera in ("lost", "frozen") else _VISION.get(vision) or _CAMERA.get(camera)
    return None if said is None else Text(zh=said[0], en=said[1])
