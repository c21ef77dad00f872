"""The audit log at rest: its chain, what vouches for it, and what is asked of it."""
