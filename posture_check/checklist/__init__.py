"""The shift-start check: which steps, how a person is guided through them, and what became of each."""
