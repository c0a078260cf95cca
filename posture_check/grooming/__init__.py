"""Grooming and dress: what a picture shows of hair, neckwear, badge, beard, sleeves and shoes."""
