"""Checks: read them from their block, lint them, show them without their answers, grade a response."""
