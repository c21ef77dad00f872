"""Bitácora, Historia and Alertas: the log in words."""
