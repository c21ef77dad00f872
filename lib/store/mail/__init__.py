"""The desk's mails at rest: the outbox, what holds mails back, what came back."""
