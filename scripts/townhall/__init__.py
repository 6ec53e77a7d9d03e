"""Orașul Valea Mare: a town that doesn't exist, with a town hall that could."""
