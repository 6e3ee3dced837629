"""公开: approved reports shown to a chosen circle, personal data covered, and withdrawn."""
