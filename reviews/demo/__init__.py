"""演示: an invented bureau with one finished campaign and one before its meeting."""
