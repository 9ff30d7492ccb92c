# The history of one value of a device, from ten years down to a minute.

history-all = All its history
history-further = Further back, and closer
history-picture = { $name } of { $device }, { $window }. The same numbers are in the table below the picture.
history-caption = Each point is { $length }. The line is the mean; the band reaches from the smallest to the largest value in it. Where nothing is drawn, nothing is known.
history-a-month = one month
history-a-day = one day
history-an-hour = one hour
history-a-minute = one minute
history-a-second = one second
history-minutes = { $count } minutes
history-seconds = { $count } seconds
history-only-minutes = The single readings of this day are not kept any more; minutes are the finest there is.
history-only-quarters = The single readings and the minutes of this day are not kept any more; quarters of an hour are the finest there is.
history-version = Something came late for this day, so its sums were made again, the last time { $at }: what is shown is version { $version }.
history-energy = The energy in the table is reckoned from these readings, where a power holds for three minutes at most. Bills and shares are not made of it, but of the energy page, which counts by the meters themselves.
history-nothing = Nothing is known of this time.
history-nothing-read = nothing was read
history-readings = { $count } readings
history-years = { $first } to { $last }
history-times = { $day }, { $from } to { $to }
history-decade = 10 years
history-hour = Hour
history-minute = Minute
history-wider = Wider
history-closer = Closer
history-inner = Look closer
history-date = Any other day
history-time = at
history-go = Show it
history-span-refused = There is no such length of time. Choose decade, year, month, week, day, hour or minute, as in ?span=day.
history-date-refused = That is not a day or a time. Write the day as in 2026-06-16 and the time as in 14:05.
column-energy = Energy
