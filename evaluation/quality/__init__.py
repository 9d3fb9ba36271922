"""Whether answers, searches and what was read of texts are right."""
