"""What can go wrong while reading, indexing and searching; each message is a sentence for a person.

::

    RetrievalError
    ├── ReadError            this file can't be read (what is wrong, what to do)
    │   ├── UnsupportedFile  of a kind that has no reader
    │   ├── EncryptedFile
    │   ├── EmptyFile        nothing readable in it
    │   │   └── ScannedFile  pictures of pages alone: needs character recognition
    │   ├── BrokenFile       truncated, corrupt, not what its name says
    │   └── TooLargeFile
    ├── IndexLocked          another process writes; says which
    ├── IndexMismatch        made by another model or version; says what to run
    ├── IndexBroken          derived data is damaged; rebuilt from the catalogue
    │   └── IndexGone        the server of vectors does not hold it any more
    ├── IndexAway            the server of vectors can't be reached or used just now: words go on
    ├── CatalogueBroken      the catalogue itself can't be opened or written
    │   └── CatalogueAway    its server can't be reached just now: ask again
    └── EmbeddingError       no vectors to be had
        ├── EmbeddingUnavailable   no embedded model here, or its files are gone
        └── EmbeddingRefused       the endpoint refused: key, model, quota
"""

from __future__ import annotations


class RetrievalError(Exception):
    """Root of what this package raises."""


class ReadError(RetrievalError):
    """A file can't be read."""


class UnsupportedFile(ReadError):
    """A file of a kind that has no reader."""


class EncryptedFile(ReadError):
    """A file that opens only with a password."""


class EmptyFile(ReadError):
    """A file with no text in it."""


class ScannedFile(EmptyFile):
    """A file that holds pictures of pages and no text."""


class BrokenFile(ReadError):
    """A file that is truncated, corrupt, or not what its name says."""


class TooLargeFile(ReadError):
    """A file over the size limit."""


class IndexLocked(RetrievalError):
    """Another process holds the writer's lock."""


class IndexMismatch(RetrievalError):
    """The index was made by another model or version than the one asked for."""


class IndexBroken(RetrievalError):
    """Derived data is damaged and has to be rebuilt from the catalogue."""


class IndexGone(IndexBroken):
    """The server of vectors does not hold what the catalogue's mark names."""


class IndexAway(RetrievalError):
    """The server of vectors can't be reached or used just now; words go on alone."""


class CatalogueBroken(RetrievalError):
    """The catalogue can't be opened, read or written."""


class CatalogueAway(CatalogueBroken):
    """The server that holds the catalogue can't be reached just now; it may be back in a moment."""


class EmbeddingError(RetrievalError):
    """No vectors could be had."""


class EmbeddingUnavailable(EmbeddingError):
    """There is no embedded model for this machine, or its files are gone."""


class EmbeddingRefused(EmbeddingError):
    """An embeddings endpoint refused the request."""
