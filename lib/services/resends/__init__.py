"""Asking for mails with CDAs: one or many, judged by the policy, answered by a manager."""
