## One's own pages
me-title = You
me-heading = Hello, { $name }
me-back = To your pages
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
kept-correct = Put something right
kept-shared = This is about you and others. What is said of the others is left out.
kept-household = This is about your household, so its other people see it too.
kept-named = This is in somebody else’s entry, and names you there.
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
household-letters = Letters to all members of the household
letters-one-for-all = One for all of us
letters-one-for-each = One for each of us
