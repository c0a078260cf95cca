"""What a person does at the kiosk, by the names that its page gives to things."""

from __future__ import annotations

import time
from typing import Any, Self

from playwright.sync_api import Locator, Page, expect

from tests.browser.kiosk_process import KioskProcess

STEP_S = 60.0
"""Longest wait for a step on two busy cores: warming up, its guidance, its hold and the judging."""


class KioskPage:
    """One page that shows the kiosk."""

    def __init__(self, page: Page, kiosk: KioskProcess) -> None:
        self.page, self.kiosk = page, kiosk

    def open(self) -> Self:
        """Open the kiosk and wait for the attract screen."""
        self.page.goto(f"{self.kiosk.url}/")
        self.connected()
        return self

    def part(self, name: str) -> Locator:
        """Return a part of the page by its name."""
        return self.page.get_by_test_id(name)

    def touch(self, name: str) -> None:
        """Touch a part of the page."""
        self.part(name).click()

    def connected(self, within_s: float = 40.0) -> None:
        """Wait until the page has its connection."""
        expect(self.page.locator("body")).to_have_attribute("data-connection", "open", timeout=within_s * 1000)

    def phase(self, *names: str, within_s: float = 30.0) -> str:
        """Wait for one of some phases and return it."""
        wanted = ", ".join(f'body[data-phase="{name}"]' for name in names)
        self.page.locator(wanted).wait_for(timeout=within_s * 1000)
        return self.page.locator("body").get_attribute("data-phase") or ""

    def begin(self, number: str = "1001") -> None:
        """Touch Start and say who it is; consent where it is asked for."""
        self.phase("attract")
        self.touch("start")
        self.phase("identify")
        self.touch(f"person-{number}")
        if self.phase("consent", "step", "manual") == "consent":
            self.touch("consent-accept")

    def leave(self) -> None:
        """Leave whatever check is under way, also one of a page before this one."""
        phases = ("attract", "identify", "consent", "step", "manual", "result", "override", "done")
        if self.phase("busy", *phases) == "busy":
            self.touch("take-over")
        if self.phase(*phases) != "attract":
            self.touch("cancel")
            self.phase("attract")

    def guidance(self, code: str, within_s: float = STEP_S) -> str:
        """Wait until the page says something in particular, and return its words."""
        self.page.locator(f'[data-testid="guidance"][data-code="{code}"]').wait_for(timeout=within_s * 1000)
        return self.part("guidance").inner_text()

    def answer_all(self, ok: bool = True) -> None:
        """Answer every item of the manual step and go on."""
        self.phase("manual", within_s=STEP_S)
        for button in self.page.locator(f'[data-testid^="answer-{"yes" if ok else "no"}-"]').all():
            button.click()
            expect(button).to_have_attribute("aria-pressed", "true")
        self.touch("manual-done")

    def to_result(self, within_s: float = 240.0, *, optional: bool = False) -> str:
        """Answer what is asked until the result is there, and return its verdict.

        Parameters
        ----------
        within_s
            Longest wait.
        optional
            Whether to wait for optional steps instead of leaving them out.
        """
        deadline = time.monotonic() + within_s
        wanted = '[data-phase="manual"], [data-phase="result"]'
        if not optional:
            wanted += ', [data-phase="step"]:has([data-testid="skip"])'
        while True:
            self.page.locator(wanted).first.wait_for(timeout=max(1.0, deadline - time.monotonic()) * 1000)
            step = self.part("skip")
            match self.page.locator("body").get_attribute("data-phase"):
                case "result":
                    return self.verdict()
                case "manual":
                    self.answer_all()
                    self.page.locator('body:not([data-phase="manual"])').wait_for()
                case _ if step.count():
                    asked = self.page.locator("body").get_attribute("data-step")
                    step.click()
                    self.page.locator(f'body:not([data-step="{asked}"])').wait_for()

    def verdict(self) -> str:
        """Return the verdict that is shown."""
        return self.part("verdict").get_attribute("data-verdict") or ""

    def items(self) -> dict[str, str]:
        """Return the verdict of every item that the result lists, by rule."""
        rows = self.page.locator('[data-testid^="item-"]').all()
        return {
            (row.get_attribute("data-testid") or "").removeprefix("item-"): row.get_attribute("data-verdict") or ""
            for row in rows
        }

    def stats(self) -> dict[str, Any]:
        """Return the page's figures of sights, dropped frames and delay."""
        found: dict[str, Any] = self.page.evaluate(
            "(({sights, dropped, p50, p95}) => ({sights, dropped, p50, p95}))(window.__kioskStats)"
        )
        return found
