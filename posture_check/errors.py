"""Errors a person can act on."""

from __future__ import annotations


class PostureCheckError(Exception):
    """Base of every error this package raises on purpose."""


class InputError(PostureCheckError):
    """The input or the usage is at fault; the message says what, where and what to do.

    The command line prints the message as one line and exits with code 2.
    """


class ModelError(InputError):
    """A landmark model is missing, damaged or cannot be fetched; the message says the cure."""
