# Two entries of one person: found, side by side, put together.

hub-merge = The same person twice
hub-merge-says = Find entries that may be one person, look at both side by side, and put them together. It can be undone.

merge-title = The same person twice
merge-lead = These entries may be one person. Nothing is put together before you have looked at both. Age and sex play no part in this list.
merge-list-told = { $found ->
    [0] No two entries look like one person.
    [one] 1 pair of entries may be one person.
   *[other] { $found } pairs of entries may be one person. { $shown } of them stand here.
}
merge-names = { $one } and { $other }
merge-likely = Likely: { $signs }.
merge-perhaps = Perhaps: { $signs }.
merge-sign-name = the same name
merge-sign-alike = a name that may be the same
merge-sign-way = the same telephone number or e-mail address
merge-sign-address = the same postal address
merge-not-here = Two entries that are not here can be put together too: open the page of one of them and follow “The same as another entry”.
merge-past = What was put together before
merge-past-none = Nothing was put together yet.

merge-same-as = The same as another entry
merge-with = Which entry is { $name } too?
merge-with-find = Find the other entry
merge-with-found = { $found ->
    [0] No other entry was found. Try a shorter piece of the name.
    [one] 1 other entry was found.
   *[other] { $found } other entries were found.
}

merge-pair-title = Two entries side by side
merge-pair-lead = { $gone } (number { $gone_number }) becomes part of { $kept } (number { $kept_number }).
merge-look-first = Their pages:
merge-turned = Keep the other entry instead
merge-differ = Where they differ
merge-differ-none = Both say the same about the person.
merge-side = Number { $number }
merge-both = Both
merge-both-answers = Both. Where the two answer one question in different ways, the answer of the entry that stays counts
merge-nothing = Nothing is written
merge-dues-agreed = Dues agreed
merge-goes-over = What goes over to the entry that stays
merge-goes-over-none = Nothing else is kept under the other entry.
merge-goes-over-row = { $title }: { $rows }
merge-way-in-ends = Somebody can sign in by the entry that goes. That ends: a way in is never handed on. If this is the entry they use, keep it instead, or give them a new slip afterwards.
merge-says = All of it happens at once, both can read in the record that you did it, and you can undo it as a whole. Nothing is lost: payments, membership, answers and requests go over to the entry that stays.
merge-button = Put the two together
merge-apart = They are two people
merge-apart-says = If the two only look alike, such as a mother and a daughter of one name, say so. They then leave the list, and nobody puts them together by mistake. Both can read in the record that you said it.
merge-apart-button = These are two people
merge-apart-told = Said to be two people
merge-apart-told-says = Somebody said that these two are not one person, so they are not on the list and cannot be put together.
merge-apart-back = They may be one after all
merge-done-apart = The two are two people. They are not on the list any more.
merge-apart-past = Said to be two people
merge-faster = Somebody changed one of the two while you were looking, so nothing was put together. Look at both as they are now, then send it again.

merge-a-merge = Two entries that became one
merge-told = { $when }, by { $by }: number { $gone } became part of number { $kept }.
merge-done-merged = The two entries are one now. If that was wrong, undo it below.
merge-done-undone = It was undone. Both entries are what they were.
merge-undo-says = Both entries become what they were before, with everything that was theirs: { $rows ->
    [one] 1 row
   *[other] { $rows } rows
} of the book.
merge-undo-changed = It cannot be undone as things are. This was changed since:
merge-undo-lost = This can be undone no more: what stood there before is kept for a year, and goes when the person’s data are erased.
merge-undo-what-now = If you only put two people together a moment ago, undo first what was done since then. Otherwise enter the other person anew.
