# Letters, labels, lists, cards and e-mail.

hub-letters = Letters
hub-letters-says = Write to members once, and each gets it the way they like: on paper, in large print, by e-mail.
hub-print = Labels, lists and cards
hub-print-says = Labels for envelopes, lists to sign, membership cards, slips for several people.
hub-my-letters-says = Read what was sent to you.

letters-title = Letters
letters-lead = You write a letter once. Each person gets it the way they asked for.
letters-new = Write a letter
letters-none = No letter has been written yet.
letters-written = Written { $when }.
letters-written-demanded = Written { $when }. The rules or the law demand it.
letters-gone = Letters that went out
letters-gone-none = No letter has gone out yet.
letters-run-told = Sent { $when }: { $all ->
    [one] 1 letter
   *[other] { $all } letters
}, { $post } on paper, { $mail } by e-mail.
letters-mails = E-mails that wait or went
letters-mail-off = E-mail is switched off. Whoever likes e-mail best gets paper.
letters-mail-server = Set up e-mail
letters-print = Labels, lists and cards
letters-removed = The letter is gone. What went out of it stays.
letters-kept = The letter is kept. Nothing has gone out yet.

letter-title = Title
letter-title-hint = It stands above the letter, and is the subject of the e-mail.
letter-text = The letter
letter-text-hint = A line that begins with # and a space is a heading, one with - and a space is part of a list. A link is its words in square brackets, and right after them its address in round ones. Leave an empty line between paragraphs.
letter-places = What fills itself in
letter-places-says = Write one of these, and each letter has what belongs to the person.
letter-purpose = What it is for
letter-purpose-hint = If you like. It is written into the record when the letter goes out.
letter-demanded = Which law or rule demands it
letter-demanded-hint = Leave it empty unless one does. A letter that is demanded goes to those too who wish to hear nothing from us.
letter-keep = Keep the letter
letter-shown = How it looks
letter-send = Choose who gets it
letter-remove = Throw it away
letter-remove-says = What went out of it already stays.

choice-who = Who gets it
choice-people = These people, by their numbers
choice-numbers = Their numbers
choice-numbers-hint = Only where you choose people by their numbers. With commas between, such as 3, 17, 20.

send-title = Send a letter
send-heading = Send “{ $title }”
send-back = The letter
send-look = Look who gets it
send-owed = What each of them owes
send-owed-hint = A line for each person: the number, a space, the amount, such as 17 5.00. It stands at the place for what is due.
send-owed-wrong = Line { $line } is not a person's number and an amount, such as 17 5.00.
send-owed-twice = Person { $person } stands there twice. Write one amount for each.
send-told = { $letters ->
    [0] Nobody would get it
    [one] 1 letter
   *[other] { $letters } letters
}, { $people ->
    [one] for 1 person.
   *[other] for { $people } people.
}
send-lacks = { $place } would be empty for { $names }. Take it out of the letter, or choose others
send-how-page = The first one on paper
send-how-mail = The first one by e-mail
send-button = Send it now
send-says = Paper is then ready to print. E-mails go out one after the other. You cannot take them back.

run-title = A letter that went out
run-done = It is on its way. What is on paper is ready to print.
run-told = Sent { $when } to { $who }.
run-demanded = Demanded by: { $why }
run-print = Print the letters
run-labels = Labels for the envelopes
run-printed = Printed { $when }.
run-mails = E-mails: { $sent } went, { $waiting } wait, { $failed } did not go.
run-large = large print
run-for = For
run-at = Where
way-post = { $count ->
    [one] 1 on paper
   *[other] { $count } on paper
}
way-post-says = Print them and post them. They are in the order of the streets.
way-mail = { $count ->
    [one] 1 by e-mail
   *[other] { $count } by e-mail
}
way-mail-says = The box sends these by itself.
way-text = { $count ->
    [one] 1 by text message
   *[other] { $count } by text message
}
way-text-says = Send them a short message. The box cannot do it.
way-phone = { $count ->
    [one] 1 by telephone
   *[other] { $count } by telephone
}
way-phone-says = Call them and tell them.
way-person = { $count ->
    [one] 1 in person
   *[other] { $count } in person
}
way-person-says = Tell them when they come in.
way-no-way = { $count ->
    [one] 1 whom we cannot reach
   *[other] { $count } whom we cannot reach
}
way-no-way-says = The book has no address and no number of theirs. Ask for one when you see them.
way-not-at-all = { $count ->
    [one] 1 who wishes to hear nothing
   *[other] { $count } who wish to hear nothing
}
way-not-at-all-says = Nothing demands this letter, so we leave them in peace.

paper-told = { $count ->
    [one] 1 letter, on a sheet of its own.
   *[other] { $count } letters, each on sheets of its own.
}
paper-how = Print this page from your browser, on A4, without headers and footers. The address is where the window of a DL envelope is when you fold the sheet in three.
paper-all-large = All in large print
paper-ordinary = Only theirs in large print

mails-title = E-mails
mails-none = No mail server is set up, so nothing goes out.
mails-off = E-mail is switched off. What waits for { $server } waits.
mails-on = E-mail is switched on. It goes out by { $server }, and nowhere else.
mails-never = Nothing has gone out yet.
mails-last = The last one went { $when }.
mails-open = What has not gone
mails-open-none = Nothing waits.
mails-sent = { $count ->
    [0] None has gone yet.
    [one] 1 has gone.
   *[other] { $count } have gone. The newest 100 stand here.
}
mails-gone = What has gone
mails-trial = A letter to try the way
mails-again = Try it again
mails-stop = Stop it
mails-done-again = It is tried again now.
mails-done-stopped = It is stopped and does not go out.
mail-waits = It waits since { $when }.
mail-tried = { $tries ->
    [one] Tried once, and again { $next }.
   *[other] Tried { $tries } times, and again { $next }.
}
mail-failed = { $tries ->
    [one] Given up after 1 try.
   *[other] Given up after { $tries } tries.
}
mail-stopped = Stopped by a steward.
mail-sent = It went { $when }.

server-title = How e-mail goes out
server-lead = The box sends nothing by e-mail until you switch it on here. Then letters go by this one server, and by no other way.
server-host = Mail server
server-host-hint = Such as mail.example.org. Whoever runs your e-mail tells you.
server-port = Port
server-security = How the connection is kept safe
server-tls = TLS from the start (usually port 465)
server-starttls = STARTTLS (usually port 587)
server-nothing = None, for a server on this machine alone
server-user = Account
server-user-hint = Leave it empty if the server asks for none.
server-password = Password of the account
server-password-hint = It is kept in the box as it is, since the box must be able to give it by itself. Use an account that is for the box alone.
server-password-kept = A password is kept. Leave this empty to keep it.
server-sender = From which address letters come
server-on = Send e-mail
server-keep = Keep this
server-try = Try the way
server-try-says = Sends you an e-mail. Look at the page of e-mails for what became of it.
server-done-on = E-mail is switched on.
server-done-off = E-mail is switched off. Nothing goes out.
server-done-tried = An e-mail to you is on its way.

print-title = Labels, lists and cards
print-lead = Choose the people first, then what you print.
print-labels = Labels for envelopes
print-labels-says = One for each letter: a household that wishes one gets one.
print-sheet = The sheet
print-sheet-21 = 21 labels, 3 by 7, of 63.5 by 38.1 mm
print-sheet-24 = 24 labels, 3 by 8, of 70 by 37 mm
print-sheet-own = Another one, by these measures
print-own = Its measures
print-own-hint = Only for another sheet: seven numbers with commas between. How many in a row, how many rows, then in millimetres how wide, how high, from the left edge, from the upper edge, between two. Such as 2, 7, 99.1, 38.1, 4.7, 15.1, 2.5.
print-attendance = A list to sign
print-attendance-heading = What it is for
print-big = Large print
print-cards = Membership cards
print-cards-says = Ten on a sheet, as large as a bank card. The square on a card leads stewards to the member.
print-slips = Slips to sign in with
print-go-labels = Make the labels
print-go-attendance = Make the list
print-go-cards = Make the cards
print-go-slips = Choose who gets a slip
labels-title = Labels
labels-told = { $count ->
    [0] Nobody of them has an address for paper.
    [one] 1 label.
   *[other] { $count } labels.
}
labels-lacking = { $count ->
    [one] 1 person has no address, or wishes to hear nothing, and gets no label.
   *[other] { $count } people have no address, or wish to hear nothing, and get no label.
}
labels-how = Print this page from your browser at 100 %, on A4, without headers and footers and without margins.
attendance-heading = Who was there
attendance-told = { $count ->
    [one] 1 person.
   *[other] { $count } people.
}
attendance-name = Name
attendance-number = Number
attendance-sign = Signature
cards-title = Membership cards
cards-told = { $count ->
    [0] Nobody of them has a membership number.
    [one] 1 card.
   *[other] { $count } cards.
}
cards-lacking = { $count ->
    [one] 1 person is no member now, or has no number, and gets no card.
   *[other] { $count } people are no members now, or have no number, and get no card.
}
card-of = Member
card-square = Number { $number }, for a phone's camera
card-title = A membership card
card-nobody = Nobody has number { $number }
card-nobody-says = The card is not one of ours, or was taken back.
card-member = Number { $number } is a member now.
card-no-member = Number { $number } is not a member now.
slips-title = Slips to sign in with
slips-lead = Each person signs in once with their slip, within seven days, and then chooses a passphrase. Slips that they had before are worth nothing from then on.
slips-choose = Go on
slips-told = { $count ->
    [one] This makes 1 slip.
   *[other] This makes { $count } slips.
}
slips-count = { $count ->
    [0] Nobody is among those whom you chose. Choose others
   *[other] These are { $count } people. Choose at most { $most } at once
}
slips-make = Make the slips
slips-once = Print this page now. The words are shown this once and kept nowhere.
my-letters-title = Letters to you
my-letters-sent = Sent { $when }.
my-letters-none = No letter has been sent to you.
