"""Cuenta, and what comes in from files."""
