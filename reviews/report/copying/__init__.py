"""雷同比对: which passages of a report stand in another one. Start at ``comparison.py``; the rules are pure."""
