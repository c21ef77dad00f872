"""Physical certificates from a file: looked at, checked, mended, brought in."""
