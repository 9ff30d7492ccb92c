# Tables of people: read in, looked at first, undone.

hub-import = Tables of people
hub-import-says = Read a spreadsheet of people in, look first at what it would change, and undo it if it was wrong.

upload-none = No file was chosen. Choose one and send it again
upload-too-large = This file is larger than { $most } MB, which is the most that can be read. Cut the table into several files
upload-damaged = The file did not arrive whole. Choose it again and send it once more

import-title = Read a table of people in
import-lead = Choose a table as a spreadsheet program keeps it. Nothing changes yet: you see first what would become of every row.
import-file = File with the table
import-file-hint = CSV, Excel (.xlsx) or OpenDocument (.ods), up to 8 MB. The first row says what the columns are.
import-file-button = Read this file
import-waiting = { $file } is waiting for you.
import-go-on = Go on with it
import-done-forgotten = The table was put away. Nothing was changed.
import-past = What was read in before
import-past-none = Nothing was read in yet.
import-a-table = A table
import-by-nobody = somebody
import-told = Read in { $when } by { $by }: { $new } new, { $changed } changed, { $same } already known.
import-undone = It was undone.
import-undone-but = It was undone, but for rows that had changed since: { $stayed }.

import-columns-title = What the columns mean
import-read-text = { $rows ->
    [one] 1 row
   *[other] { $rows } rows
}, as text in { $encoding }, parted by { $delimiter }.
import-read-worksheet = { $rows ->
    [one] 1 row
   *[other] { $rows } rows
} of the worksheet “{ $worksheet }”.
import-above = Rows above the header that were left out: { $count }.
import-empty = Empty rows that were left out: { $count }.
import-short = Rows with fewer cells than the header, whose last cells are taken as empty: { $count }.
import-unread = Rows that cannot be read; you see why on the next page: { $count }.
import-columns = The columns of the table
import-header = Column
import-meaning = What it is
import-examples = What stands in it
import-leave-out = (leave it out)
import-column = Column { $number }
import-class = Class of membership for those of whom the table names none
import-class-none = none: they are entered and are no members
import-question = answer to “{ $question }”
import-tag = tag “{ $tag }”, yes or no
import-order = How days like 4/3/2021 are written
import-order-unknown = as the table tells
import-together = Who becomes one household, where no column tells it
import-same-name = Somebody whose name is in the book already, and nothing else tells who it is, is
import-delimiter = What stands between two cells
import-delimiter-comma = a comma
import-delimiter-semicolon = a semicolon
import-delimiter-tab = a tab
import-delimiter-pipe = a line |
import-encoding = How letters are kept
import-worksheet = Worksheet
import-header-line = Row that says what the columns are
import-header-line-hint = Its number in the file, counted from 1.
import-see = See what would happen
import-forget = Put this table away

import-preview-title = What would happen
import-preview-lead = Nothing is changed yet.
import-kinds = Kinds of rows
import-sum-all = All rows: { $count }
import-sum-new = New: { $count }
import-sum-changed = Changed: { $count }
import-sum-same = Nothing new: { $count }
import-sum-not-taken = Not taken: { $count }
import-commit = Read the table in
import-commit-says = All of it happens at once, and you can undo it as a whole.
import-nothing = Nothing in this table is new, so there is nothing to read in.
import-back-to-columns = Change what the columns mean
import-report = This list as a table
import-rows = The rows of the table
import-rows-told = Rows: { $rows }. Page { $page } of { $pages }.
import-report-row = Row
import-report-name = Name
import-report-told = What would happen
import-report-notes = Left out of it
import-row-new = New in the book
import-row-changed = Changes { $person }: { $fields }
import-row-same = Already in the book; nothing new
import-ask = Who is it?
import-ask-later = (not decided)
import-ask-new = Another person, who is new
import-ask-person = { $name } ({ $person })
import-ask-leave = Leave this row out
import-ask-button = Keep these answers
import-pages = Pages of the list
import-before = Earlier rows
import-after = Later rows

import-done-in = The table was read in.
import-done-undone = It was undone.
import-not-taken = What was not taken
import-all-taken = Every row and every cell was taken.
import-undo = Undo it
import-undo-says = Everything becomes what it was before: { $rows ->
    [one] 1 row
   *[other] { $rows } rows
} of the book. Numbers that were given to people are not given again, and whoever was erased since does not come back.
import-undo-changed = Somebody has changed these since, or something else depends on them by now. They would stay as they are:
import-undo-button = Undo all of it
import-undo-others = Undo all the others
import-to-all = All tables that were read in

# The whole book on its way out.

hub-export = The whole book as a table
hub-export-says = Take everybody out as a file for a spreadsheet or for another box. It takes two people.
export-title = The whole members' book as a table
export-lead = You get one file, in CSV, which spreadsheet programs open and which Hearth reads in again without loss.
export-within = What is in the file
export-people = Everybody: names, ways to reach them, addresses, relations, tags, notes, what helps them to take part, answers to the questions of the house.
export-households = Households, and when each lived in a home with a meter.
export-membership = Memberships with their whole history, notices and shares, also of people who are in the book no more.
export-rules = The questions, tags and classes of the house.
export-without = What is not in it
export-no-money = Payments and dues, bank statements, Gift Aid.
export-no-sign-in = Passphrases, passkeys and slips, roles, consents.
export-no-record = Letters, requests about data, and the record of who did what.
export-who = Who should not have it
export-careful = Whoever has this file knows where everybody lives and what they need. Give it to nobody who may not read the whole book here. Do not send it by e-mail, do not leave it on a computer that others use, and throw it away when it has served its purpose: what is erased here is not erased in your copy.
export-formula = A cell that a spreadsheet would run as a formula has an apostrophe in front. Leave it there: Hearth takes it off again.
export-again = To read it in again, choose it under “Tables of people”. You see first what would change.
export-take-title = Take it out
export-two = Another person who may do this must agree first. Where there is nobody else, you get the file at once. Everybody in the book can read that it was done, and why.
export-why = Why is it needed?
export-why-hint = Everybody in the book can read this.
export-ask = Ask for the table
export-waits = You asked for this, so somebody else must agree. It ends { $until }.
export-agreed = Somebody agreed. You can take the table out now, once.
export-take = Take the table out
import-own = This table came out of Hearth, so its columns are known. What stands in a row is taken as it is, and what is empty there is emptied. Memberships that the book has stay as they are.
import-row-beside-new = Adds or changes: { $what }
import-row-beside-same = { $what }; nothing new
