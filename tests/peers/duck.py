"""Asks DuckDB each question, and prints the first field of what each SELECT finds.

    duck.py QUESTION...
"""
import sys

import duckdb

connection = duckdb.connect()
for question in sys.argv[1:]:
    found = connection.execute(question)
    if question.startswith("SELECT"):
        print(found.fetchall()[0][0])
