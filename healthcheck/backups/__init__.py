"""Back-ups: the database, the files, and a manifest that says what they are and proves that they are whole."""
