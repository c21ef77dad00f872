"""What the desk talks about: plain values, no I/O."""
