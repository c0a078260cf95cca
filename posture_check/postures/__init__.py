"""Postures: who holds what, from when to when."""
