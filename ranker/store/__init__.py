"""The database: engine, tables, migrations, and the queries behind the pages.

Nothing is imported here, so that the command line, which needs no database, stays quick.
"""
