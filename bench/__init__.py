"""How fast the desk is, measured: `make bench`. Figures go to bench/latest.json."""
