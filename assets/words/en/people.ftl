# The members' book: people, households, membership.

nav-members = Members
hub-title = The members’ book
hub-people = People
hub-people-says = Find somebody, look at what is written of them, change it.
hub-own = How you sign in
hub-own-says = Your passphrase, your passkeys, and where you are signed in.

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
people-number = Number
people-membership = Membership
people-household = Household
people-telephone = Telephone
people-pages = Pages of the list
people-before = Page before
people-after = Next page
