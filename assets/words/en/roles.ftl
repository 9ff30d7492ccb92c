# Roles, acts that take two people, and who can do what here.

hub-roles = Roles
hub-roles-says = Who has which role, and the roles of this house.
hub-waiting = Waiting for a second person
hub-waiting-says = What one person asked for and another must agree to.
hub-who-can = Who can do what here
hub-who-can-says = Every thing that can be done, and who may do it.
hub-waits = { $count ->
    [one] 1 thing waits for a second person.
   *[other] { $count } things wait for a second person.
}

roles-title = Roles
roles-lead = A role says what somebody may do here. To change a role, or who has it, takes two people: one asks, another agrees. The last person who may give roles cannot lose that role.
roles-person = Whose roles do you want to see or change?
roles-person-hint = The whole name, or the number in the book.
roles-person-button = Show the roles
roles-allows = Whoever has this role may:
roles-nobody = Nobody has this role.
roles-has = Has this role:
roles-own-change = Change this role
roles-new = Make a role of our own
roles-done = This is done.
roles-of-title = Roles of { $name }
roles-of-choose = Roles
roles-why = Why? The person can read this.
roles-why-hint = You may leave it empty.
roles-of-button = Ask for these roles
roles-two = Somebody else who may give roles must agree before anything changes. If there is nobody else yet, it is done at once, and the record says so.
role-new-title = A role of our own
role-title = Role: { $name }
role-name = What is it called?
role-rights = What may somebody with this role do?
role-button = Ask for this role
role-drop = Take this role away
role-drop-explained = Only a role that nobody has can go.
role-drop-button = Ask to take it away

waiting-title = Waiting for a second person
waiting-lead = Some things take two people. Whoever asked cannot agree to it. What nobody agrees to within seven days ends by itself.
waiting-none = Nothing waits.
waiting-done = It waits now. Somebody else who may do this must agree.
waiting-agreed = You agreed.
waiting-changed = What this is about was changed since it was asked for, so nobody can agree to it any more. Refuse it, and ask again for how it should be now
waiting-refused = It will not be done.
waiting-about = { $name }: { $what }
waiting-by = { $name } asked for this { $when }. It ends { $until }.
waiting-why = Why: { $why }
waiting-agreed-already = Somebody agreed. Now { $name } can do it.
waiting-do = Do it now
waiting-mine = You asked for this, so somebody else must agree.
waiting-others = Somebody who may do this must agree or refuse.
waiting-agree = Agree
waiting-refuse = Refuse
waiting-take-back = Take it back
waiting-refuse-why = Why not? You may leave it empty.

who-can-title = Who can do what here
who-can-lead = This list is made from what the box checks each time somebody does something, so it is always true. Everything here leaves a line in the record.
who-can-no-names = You see roles and no names. Sign in to see who has them.
who-can-may = To { $what }
who-can-everybody = Everybody may do this.
who-can-signed-in = Everybody may do this for themselves, once they are signed in.
who-can-machine = Only somebody who is at the machine itself may do this.
who-can-nobody = No role allows this, so nobody can do it at the page.
who-can-roles = Roles: { $roles }.
who-can-people = People: { $people }.
who-can-no-people = Nobody has such a role.
who-can-acts = The record then says that somebody:
who-can-two = takes two people
part-site = The energy monitor and the box
part-backups = Backups
part-sign-in = Signing in
part-people = People, households and membership
part-money = Money
part-import = Tables that come in
part-letters = Letters
part-data = What is kept about people
part-roles = Roles, and what takes two people
