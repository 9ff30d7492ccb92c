//! The one table of everything that somebody can do: the right it needs and what the record says of it.

use crate::Right;

/// Which part of the house an act belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The site: its devices and the box itself.
    Site,
    /// Backups and what opens them.
    Backups,
    /// The way in.
    SignIn,
    /// People, households, membership.
    People,
    /// Dues, payments, statements.
    Money,
    /// Tables that come in and go out, merging.
    Import,
    /// Letters, labels, e-mails.
    Letters,
    /// What people may ask about their data.
    Data,
    /// Roles and what they allow.
    Roles,
}

/// How many people it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Takes {
    /// One who may.
    One,
    /// One who asks for it and another who agrees. It can only be done by `Acts::together`.
    Two,
}

/// One row of the table of acts.
#[derive(Debug)]
pub struct ActRow {
    /// Which act.
    pub kind: ActKind,
    /// Which part of the house it belongs to.
    pub part: Part,
    /// Its name in the record.
    pub name: &'static str,
    /// The right it needs.
    pub right: Right,
    /// What the record says: "somebody at the page … ".
    pub sentence: &'static str,
    /// How many people it takes.
    pub takes: Takes,
}

/// How many people an act takes: two where its line ends in `together`.
macro_rules! takes {
    () => {
        Takes::One
    };
    (together) => {
        Takes::Two
    };
}

/// Makes the enum and the table from one list: what it is, its case, its name in the record, the right, the sentence,
/// and `together` where it takes two people.
macro_rules! acts {
    ($($part:ident {
        $( $(#[$doc:meta])* $kind:ident, $name:literal, $right:ident, $sentence:literal $(, $together:ident)?; )*
    })*) => {
        /// An act that somebody can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ActKind {
            $($( $(#[$doc])* $kind, )*)*
        }

        /// Every act there is.
        pub const ACTS: &[ActRow] = &[
            $($( ActRow {
                kind: ActKind::$kind,
                part: Part::$part,
                name: $name,
                right: Right::$right,
                sentence: $sentence,
                takes: takes!($($together)?),
            }, )*)*
        ];
    };
}

acts! {
    Site {
        /// Give the place another name.
        RenamePlace, "rename-place", ChangeSite, "gave the place another name";
        /// Give a device another label.
        RenameDevice, "rename-device", ChangeSite, "gave a device another name for people";
        /// Read `site.toml` again.
        Reload, "reload", Reload, "made the box read its configuration again";
        /// Read any registers of a device.
        ReadRegisters, "read-registers", WatchBus, "read registers of a device in the raw";
        /// Watch the frames of a bus.
        WatchBus, "watch-bus", WatchBus, "watched the frames of a bus";
        /// Look whether the ledger is whole.
        CheckLedger, "check-ledger", LookAudit, "looked whether the ledger is whole";
        /// Take a statement of the ledger out of the box.
        ExportLedger, "export-ledger", LookStewards, "took a statement of the ledger out of the box";
    }
    Backups {
        /// Have a backup made.
        BackUp, "back-up", KeepBackups, "had a backup made";
        /// Make a new recovery phrase.
        NewRecoveryPhrase, "new-recovery-phrase", KeepBackups, "made a new recovery phrase for the backups", together;
    }
    SignIn {
        /// Ask for the code that claims the box.
        ShowCode, "show-code", ClaimBox, "asked for the code that claims the box";
        /// Claim the box.
        Claim, "claim", SignIn, "claimed the box";
        /// Give the box another name on the network.
        NameBox, "name-box", ChangeRules, "gave the box another name on the network";
        /// Sign in by passphrase or passkey.
        SignIn, "sign-in", SignIn, "signed in";
        /// Sign in with a slip.
        UseSlip, "use-slip", SignIn, "signed in with a slip";
        /// Sign out on the device where one is.
        SignOut, "sign-out", OwnAccount, "signed out";
        /// Sign out everywhere.
        SignOutEverywhere, "sign-out-everywhere", OwnAccount, "signed out everywhere";
        /// End one's session on another device.
        EndSession, "end-session", OwnAccount, "signed out on another device";
        /// Have one's name shown on a device, or no longer.
        OfferName, "offer-name", OwnAccount, "chose whether a device shows the name";
        /// Choose a passphrase.
        ChoosePassphrase, "choose-passphrase", OwnAccount, "chose a passphrase";
        /// Add a passkey.
        AddPasskey, "add-passkey", OwnAccount, "added a passkey";
        /// Take a passkey away.
        RemovePasskey, "remove-passkey", OwnAccount, "removed a passkey";
        /// Give somebody a slip.
        GiveSlip, "give-slip", GiveSlips, "gave somebody a slip to sign in with";
        /// Look up who somebody is before giving them a slip.
        LookForSlip, "look-for-slip", GiveSlips, "looked up somebody's name to give them a slip";
    }
    Money {
        /// See sums of money and the rules of dues.
        LookMoney, "look-money", LookMoney, "looked at sums of money";
        /// Find somebody who pays.
        FindPayer, "find-payer", ChangeMoney, "looked for somebody who pays";
        /// Look at what one payer owes and paid.
        LookAccount, "look-account", LookMoney, "looked at what somebody owes and paid";
        /// Look through who owes something.
        ListArrears, "list-arrears", LookMoney, "looked through who owes something";
        /// Enter a payment, or what was spent.
        EnterPayment, "enter-payment", ChangeMoney, "entered a payment";
        /// Ask for nothing where something was owed.
        WaiveDues, "waive-dues", ChangeMoney, "waived dues";
        /// Take an entry back.
        ReversePayment, "reverse-payment", ChangeMoney, "took an entry of money back";
        /// Agree on dues with a payer.
        AgreeDues, "agree-dues", ChangeMoney, "agreed on dues with somebody";
        /// Make or change the rules of dues.
        ChangeDues, "change-dues", ChangeRules, "changed the rules of dues";
        /// Decide about money beside dues.
        ChangeMoneyRules, "change-money-rules", ChangeRules, "changed what the house decided about money";
        /// Look at the cash book.
        LookCashBook, "look-cash-book", LookMoney, "looked at the cash book";
        /// Count the cash box and close a day.
        CloseCashDay, "close-cash-day", ChangeMoney, "closed a day of the cash book";
        /// Make out a receipt.
        MakeReceipt, "make-receipt", ChangeMoney, "made out a receipt";
        /// Show a receipt.
        ShowReceipt, "show-receipt", LookMoney, "looked at a receipt";
        /// Write down that people were reminded.
        Remind, "remind", ChangeMoney, "reminded people of what they owe";
        /// Enter a Gift Aid declaration.
        DeclareGiftAid, "declare-gift-aid", ChangeMoney, "entered a Gift Aid declaration";
        /// Cancel a Gift Aid declaration.
        CancelGiftAid, "cancel-gift-aid", ChangeMoney, "cancelled a Gift Aid declaration";
        /// Look through gifts for a claim.
        ListGiftAid, "list-gift-aid", LookMoney, "looked through gifts for Gift Aid";
        /// Put a claim of Gift Aid together.
        ClaimGiftAid, "claim-gift-aid", ChangeMoney, "put a claim of Gift Aid together";
        /// Take the schedule of a claim out of the box.
        ExportGiftAid, "export-gift-aid", ChangeMoney, "took the schedule of a Gift Aid claim out of the box";
        /// Hand a statement in.
        HandInStatement, "hand-in-statement", ChangeMoney, "handed in a bank statement";
        /// Look at a statement that was handed in and is not read yet.
        LookDraft, "look-draft", ChangeMoney, "looked at a bank statement that waits to be read";
        /// Give a statement up that was handed in.
        ForgetStatement, "forget-statement", ChangeMoney, "gave up a bank statement that was handed in";
        /// Say what the columns of a statement mean.
        MapStatement, "map-statement", ChangeMoney, "said what the columns of a bank statement mean";
        /// Read a statement in.
        ReadStatement, "read-statement", ChangeMoney, "read in a bank statement";
        /// See which statements were read.
        ListStatements, "list-statements", LookMoney, "looked through the bank statements that were read";
        /// Look at the lines of a statement.
        LookStatement, "look-statement", LookMoney, "looked at lines of a bank statement";
        /// Say who paid the lines of a statement.
        DecideLines, "decide-lines", ChangeMoney, "said who paid lines of a bank statement";
        /// Book lines of a statement as payments.
        BookStatement, "book-statement", ChangeMoney, "booked lines of a bank statement as payments";
        /// Take a whole statement back.
        UndoStatement, "undo-statement", ChangeMoney, "took a bank statement back";
    }
    People {
        /// Look at one person's page.
        LookPerson, "look-person", LookPeople, "looked at somebody's page";
        /// Look through the members' book.
        ListPeople, "list-people", LookPeople, "looked through the members' book";
        /// Enter somebody.
        AddPerson, "add-person", ChangePeople, "entered somebody in the members' book";
        /// Change what is written about somebody.
        ChangePerson, "change-person", ChangePeople, "changed what is written about somebody";
        /// Make or change a household.
        ChangeHousehold, "change-household", ChangePeople, "changed a household";
        /// Look at one household.
        LookHousehold, "look-household", LookPeople, "looked at a household";
        /// Choose people by a search.
        SearchPeople, "search-people", LookPeople, "chose people by a search";
        /// Keep or forget a search.
        KeepSearch, "keep-search", LookPeople, "changed the searches that are kept";
        /// Take a list of people out: calls, addresses, a table.
        TakeList, "take-list", WriteLetters, "took a list of people out";
        /// Change the house's own questions.
        DefineField, "define-field", ChangeRules, "changed the questions that the house asks";
        /// Change the tags.
        DefineTag, "define-tag", ChangeRules, "changed the tags of the house";
        /// Change the classes of membership.
        DefineClass, "define-class", ChangeRules, "changed the classes of membership", together;
        /// Apply for membership.
        Apply, "apply", OwnAccount, "applied for membership";
        /// Enter somebody's application.
        EnterApplication, "enter-application", ChangePeople, "entered an application for membership";
        /// Admit somebody, or change the state or class of a membership.
        DecideMembership, "decide-membership", Admit, "decided on a membership";
        /// Give, hear or close a notice.
        GiveNotice, "give-notice", Admit, "gave a notice on a membership, or decided on one";
        /// Object to a notice.
        Object, "object", OwnAccount, "objected to a notice";
        /// Write down shares.
        ChangeShares, "change-shares", Admit, "changed the shares of a member";
        /// Look into the statutory register of members.
        LookRegister, "look-register", OwnAccount, "looked into the register of members";
        /// Open the statutory register to members, or close it.
        OpenRegister, "open-register", ChangeRules, "changed whether members may inspect the register", together;
    }
    Roles {
        /// Give somebody other roles.
        GiveRoles, "give-roles", ChangeRoles, "changed which roles somebody has", together;
        /// Make a role of the house, change it or take it away.
        ChangeRole, "change-role", ChangeRoles, "changed a role of the house", together;
        /// Look at the roles of somebody before changing them.
        LookRoles, "look-roles", ChangeRoles, "looked at which roles somebody has";
        /// See which people users of the system are.
        ListUsers, "list-users", ChangeRoles, "looked at which people users of the system are";
        /// Say which person a user of the system is.
        BindUser, "bind-user", ChangeRoles, "said which person a user of the system is";
        /// Ask for something that takes two people.
        AskForTwo, "ask-for-two", OwnAccount, "asked for something that takes two people";
        /// Agree to it as the second person.
        Agree, "agree", OwnAccount, "agreed as the second person";
        /// Refuse it as the second person.
        Refuse, "refuse", OwnAccount, "refused as the second person";
        /// Take back what one has asked for.
        TakeBack, "take-back", OwnAccount, "took back what had been asked for";
    }
    Data {
        /// Read the record of who did what.
        ReadRecord, "read-record", LookAudit, "read the record of who did what";
        /// Look whether the record is whole.
        CheckRecord, "check-record", LookAudit, "looked whether the record is whole";
        /// Change what is written about oneself.
        ChangeOwn, "change-own", OwnAccount, "changed what is written about themselves";
        /// Change one's household.
        ChangeOwnHousehold, "change-own-household", OwnAccount, "changed their household";
        /// Take one's data along.
        CopyOwn, "copy-own", OwnAccount, "took a copy of everything kept about them";
        /// Give somebody a copy of everything kept about them.
        CopyData, "copy-data", HandleData, "made a copy of everything kept about somebody";
        /// Look at what an erasure would take.
        LookErasure, "look-erasure", HandleData, "looked at what erasing somebody would take";
        /// Erase somebody's data.
        Erase, "erase", HandleData, "erased somebody's data";
        /// Ask something about one's data, or complain.
        AskAboutData, "ask-about-data", OwnAccount, "asked something about their data";
        /// Look at what people asked about their data.
        LookRequests, "look-requests", HandleData, "looked at what people asked about their data";
        /// Write down what somebody asked about their data.
        TakeDownRequest, "take-down-request", HandleData, "wrote down what somebody asked about their data";
        /// Acknowledge or answer what somebody asked.
        AnswerRequest, "answer-request", HandleData, "answered what somebody asked about their data";
        /// Say yes or no to something.
        SayOwn, "say-own", OwnAccount, "said what may be done with their data";
        /// Write down what somebody said yes or no to.
        TakeDownConsent, "take-down-consent", HandleData, "wrote down what somebody said may be done with their data";
        /// Change the words in which people are asked.
        ChangeWording, "change-wording", ChangeRules, "changed the words in which people are asked";
        /// Leave.
        Leave, "leave", OwnAccount, "left the membership";
        /// Let go of what is kept no longer.
        LetGo, "let-go", HandleData, "let go of what is kept no longer";
        /// Look at what goes and what is next to go.
        LookKeeping, "look-keeping", HandleData, "looked at what goes next";
    }
    Letters {
        /// Write or change a letter.
        WriteLetter, "write-letter", WriteLetters, "wrote a letter";
        /// Throw a letter away.
        RemoveLetter, "remove-letter", WriteLetters, "threw a letter away";
        /// Look whom a letter would reach.
        LookReach, "look-reach", WriteLetters, "looked whom a letter would reach";
        /// Send a letter out.
        SendLetter, "send-letter", WriteLetters, "sent a letter out";
        /// Look to whom a letter went.
        LookRun, "look-run", WriteLetters, "looked to whom a letter went";
        /// Print letters.
        PrintLetters, "print-letters", WriteLetters, "printed letters";
        /// Print labels, lists to sign, or membership cards.
        PrintList, "print-list", WriteLetters, "printed labels, a list or cards";
        /// Look at the e-mails that wait or went.
        LookMails, "look-mails", WriteLetters, "looked at the e-mails that wait or went";
        /// Try an e-mail again.
        MailAgain, "mail-again", WriteLetters, "had an e-mail tried again";
        /// Stop an e-mail that waits.
        StopMail, "stop-mail", WriteLetters, "stopped an e-mail";
        /// Hand an e-mail to the mail server, or fail to: the box by itself.
        CarryMail, "carry-mail", WriteLetters, "handed an e-mail to the mail server";
        /// Say by which mail server e-mail goes, and switch it on or off.
        ChangeMailServer, "change-mail-server", ChangeRules, "changed how e-mail goes out";
        /// Send an e-mail to oneself, to try the way.
        TryMail, "try-mail", ChangeRules, "sent an e-mail to try the way";
    }
    Import {
        /// See what a table of people would change.
        TryTable, "try-table", ImportTables, "looked at what a table of people would change";
        /// Read a table of people in.
        ImportTable, "import-table", ImportTables, "read a table of people in";
        /// Undo an import.
        UndoImport, "undo-import", ImportTables, "undid an import";
        /// Take the whole book out of the box.
        ExportAll, "export-all", ExportAll, "took the whole members' book out of the box", together;
        /// See which entries may be one person.
        ListTwins, "list-twins", ImportTables, "looked through entries that may be one person";
        /// Look at two entries side by side.
        LookMerge, "look-merge", ImportTables, "looked at two entries side by side";
        /// Make one entry of two.
        Merge, "merge", ImportTables, "put two entries of one person together";
        /// Say that two entries are two people.
        TellApart, "tell-apart", ImportTables, "said that two entries are two people";
        /// Take that back.
        NotApart, "not-apart", ImportTables, "took back that two entries are two people";
        /// Undo a merge.
        UndoMerge, "undo-merge", ImportTables, "parted two entries that had been put together";
    }
}

/// The row of an act.
pub(crate) fn row(kind: ActKind) -> &'static ActRow {
    ACTS.iter().find(|row| row.kind == kind).unwrap_or(&ACTS[0])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ACTS;

    #[test]
    fn no_two_acts_have_one_name_and_each_has_its_words() {
        let names: BTreeSet<&str> = ACTS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), ACTS.len());
        for row in ACTS {
            assert!(!row.sentence.is_empty() && !row.right.words().is_empty());
        }
    }
}
