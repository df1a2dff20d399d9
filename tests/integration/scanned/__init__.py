"""A site with a row of everything, for a scanner: bin/scan serves it."""
