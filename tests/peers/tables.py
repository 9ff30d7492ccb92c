"""What csvkit reads in its own example tables, and what csv-spectrum expects of its own: one JSON document.

tables.py FOLDER: looks for csvkit's examples and csv-spectrum's tables below it. No guessing of types is asked for.
"""
import io
import json
import pathlib
import subprocess
import sys

import agate

# How csvkit has to be told what it does not find out by itself.
TOLD = {
    "test_latin1.csv": {"encoding": "latin1"},
    "test_utf16_big.csv": {"encoding": "utf-16"},
    "test_utf16_little.csv": {"encoding": "utf-16"},
    "dummy.tsv": {"delimiter": "\t"},
    "sniff_limit.csv": {"delimiter": ";"},
}


def own_reading(path):
    told = TOLD.get(path.name, {})
    text = path.read_bytes().decode(told.get("encoding", "utf-8-sig"))
    lines = io.StringIO(text, newline="")
    return [row for row in agate.csv.reader(lines, delimiter=told.get("delimiter", ","))]


def workbook(path):
    # Told that there is no header, it makes one up, and leaves the first row as it is: it names columns without a name.
    kit = pathlib.Path(sys.executable).with_name("in2csv")
    text = subprocess.run([kit, "-I", "-H", str(path)], check=True, capture_output=True, text=True).stdout
    return [row for row in agate.csv.reader(io.StringIO(text, newline=""))][1:]


def spectrum(path):
    expected = json.loads((path.parent.parent / "json" / (path.stem + ".json")).read_text())
    header = list(expected[0])
    return [header] + [[row[name] for name in header] for row in expected]


def main(folder):
    found = []
    for path in sorted(pathlib.Path(folder).rglob("*")):
        try:
            if path.parent.name == "csvs":
                rows = spectrum(path)
            elif "examples" in path.parts and path.suffix in (".csv", ".tsv"):
                rows = own_reading(path)
            elif "examples" in path.parts and path.suffix == ".xlsx":
                rows = workbook(path)
            else:
                continue
        except Exception as fault:  # what they cannot read themselves has no reading to compare with
            print(f"{path}: {fault}", file=sys.stderr)
            rows = None
        found.append({"path": str(path), "rows": rows})
    json.dump(found, sys.stdout)


main(sys.argv[1])
