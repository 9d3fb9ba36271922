"""Pictures of figures: laid out once as shapes, then written as SVG or painted as PNG."""
