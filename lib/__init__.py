"""Mesa CDA: find a customer's system, resend its activation code, keep the proof."""
