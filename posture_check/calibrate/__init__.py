"""Calibration profiles: what a site has measured of its camera."""
