"""The tables of the store, as SQLAlchemy describes them."""
