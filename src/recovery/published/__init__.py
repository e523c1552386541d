"""The published snapshot: how it is written, and what is asked of it."""
