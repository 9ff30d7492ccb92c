## One's own pages
me-title = You
me-heading = Hello, { $name }
me-back = Your pages
me-see = What is yours
me-data-title = What we keep about you
me-data-says = Every word of it, why we keep it, and for how long.
me-entry-title = Put right what we know of you
me-entry-says = Your name, how to reach you, what helps you to take part.
me-household-title = Your household
me-household-says = Its name, its address, and how many letters it gets.
me-looks-title = Who looked at your data
me-looks-says = Every look and every change by somebody else, with when and why.
me-sessions-says = Your passphrase, your passkeys and where you are signed in.
me-done-entry = It stands in the members’ book now.
me-done-household = Your household was changed.
me-no-household = You have no household here that you can change. A steward can help you.
form-keep = Keep it
form-refused = Nothing was changed yet. Look at the fields with a red line.
answer-yes = Yes
answer-no = No

## What is kept
kept-lead = This is everything in the members’ book that is about you. What you cannot change yourself, a steward changes when you ask.
kept-scrambled = Kept in a scrambled form from which nobody can read it. It is not shown here.
kept-bytes = Something that only the box can use
kept-you = you
kept-somebody = somebody else (number { $number } in the book)
kept-correct = Put something right
kept-shared = This is about you and others. What is said of the others is left out.
kept-household = This is about your household, so its other people see it too.
kept-named = { $count ->
    [one] This is in somebody else’s entry, and names you there.
   *[other] This is in { $count } entries of others, and names you there.
}
purpose-membership = We keep it to run the membership.
purpose-contact = We keep it to reach you in the way you chose.
purpose-access = We keep it so that you can take part.
purpose-money = We keep it for the accounts.
purpose-statute = We keep it because the law asks for it.
purpose-sign-in = We keep it so that you can sign in, and nobody else as you.
purpose-accountability = We keep it so that what is done with people’s data can be answered for.
purpose-energy = We keep it to show your home its own energy.
purpose-rules = It says how the place works.
basis-contract = Your membership needs it.
basis-legal-obligation = A law asks for it.
basis-legitimate-interest = The place has good reason for it; you may object.
basis-consent = You said yes to it, and can take that back.
basis-explicit-consent = You said yes to this very thing, and can take that back.
basis-not-personal = It is not about a person.
keep-until-leaving = It goes when you leave.
keep-after-leaving = { $years ->
    [one] It goes a year after you leave.
   *[other] It goes { $years } years after you leave.
}
keep-after-entry = { $years ->
    [one] It goes a year after it was written.
   *[other] It goes { $years } years after it was written.
}
keep-while-in-force = It stays until it is changed, taken back or has run out, and goes with your entry.

## Who looked
looks-lead = The newest first. Nobody can take a line out without being noticed.
looks-none = Nobody has looked at your data yet.
looks-ways = Other lines
looks-own-too = Show also what I did myself
looks-others-only = Only what others did
record-whose = { $names } and { $count } more people
record-everybody = It was about everybody, so about you too.
record-why = Why: { $why }

## Putting oneself right
entry-lead = Only your name must be there. All else may stay empty.
entry-name = Your name, as you write it
entry-called = How to address you
entry-called-hint = In letters and at the door. Leave it empty if your name will do.
entry-sort = Where your name stands in lists
entry-sort-hint = Leave it empty to be listed under the last word of your name.
entry-pronouns = Pronouns
entry-pronouns-hint = She, he, they, or any other.
entry-languages = Languages
entry-languages-hint = The best first, with commas between.
entry-access = What helps you to take part
entry-access-hint = Such as a ramp, somebody who signs, a seat near the door. Only stewards see it, and it goes when you leave.
entry-large-print = Letters in large print
entry-mobile = Mobile telephone
entry-phone = Telephone at home
entry-email = E-mail
entry-other = Another way to reach you
entry-reach = How you wish to be reached
entry-address = Your own postal address, if it is not your household’s
entry-postcode = Postcode
entry-country = Country
entry-country-hint = Only if it is another one.
entry-listing = Who may know that you are a member
entry-listing-hint = Stewards always know. Nobody outside ever does.
entry-why-asked = Why we ask: { $why }
reach-post = By letter
reach-phone = By a call
reach-text = By a text message
reach-e-mail = By e-mail
reach-in-person = By a word when I come in
reach-not-at-all = Not at all, but for what the law or the rules demand
listing-hidden = Nobody but stewards
listing-name-shown-to-members = Other members may see my name
household-lead = Here live: { $names }. Whatever you change here changes for all of them, and they can see that you did.
household-name = Name of the household
household-name-hint = Leave it empty to use the names of its people.
household-address = Postal address
household-letters = Letters to all members of the household
letters-one-for-all = One for all of us
letters-one-for-each = One for each of us

## What one may ask
me-ask = What you may ask of us
me-copy-says = Everything about you, as a letter or as a file.
me-consents-says = Whether we may send you news or show your picture. You can take it back.
me-requests-says = Ask us to put something right or to forget you, or complain.
me-directory-says = Those who chose that others may see their name.
me-leave-says = End your membership, and what becomes of your data then.
requests-title = What you asked about your data
requests-lead = We answer within a month. We say that we have a complaint within 30 days, and then answer it as soon as we can.
request-new = Ask or complain
request-kind = What is it about
request-copy = A copy of everything kept
request-correction = Something is wrong
request-erasure = Being forgotten
request-objection = Something should not be done with my data
request-complaint = A complaint
request-words = In your words
request-words-hint = What is wrong, or what you wish. It may stay empty where you ask for a copy.
request-send = Send it
request-done = It is written down, and somebody answers it. You see here how it goes on.
request-asked = Asked on { $day } ({ $channel }).
request-acknowledged = We said on { $day } that we had it.
request-closed = Answered on { $day }:
request-due = { $left ->
    [one] To be done by { $day }: one day left.
   *[other] To be done by { $day }: { $left } days left.
}
request-late = { $left ->
    [one] It should have been done by { $day }: one day late.
   *[other] It should have been done by { $day }: { $left } days late.
}
consents-title = What you said yes to
consents-lead = You may say no to all of this and are just as much a member. You can take a yes back at any time.
consent-done = It is written down.
consent-none = You have not been asked yet, so it is not done.
consent-yes = Yes on { $day } ({ $channel }), to these words: “{ $words }”
consent-no = No on { $day } ({ $channel }), to these words: “{ $words }”
consent-say-yes = Yes, you may
consent-take-back = Take it back
consent-which = Choose what it is about and what the answer is
matter-news = News
matter-appeals = Asking for gifts
matter-pictures = Pictures
matter-name = Your name in print
leave-title = Leave
leave-lead = You can leave at any time. Nobody asks you to say why.
leave-what = What becomes of your data
leave-access = On the day you leave, we forget what helps you to take part, your tags, further answers and our notes.
leave-name = A year later we forget your name, how to reach you, and how you sign in.
leave-money = What you paid stays in the accounts for six years, as the law asks, and when you were a member as long.
leave-undo = If you change your mind, ask a steward: they take you in again.
leave-hint = Your vote and your place among the members end today.
leave-why = Why, if you like to say
leave-why-hint = Stewards can read it.
leave-button = Leave now
leave-done = You have left. Thank you for having been with us.
leave-left = You left on { $day }.
leave-no-member = You are no member here, so there is nothing to leave. To be forgotten, ask us.
directory-title = Members
directory-lead = These members chose that other members may see their name. All others stay hidden.
directory-names = Their names
directory-nobody = Nobody has chosen that yet.
copy-title = Take your data with you
copy-lead = It is everything that this box keeps about you, with why, on which ground and how long.
copy-how = As what
copy-letter = As a letter in plain words, to read or print
copy-file = As a file for other programs
copy-heading = What we keep about { $name }
copy-made = Made on { $day }.
copy-says = This is everything that is kept about you in this box. Below each thing stands why it is kept, on which ground and how long. It came from you, from those who wrote it down for you, and from what was done here.
copy-rights = You may have it put right, object to it, ask to be forgotten, and complain: to us, and to the Information Commissioner (ico.org.uk). It is given to nobody outside but those whom you were told of.
copy-energy = { $count ->
    [one] Beside this the file has your home’s energy of one day.
   *[other] Beside this the file has your home’s energy, day by day, in { $count } rows.
}
copy-record = What was done with it
