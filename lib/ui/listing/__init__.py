"""The desk's tables, their views and their exports."""
