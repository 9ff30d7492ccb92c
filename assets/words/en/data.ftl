## The desk for requests about data
hub-data = Requests about data
hub-data-says = Copies, complaints, consents, being forgotten, and what goes with time.
hub-record = The record of who did what
hub-record-says = Every look and every change, and whether a line was altered.
desk-title = Requests about data
desk-lead = What is due first stands first. That you looked here is written down.
desk-ways = More
desk-nothing = Nobody has asked anything.
desk-no-request = There is no request with this number.
desk-request = { $number }. { $kind }: { $name }
desk-person = To the data of { $name }
desk-answer = Answer it
desk-acknowledge-or-answer = Say that we have it, or answer it
desk-answer-hint = Leave it empty to say only that it has arrived. With an answer it is closed.
desk-outcome = Our answer
desk-done = It is written down, and the person can read it.
desk-person-heading = The data of { $name }
desk-person-lead = That you looked here is written down, and the person can read it.
desk-person-request-done = It is written down. The clock runs from the day on which it was asked.
desk-person-consent-done = It is written down.
take-down-title = Write down what was asked
take-down-hint = Somebody may ask by word of mouth. It counts from that day, and must be answered within a month.
take-down-channel = How it arrived
take-down-day = On which day
take-down-day-hint = Leave it empty for today.
take-down-button = Write it down
channel-page = On a page of the box
channel-in-person = In person
channel-paper = By letter or on paper
channel-phone = By telephone
channel-email = By e-mail
desk-copy = A copy of everything for this person
copy-why = Why
copy-why-hint = Such as: she asked for it at the desk. The person can read it.
consent-answer = Their answer
consent-channel = How they said it
consent-button = Write it down
erase-title = Erase this person
erase-lead = Look first what would go and what the law has kept.
erase-back = The data of this person
erase-heading = Erase { $name }
erase-gone-title = This goes
erase-gone-more = Also the reasons that were written in the record with their name, and every byte of all this in the file on the card.
erase-changed-title = From this they are taken out
erase-kept-title = This stays by law, without contact data
erase-kept-nothing = Nothing stays.
erase-kept = { $count ->
    [one] { $title }: one entry, until { $day }
   *[other] { $title }: { $count } entries, until { $day }
}
erase-kept-named = { $count ->
    [one] { $title }: one entry, with the name or words that may be theirs, until { $day }
   *[other] { $title }: { $count } entries, with the name or words that may be theirs, until { $day }
}
erase-rows = { $count ->
    [one] { $title }: one entry
   *[other] { $title }: { $count } entries
}
erase-mentions-title = These texts still mention this person
erase-mentions-first = They hold the full name, an initial with the last name, an address, a telephone number or an e-mail address, and somebody may have written them about somebody else, so the box leaves them as they are. Look at each and take out what is about this person before you erase. Texts that say only a first name are not found.
erase-mentions-left = They were left as they are, since they may be about somebody else. Look at each and take out what is about this person. Texts that say only a first name are not found.
erase-mention = { $place }: { $fields }
erase-mentions-more = { $count ->
    [one] And one more.
   *[other] And { $count } more.
}
erase-now-title = Do it
erase-hint = This cannot be undone. All that stays is written into a new file, which takes a while.
erase-why = Why
erase-button = Erase for good
erase-done = It is erased
erase-done-says = What went is in no byte of this box any more. What stays is said below. Paper and copies that were taken out of the box are for you to find.
keeping-title = What goes with time
keeping-lead = The box lets go once a day of what is kept no longer, by the rule of each field.
keeping-last = The last time
keeping-last-on = On { $when }:
keeping-never = Nothing was let go yet.
keeping-over = Over now, and gone by tomorrow
keeping-over-line = { $title }: { $gone ->
    [0] none goes
    [one] 1 goes
   *[other] { $gone } go
}, { $less ->
    [0] none loses a part
    [one] 1 loses a part
   *[other] { $less } lose a part
}
keeping-next = Next, within a year
keeping-next-line = { $count ->
    [one] { $title }: one entry, from { $day } on
   *[other] { $title }: { $count } entries, from { $day } on
}
keeping-nothing = Nothing.
wordings-title = The words in which people are asked
wordings-lead = Each change is a new version. Whoever answered an older one has answered that one.
wordings-text = The words
wordings-version = { $version ->
    [0] These words came with the box.
   *[other] Your words, version { $version }.
}
wordings-hint = Say what is done and by which way, in plain words.
wordings-button = Use these words from now on
wordings-done = The new words are used from now on.
record-title = The record of who did what
record-lead = Nobody can take a line out or change it without being noticed. That you read it here is a line too.
record-act = What
record-any-act = Anything
record-person = The number of a person in the book
record-person-hint = What they did, and what was done with their data.
record-from = From
record-until = Until
record-choose = Show these lines
record-check = Look whether a line was altered
record-none = There are no such lines.
record-csv = These lines as a table
record-json = These lines as JSON
record-bad-day = Write the day as year-month-day, such as 2026-06-16
record-bad-person = Write the number of a person in digits
record-whole = { $count ->
    [one] The one line is as it was written.
   *[other] All { $count } lines are as they were written.
}
