"""Tables to lines of text that keep their cells."""
