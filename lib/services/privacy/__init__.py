"""One person's data: handed to them, and let go (docs/privacy.md)."""
