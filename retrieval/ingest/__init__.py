"""Files into the catalogue and then the indexes, with a report on each, or a preview that keeps nothing."""
