"""Errors a person can act on."""

from __future__ import annotations


class PostureCheckError(Exception):
    """Base of every error this package raises on purpose."""


class InputError(PostureCheckError):
    """The input or the usage is at fault; the message says what, where and what to do.

    The command line prints the message as one line and exits with code 2.

    Parameters
    ----------
    message
        For the command line and the log.
    zh
        The same in Chinese, where a page shows it; None where no page does.
    """

    def __init__(self, message: str = "", zh: str | None = None) -> None:
        super().__init__(message)
        self.zh = zh


class ModelError(InputError):
    """A landmark model is missing, damaged or cannot be fetched; the message says the cure."""
