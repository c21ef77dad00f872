"""A Django project of one model and its admin, over SQLite or PostgreSQL (BENCH_DB)."""
