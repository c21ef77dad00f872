"""Accounts, systems and certificates, and the loads they came with."""
