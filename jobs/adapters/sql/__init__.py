"""The database, SQLite or PostgreSQL: all statements of one noun in one file."""
