"""Put the parts together from the settings; the only modules that know how they fit."""
