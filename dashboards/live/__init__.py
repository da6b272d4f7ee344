"""Server-sent events: says that figures moved, never which. See docs/adr/0007-live.md."""
