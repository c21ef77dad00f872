"""What the log proves and tells: verification, stories, figures, alerts."""
