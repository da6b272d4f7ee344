"""Data to SVG, as pure functions: no query, no request, no clock."""
