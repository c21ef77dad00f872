"""What leaves: the mail worker, what it composes and sends, and what comes back."""
