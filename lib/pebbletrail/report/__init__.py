"""The report that a board can read: a practice notebook's findings as one offline page, in English or French."""
