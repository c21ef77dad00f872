"""Everything about mails with CDAs: asking, approving, templates, policy, what became of them."""
