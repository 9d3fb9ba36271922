"""The steps that bring the tables of an older store up to date, run by Alembic."""
