"""Checks how service staff stand, sit, walk, gesture and dress against a written etiquette standard."""

__version__ = "0.1.0"
