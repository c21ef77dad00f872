"""What an auditor is handed, verified as an auditor would."""
