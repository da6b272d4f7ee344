"""Audiences and flags: a targeting engine that knows people and nothing above them."""
