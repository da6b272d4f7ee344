"""Content comes in: one module per format, one pipeline for all (docs/guides/import.md)."""
