"""The verdict as a table, a page, JSON and JUnit, with pictures."""
