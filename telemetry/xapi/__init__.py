"""Statements without Django: the words of our profile, building, checking, comparing (pure)."""
