"""Pull the camera's plug: Chromium keeps its cameras in a process of their own, which is killed."""

from __future__ import annotations

import psutil

_SERVICE = "--utility-sub-type=video_capture"


def unplug(ancestor: psutil.Process) -> int:
    """Kill the capture processes of the browsers that a process has started.

    The page's track ends, as it does when a camera is unplugged; the browser starts a new capture process as soon as
    a page asks for the camera again.

    Returns
    -------
    int
        How many there were.
    """
    found = [child for child in ancestor.children(recursive=True) if _is_capture(child)]
    for child in found:
        child.kill()
    return len(found)


def _is_capture(process: psutil.Process) -> bool:
    try:
        return any(word.startswith(_SERVICE) for word in process.cmdline())
    except psutil.Error:
        return False
