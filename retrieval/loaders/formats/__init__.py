"""One reader for each format; ``dispatch.contents`` chooses it by what the bytes are."""
