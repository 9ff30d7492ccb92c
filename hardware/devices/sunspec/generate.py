#!/usr/bin/env python3
"""Writes models.tsv: the facts of all SunSpec models that reading a device needs, and no descriptions.

Usage: python3 generate.py > models.tsv, with pysunspec2 installed (pip install pysunspec2==1.3.7). The facts come
from the model definitions that pysunspec2 carries (SunSpec Alliance, Apache-2.0).

A line that begins with "=" opens a model: number, name, length of the fixed part without the two words of the
header, first word of the repeating group, its length, and the point that counts the repetitions. The lines after
it are its points: name, offset from the model's ID word, type, words, scale factor (a point's name or a number),
unit, and "r" if the point belongs to the repeating group (its offset is then that of the first repetition).
Groups without repetition are laid flat, as in PFWInj.PF. Left out: points whose place depends on a count inside a
repetition (the curves of models 705-712, 64410 and 64411), and points after them.
"""

import json
import pathlib
import sys

import sunspec2


def is_repeating(group):
    return "count" in group and group["count"] != 1


def holds_repetition(group):
    return any(is_repeating(inner) or holds_repetition(inner) for inner in group.get("groups", []))


def flat(group, offset, prefix=""):
    """Points of a group and of its single inner groups, with their offsets; then the offset behind them."""
    rows = []
    for point in group.get("points", []):
        rows.append((prefix + point["name"], offset, point))
        offset += point["size"]
    for inner in group.get("groups", []):
        if is_repeating(inner):
            break
        more, offset = flat(inner, offset, prefix + inner["name"] + ".")
        rows += more
    return rows, offset


def clean(text):
    return (text or "").strip()


def line(row, mark):
    name, offset, point = row
    factor = point.get("sf")
    factor = "" if factor is None else str(factor)
    columns = [name, str(offset), point["type"], str(point["size"]), factor, clean(point.get("units")), mark]
    return "\t".join(columns).rstrip("\t")


def model_lines(model):
    top = model["group"]
    fixed, end = flat(top, 0)
    start = length = count = ""
    repeated = []
    groups = [group for group in top.get("groups", []) if is_repeating(group)]
    if groups and not holds_repetition(groups[0]):
        repeated, after = flat(groups[0], end)
        start, length = str(end), str(after - end)
        counted = groups[0]["count"]
        counters = [point["name"] for _, _, point in fixed if point["type"] == "count"]
        count = counted if isinstance(counted, str) else (counters[0] if counters else "")
    head = ["=" + str(model["id"]), top["name"], str(end - 2), start, length, count]
    yield "\t".join(head).rstrip("\t")
    for row in fixed:
        yield line(row, "")
    for row in repeated:
        yield line(row, "r")


def main():
    folder = pathlib.Path(sunspec2.__file__).parent / "models" / "json"
    models = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("model_*.json")]
    models.sort(key=lambda model: model["id"])
    sys.stdout.reconfigure(encoding="utf-8")
    print("# Written by generate.py from the definitions in PyPI's pysunspec2 1.3.7; its head explains the columns.")
    for model in models:
        for text in model_lines(model):
            print(text)


if __name__ == "__main__":
    main()
