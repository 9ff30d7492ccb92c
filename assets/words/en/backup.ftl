# Backups: how they stand, one made now, and the recovery phrase.
backup-title = Backups
backup-lead = A copy of everything that this box keeps, which only your recovery phrase opens. The box makes one each day, reads it again, and compares it with itself row by row before it counts.
backup-stand = How they stand
backup-no-place = No backups are made: nobody has said where they go. Whoever looks after the machine writes a section [backup] into site.toml, with a folder or a stick.
backup-no-phrase = No backups are made: there is no recovery phrase yet. Make one below.
backup-newest-at = { $place }: the newest is of { $at }. { $count ->
    [one] There is 1 backup.
   *[other] There are { $count } backups.
}
backup-none-at = { $place }: there is no backup yet.
backup-running = One is being made now.
backup-make-hint = It takes some minutes. The box goes on meanwhile.
backup-make = Make a backup now
backup-begun = A backup is being made. Look again in some minutes.
backup-what = What is in them
backup-within = Everything: readings and energy, the members’ book, money, letters, the record of who did what, the box’s names and keys. What is past is written once; older backups are thinned out by themselves.
backup-sealed = Whoever finds the stick reads nothing without the phrase. Neither does this box: it keeps only the half of the key that seals.
backup-restore = On a blank box, somebody at the machine types “hearth backup restore” and the place of the backup, and is asked for the phrase.
backup-phrase = The recovery phrase
backup-phrase-none = There is none yet. It is 24 words, shown once, to be written on paper.
backup-phrase-there = There is one. Make another when the paper is lost, or somebody has seen it who should not. Backups made until then are still opened by the old one only.
backup-phrase-two = Another person who may do this must agree first. Where there is nobody else, it is made at once. Have paper and a pen at hand: it is shown once.
backup-phrase-why = Why is it needed?
backup-phrase-why-hint = May stay empty.
backup-phrase-make = Make a new recovery phrase
backup-phrase-agreed = Somebody agreed. You can make the phrase now. It is shown once: have paper and a pen at hand.
backup-phrase-show = Make it and show it
backup-phrase-new = The new recovery phrase
backup-phrase-once = Write these 24 words down now, in their order. They are shown once, and are nowhere else.
backup-phrase-words = The words
backup-phrase-keep = How to keep them
backup-phrase-paper = Write two copies on paper, and give them to two people or places. Not a photograph, not a computer, and not beside the stick.
backup-phrase-lost = Without these words nobody opens a backup, we least of all. If they are lost while this box still runs, make new ones.
backup-phrase-older = Backups that were made before are opened by the phrase before.
box-backup = Backup
box-backup-none = none are made
box-backup-open = Backups and their recovery phrase
