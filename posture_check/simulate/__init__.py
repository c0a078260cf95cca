"""A parametric person with exact truth: tests, the bench and demonstrations look at it as at a real one.

``body`` and ``pose`` make the figure, ``standing`` and ``walking`` what it does, ``scenarios`` names scenes,
``view`` sees them through a camera as the landmark model would, ``source`` reads ``simulate:NAME`` and
``draw`` paints it.
"""
