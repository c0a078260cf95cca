"""``python -m posture_check.cli``."""

from posture_check.cli import main

main()
