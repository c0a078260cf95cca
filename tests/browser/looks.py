"""Whether a page can be used by everybody: contrast and names by axe, sizes and edges by measuring them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

BAD = ("serious", "critical")
TOUCH_PX = 48

_MEASURES = Path(__file__).with_name("looks.js").read_text(encoding="utf-8").partition("\n")[2]


def _measure(page: Page, name: str, argument: Any = None) -> Any:
    return page.evaluate(f"argument => {_MEASURES.strip()}.{name}(argument)", argument)


def axe_findings(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical, with the places."""
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    out = []
    for found in violations:
        if found["impact"] in BAD:
            places = "; ".join(f"{node['target']}: {node['failureSummary']}" for node in found["nodes"][:4])
            out.append(f"{found['impact']}: {found['id']}: {found['help']}: {places}")
    return out


def overflows(page: Page, screen: bool = True) -> list[str]:
    """Return what reaches over the edges of the window or cuts its text off.

    Parameters
    ----------
    page
        The page as it stands.
    screen
        Whether it must fit without scrolling, as the kiosk's; what lies in a box that scrolls need not.
    """
    return list(_measure(page, "overflows", screen))


def small_targets(page: Page, least_px: int = TOUCH_PX) -> list[str]:
    """Return the visible controls that are smaller than a finger."""
    return list(_measure(page, "smallTargets", least_px))


def covered_controls(page: Page) -> list[str]:
    """Return the visible controls that something else lies on."""
    return list(_measure(page, "covered"))


def focus_is_seen(page: Page) -> bool:
    """Return whether the control that has the keyboard's focus shows it."""
    return bool(_measure(page, "focusSeen"))
