"""Planning a study by simulation: what is asked, how each design is drawn and analysed, the search, what is said of it."""
