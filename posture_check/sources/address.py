"""Addresses of network cameras, fit to be shown and written down."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def without_password(url: str) -> str:
    """Return the address with its password masked, fit for messages and results.

    Parameters
    ----------
    url
        Any address, or what is none.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all
        return url
    if parts.password is None:
        return url
    user_and_password, _, host = parts.netloc.rpartition("@")
    user = user_and_password.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{user}:***@{host}"))
