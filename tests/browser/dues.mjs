// The chapters of the story that are about money: somebody becomes a member and pays in cash, a file of the bank is read,
// and somebody who owes gets a letter.

import { Buffer } from "node:buffer";

const LAST_YEAR = new Date().getFullYear() - 1;
const BEN = "/people/2";
const BENS_MONEY = "/money/payer/person-2";

/** Somebody applies and is admitted; dues are asked from a day in the past. */
export async function admit({ steward }) {
  await steward.go(`${BEN}/membership`);
  await steward.unfold("Enter an application");
  await steward.choose("Class", "Member");
  await steward.fillDay("Day of the application", LAST_YEAR, 2, 1);
  await steward.press("Enter the application");
  await steward.expect("the application stands there", "Applied on 1 February");
  await steward.choose("It becomes", "Not admitted");
  await steward.fillDay("From this day", LAST_YEAR, 2, 3);
  await steward.press("Write down the decision");
  await steward.expect("nobody is refused without a reason", /Say why/);
  await steward.choose("It becomes", "Member");
  await steward.press("Write down the decision");
  await steward.expect("somebody is a member", "Member since 3 February");
  await steward.go(`${BEN}/edit/address`);
  await steward.fill("Address", "12 Stapleton Road\nBristol");
  await steward.fill("Postcode", "BS5 0PX");
  await steward.press("Keep it");
  await steward.go("/money/dues/new");
  await steward.fill("What they are called", "Monthly dues");
  await steward.fillDay("First day", LAST_YEAR, 3, 1);
  await steward.fill("Step 1: name", "Full");
  await steward.fill("Step 1: amount", "5.00");
  await steward.press("Keep these dues");
  await steward.expect("the dues are kept", "The dues are kept.");
}

/** Somebody pays in cash, and gets a receipt. */
export async function cash({ steward }) {
  await steward.go("/money/pay");
  await steward.fill("Who pays?", "okaf");
  await steward.press("Find");
  if (!(await steward.page.getByLabel("Amount", { exact: true }).count())) await steward.take("Ben Okafor");
  await steward.fill("Amount", "12.505");
  await steward.press("Enter it");
  await steward.expect("an amount that is none is refused with a sentence", /digits behind the point/);
  await steward.fill("Amount", "12.50");
  await steward.press("Enter it");
  await steward.expect("the payment is entered", "It is entered.");
  await steward.expect("its amount stands there", "12.50");
}

/** What the bank's page gives: two payments of members, one of nobody's, one that went out, and a row that is none. */
function file() {
  const rows = [
    "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes",
    `02/06/${LAST_YEAR},BEN OKAFOR,MEMBERSHIP 1,FASTER PAYMENT,5.00,105.00,INCOME,`,
    `03/06/${LAST_YEAR},MX PATIENCE,SUBS,FASTER PAYMENT,5.00,110.00,INCOME,`,
    `04/06/${LAST_YEAR},CITY POWER,INV 889,DIRECT DEBIT,-45.00,65.00,BILLS,`,
    `31/06/${LAST_YEAR},NOBODY,NO SUCH DAY,FASTER PAYMENT,1.00,66.00,INCOME,`,
  ];
  return { name: "starling.csv", mimeType: "text/csv", buffer: Buffer.from(`${rows.join("\r\n")}\r\n`) };
}

/** What is open with the payer, in words. */
async function open(steward) {
  await steward.go(BENS_MONEY);
  return steward.page.locator(".lead").first().innerText();
}

/** A file of the bank: known by its columns, looked through, booked, sent again for nothing, and undone. */
export async function statement({ steward, note }) {
  const read = async (bytes) => {
    await steward.go("/money/statements");
    await steward.hand("The file from your bank", bytes);
    await steward.press("Look at the file");
  };
  await read({ name: "bank.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 \0\u0001\u0002") });
  await steward.expect("a file that is no table is refused with a sentence", /PDF/);
  await read(file());
  await steward.expect("the bank is known by its columns", "Starling");
  await steward.expect("a row that is none is told with the reason", `"31/06/${LAST_YEAR}" is no day`);
  await steward.fill("Which of your accounts is this?", "main account");
  await steward.press("Read the new lines");
  await steward.expect("the lines stand in the grid", "MX PATIENCE");
  const grid = new URL(steward.page.url()).pathname;
  const unknown = steward.page.locator("fieldset").filter({ hasText: "MX PATIENCE" });
  await steward.fill("Somebody else: write a name or a number", "Zaphod", unknown);
  await steward.press("Keep these choices");
  await steward.expect("a name that is in no book is refused with a sentence", "Nobody with this name is in the book.");
  for (const name of ["MX PATIENCE", "BEN OKAFOR"]) {
    const line = steward.page.locator("fieldset").filter({ hasText: name });
    const find = line.getByLabel("Somebody else: write a name or a number", { exact: true });
    if (await find.count()) await steward.fill("Somebody else: write a name or a number", "Ben Okafor", line);
  }
  await steward.press("Keep these choices");
  await steward.expect("the choices are kept", "Your choices are kept.");
  const before = await open(steward);
  await steward.go(grid);
  await steward.press("Book 2 payments");
  await steward.expect("the payments are booked", "The payments are booked.");
  await steward.go(BENS_MONEY);
  await steward.expect("what was booked stands with the payer", `2 June ${LAST_YEAR}`);
  await read(file());
  await steward.expect("the same file brings nothing new", "Every line of this file is known already.");
  await steward.press("Give this file up");
  await steward.go(grid);
  await steward.unfold("Undo this whole statement");
  await steward.fill("Why do you undo it? The people concerned can read this", "It was the wrong account");
  await steward.press("Undo the statement");
  await steward.expect("the statement is undone", "The statement is undone.");
  const after = await open(steward);
  note(`${steward.view.name}: after undoing as much is open as before`, after === before ? [] : [`${after}, before: ${before}`]);
  await steward.expect("what was booked is marked as taken back", "£5.00 (taken back)");
}

/** Somebody owes: a letter is written once, sent to whoever is to be reminded, and printed. */
export async function reminder({ steward, note }) {
  await steward.go("/money/arrears");
  await steward.expect("the list says who owes", "Ben Okafor");
  await steward.expect("and by which way they are to be reminded", "By letter");
  await steward.go("/members/letters/new");
  await steward.fill("Title", "Dues that are open");
  await steward.fill("The letter", "Dear {name},\n\n{due} of your dues is open. Come and talk to us if that is hard.");
  await steward.press("Keep the letter");
  await steward.take("Choose who gets it");
  await steward.choose("Who gets it", "Whoever is to be reminded of what they owe");
  await steward.press("Look who gets it");
  await steward.expect("one sees first whom it reaches", "1 letter, for 1 person.");
  await steward.press("Send it now");
  await steward.expect("it is ready to print", "What is on paper is ready to print.");
  await steward.take("Print the letters");
  const paper = await steward.page.locator("article").allInnerTexts();
  const whole = paper.length === 1 && /12 Stapleton Road/.test(paper[0]) && /Dear Ben Okafor/.test(paper[0]) && /£\d+\.\d\d of your dues/.test(paper[0]);
  note(`${steward.view.name}: the letter is addressed and says what is open`, whole ? [] : [`it says ${paper.join(" / ").slice(0, 400)}`]);
  await steward.go("/money/arrears");
  const again = (await steward.text()).includes("To be reminded now");
  note(`${steward.view.name}: whoever was reminded is left in peace`, again ? ["they are to be reminded again"] : []);
}
