# Statements of banks. No quotation marks that need writing out, no markup.

hub-statements = Bank statements
hub-statements-says = Read a file from the bank, say who paid, and book it.

statements-title = Bank statements
statements-lead = Read the file that your bank gives you. You see first how we understood it. Nothing is booked before you say so.
statements-file = The file from your bank
statements-file-hint = A table (CSV) or an OFX file. Files of GoCardless and Stripe are read too. You can send the same file again: nothing is read twice.
statements-banks = We know the columns of { $banks }. For any other bank you say once which column is which.
statements-file-button = Look at the file
statements-waiting = Files that are not read yet
statements-read = Files that were read
statements-none = No file was read yet.
statements-told = { $lines ->
    [one] 1 new line
   *[other] { $lines } new lines
 }, { $known } known before, { $left ->
    [one] 1 row not taken
   *[other] { $left } rows not taken
 }.
statements-done-forgotten = The file is gone. Nothing was read from it.
statements-done-undone = The statement is undone. What it had booked was taken back, and you can read the file again.

file-title = A file from the bank
file-understood = How we understood it:
file-told = New lines: { $fresh }. Known before: { $known }. Came in with the new ones: { $in }. Went out: { $out }.
file-account = Which of your accounts is this?
file-account-hint = Write the same word for every file of this account. So two accounts are never taken for one.
file-read = Read the new lines
file-nothing-new = Every line of this file is known already. There is nothing to read.
file-forget = Give this file up
file-left = Rows that are not taken
file-row = Row
file-lines = The lines
file-more = More lines follow. You see all of them once they are read.

line-day = Day
line-amount = Amount
line-text = Text
line-fee = kept by the service
line-payout = a payout in one sum

columns-title = Say which column is which
columns-lead = Look at the rows and choose. We remember it for the next file that looks like this one.
columns-examples = The first rows of the file
columns-bank = Name of the bank
columns-date = The day
columns-amount = The amount, if one column holds what came in and what went out
columns-in = What came in, if it has its own column
columns-out = What went out, if it has its own column
columns-text = Text
columns-text-more = More text
columns-name = Name of the payer
columns-account = Account of the payer
columns-reference = What the payer wrote
columns-balance = What was in the account afterwards
columns-id = The number that the bank gives the line
columns-currency = Currency
columns-none = None
columns-number = Column { $number }
columns-order = How days are written
columns-order-find = Find it out
columns-order-day = Day first: 31/12/2026
columns-order-month = Month first: 12/31/2026
columns-sign = An amount without a minus
columns-plus-in = came in
columns-plus-out = went out
columns-decimal = Before the pence stands
columns-point = a point: 1,234.50
columns-comma = a comma: 1.234,50
columns-no-header = The first row is a line already, not a header
columns-no-date = Choose the column of the day: without it no line can be read
columns-keep = Remember this and look again

grid-title = Lines of a statement
grid-told = Account: { $account }. New lines: { $lines }. Known before: { $known }.
grid-shows = Which lines
grid-open = Open ({ $count })
grid-suggested = Perhaps ({ $count })
grid-unknown = Unknown ({ $count })
grid-matched = Sure ({ $count })
grid-accepted = Chosen ({ $count })
grid-not-ours = Not from members ({ $count })
grid-service = From services ({ $count })
grid-booked = Booked ({ $count })
grid-all = All ({ $count })
grid-none = There is no line here.
grid-book = { $count ->
    [one] Book 1 payment
   *[other] Book { $count } payments
 }
grid-book-hint = This books all lines that are sure and all that you chose. We remember who paid how, so that next time more is sure.
grid-find = Somebody else: write a name or a number
grid-nobody = Nobody with this name is in the book. Write a part of the name, or the number
grid-several = More than one person is meant. Choose one above
grid-look-again = Some names need another look. They are marked below; the other choices are kept
grid-keep = Keep these choices
grid-done-kept = Your choices are kept. Nothing is booked yet.
grid-done-booked = The payments are booked.
grid-pages = Page { $page } of { $pages }
grid-before = Lines before
grid-after = More lines
grid-how = How the file was read
grid-undo = Undo this whole statement
grid-undo-hint = What was booked from it is taken back, its lines go, and what was remembered from it is forgotten. You can read the same file again.
grid-why = Why do you undo it? The people concerned can read this
grid-undo-button = Undo the statement

line-matched = We are sure that this is from
line-suggested = This may be from one of these
line-unknown = We do not know who paid this
line-accepted = You chose
line-not-ours = Not from a member
line-service = From a payment service
line-booked = Booked for
choice-not-ours = Not from a member
choice-open = Leave it open
