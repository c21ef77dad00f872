"""Tablero: figures, charts and the rows behind them."""
