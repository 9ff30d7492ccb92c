"""What ofxparse reads in its own example statements, and what ofxstatement reads and writes: one JSON document.

statements.py FOLDER OWN: looks for both tools' examples below FOLDER. Every statement of a bank that one of them reads is
also written down once more by ofxstatement, into OWN, and stands in the document with what it was made of.
"""
import io
import json
import pathlib
import re
import sys
import warnings

import bs4
from ofxparse import OfxParser
from ofxstatement import ofx, statement
from ofxstatement.tests.test_ofx import SIMPLE_OFX
from ofxstatement.ui import UI
from ofxstatement_wise.wise import TransferwisePlugin

BANK, CARD = 1, 2

# It moves moments to Greenwich. The day that the bank wrote is the one without the zone.
ZONE = re.compile(rb"\[[-+]?\d+\.?\d*:\w*\]")


def of_ofxparse(content):
    """The accounts of banks and cards, each as ofxstatement keeps it, with how many entries were thrown away."""
    read = OfxParser.parse(io.BytesIO(ZONE.sub(b"", content)), fail_fast=False)
    accounts = []
    for account in read.accounts:
        theirs = account.statement
        if account.type not in (BANK, CARD) or theirs is None:
            continue
        kept = statement.Statement("BANK", account.account_id, (getattr(theirs, "currency", "") or "").upper() or None)
        balance = getattr(theirs, "balance", None)
        kept.end_balance, kept.end_date = (balance or None), getattr(theirs, "balance_date", None)
        for entry in theirs.transactions:
            line = statement.StatementLine(entry.id, entry.date, entry.memo, entry.amount)
            line.payee = entry.payee
            kept.lines.append(line)
        accounts.append((kept, len(theirs.discarded_entries)))
    return accounts


def told(path, accounts):
    return {
        "path": str(path),
        "accounts": None if accounts is None else [account(*one) for one in accounts],
    }


def account(kept, thrown_away):
    return {
        "id": kept.account_id,
        "currency": kept.currency,
        "balance": None if kept.end_balance is None else str(kept.end_balance),
        "thrown_away": thrown_away,
        "lines": [
            {
                "date": line.date.strftime("%Y-%m-%d"),
                "amount": str(line.amount),
                "id": line.id,
                "name": line.payee,
                "memo": line.memo,
            }
            for line in kept.lines
        ],
    }


def written(folder, name, kept):
    """Written down by ofxstatement."""
    path = folder / f"{name}.ofx"
    path.write_text(ofx.OfxWriter(kept).toxml())
    return path


def main(folder, own):
    warnings.filterwarnings("ignore", category=bs4.XMLParsedAsHTMLWarning)
    folder, own = pathlib.Path(folder), pathlib.Path(own)
    found = []
    for path in sorted([*folder.rglob("fixtures/**/*.ofx"), *folder.rglob("ofx_sample_files/*.xml")]):
        try:
            accounts = of_ofxparse(path.read_bytes())
        except Exception as fault:  # what they cannot read themselves has no reading to compare with
            print(f"{path}: {fault}", file=sys.stderr)
            accounts = None
        found.append(told(path, accounts))
        for kept, _ in accounts or []:
            if kept.lines:
                found.append(told(written(own, f"{path.stem}-{kept.account_id}", kept), [(kept, 0)]))
    for path in sorted(folder.rglob("sample-statement.csv")):
        kept = TransferwisePlugin(UI(), {"currency": "USD", "account": "TW1"}).get_parser(str(path)).parse()
        found.append(told(path, [(kept, 0)]))
        found.append(told(written(own, path.stem, kept), [(kept, 0)]))
    # What ofxstatement's own tests expect of its writer, with one amount in another currency.
    expected = own / "expected.ofx"
    expected.write_text(SIMPLE_OFX.lstrip())
    found.append(told(expected, of_ofxparse(expected.read_bytes())))
    json.dump(found, sys.stdout)


main(*sys.argv[1:])
