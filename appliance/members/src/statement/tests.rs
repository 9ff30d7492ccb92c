//! Whole files, as banks and services write them, and what must be refused.

use expect_test::{Expect, expect};
use jiff::civil::date;
use proptest::prelude::*;
use units::{Currency, Money};

use super::mapping::{self, DecimalSign, Mapping, SignRule};
use super::{DateOrder, Line, LineKind, NoStatement, Read, Table, ofx, preset, read_table};

/// A table of a file with commas; a cell in quotation marks may hold one.
fn table(text: &str) -> Table {
    let cells = |line: &str| {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for sign in line.chars() {
            match sign {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                other => cells.last_mut().expect("a cell").push(other),
            }
        }
        cells
    };
    let mut lines = text
        .lines()
        .map(str::trim)
        .enumerate()
        .filter(|(_, line)| !line.is_empty());
    let (_, header) = lines.next().expect("a header");
    Table {
        header: cells(header),
        rows: lines.map(|(at, line)| (at + 1, cells(line))).collect(),
    }
}

fn told(read: &Read) -> String {
    let mut told = format!(
        "{}{}\n",
        read.source,
        read.account
            .as_ref()
            .map_or(String::new(), |own| format!(" {own}"))
    );
    for sentence in &read.understood {
        told.push_str(&format!("  {sentence}\n"));
    }
    for line in &read.lines {
        let id = line.id.as_ref().map_or(String::new(), |id| format!(" #{id}"));
        let kind = match line.kind {
            LineKind::Payment => "",
            LineKind::Fee => " (fee)",
            LineKind::Payout => " (payout)",
        };
        let line = format!("{} {} {}{id}{kind}", line.date, line.amount, line.text());
        told.push_str(line.trim_end());
        told.push('\n');
    }
    for left in &read.left {
        told.push_str(&format!("row {}: {}\n", left.row, left.why));
    }
    told
}

#[expect(clippy::needless_pass_by_value, reason = "what expect! makes is used once")]
fn check(text: &str, expected: Expect) {
    let said = match read_table(&table(text), None, Currency::GBP) {
        Ok(read) => told(&read),
        Err(error) => format!("{error}\n"),
    };
    expected.assert_eq(&said);
}

#[test]
fn barclays() {
    check(
        "Number,Date,Account,Amount,Subcategory,Memo
        ,03/08/2026,20-00-00 12345678,5.00,FT,J SMITH          SUBS
        ,22/07/2026,20-00-00 12345678,-51.30,PAYMENT,TESCO STORES 3021
        ,22/07/2026,20-00-00 12345678,0.00,PAYMENT,NOTHING",
        expect![[r#"
            Barclays 20-00-00 12345678
              Columns as Barclays writes them; days with the day first.
              An amount without a minus came in.
              The newest line stands first; it is read from the oldest on.
            2026-07-22 -£51.30 PAYMENT · TESCO STORES 3021
            2026-08-03 £5.00 FT · J SMITH SUBS
            row 4: The amount of this row is nothing
        "#]],
    );
}

#[test]
fn cooperative_bank_newest_first() {
    check(
        "Date,Description,Type,Money In,Money Out,Balance
        2026-08-03,ANA OBERG,CREDIT,5.00,,105.00
        2026-08-02,RENT,DEBIT,,40.00,100.00
        2026-08-01,BROUGHT FORWARD,,,,140.00",
        expect![[r#"
            Co-operative Bank
              Columns as Co-operative Bank writes them; days with the day first.
              What came in and what went out have columns of their own.
              The newest line stands first; it is read from the oldest on.
              Each balance is the one before plus the amount.
            2026-08-02 -£40.00 RENT · DEBIT
            2026-08-03 £5.00 ANA OBERG · CREDIT
            row 4: This row tells what was in the account, and moves nothing
        "#]],
    );
}

#[test]
fn hsbc_with_an_opening_balance_and_a_payout() {
    check(
        "Date,Type,Description,Paid out,Paid in,Balance
        01 Apr 2026,,Opening balance,,,\"5,000.00\"
        05 Apr 2026,DD,BRITISH GAS,125.50,,\"4,874.50\"
        07 Apr 2026,CR,GOCARDLESS LTD EASTON-7KQ2,,£97.00,\"4,971.50\"
        08 Apr 2026,CR,BEN OKAFOR,12.00,5.00,\"4,971.50\"",
        expect![[r#"
            HSBC
              Columns as HSBC writes them; days with the day first.
              What came in and what went out have columns of their own.
              Each balance is the one before plus the amount.
            2026-04-05 -£125.50 DD · BRITISH GAS
            2026-04-07 £97.00 CR · GOCARDLESS LTD EASTON-7KQ2 (payout)
            row 2: This row tells what was in the account, and moves nothing
            row 5: This row has money in and money out at once; which one is meant cannot be told
        "#]],
    );
}

#[test]
fn lloyds_newest_first_with_debit_and_credit() {
    check(
        "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance
        15/08/2026,FPI,'30-98-71,28726568,A OBERG 0012 SUBS,,8.00,108.00
        14/08/2026,DEB,'30-98-71,28726568,CAFE,-2.00,,100.00
        14/08/2026,DEB,'30-98-71,28726568,CAFE,2.00,,102.00",
        expect![[r#"
            Lloyds 28726568
              Columns as Lloyds writes them; days with the day first.
              What came in and what went out have columns of their own.
              The newest line stands first; it is read from the oldest on.
              Each balance is the one before plus the amount.
            2026-08-14 -£2.00 DEB · CAFE
            2026-08-14 -£2.00 DEB · CAFE
            2026-08-15 £8.00 FPI · A OBERG 0012 SUBS
        "#]],
    );
}

#[test]
fn monzo_with_another_currency_in_one_row() {
    check(
        "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description
        tx_1,04/08/2026,12:00:00,Faster payment,Ana Öberg,,Income,5.00,GBP,5.00,GBP,subs august,,,SUBS AUGUST
        tx_2,05/08/2026,12:00:00,Faster payment,Ben,,Income,5.00,EUR,5.00,EUR,,,,SUBS",
        expect![[r#"
            Monzo
              Columns as Monzo writes them; days with the day first.
              An amount without a minus came in.
            2026-08-04 £5.00 Ana Öberg · Faster payment · SUBS AUGUST · subs august #tx_1
            row 3: This amount is in EUR, and this place counts in GBP. It was not converted
        "#]],
    );
}

#[test]
fn nationwide_and_natwest_and_starling() {
    check(
        "\"Date\",\"Transaction type\",\"Description\",\"Paid out\",\"Paid in\",\"Balance\"
        \"02 Oct 2026\",\"Payment to\",\"Page and Spine Books\",\"£12.40\",\"\",\"£987.60\"
        \"04 Oct 2026\",\"Transfer from\",\"0275/636 848 557\",\"\",\"£120.00\",\"£1,107.60\"",
        expect![[r#"
            Nationwide
              Columns as Nationwide writes them; days with the day first.
              What came in and what went out have columns of their own.
              Each balance is the one before plus the amount.
            2026-10-02 -£12.40 Payment to · Page and Spine Books
            2026-10-04 £120.00 Transfer from · 0275/636 848 557
        "#]],
    );
    check(
        "Date, Type, Description, Value, Balance, Account Name, Account Number
        25/12/2026,BAC,\"'OBERG A, SUBS\",5.00,205.05,\"'THE PLACE\",\"'012345\",
        19 Jun 2023,,\"'Balance as at 19 Jun 2023\",,400.28,\"'M ORR\",\"'543484\"",
        expect![[r#"
            NatWest 012345
              Columns as NatWest writes them; days with the day first.
              An amount without a minus came in.
            2026-12-25 £5.00 BAC · OBERG A, SUBS
            row 3: This row tells what was in the account, and moves nothing
        "#]],
    );
    check(
        "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes
        10/08/2026,Ana Oberg,M0012,FASTER PAYMENT,5.00,105.00,INCOME,",
        expect![[r#"
            Starling
              Columns as Starling writes them; days with the day first.
              An amount without a minus came in.
            2026-08-10 £5.00 Ana Oberg · FASTER PAYMENT · M0012
        "#]],
    );
}

#[test]
fn an_account_in_another_currency_is_refused_with_both_names() {
    check(
        "Date,Counter Party,Reference,Type,Amount (EUR),Balance (EUR),Spending Category,Notes
        10/08/2026,Ana Oberg,M0012,FASTER PAYMENT,5.00,105.00,INCOME,",
        expect![[r#"
            This file is in EUR, and this place counts in GBP. Export an account in GBP; money is never converted here
        "#]],
    );
    let text =
        "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>CAD<BANKTRANLIST></BANKTRANLIST></STMTRS></OFX>";
    let refused = ofx::read(text, Currency::GBP).expect_err("another currency");
    assert!(matches!(refused, NoStatement::OtherCurrency { .. }), "{refused}");
}

#[test]
fn santander_in_both_its_shapes() {
    let text = "From: 01/08/2026 to 31/08/2026\r\n\r\nAccount: XXXX 9185\r\n\r\nDate: 14/08/2026\r\nDescription: BEN OKAFOR SUBS\r\nAmount: 5.00 \r\nBalance: 105.00 \r\n\r\nDate: 13/08/2026\r\nDescription: RENT\r\nAmount: -12.92\r\nBalance: 100.00\r\n";
    let table = preset::blocks(text).expect("a table");
    let read = read_table(&table, None, Currency::GBP).expect("lines");
    expect![[r#"
        Santander
          Columns as Santander writes them; days with the day first.
          An amount without a minus came in.
          The newest line stands first; it is read from the oldest on.
          Each balance is the one before plus the amount.
        2026-08-13 -£12.92 RENT
        2026-08-14 £5.00 BEN OKAFOR SUBS
    "#]]
    .assert_eq(&told(&read));
    check(
        "Date,Description,Amount,Balance
        01/02/2026,BEN,5.00,105.00
        03/04/2026,BEN,5.00,110.00",
        expect![[r#"
            Every day in this file could be read two ways: "01/02/2026" is day and month, or month and day. Say below which stands first
        "#]],
    );
}

#[test]
fn columns_that_nobody_knows_are_asked_for() {
    check(
        "Buchung,Betrag,Zweck\n01.02.2026,\"5,00\",Beitrag",
        expect![[r#"
        The columns of this file are not known yet. Say below which is which; the next file like it is then read by itself
    "#]],
    );
    let mapping = Mapping {
        date: 0,
        order: Some(DateOrder::DayFirst),
        amount: Some(1),
        decimal: DecimalSign::Comma,
        texts: vec![2],
        ..Mapping::new("A bank elsewhere")
    };
    let file = table("Buchung,Betrag,Zweck\n01.02.2026,\"1.005,00\",Beitrag\n02.02.2026,fünf,Beitrag");
    let read = read_table(&file, Some(&mapping), Currency::GBP).expect("lines");
    expect![[r#"
        A bank elsewhere
          Columns as A bank elsewhere writes them; days with the day first.
          An amount without a minus came in.
        2026-02-01 £1,005.00 Beitrag
        row 3: "fünf" is no amount of money. Write it like 12.50
    "#]]
    .assert_eq(&told(&read));
}

#[test]
fn a_file_without_a_header_is_read_by_an_example() {
    let file = table("02/08/2026,BEN OKAFOR SUBS,5.00\n13/08/2026,RENT,\"-1,040.00\"");
    assert!(mapping::looks_like_a_row(&file.header));
    let longer = table("05/09/2026,ANA,7.00\n13/09/2026,X,1.00");
    assert_eq!(
        mapping::header_key(&file.header),
        mapping::header_key(&longer.header)
    );
    let mapping = Mapping {
        date: 0,
        amount: Some(2),
        texts: vec![1],
        no_header: true,
        ..Mapping::new("HSBC")
    };
    let read = mapping::read(&file, &mapping, Currency::GBP).expect("lines");
    expect![[r#"
        HSBC
          Columns as HSBC writes them; days with the day first.
          An amount without a minus came in.
        2026-08-02 £5.00 BEN OKAFOR SUBS
        2026-08-13 -£1,040.00 RENT
    "#]]
    .assert_eq(&told(&read));
}

#[test]
fn signs_that_the_balances_contradict_are_turned() {
    let mapping = Mapping {
        date: 0,
        amount: Some(1),
        balance: Some(2),
        ..Mapping::new("A bank")
    };
    let file = table(
        "day,amount,balance\n13/08/2026,-2.00,102.00\n14/08/2026,-3.00,105.00\n15/08/2026,5.00,100.00\n16/08/2026,-1.00,101.00",
    );
    let read = mapping::read(&file, &mapping, Currency::GBP).expect("lines");
    expect![[r#"
        A bank
          Columns as A bank writes them; days with the day first.
          An amount without a minus came in.
          By the balances beside them, every amount has the wrong sign in this file: what came in is written as gone out. They were turned.
          Each balance is the one before plus the amount.
        2026-08-13 £2.00
        2026-08-14 £3.00
        2026-08-15 -£5.00
        2026-08-16 £1.00
    "#]].assert_eq(&told(&read));
    let card = Mapping {
        sign: SignRule::PlusIsOut,
        balance: None,
        ..mapping
    };
    let read = mapping::read(&file, &card, Currency::GBP).expect("lines");
    assert_eq!(read.lines[0].amount, Money::new(200, Currency::GBP));
}

#[test]
fn gocardless_payments_with_fees_and_refunds() {
    let header = "id,created_at,charge_date,amount,description,currency,status,amount_refunded,reference,transaction_fee,payout_date,app_fee,links.mandate,links.creditor,links.customer,links.payout,links.subscription,customers.id,customers.given_name,customers.family_name";
    check(
        &format!(
            "{header}
            PM1,2026-08-01T10:00:00Z,2026-08-04,5.00,Membership,GBP,paid_out,0.00,EASTON-A,0.20,2026-08-07,,MD1,CR1,CU1,PO1,,CU1,Ana,Öberg
            PM2,2026-08-01T10:00:00Z,2026-08-04,8.00,Membership,GBP,paid_out,8.00,EASTON-B,0.20,2026-08-07,,MD2,CR1,CU2,PO1,,CU2,Ben,Okafor
            PM3,2026-08-01T10:00:00Z,2026-08-04,8.00,Membership,GBP,failed,0.00,EASTON-C,,,,MD3,CR1,CU3,,,CU3,Cleo,Marsh"
        ),
        expect![[r#"
            GoCardless GoCardless
              A file of GoCardless. Each payment is a line with its whole amount; what GoCardless kept is a line of its own.
              Payments in it: 2. Payouts that they belong to: 1.
            2026-08-07 £5.00 Ana Öberg · Membership · EASTON-A #PM1
            2026-08-07 -£0.20 Ana Öberg · Membership · EASTON-A #PM1 fee (fee)
            2026-08-07 £8.00 Ben Okafor · Membership · EASTON-B #PM2
            2026-08-07 -£8.00 Ben Okafor · Membership · EASTON-B #PM2 back
            2026-08-07 -£0.20 Ben Okafor · Membership · EASTON-B #PM2 fee (fee)
            row 4: This payment is "failed": no money came
        "#]],
    );
    check(
        "id,amount,currency,created_at,reference,status,arrival_date,transaction_fee_debit,transaction_fee_credit
        PO1,12.60,GBP,2026-08-05,EASTON,paid,2026-08-07,0.40,0.00",
        expect![[r#"
            This is the list of payouts of GoCardless, and names no single payment. Export the payments there, and choose that file
        "#]],
    );
}

#[test]
fn stripe_in_both_its_layouts_and_a_payout_that_is_cut_off() {
    check(
        "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description,Transfer
        txn_1,charge,ch_1,20.00,0.50,19.50,gbp,2026-09-11 09:00,2026-09-18 00:00,Membership Ana Öberg,po_1
        txn_2,refund,re_1,-5.00,0.00,-5.00,gbp,2026-09-11 09:00,2026-09-18 00:00,Refund,po_1
        txn_3,payout,po_1,-14.50,0.00,-14.50,gbp,2026-09-20 00:00,2026-09-20 00:00,STRIPE PAYOUT,
        txn_4,charge,ch_2,10.00,0.50,9.00,gbp,2026-09-21 09:00,2026-09-22 00:00,Wrong,",
        expect![[r#"
            Stripe Stripe
              A file of Stripe. Each payment is a line with its whole amount; what Stripe kept is a line of its own.
              Payments in it: 2. Payouts that they belong to: 1.
              Payouts whose sum is told, and was compared with their payments: 1.
            2026-09-11 £20.00 Membership Ana Öberg #txn_1
            2026-09-11 -£0.50 Membership Ana Öberg #txn_1 fee (fee)
            2026-09-11 -£5.00 Refund #txn_2
            2026-09-20 -£14.50 STRIPE PAYOUT #txn_3 (payout)
            row 5: The figures of this row do not agree: £10.00 less £0.50 is not £9.00
        "#]],
    );
    check(
        "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,description,automatic_payout_id
        txn_1,2026-09-14 10:02:11,2026-09-16 00:00:00,gbp,60.00,0.70,59.30,charge,ch_1,Order,po_1
        txn_2,2026-09-18 00:00:00,2026-09-18 00:00:00,gbp,-100.00,0.00,-100.00,payout,po_1,STRIPE PAYOUT,po_1
        txn_3,2026-09-19 10:02:11,2026-09-19 00:00:00,gbp,5.00,0.20,4.80,charge,ch_3,Order,po_2",
        expect![[r#"
            Stripe Stripe
              A file of Stripe. Each payment is a line with its whole amount; what Stripe kept is a line of its own.
              Payments in it: 2. Payouts that they belong to: 2.
              Payouts whose sum is told, and was compared with their payments: 1.
            2026-09-19 £5.00 Order #txn_3
            2026-09-19 -£0.20 Order #txn_3 fee (fee)
            row 2: Payout po_1 is £100.00, but its payments less fees make £59.30 in this file. Export the whole payout
            row 3: Payout po_1 is £100.00, but its payments less fees make £59.30 in this file. Export the whole payout
        "#]],
    );
}

#[test]
fn ofx_of_both_kinds() {
    let sgml = "OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>GBP<BANKACCTFROM><BANKID>1<ACCTID>12345678<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260801<DTEND>20260831
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260804120000.000[-5:EST]<TRNAMT>5.00<FITID>A1<NAME>SMITH &amp; SON<MEMO>SUBS
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260803<TRNAMT>-2,50<FITID>A2<NAME>CAFE</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260231<TRNAMT>-2.50<FITID>A3<NAME>NO DAY</STMTTRN>
<STMTTRN><TRNTYPE>OTHER<DTPOSTED>20260805<TRNAMT>$120<FITID>A4<NAME>DOLLARS</STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>";
    assert!(ofx::looks_like(sgml.as_bytes()));
    expect![[r#"
        OFX 12345678
          An OFX file: days and amounts are as the bank wrote them.
        2026-08-03 -£2.50 CAFE #A2
        2026-08-04 £5.00 SMITH & SON · SUBS #A1
        row 8: "20260231" is no day
        row 9: This amount is in USD, and this place counts in GBP. It was not converted
    "#]]
    .assert_eq(&told(&ofx::read(sgml, Currency::GBP).expect("lines")));
    let xml = "<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\" VERSION=\"200\"?><OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>GBP</CURDEF>
        <BANKTRANLIST><STMTTRN><DTPOSTED>20260815</DTPOSTED><TRNAMT>-16.85</TRNAMT><FITID>1</FITID><NAME><![CDATA[A < B  ]]></NAME></STMTTRN></BANKTRANLIST>
        <LEDGERBAL><BALAMT>1234.12</BALAMT><DTASOF>20260831120000[-5:EST]</DTASOF></LEDGERBAL>
        <AVAILBAL><BALAMT>99.00</BALAMT><DTASOF>20260901</DTASOF></AVAILBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>";
    expect![[r#"
        OFX
          An OFX file: days and amounts are as the bank wrote them.
          The bank says that £1,234.12 was in the account on 31 August 2026.
        2026-08-15 -£16.85 A < B #1
    "#]]
    .assert_eq(&told(&ofx::read(xml, Currency::GBP).expect("lines")));
}

#[test]
fn ofx_of_what_was_paid_abroad_is_in_the_currency_of_the_account() {
    let text = "<OFX><STMTRS><CURDEF>GBP<BANKTRANLIST>
<STMTTRN><DTPOSTED>20260804<TRNAMT>-8.60<FITID>A1<NAME>CAFE DE PARIS<ORIGCURRENCY><CURRATE>0.86<CURSYM>EUR</ORIGCURRENCY></STMTTRN>
<STMTTRN><DTPOSTED>20260805<TRNAMT>-10.00<FITID>A2<NAME>NOT CHANGED<CURRENCY><CURRATE>0.86<CURSYM>EUR</CURRENCY></STMTTRN>
</BANKTRANLIST></STMTRS></OFX>";
    expect![[r#"
        OFX
          An OFX file: days and amounts are as the bank wrote them.
        2026-08-04 -£8.60 CAFE DE PARIS #A1
        row 3: This amount is in EUR, and this place counts in GBP. It was not converted
    "#]]
    .assert_eq(&told(&ofx::read(text, Currency::GBP).expect("lines")));
}

#[test]
fn ofx_without_a_statement_is_refused_with_a_sentence() {
    let refusals: Vec<String> = [
        "hello",
        "<OFX></OFX>",
        "<OFX><INVSTMTRS></INVSTMTRS></OFX>",
        "<OFX><ACCTINFORS></ACCTINFORS></OFX>",
        "<OFX><STMTRS><CURDEF>GBP<LEDGERBAL><BALAMT>5</LEDGERBAL></STMTRS></OFX>",
    ]
    .iter()
    .map(|text| {
        ofx::read(text, Currency::GBP)
            .expect_err("nothing to read")
            .to_string()
    })
    .collect();
    expect![[r#"
        This OFX file cannot be read: nothing in it is called OFX. Export it again at the bank
        This OFX file holds nothing but a greeting of the bank, and no statement of a bank account. Export the statement of the account that members pay into
        This OFX file holds investments, and no statement of a bank account. Export the statement of the account that members pay into
        This OFX file holds a list of accounts, and no statement of a bank account. Export the statement of the account that members pay into
        There is no line in this file that could be read. It tells a balance, and no line"#]].assert_eq(&refusals.join("\n"));
}

proptest! {
    #[test]
    fn no_text_brings_the_reader_of_ofx_down(text in "(<|>|/|OFX|STMTTRN|STMTRS|TRNAMT|DTPOSTED|!\\[CDATA\\[|\\]\\]>|&amp;|1|2026|é|\n| ){0,80}") {
        let _ = ofx::read(&format!("<OFX><STMTRS>{text}"), Currency::GBP);
    }

    #[test]
    fn no_cell_brings_a_table_down(cells in prop::collection::vec(prop::collection::vec(".{0,12}", 0..8), 0..6)) {
        let header = "Number,Date,Account,Amount,Subcategory,Memo".split(',').map(str::to_owned).collect();
        let rows = cells.into_iter().enumerate().collect();
        let _ = read_table(&Table { header, rows }, None, Currency::GBP);
    }

    #[test]
    fn what_a_bank_writes_comes_out_as_it_went_in(rows in prop::collection::vec((1_i8..29, 1_i8..13, -100_000_i64..100_000), 1..30)) {
        let rows: Vec<_> = rows.into_iter().filter(|row| row.2 != 0).collect();
        prop_assume!(!rows.is_empty());
        let text: Vec<String> = rows
            .iter()
            .map(|(day, month, pence)| format!(",{day:02}/{month:02}/2026,1,{},FT,TEXT", Money::new(*pence, Currency::GBP).plain()))
            .collect();
        let file = table(&format!("Number,Date,Account,Amount,Subcategory,Memo\n{}", text.join("\n")));
        let read = read_table(&file, None, Currency::GBP).expect("lines");
        let mut lines: Vec<(jiff::civil::Date, i64)> = read.lines.iter().map(|line: &Line| (line.date, line.amount.minor())).collect();
        let mut expected: Vec<_> = rows.iter().map(|(day, month, pence)| (date(2026, *month, *day), *pence)).collect();
        lines.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(lines, expected);
    }
}
