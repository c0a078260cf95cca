"""The admin pages as somebody sees them."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser.kiosk_process import KioskProcess
from tests.browser.site import ADMIN

IN = re.compile(r"/admin(/|$)")
"""Address of any page behind the login."""


class Admin:
    """The admin pages as somebody sees them."""

    def __init__(self, page: Page, server: KioskProcess) -> None:
        self.page, self.url = page, server.url

    def log_in(self, login: str = ADMIN[0], secret: str = ADMIN[1]) -> None:
        """Fill in the login."""
        self.page.goto(f"{self.url}/login")
        self.page.get_by_test_id("login-name").fill(login)
        self.page.get_by_test_id("login-secret").fill(secret)
        self.page.get_by_test_id("login-submit").click()

    def come_in(self) -> Admin:
        """Log in as the administrator."""
        self.log_in()
        self.page.wait_for_url(IN)
        return self

    def go(self, name: str) -> None:
        """Follow an entry of the menu."""
        self.page.get_by_test_id(f"nav-{name}").click()
        self.page.wait_for_url(f"**/admin/{name}*")
