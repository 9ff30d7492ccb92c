# The words of Hearth in plain English. A number comes in as finished text ("6.2 kW"), or as a count where the words
# depend on it. There is no markup here.

## The frame
skip = Skip to the content
nav-main = Main
nav-energy = Energy
nav-devices = Devices
nav-box = The box
page-lost = No word from the box just now, so what stands here may be old. It goes on by itself when the box answers.
foot-stays-here = Everything on this page stays on the box in the cupboard. Nothing is sent anywhere that a steward did not switch on.
foot-knows = What this box knows
theme = Colours:
theme-device = As my device
theme-light = Light
theme-dark = Dark

## Times and lengths
monday = Monday
tuesday = Tuesday
wednesday = Wednesday
thursday = Thursday
friday = Friday
saturday = Saturday
sunday = Sunday
january = January
february = February
march = March
april = April
may = May
june = June
july = July
august = August
september = September
october = October
november = November
december = December
day-short = { $weekday } { $day } { $month }
day-long = { $day } { $year }
day-of-month = { $day } { $month }
period-month = { $month } { $year }
period-week = { $first } to { $last } { $year }
moment-today = today at { $time }
moment-of-another-day = { $day }, { $time }
ago-now = just now
ago-seconds = { $count ->
    [one] 1 second ago
   *[other] { $count } seconds ago
}
ago-minutes = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
ago-hours = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
ago-days = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
}
length-moment = less than a minute
length-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
length-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
length-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

## Home: what flows now
title-home = Energy now
now-no-meters = No meters are set up yet. A technician adds them to site.toml.
now-no-word = There is no word from any meter just now.
now-roof-makes = The roof makes { $made }.
now-roof-nothing = The roof makes nothing just now.
now-roof-asleep = The roof is asleep.
now-roof-silent = There is no word from the roof.
now-use-unmetered = No meter stands between us and the street, so nobody knows what the homes use.
now-use = The homes use { $used }, and nothing comes from the street.
now-use-out = The homes use { $used }, and { $out } goes out to the street.
now-use-bought = The homes use { $used }, and { $bought } of it comes from the street.
now-use-all-bought = The homes use { $used }, all of it from the street.
now-use-all-given = The homes use { $used }, all of it from the battery.
now-use-stored = The homes use { $used }, and { $stored } goes into the battery.
now-use-given = The homes use { $used }, and { $given } of it comes out of the battery.
now-use-stored-out = The homes use { $used }, { $stored } goes into the battery, and { $out } out to the street.
now-use-stored-bought = The homes use { $used }, { $stored } goes into the battery, and { $bought } comes from the street.
now-use-given-out = The homes use { $used }, the battery gives { $given }, and { $out } goes out to the street.
now-use-given-bought = The homes use { $used }: { $given } from the battery and { $bought } from the street.
now-street-silent = There is no word from the street’s meter, so nobody knows what the homes use.
now-street-bought = { $bought } comes from the street; what the homes use cannot be told.
now-street-out = { $out } goes out to the street; what the homes use cannot be told.
now-street-nothing = Nothing comes from the street or goes out to it; what the homes use cannot be told.
now-fresh = Measured { $ago }, { $time }.
now-time = It is { $time }.
kettle = A kettle takes about 2 kW.
now-must-act = Somebody must act. The page of the box says what to do.
now-silent-since = No word from { $who } since { $since }, because: { $why }.
now-silent-always = No word from { $who } yet, because: { $why }.
now-roof-draws = The inverter itself uses { $power } while the roof makes nothing; that is not counted as made.
now-roof-sleeps = The inverter sleeps until it is light again. That is no fault.
flow-words = Energy now: { $flows }.
flow-nothing = Energy now: no flow is known.
flow-sun-to-use = { $power } from the roof to the homes
flow-sun-to-battery = { $power } from the roof into the battery
flow-sun-to-street = { $power } from the roof out to the street
flow-battery-to-use = { $power } from the battery to the homes
flow-battery-to-street = { $power } from the battery out to the street
flow-street-to-use = { $power } from the street to the homes
flow-street-to-battery = { $power } from the street into the battery
card-roof = Roof makes
card-roof-name = Roof
card-homes = Homes use
card-homes-name = Homes
card-homes-own = { $share } ours
card-battery-gives = Battery gives
card-battery-fills = Battery fills
card-battery-name = Battery
card-rests = at rest
card-battery-full = { $share } full
card-street-gives = Street gives
card-street-takes = Street takes
card-street-name = Street
card-street-bought = bought
card-street-out = sent out
card-silent = no word
card-asleep = asleep
card-nothing = nothing

## Energy over time
heading-today = Today so far
heading-day = Quarter by quarter
heading-hours = { $from } to { $to } o’clock
heading-whole-day = The whole day
heading-days = Day by day
heading-months = Month by month
period-ahead = { $period } lies ahead.
period-unknown = Nothing is known of { $period }.
period-made-used = { $period }: the roof made { $made } and the homes used { $used }, { $own } of it our own.
period-so-far = { $period } so far: the roof made { $made } and the homes used { $used }, { $own } of it our own.
period-made = { $period }: the roof made { $made }. What the homes used is not known.
period-used = { $period }: the homes used { $used }.
chart-title = Energy, { $period }. The same numbers are in the table below the chart.
key-sun = sun, used at once
key-from-battery = out of the battery
key-bought = bought
key-use = the line on top: what the homes use
key-into-battery = into the battery
key-sent-out = out to the street
gap-word = no word
now-word = now
estimate-word = estimate
recovered-word = filled in
gap-all = no meter gave word
gap-roof = the roof gave no word
gap-street = the street’s meter gave no word
gap-battery = the battery gave no word
gap-note = { $time }: { $silent }. The chart stays empty there.
estimate-note = { $time }: an estimate from power, because the counter could not be read. It is hatched.
recovered-note = { $time }: nobody could read the meter, but it counted on. The sum is right, its shape is not known; it is hatched.
gap-bar-note = Where there is no bar, nothing is known.
partly-bar-note = A hatched bar is an estimate, or a part of its time is missing.
as-a-table = The same as a table
table-caption = Energy in kWh
table-caption-day = kWh in each quarter of an hour
column-from = From
column-day = Day
column-month = Month
column-charge = Into the battery
column-discharge = Out of the battery
column-known = How it is known
known-measured = measured
known-recovered = filled in
known-estimated = estimate
cause-began = counting began
cause-outage = nobody read the meter
cause-exchanged = another meter
cause-reset = the meter began again at zero
cause-rolled-over = the meter went past its last digit
cause-clock = the clock was set
cause-person = corrected by somebody
time-estimated = the time is estimated
known-partly = in part
known-missing = no word
total-made = Made by the roof
total-used = Used in the building
total-out = Out to the street
total-bought = Bought
total-unknown = not known
total-more = { $energy } more than on an ordinary day by now
total-less = { $energy } less than on an ordinary day by now
total-as-usual = about as much as on an ordinary day by now
total-made-kept = { $share } of it stayed here
total-used-own = { $share } of it from our own roof
total-out-share = { $share } of what the roof made
total-bought-share = { $share } of what was used
total-battery = The battery took { $charge } and gave { $discharge }.
total-missing = { $length } are missing; they are in no sum.
units-explained = kW is how fast energy flows, kWh is how much has flowed: a kettle of 2 kW that boils for half an hour takes 1 kWh.
nav-hours = Look closer
nav-times = Other times
step-day = Day
step-week = Week
step-month = Month
step-year = Year
step-hours = { $from }–{ $to }
step-whole-day = All day
date-label = Any other day
date-button = Show this day
date-refused = That is not a date. Write it as in 2026-06-16.
hours-refused = Choose hours from 0 to 24, the second after the first, as in ?from=6&to=12.
save-csv = Save as CSV

## Devices
title-devices = Devices
all-devices = All devices
devices-none = No devices are set up yet. A technician adds them to site.toml.
devices-all-answer = { $all ->
    [one] The one device is as it should be.
   *[other] All { $all } devices are as they should be.
}
devices-some-unwell = { $unwell ->
    [one] 1 of { $all } devices answers only in part.
   *[other] { $unwell } of { $all } devices answer only in part.
}
devices-some-gone = { $gone ->
    [one] 1 of { $all } devices does not answer.
   *[other] { $gone } of { $all } devices do not answer.
}
state-healthy = Answers
state-degraded = Answers in part
state-asleep = Asleep
state-gone = Silent
state-waiting = Not asked yet
state-healthy-why = It answers as it should.
state-degraded-why = It answers, but not always or not to everything. Last: { $why }.
state-degraded-some = It answers, but not always or not to everything.
state-asleep-why = It sleeps, as inverters do at night. That is no fault.
state-gone-since = No word since { $since }, because: { $why }.
state-gone-always = It has not answered since the box started, because: { $why }.
state-gone-plain = It does not answer.
state-waiting-why = The box has only just started and has not asked it yet.
role-production = makes energy
role-grid = counts what comes from the street and goes out to it
role-battery = counts what the battery takes and gives
role-consumption = counts what is used
audience-household = Its values are for its household only. You see how it is doing, and nothing that was measured.
audience-stewards = Its values are for stewards only. You see how it is doing, and nothing that was measured.
never-answered = not since the box started
fact-kind = Kind
fact-role = What it does
fact-bus = Where it is
fact-bus-says = bus { $bus }, address { $unit }
fact-last-answer = Last answer
fact-asked = Questions
fact-asked-says = asked { $asked }, answered { $answered }
fact-latency = Time to answer
fact-latency-says = { $middle } ms as a rule, 1 in 20 takes more than { $slow } ms, slowest { $slowest } ms
fact-patience = The box waits
fact-patience-says = { $wait } ms for an answer
fact-last-error = Last thing that went wrong
fact-last-error-says = { $error }, { $at }
fact-no-error = nothing since the box started
fact-profile = Profile
fact-maker = Maker
fact-model = Model
fact-version = Version
fact-serial = Serial number
device-power-today = Power today
device-chart = Power of this device today, in kW. The same numbers are in the table below the chart.
device-table = Power
device-chart-explained = The line is the mean of each quarter of an hour; the band reaches from its smallest to its largest value. Where nothing is drawn, there was no word, or it lies ahead.
device-below-grid = Below 0 it goes out to the street.
device-below-battery = Below 0 it goes into the battery.
column-min = Smallest
column-mean = Mean
column-max = Largest
device-values = Its values
device-values-explained = Open a value to see where it comes from.
value-quantity = What it is
value-registers = Registers
value-raw = Raw words
value-meaning = How they are read
value-source = Where that is written
value-channel = Channel
value-none = –
state-code = { $words } ({ $code })
state-off = off
state-sleeping = asleep
state-starting = starting
state-making = makes all it can
state-throttled = makes less than it could
state-stopping = shutting down
state-fault = a fault
state-standing-by = standing by
state-testing = testing
state-disconnected = not connected
state-connected = connected
state-protecting = protects itself
state-suspending = pausing
state-empty = empty
state-giving = gives
state-filling = fills
state-full = full
state-holding = holds
value-never = never read
raw-none = none yet
why-value = The device sent { $raw }. Read as { $meaning }, that is { $shown }.
why-not-asked = It has not been asked yet.
why-not-implemented = The device does not have this value; it says so itself.
why-not-a-number = The device sent something that is not a number.
why-too-large = The number was too large to be true.
why-no-answer = No answer came in time.
why-refused = The device refused the question.
why-garbled = The answer was damaged, or was the answer to another question. It was thrown away.
why-line-down = The line is down, so nobody could be asked.
why-asleep = The device sleeps, as inverters do at night. That is no fault.
why-implausible = The value cannot be true, so it is not used.
why-wrong-device = Another device answers than the one that was set up.
why-incomplete = A part of the answer that this value needs is missing.
why-unknown = A newer Hearth wrote a reason that this one does not know.
quantity-power = power of all phases
quantity-phase-power = power of one phase
quantity-energy-forward = counter, forward
quantity-energy-reverse = counter, backward
quantity-direct-power = power of the panels or the battery
quantity-direct-energy = counter of the panels
quantity-voltage = voltage
quantity-current = current
quantity-frequency = frequency of the mains
quantity-temperature = temperature
quantity-charge = how full the battery is
quantity-rated-power = power on the nameplate
quantity-state = what the device says it is doing
quantity-other = something else worth showing
device-counters = Its counters
device-about = About it
device-rename = Give it another name
device-rename-label = Name for people
device-rename-hint = 1 to 60 letters. Its name in files and addresses stays.
device-rename-button = Change the name
device-renamed = It is called { $label } now.

## The box
title-box = The box
box-well = The box is well.
box-to-know = The box is well. There is something to know.
box-must-act = Somebody must act.
must-act = To do now:
box-buses = Buses
box-buses-explained = A bus is one line or connection that devices share.
bus-up = Up
bus-down = Down
bus-told = Asked { $asked }, answered { $answered }; { $silents ->
    [one] once nothing came
   *[other] { $silent } times nothing came
}, { $refusals ->
    [one] 1 answer was refused as damaged or late
   *[other] { $refused } answers were refused as damaged or late
}, { $drains ->
    [one] 1 byte was thrown away
   *[other] { $drained } bytes were thrown away
}.
bus-busy = In use { $share } of the last minute.
box-store = Store and card
store-state = State
store-well = Everything is written down.
store-last = Last written
store-last-says = { $at }, it took { $took } ms
store-none-yet = nothing yet
store-every = Readings are written
store-every-says = every { $seconds } s. A power cut costs the readings of this time and no energy. The line commit_every in site.toml says so, from 1 s to 5 min
store-size = Size of the file
store-waiting = Readings that wait in memory
store-kept = Kept
store-kept-says = Single readings { $readings }, minutes { $minutes }, quarters of an hour and longer and the ledger for ever. The section store.keep in site.toml says so
kept-days = for { $days } days
kept-years = { $years ->
    [one] for 1 year
   *[other] for { $years } years
}
kept-for-ever = for ever
card-writes = Written to the card
card-writes-unknown = The system does not count it.
card-writes-short = { $bytes } since the start; too early to say how much that is in a day
card-writes-says = { $bytes } since the start, about { $day } a day at this pace
box-tasks = The program
tasks-run = { $all ->
    [one] Its one part runs.
   *[other] All { $all } parts of it run.
}
tasks-stopped = { $stopped ->
    [one] 1 of its { $all } parts does not run:
   *[other] { $stopped } of its { $all } parts do not run:
} { $names }.
tasks-each = Its parts one by one
task-runs = Runs
task-restarted = { $count ->
    [one] Runs; started again once
   *[other] Runs; started again { $count } times
}
task-restarted-why = { $count ->
    [one] Runs; started again once. Last: { $why }
   *[other] Runs; started again { $count } times. Last: { $why }
}
task-stopped = Stopped
task-stopped-why = Stopped: { $why }
box-knows = What this box knows and sends
box-knows-what = It knows what its meters count: power and energy of the building, and of each home that has a meter of its own.
box-knows-who = A home’s own values are shown to nobody but its people, when they have signed in. Whoever looks at the energy pages leaves no trace. Whoever looks at what is kept about people does, and the person concerned can read it.
box-sends = It sends nothing. No figure, no name and no sign of life goes to anybody outside.
box-record = The record
box-record-explained = Every change is written down and stays. Nobody can take a line out without being noticed.
box-record-none = Nothing has been changed yet.
box-record-older = Older lines
record-line = { $who } { $what }
place-rename = Give the place another name
place-rename-label = Name of the place
place-rename-button = Change the name
place-renamed = The place is called { $name } now.
reload = Read the configuration again
reload-explained = After site.toml was changed by hand. If the file is wrong, the box goes on with the old one and says what is wrong. No reading is lost.
reload-button = Read it again
reload-done = The configuration was read again.
reload-refused = The box goes on as before. { $why }
box-about = About the box
about-version = Version of Hearth
about-started = Running since
about-started-says = { $at }, for { $length }
about-time = Its clock
about-time-says = { $time } ({ $zone })

## Signing in
nav-sign-in = Sign in
nav-own = You
sign-in-title = Sign in
sign-in-out = You are signed out on this device.
sign-in-offered = On this device before
sign-in-name = Your name
sign-in-name-hint = The one that you chose for signing in. Capital letters and accents do not matter.
sign-in-passphrase = Your passphrase
sign-in-shared = Other people use this device too. Sign me out soon.
sign-in-button = Sign in
sign-in-otherwise = Other ways in
sign-in-slip-link = I have a slip of paper
sign-in-passkey-button = Sign in with a passkey
sign-in-passkey-script = Passkeys need a browser that runs scripts. Use your passphrase instead.
sign-in-passkey-not-here = Passkeys work only where this box is opened by its own name over a safe connection, so not on this page.
sign-in-lost = Forgotten, or your phone is lost? A steward gives you a new slip when you come in.
sign-in-old-form = This was sent already, or comes from an older page, so nothing was done. Open the page again and look what stands there
slip-title = Sign in with a slip
slip-lead = A steward gave you a slip of paper with four words.
slip-words = The four words
slip-words-hint = In their order, with spaces between. The first four letters of each are enough.
slip-button = Go on
slip-none = No slip? A steward gives you one when you come in. Nobody sends it by e-mail or asks you for the words.
passphrase-title = Choose a passphrase
passphrase-first-lead = With it you sign in from now on. Your slip has done its work.
passphrase-change-lead = The one until now ends, and you are signed out on all your other devices.
passphrase-now = Your passphrase until now
passphrase-now-wrong = This is not your passphrase. Try again, or ask a steward for a slip
passphrase-name = Name to sign in with
passphrase-name-hint = As short as you like. Only you and stewards see it.
passphrase-new = New passphrase
passphrase-new-hint = At least 12 letters. Four words that have nothing to do with each other are easy to keep in mind. You need no digits and no signs.
passphrase-show = Show what I type
passphrase-button = Keep it
passphrase-kept = The box keeps only a scrambled form, from which nobody can read it, not even a steward. You may write it down and keep the paper at home.
passkey-failed = That did not work, or was broken off. Try again, or use your passphrase.
passkey-name = What to call it
passkey-name-hint = So that you know it again, such as “my phone”.
passkey-name-usual = This device
passkey-add = Add a passkey
passkey-remove = Remove it
passkey-used = For { $host }. Added { $added }, last used { $used }.
passkey-never-used = For { $host }. Added { $added }, not used yet.
passkey-elsewhere = It works only where the box is opened by that name.
own-title = How you sign in
own-sign-out = Sign out here
own-passphrase = Name and passphrase
own-name = Your name for signing in:
own-passphrase-change = Change name or passphrase
own-no-passphrase = You have not chosen a passphrase yet.
own-passphrase-choose = Choose a passphrase
own-passkeys = Passkeys
own-passkeys-explained = With a passkey you unlock your phone or computer instead of typing. Its maker may keep a copy for your other devices; it holds the name of this box and your name for signing in.
own-sessions = Where you are signed in
own-everywhere-explained = If a device was lost or somebody else was signed in as you.
own-everywhere = Sign out on all devices
own-offer = Your name on this device
own-offer-shown = Whoever opens the sign-in page on this device sees your name there.
own-offer-hide = Do not show my name here
own-offer-hidden = Nobody sees on this device that you have signed in here.
own-offer-show = Show my name on this device
own-done-passphrase-enough = Your passphrase is kept. It will do; one word more would make it much stronger.
own-done-passphrase-good = Your passphrase is kept. It is a good one.
own-done-passphrase-strong = Your passphrase is kept. It is a strong one.
own-done-passkey = The passkey was added.
own-done-removed = The passkey was removed.
own-done-ended = You are signed out on that device.
own-done-shown = This device shows your name from now on.
own-done-hidden = This device does not show your name any more.
session-since = Signed in since { $when }.
session-own = Your own device.
session-shared = A device that others use too.
session-here = You are here.
session-end = Sign out there
claim-title = Take charge of this box
claim-lead = Whoever does this first may do everything here, and can let others help. It can be done once.
claim-done = Somebody takes charge of this box already.
claim-code = The code
claim-code-hint = Four words. Whoever is at the box itself reads them with: hearth claim
claim-name = Your name
claim-name-hint = As you write it. It is the first name in the members’ book.
claim-button = Take charge
give-title = A slip for signing in
give-heading = A slip for { $name }
give-lead = With it this person signs in once, within seven days, and then chooses a passphrase. Slips that you gave them before are worth nothing from then on.
give-first = Make a slip for the first time
give-recovery = Make a slip because something was lost
give-once = Print this page now, or write the words down. They are shown this once and kept nowhere.
give-for-whom = For { $name }
give-how = Open { $address } and type these four words, or point your phone at the square.
give-square = The address with the four words, for a phone's camera
give-until = Good once, until { $when }.
give-keep = Give these words to nobody. Nobody here asks you for them.

## What cannot be shown
error-no-page = There is no page with this address.
error-not-there = This is not here
error-not-there-remedy = Look whether the address is right, or start from the energy page.
error-bad-question = This could not be understood
error-bad-question-remedy = Go back, change it and try again.
error-not-allowed = This is not for everybody
error-not-allowed-remedy = The page “Who can do what here” says whose role allows it. Ask one of them.
error-conflict = Something has changed meanwhile
error-conflict-remedy = Open the page again and look what stands there now.
error-failed = The box could not do this
error-failed-remedy = Nothing was lost. Try again in a minute; if it goes on, the page of the box says what is wrong.
error-back = To the energy page
