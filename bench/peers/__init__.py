"""The same million systems in other people's grids, timed the same way: `python -m bench.peers`."""
