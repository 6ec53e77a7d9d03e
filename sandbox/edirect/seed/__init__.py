"""Believable submissions for demonstrations and volume tests."""
