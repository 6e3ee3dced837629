"""述职报告检查: what is found in a report; pure, so that it can be tried on any text. Start at ``check.py``."""
