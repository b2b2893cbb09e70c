"""Practice notebooks: a study's analysis on the reader's own data, and the report that a board can read."""
