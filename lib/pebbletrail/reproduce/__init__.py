"""``pebbletrail reproduce``: execute the pages, harvest what they compared, hold it against the ledger."""
