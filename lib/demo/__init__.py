"""The demonstration: made-up customers, and a mail server that keeps what it is given."""
