# Money: dues, payments, the cash book, receipts, reminders, Gift Aid.

hub-money = Money
hub-money-says = Take a payment, see who owes something, count the cash box.
money-title = Money
money-came = { $month } so far
money-came-nothing = Nothing came in yet in { $month }
money-ways = More
money-late = { $count ->
    [one] 1 pays late: { $sum } in all.
   *[other] { $count } pay late: { $sum } in all.
}
money-late-nobody = Nobody pays late.
money-in-box = { $sum } should lie in the cash box.
money-open-day = { $day } is not counted yet. Close that day first.
money-no-dues = There are no rules for dues yet, so nobody is asked for anything. A steward writes them under “Dues”.
money-no-day = “{ $typed }” is no day. Write it like 2026-06-16
money-no-number = “{ $typed }” is no whole number. Write it in digits
money-no-choice = Choose one of these
money-no-payer = there is nobody with this number. Look for them by name
money-yes = Yes
money-no = No

## Words for ways, purposes, periods
way-cash = Cash
way-standing-order = Standing order
way-bank-transfer = Bank transfer
way-card = Card
way-direct-debit = Direct debit
way-cheque = Cheque
way-waiver = Waived: we ask for nothing
for-dues = Dues
for-gift = Gift
for-other = Something else
for-spent = Spent
for-banked = Taken to the bank
every-month = Each month
every-quarter = Each quarter of a year
every-year = Each year
every-once = Once, on joining
per-person = each person
per-household = each household
joining-whole = The whole period
joining-share = A share by days
joining-next = Nothing until the next period
tier-full = ordinary
tier-concession = for those who have less
tier-as-you-can = each pays what they can, at least this
heard-paper = On paper
heard-page = On a page of the box
heard-spoken = By word of mouth
remind-by-screen = a word when they came in
remind-by-letter = a letter
remind-by-phone = a call
remind-by-email = an e-mail
remind-by-text = a text message

## How somebody stands
standing-never = Was never asked for dues.
standing-paid = Paid until { $until }.
standing-open = { $owed } is open since { $since }. There is time yet.
standing-late = { $owed } is open since { $since }.

## Taking money
pay-title = Take a payment
pay-find = Who pays?
pay-find-hint = A few letters of the name.
pay-find-button = Find
pay-found = { $count ->
    [0] Nobody was found. Try fewer letters.
    [one] 1 person was found.
   *[other] { $count } people were found. Choose one.
}
pay-by-household = Their household pays.
pay-other = Somebody who is not in the book
pay-other-link = Somebody who is not in the book
pay-household = the household
pay-instead = Or enter it for:
pay-account = What they owe and paid
pay-outsider = Name
pay-outsider-hint = As it should stand on the receipt.
pay-amount = Amount
pay-way = How it was paid
pay-purpose = What for
pay-day = Day
pay-reference = Remark
pay-reference-hint = A bank’s reference, a cheque’s number, what was bought. If money goes back, write a minus before the amount and the reason here.
pay-button = Enter it
pay-done = It is entered.
pay-again = This form was sent before, so nothing was entered a second time.

## One payer
account-paid-by = Their dues are paid by their household
account-person = What else is written about this person
account-people = People:
account-pay = Enter a payment
account-ahead = { $sum } was paid ahead. It goes to the next periods.
account-dues = Dues
account-no-dues = Nothing was asked so far.
account-period = For
account-what = Dues
account-asked = Asked
account-open = Open
account-paid = paid
account-payments = Payments
account-no-payments = Nothing was paid so far.
account-taken-back = taken back
account-reminders = Reminders
account-reminded = { $day }: { $channel }. { $owed } was open.
account-agreed-title = What was agreed
account-agreed-usual = Nothing else was agreed, so what is usual holds.
account-agreed-none = From { $from } on nothing is asked.
account-agreed = From { $from } on: { $step }, { $amount }. { $way }.
account-agree = Agree on something else
account-agree-button = Agree on it
account-step = Dues
account-step-from = from { $amount } on
account-step-none = Nothing is asked
account-amount = How much
account-amount-hint = Only where each pays what they can.
account-way = How it will come
account-from = From
account-done-agreed = It is agreed.
account-done-declared = The declaration is entered.
account-done-cancelled = The declaration is cancelled from that day on.

## One entry
payment-none = there is no such payment. Look at the list again
payment-done-back = It was taken back. Both entries stay.
payment-statement = Line of a statement
payment-in-cash-book = Number in the cash book
payment-by = Entered by
payment-receipt = Receipt { $number }
payment-other = The other entry
payment-make-receipt = Make out a receipt
payment-taken-back = This was taken back, or takes another entry back. It counts no more.
payment-back = Was this wrong?
payment-back-says = Nothing is rubbed out. Another entry takes it back, and both stay to be seen.
payment-why = Why
payment-why-hint = Whoever paid can read it.
payment-back-button = Take it back

## Receipts
receipts-title = Receipts
receipts-says = Numbered through the year, without gaps.
receipts-heading = Receipts of { $year }
receipts-none = There are none.
receipts-before = The year before
receipt-title = Receipt
receipt-none = there is no receipt with this number
receipt-copy = Copy { $number } of the original
receipt-taken-back = This payment was taken back.
receipt-from = Received from
receipt-amount = Amount
receipt-day = On
receipt-thanks = Thank you.
receipt-print = Print this page now. The next time it is opened it says that it is a copy.
receipt-next = Take the next payment

## Dues
dues-title = Dues
dues-says = How much is asked, of whom and how often.
dues-lead = What is asked of members. What somebody owes never decides whether they are a member.
dues-empty = There are no rules yet.
dues-new = Write new dues
dues-none = there are no such dues. Look at the list again
dues-done = The dues are kept. What was asked for earlier periods stays as it was.
dues-told = { $every }, { $per } is asked, from { $anchor } on.
dues-told-until = { $every }, { $per } was asked, from { $anchor } until { $until }.
dues-step-told = { $name }: { $amount } ({ $kind })
dues-change-lead = Members for whom nothing else was agreed are asked for the first step of the first dues that fit their class.
dues-name = What they are called
dues-name-hint = Such as “Yearly dues”.
dues-every = How often
dues-per = Asked of
dues-classes = Only for these classes of members
dues-classes-hint = With commas between. Leave it empty for all.
dues-anchor = First day
dues-anchor-hint = Periods are counted from this day. Nothing is asked for the time before.
dues-joining = Who joins within a period pays
dues-grace = Days until it is late
dues-step = Step { $number }: name
dues-kind = Step { $number }: kind
dues-amount = Step { $number }: amount
dues-prices-from = New amounts hold from
dues-prices-from-hint = For periods that begin on this day or later.
dues-until = Asked no more from
dues-until-hint = Leave it empty while they go on.
dues-button = Keep these dues
money-rules-title = What we decided about money
rules-remind-every = Days between two reminders
rules-not-worth = Nobody is reminded of less than
rules-not-worth-hint = Leave it empty to remind of everything.
rules-gift-aid = We claim Gift Aid
rules-dues-are-gifts = Dues are gifts
rules-dues-are-gifts-hint = Only if members get nothing in return that they would else pay for. Ask HMRC or an accountant.
rules-year-ends-day = Our accounts’ year ends on day
rules-year-ends-month = of
rules-button = Keep this
rules-done = What you decided is kept.

## Arrears
arrears-title = Who owes something
arrears-told = { $count ->
    [0] Nobody pays late.
    [one] 1 pays late.
   *[other] { $count } pay late.
}
arrears-kind = Ask kindly. Whoever cannot pay can agree on less, or dues can be waived; both are as good as paying.
arrears-remind = To be reminded now
arrears-write = Write them all a letter at once: choose “Whoever is to be reminded of what they owe”
arrears-by-screen = A word when they come in
arrears-by-letter = By letter
arrears-by-phone = By a call
arrears-by-email = By e-mail
arrears-by-text = By text message
arrears-remind-hint = Tick those whom you have asked. They are left out of this list for some days.
arrears-remind-button = I have reminded these
arrears-done = { $count ->
    [0] Nobody was written down: they were reminded lately, or owe nothing any more.
    [one] 1 reminder is written down.
   *[other] { $count } reminders are written down.
}
arrears-all = Everybody who pays late
arrears-name = Name
arrears-since = Since
arrears-last-paid = Last paid
arrears-last-reminded = Last reminded

## The cash book
cash-title = Cash book
cash-before = In the box before
cash-came = Came in
cash-went = Went out
cash-expected = Should lie in the box
cash-entries = Entries
cash-number = Number
cash-nothing = There are no entries on this day.
cash-spend = Take money out, or put some in
cash-what = What happened
cash-from-bank = Brought from the bank
cash-reference = What for
cash-no-reference = Write what it was for
cash-no-minus = Write the amount without a minus and choose what happened
cash-spend-button = Enter it
cash-close = Count and close this day
cash-close-says = Count the box first, then type what you counted. A closed day stays as it is; what was wrong is put right on a later day.
cash-counted = Counted
cash-counted-hint = All notes and coins in the box.
cash-explained = Why it differs
cash-explained-hint = Only if what you counted is not what should lie there.
cash-close-button = Close the day
cash-closing = Number of the closing
cash-difference = More or less than the book says
cash-seal = Seal of the day
cash-days = Days
cash-is-closed = closed
cash-is-open = open
cash-done-closed = The day is closed.
cash-done-spent = It is entered.

## Gift Aid
gift-aid-title = Gift Aid
gift-aid-says = Declarations, and the tax that a charity may claim back.
gift-aid-off = We do not claim Gift Aid. A steward can change that under “Dues”.
gift-aid-claimable = { $count ->
    [0] There is nothing to claim now.
    [one] 1 gift can be claimed: { $sum }.
   *[other] { $count } gifts can be claimed: { $sum }.
}
gift-aid-claim-says = The gifts are put into one claim, and no later claim takes them again.
gift-aid-claim = Put a claim together
gift-aid-done = The claim is put together. Save its schedule and attach it to your claim at HMRC.
gift-aid-claims = Claims
gift-aid-claim-told = Claim { $number } of { $day }: { $sum } in { $count ->
    [one] 1 gift.
   *[other] { $count } gifts.
}
gift-aid-schedule = Schedule, part { $part } of { $parts }
gift-aid-not = Gifts for which nothing can be claimed
gift-aid-told = { $heard }, { $given }: for gifts from { $from } on. Wording { $wording }.
gift-aid-told-cancelled = { $heard }, { $given }: for gifts from { $from } until { $until }, when it was cancelled. Wording { $wording }.
gift-aid-declare = Enter a declaration
gift-aid-wording = The words to be signed or said: “I want to Gift Aid this gift, my gifts of the last four years and those to come. I pay UK tax. If I pay less Income Tax or Capital Gains Tax in a tax year than is claimed on all my gifts, it is my responsibility to pay the difference.”
gift-aid-given = Made on
gift-aid-from = For gifts from
gift-aid-from-hint = At most four years before it was made.
gift-aid-heard = How
gift-aid-declare-button = Enter the declaration
gift-aid-cancel = Cancel this declaration
gift-aid-cancel-from = For gifts from this day on
gift-aid-cancel-button = Cancel it

own-money-title = Your dues
own-money-says = What is asked of you, what you paid, what is open, and how to pay.
own-money-household = Your household pays together: { $names }.
own-money-next = Next: { $amount } on { $day }.
own-money-not-membership = What is open changes nothing about your membership by itself. If you cannot pay, say so: less or nothing can be agreed.
own-money-how = How to pay
own-money-cash = In cash, to whoever takes the money here. You get a receipt.
own-money-bank = By bank transfer or standing order. Ask for the account, and write your name as the reference.
own-money-bank-number = By bank transfer or standing order. Ask for the account, and write your name and your number { $number } as the reference.
own-money-wrong = If something here is not right, tell whoever keeps the accounts. They can enter, correct and take back; this page only shows.
