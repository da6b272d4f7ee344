"""Figures, each beside a peer in one run on a database of its own: `python -m bench`, `ONLY=page` for one."""
