"""How mail is written and leaves; it knows nothing of the database."""
