"""What must never happen in a page, whatever a test does with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

LOCAL = {"127.0.0.1", "localhost", ""}


@dataclass
class Watch:
    """Collects errors of the console, uncaught exceptions, broken requests and any word to another machine."""

    seen: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, *patterns: str) -> None:
        """Expect messages that match a pattern, such as the refused connection to a server that was killed."""
        self.allowed += patterns

    def on(self, page: Page) -> None:
        """Watch a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"exception: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def faults(self) -> list[str]:
        """Return what was seen and not expected."""
        return [line for line in self.seen if not any(re.search(pattern, line) for pattern in self.allowed)]

    def _console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type == "error" or "Content Security Policy" in message.text:
            self.seen.append(f"console: {message.text} ({where})")

    def _request(self, request: Request) -> None:
        if (urlsplit(request.url).hostname or "") not in LOCAL:
            self.seen.append(f"another machine was asked: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.seen.append(f"answer {response.status}: {response.request.method} {response.url}")
