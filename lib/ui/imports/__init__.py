"""The screens of imports: their file, their check, their history."""
