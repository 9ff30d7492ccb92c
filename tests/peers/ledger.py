"""Makes the hashes of a statement of the ledger again, from docs/technicians/ledger.md and with hashlib alone.

ledger.py FILE: says how many days, entries and corrections fit, as JSON; ends with 1 and a sentence where one does not.
"""
import hashlib
import json
import sys


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def fail(number, what):
    sys.exit(f"line {number}: {what}")


def leaf_text(day, leaf, lines):
    text = f"hearth ledger {leaf['leaf']} 1\n"
    text += f"days {day['from_ms']} {day['until_ms']}\n"
    text += f"meter {leaf['device']} {leaf['flow_number']}\n"
    text += f"salt {leaf['salt']}\n"
    for line in lines:
        numbers = " ".join(map(str, line["numbers"]))
        if leaf["leaf"] == "entries":
            text += f"{line['start_ms']} {line['wh']} {numbers}\n"
            continue
        before = "-"
        if line["before"] is not None:
            before = " ".join(map(str, [line["before"], *line["before_numbers"]]))
        text += f"{line['correction']} {line['recorded_ms']} {line['start_ms']} before {before} after {line['wh']} {numbers}\n"
    return text + f"count {len(lines)}\n"


def day_text(day):
    text = f"hearth ledger day 1\ndays {day['from_ms']} {day['until_ms']}\nkind {day['kind']}\n"
    text += f"before {day['before']}\nentries {day['entries']}\ncorrections {day['corrections']}\n"
    return text + "".join(f"leaf {leaf}\n" for leaf in sorted(day["leaves"]))


def main(path):
    days = entries = corrections = 0
    day = previous = None
    closed = False
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    if lines[0].get("statement") != "hearth-ledger-1":
        fail(1, "this is no statement")
    at = 1
    while at < len(lines):
        line = lines[at]
        if "closing" in line:
            closed = True
            if line["days"] != days or line["lines"] != at - 1:
                fail(at + 1, "the closing line counts otherwise")
        elif "day" in line:
            day = line
            days += 1
            if sha(day_text(day)) != day["hash"]:
                fail(at + 1, "the hash of the day is another")
            follows = previous is not None and previous["until_ms"] == day["from_ms"]
            if follows and previous["hash"] != day["before"]:
                fail(at + 1, "the day does not hang on the one before")
            previous = day
        elif "leaf" in line:
            inside = lines[at + 1 : at + 1 + line["count"]]
            if sha(leaf_text(day, line, inside)) != line["hash"]:
                fail(at + 1, "the hash of these lines is another")
            if line["hash"] not in day["leaves"]:
                fail(at + 1, "these lines are not of this day")
            if line["leaf"] == "entries":
                entries += len(inside)
            else:
                corrections += len(inside)
            at += len(inside)
        else:
            fail(at + 1, "this line belongs to nothing")
        at += 1
    if not closed:
        fail(len(lines), "the statement is cut")
    print(json.dumps({"days": days, "entries": entries, "corrections": corrections}))


main(sys.argv[1])
