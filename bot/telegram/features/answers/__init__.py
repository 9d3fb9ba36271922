"""Questions and their answers: asked, explained, drawn, shared, judged, and sent by way of inline mode."""
