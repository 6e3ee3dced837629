"""为什么是这个等次: the page that lets a reader redo the arithmetic."""
