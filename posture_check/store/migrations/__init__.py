"""Migrations of the records, run when they are opened."""
