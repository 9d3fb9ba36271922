"""What a library holds at one version, as its readers see it."""
