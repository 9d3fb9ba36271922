"""Files to text: ``load`` is the way in, ``formats`` has the readers, ``sandbox`` isolates them."""
