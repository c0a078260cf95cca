"""Rules: what the standard asks, and how a body is judged against it."""
