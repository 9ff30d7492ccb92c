# Trusting the box: the pages by which a phone or computer comes to trust it, and the safe and the plain door.

foot-trust = How to open it safely

trust-title = Open this box safely
trust-lead = Before you sign in on a phone or computer, tell it once that it can trust this box. It takes two minutes. From then on nobody on the Wi-Fi can listen, and nobody can pretend to be the box.
trust-no-need = To look at the energy pages you need none of this.
trust-no-door = This box has no safe door at present. Ask a technician why: hearth status tells
trust-not-yet = Nobody has taken charge of this box yet, and its name may still change. Wait with this until somebody has: what you trust now would have to be done again.

trust-now = Is this device safe now?
trust-now-lead = Try it. If your browser shows a warning instead of our page, the device does not trust the box yet.
trust-now-link = Try the safe door
trust-now-asking = We are asking your browser …
trust-now-safe = Yes: this browser trusts the box. You can sign in through the safe door.
trust-now-not = Not yet: this browser does not trust the box, or could not reach its safe door. Go through the steps below, then load this page again.
trust-now-came = You came by the safe door. If no warning stood in the way, this device is safe.

trust-file = 1. Take the certificate
trust-file-lead = A certificate is a small file that tells your device by what to know the box. It is called { $subject }.
trust-file-apple = For iPhone and iPad
trust-file-others = For everything else

trust-steps = 2. Tell your device to trust it
trust-apple = iPhone or iPad
trust-apple-1 = Open this page in Safari, take the certificate for iPhone and iPad, and tap Allow.
trust-apple-2 = Open Settings. Near the top is “Profile Downloaded”: tap it, then Install, and type your code.
trust-apple-3 = In Settings, go to General, About, and at the bottom Certificate Trust Settings. Switch on the one called Hearth.
trust-apple-4 = To compare: Settings, General, VPN & Device Management, the profile, More Details.
trust-android = Android
trust-android-1 = Take the certificate. Do not open it in the browser.
trust-android-2 = Open Settings and search for “CA certificate”. It is under Security, Encryption & credentials, Install a certificate.
trust-android-3 = Android warns that your data may be read by others. That is true of other certificates; ours can only speak for this box and for addresses within a house. Choose “Install anyway” and pick the file.
trust-android-4 = To compare: the same place, Trusted credentials, User, and tap the one called Hearth.
trust-windows = Windows
trust-windows-1 = Take the certificate and open it. Choose Install Certificate, then Current User.
trust-windows-2 = Choose “Place all certificates in the following store”, Browse, “Trusted Root Certification Authorities”, then Next and Finish. Windows asks once more: say Yes.
trust-windows-3 = To compare: open the file, Details. Windows shows another kind of fingerprint there, so use the steps for Firefox, or ask a technician.
trust-mac = Mac
trust-mac-1 = Take the certificate and open it: Keychain Access adds it to your login keychain.
trust-mac-2 = In Keychain Access, open the one called Hearth, then Trust, and set “When using this certificate” to “Always Trust”.
trust-mac-3 = To compare: the same window, under Details, at the end: SHA-256.
trust-other = Linux, and Firefox on any computer
trust-other-1 = In Firefox: Settings, Privacy & Security, Certificates, View Certificates, Authorities, Import. Pick the file and tick “identify websites”.
trust-other-2 = In Chromium and Chrome: Settings, Privacy and security, Security, Manage certificates, Custom or Local certificates, Import.
trust-other-3 = To compare: open it in the same list; look for SHA-256.

trust-compare = 3. Compare with the card
trust-compare-lead = On the card beside the box stand the same six words and the same long number as here. If they differ, stop and tell a steward.
trust-compare-words = The six words
trust-compare-number = The number (SHA-256)
trust-compare-why = Somebody who has taken over the Wi-Fi could alter this page, but not the card, and not what your device shows. So compare the long number that your device shows with the card: the first four and the last four pairs are enough.
trust-card-link = The card, to print

trust-honest = What it does, and what it does not
trust-honest-can = The certificate cannot be used to pretend to be a shop, a bank or any other site on the internet. The key that could change that was destroyed when the certificate was made.
trust-honest-thief = Whoever steals the card out of the box could pretend to be this box, or another device in a house, such as its router. If that happens, take the certificate off your devices again.
trust-honest-warning = If you click a warning away instead, nobody who only listens learns anything. But you are not safe from somebody who pretends to be the box: the warning would look the same.
trust-addresses = The box behind its safe door

trust-try-title = Is this device safe?
trust-try-safe = You have come through the safe door.
trust-try-no-warning = No warning stood in the way: this device trusts the box. You can sign in.
trust-try-warning = You had to click a warning away: this device does not trust the box yet. Nobody who only listens learns anything, but somebody could be pretending to be the box. Go back and trust it before you sign in.
trust-try-here = You are at the machine itself, where nothing goes over the network. Nothing needs to be trusted here.
trust-try-back = How to trust this box

trust-card-title = The card for this box
trust-card-lead = Print this and hang it where people see it. By it they know that it is this box that they trust.
trust-card-heading = { $place }: { $name }
trust-card-begin = Begin here, on the Wi-Fi of the house:
trust-card-square = The address, to be read by a phone’s camera
trust-card-compare = Compare these with what your device shows:
trust-profile = By this your device knows the box. Compare with the card: { $words }

not-here-title = This is behind the safe door
not-here-lead = You came by the plain door, through which anybody on this Wi-Fi could read along. So nobody signs in here and nothing can be sent here; what you sent was not looked at.
not-here-closed = The safe door is not open at present. Ask a technician why: hearth status tells.
not-here-there = Go on through the safe door
not-here-trust = First time on this device? Trust the box first

called-title = The name of the box on the network
called-now = The box answers to { $name } now.
called-lead = Another name is a new beginning. Everything that hangs on the old one breaks:
called-breaks-trust = every phone and computer has to trust the box again, and the card has to be printed again;
called-breaks-passkeys = passkeys no longer work, so that everybody needs their passphrase or a new slip;
called-breaks-links = links, bookmarks and the squares on printed letters and slips lead nowhere.
called-name = The new name
called-name-hint = Letters, digits and hyphens. People type it with .local at its end.
called-button = Change the name and break these
called-done = The box answers to { $name } now. Print the new card.

claim-called = The name of the box on the network
claim-called-hint = A short word of letters, digits and hyphens, such as “oak-street”. People open the box by it, with .local at its end. Changing it later breaks passkeys, links, and the trust of every phone, so choose one that lasts. Your browser may warn once more after this.
claim-card = When you have chosen a passphrase, print the card by which people know this box
