"""Find a font that draws Chinese on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

DEBIAN_FONT_PACKAGE = "fonts-noto-cjk"

# Simplified Chinese sans-serif faces, the usual place of each, the better drawn first.
_USUAL = {
    "linux": (
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    ),
    "darwin": (
        "/System/Library/Fonts/PingFang.ttc",
        "/System/Library/Fonts/Hiragino Sans GB.ttc",
        "/System/Library/Fonts/STHeiti Medium.ttc",
    ),
    "win32": ("msyh.ttc", "simhei.ttf", "simsun.ttc"),
}


@cache
def find_cjk_font() -> Path | None:
    """Return a font file that draws Simplified Chinese, or None if the machine has none."""
    return next((path for path in _candidates() if path.is_file()), None)


def _candidates() -> Iterator[Path]:
    platform = "linux" if sys.platform.startswith("linux") else sys.platform
    fonts = Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
    for name in _USUAL.get(platform, ()):
        yield fonts / name if platform == "win32" else Path(name)
    yield from _from_fontconfig()


def _from_fontconfig() -> Iterator[Path]:
    """Ask fontconfig, which knows fonts in places we do not, such as the user's own."""
    program = shutil.which("fc-list")
    if program is None:
        return
    done = subprocess.run([program, "-f", "%{file}\n", ":lang=zh-cn"], capture_output=True, check=False)
    for line in sorted(set(done.stdout.decode(errors="replace").splitlines())):
        yield Path(line)
