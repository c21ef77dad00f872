"""The vendor's pack: five CSV files read, checked and built into a new ref file.

Read order: files.py (what each file holds), dialect.py and reader.py (bytes to columns),
staging.py (columns to rows in the engine, CDAs sealed), checks.py (which rows can't go in),
build.py (the new ref file).
"""
