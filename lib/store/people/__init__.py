"""Who works at the desk, and how each left it."""
