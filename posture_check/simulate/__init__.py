"""A parametric person with exact truth: tests, the bench and demonstrations look at it as at a real one.

``body`` and ``pose`` make the figure; ``standing``, ``walking``, ``sitting``, ``transitions``, ``squatting`` and
``gestures`` what it does, ``pairs`` what two do; ``truth``, ``truth_hands`` and ``truth_pairs`` what is exactly true
of it; ``scenarios`` and ``scenes`` name scenes, ``view`` sees them through a camera as the landmark model would,
``source`` reads ``simulate:NAME`` and ``draw`` paints it.
"""
