"""How messages are read: what is learned from, frames that are filled, and the fit of the classifiers."""
