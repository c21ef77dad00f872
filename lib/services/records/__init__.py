"""What people look up, take away and correct: accounts, systems, certificates."""
