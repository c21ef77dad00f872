"""The screens about who works at the desk."""
