"""The verbs: each takes `actor=`, checks what they may do, and acts in one transaction."""
