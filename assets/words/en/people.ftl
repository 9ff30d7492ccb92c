# The members' book: people, households, membership.

nav-members = Members
hub-title = The members’ book
hub-of-people = People and households
hub-of-money = Money
hub-of-letters = Letters
hub-of-book = The book itself
hub-of-roles = Who may do what
hub-people = People
hub-people-says = Everybody in the book. Enter somebody new.

people-title = People
people-find = Find somebody
people-find-hint = A piece of a name, a telephone number, an e-mail address, a street or a tag. Capital letters and accents do not matter.
people-find-button = Find
people-all = { $all ->
    [0] Nobody is in the book yet.
    [one] 1 person is in the book.
   *[other] { $all } people are in the book. Page { $page } of { $pages }.
}
people-found = { $found ->
    [0] Nobody was found among { $all } people. Try a shorter piece of the name.
    [one] 1 of { $all } people was found.
   *[other] { $found } of { $all } people were found. Page { $page } of { $pages }.
}
people-caption = People, in the order of their names
people-name = Name
people-number = Number in the book
people-membership = Membership
people-household = Household
people-telephone = Telephone
people-pages = Pages of the list
people-before = Page before
people-after = Next page
people-more = More ways
people-keep = Keep it
people-back = Back without changing anything
people-now = What is written now
people-faster = Somebody else changed this while you were at it, so nothing of yours is kept yet. Compare what is written now with what you typed, put it right below, and send it again.
people-heading-of = { $name }: { $what }

## One person
person-new = Enter somebody
person-add = Enter this person
person-added-meanwhile = This form was sent already, or somebody else entered a person meanwhile. Look in the list whether this person is there now. If not, send it again.
person-done-added = This person is in the book now.
person-done-changed = It is changed.
person-recorded = That you looked at this page is written down, and this person can read it.
person-entered = First entered
person-membership = Membership
person-money = What they owe and paid
person-slip = Make a slip to sign in with
person-roles = Roles
person-data = Requests about their data
person-empty = Nothing is written yet under
person-change = Change
person-related = is known here as: { $what }
person-no-household = No household is written here.
person-make-household = Make a household of this person
person-make-household-hint = Then others can join it. The address goes to the household, so that it gets one letter.
person-post = Post arrives at
person-no-post = No address is written here.
group-name = Name
group-ways = How to reach this person
group-address = Own address
group-needs = Languages and access
group-relations = Relations
group-tags = Tags
group-custom = Questions of the house
group-notes = Notes
group-listing = Who may know of the membership

## Inputs
field-numbered = { $label } ({ $number })
field-other = More
field-name = Name
field-name-hint = As the person writes it: one word or many, in any script.
field-called = How to address this person
field-called-hint = In a letter or at the door, such as “Ms Öberg” or “Ana”. Empty means by the name.
field-sort = Stands in lists under
field-sort-hint = Empty means under the last word of the name.
field-pronouns = Pronouns
field-born = Day of birth
field-born-hint = Only where a class of membership asks for it. Like 29/2/2004.
field-kind = Kind
field-reach = Wishes to be reached by
field-way-kind = Kind
field-way = Number or address
field-way-note = Remark
field-lines = Address
field-lines-hint = Street and town, each on its own line, without the name.
field-postcode = Postcode
field-country = Country
field-country-hint = Only if it is another one.
field-languages = Languages
field-languages-hint = The best one first, with commas between.
field-access = What helps to take part
field-access-hint = Large print, a ramp, somebody who signs. Write it only if the person wishes it written down.
field-large-print = Letters in large print
field-kinship = This person is
field-relation = To whom
field-relation-hint = A number, or a whole name that nobody else has.
field-note = Notes
field-note-hint = Whom it is about can read every word.
field-listing = Who may know
field-listing-hint = Hidden means that nobody but stewards knows of the membership.
field-household-name = Name of the household
field-household-name-hint = Empty means by the names of its people.
field-letters = Letters
field-another = This is another person with the same name

## Households
hub-households = Households
hub-households-says = People who live together: one address, one letter, one home with a meter.
households-title = Households
households-find = Find a household
households-find-hint = A piece of a name or of the address.
households-found = { $found ->
    [0] No household was found.
    [one] 1 household.
   *[other] { $found } households. Page { $page } of { $pages }.
}
households-caption = Households, in the order of their names
households-people = People
household-people = Who lives there
household-empty = Nobody belongs to it now.
household-leave = Leaves this household
household-join = Somebody joins
household-join-button = Let this person join
household-written = Name, letters and address
household-homes = Metered homes
household-homes-explained = Its people see the energy of the home for this time. Nobody else does, and nobody sees the time of others.
household-no-stay = It lives in no metered home.
household-stay = { $home } since { $from }
household-stay-ended = { $home } from { $from } to before { $until }
household-home = Home
household-from = First day
household-until = First day when it is no more theirs
household-until-hint = Empty while they live there. To end a stay, send its home and first day again with this day.
household-settle = Write down this stay

## Searches
hub-search = Choose people
hub-search-says = By class, tag, language, postcode and more: for calls, e-mails and tables. Keep a search under a name.
search-title = Choose people
search-kept = Searches that are kept
search-forget = Forget this search
search-done-kept = The search is kept.
search-done-forgotten = The search is forgotten.
search-of = Who is meant
search-all = Whoever meets all conditions
search-any = Whoever meets one of them
search-condition = Condition
search-more = More conditions
search-is = is
search-is-not = is not
search-status = State
search-class = Class
search-tag = Tag
search-custom = Question
search-reach = Wishes
search-way = Can be reached by
search-language = Language
search-household = Lives in a household
search-postcode = Postcode begins with
search-age-from = At least this old, in years
search-age-below = Younger than this, in years
search-dues = Dues
search-owes-over = Owes more than
search-paid-until = Has paid until this day or longer
search-dues-hidden = It looks at what people owe. Only those who may see what people pay can use it.
search-button = Show whom it means
search-chosen = { $count ->
    [0] It means nobody
    [one] It means 1 person
   *[other] It means { $count } people
}
search-first = These are the first of them.
search-use = What to do with it
search-calls = List of calls
search-addresses = E-mail addresses
search-table = Table for a spreadsheet
search-name = Keep it under a name
search-keep = Keep this search
calls-title = List of calls
calls-told = { $count ->
    [0] Nobody to call.
    [one] 1 call.
   *[other] { $count } calls.
}
calls-without = { $count ->
    [0] Everybody chosen has a telephone.
    [one] 1 more has none, or wishes no word.
   *[other] { $count } more have none, or wish no word.
}
calls-caption = Calls, in the order of names
calls-spoken = Spoken to
calls-paper = Destroy the paper when the calls are made.
addresses-title = E-mail addresses
addresses-told = { $count ->
    [0] No address.
    [one] 1 address.
   *[other] { $count } addresses, each once.
}
addresses-without = { $count ->
    [0] Everybody chosen has one.
    [one] 1 person has none, or wishes no word.
   *[other] { $count } people have none, or wish no word.
}
addresses-label = Addresses
addresses-hint = Put them into the field for blind copies (Bcc), so that nobody sees the others.

## Rules of the book
hub-rules = Questions, tags and classes
hub-rules-says = What your house asks, by which words stewards find people, and which classes of membership there are.
rules-title = Questions, tags and classes
rules-done-kept = It is kept.
rules-done-removed = It is taken away.
rules-questions = Questions of the house
rules-questions-explained = What you ask beside what Hearth knows already. Ask for little: whoever is asked can read why.
rules-label = Question
rules-help = Help
rules-help-hint = What helps to answer. May stay empty.
rules-why = Why you ask
rules-why-hint = In one sentence. People read it beside the question.
rules-choices = Answers
rules-choices-hint = Only for a question with answers to choose from: each answer on its own line.
rules-own-label = People may change their answer themselves
rules-own = People may change it themselves.
rules-not-own = Only stewards change it.
rules-add-question = Add the question
rules-remove = Take it away
rules-remove-question = The question goes, with every answer that was given to it. This cannot be undone.
rules-remove-tag = The tag goes, from everybody who has it. This cannot be undone.
rules-remove-button = Take it away for good
rules-tags = Tags
rules-tags-explained = Words by which stewards find people. Whoever has one can read it, and what it stands for.
rules-tag-name = Tag
rules-tag-meaning = What it stands for
rules-tag-meaning-hint = Somebody who has it should understand why.
rules-add-tag = Keep the tag
rules-classes = Classes of membership
rules-classes-explained = Whoever is in a class is admitted, votes or not, and pays as the house decides. A class is closed and never taken away, since people were in it.
rules-two = Somebody else who may change the rules must agree before this changes. If there is nobody else yet, it is done at once, and the record says so.
rules-class-label = Class
rules-class-from = From this age
rules-class-below = Below this age
rules-class-age-hint = Whole years. Empty means any age.
rules-class-votes = They vote
rules-class-by-decision = A decision admits them, so an application comes first
rules-class-closed = Closed to new members
rules-add-class = Add the class
rules-votes = They vote.
rules-no-votes = They do not vote.
rules-any-age = Any age.
rules-ages = From { $from } to below { $below } years.
rules-by-decision = A decision admits them.
rules-at-once = They are admitted at once.
rules-closed = Closed to new members.

## Membership
membership-none = There is no membership.
membership-applied = Applied on { $from }. Class: { $class }.
membership-member = Member since { $from }. Class: { $class }.
membership-not-admitted = Not admitted, on { $from }.
membership-suspended = Suspended since { $from }. Class: { $class }.
membership-left = Left on { $from }.
membership-removed = Removed on { $from }.
membership-died = Died on { $from }.
membership-back = Back to the person
status-applied = Applied
status-member = Member
status-not-admitted = Not admitted
status-suspended = Suspended
status-left = Left
status-removed = Removed
status-died = Died
membership-number = Membership number
membership-shares = Shares
membership-shares-explained = Where your rules have them. They give no votes.
membership-shares-change = Change the shares
membership-shares-label = How many shares
membership-application = Application
membership-history = History
membership-history-caption = Every step, the oldest first
membership-from = From
membership-status = State
membership-class = Class
membership-why = Why
membership-by = Entered by
membership-apply = Enter an application
membership-apply-explained = What somebody asked on paper or by word. A decision on it comes afterwards.
membership-apply-on = Day of the application
membership-apply-button = Enter the application
membership-words = What was said with it
membership-decide = Decide
membership-decide-explained = Payments play no part here: what is not paid ends no membership by itself.
membership-to = It becomes
membership-on = From this day
membership-why-hint = Whom it is about can read it. Needed to refuse, suspend or remove somebody.
membership-cause = Ground to suspend or remove
membership-cause-hint = Arrears want a notice first, and time to object.
membership-cause-decision = A decision that the rules allow
membership-cause-arrears = Arrears
membership-decide-button = Write down the decision
notice-title = Notices
notice-told = Notice of { $given }, to object until { $until }
notice-closed = Closed on { $on }
notice-objection = The objection:
notice-heard = What was decided on it:
notice-give = Give notice
notice-give-explained = Nothing changes by a notice alone. The person sees it when they sign in; tell them also in the way they wish.
notice-until = They can object until
notice-why = Why
notice-give-button = Give notice
notice-hear = Decide on the objection
notice-hear-explained = Before anything is done, somebody hears what the person said.
notice-hear-words = What was decided, and by whom
notice-hear-button = Write it down
notice-close = Take the notice back
notice-close-explained = It was paid, or the objection was right.
notice-close-button = Take it back
hub-own-membership-says = Your state, its history, and how to become a member.
own-membership-title = Your membership
own-membership-applied = Your application has arrived. Somebody decides on it and tells you.
own-membership-objected = Your objection has arrived. Nothing is done before somebody has decided on it.
own-membership-object = Object to the notice
own-membership-objection = What you say against it
own-membership-objection-hint = Somebody must read it and write down what was decided, before anything is done.
own-membership-object-button = Send the objection
own-membership-apply = Become a member
own-membership-words = Anything you want to say
own-membership-apply-button = Apply for membership
hub-register = Register of members
hub-register-says = The register that the law asks for, to be inspected and printed.
register-title = Register of members
register-explained = Names and addresses are those of the day of entry. Other people’s shares are not shown. That you looked is written down. Use it for nothing but what the law meant it for.
register-told = { $count ->
    [0] There is no entry yet.
    [one] 1 entry.
   *[other] { $count } entries.
}
register-own-shares = { $count ->
    [one] You hold 1 share.
   *[other] You hold { $count } shares.
} Only you see this line.
register-caption = In the order of entry
register-entered = Member from
register-ended = Until
register-still = still
register-open-explained = The law lets members of a society or company inspect the register. Where membership itself tells of somebody’s health or belief, and no law asks for it, leave it closed.
register-open = Open it to members
register-close = Close it to members
