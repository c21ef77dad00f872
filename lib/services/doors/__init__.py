"""Who comes in: sessions, failed attempts, passwords."""
