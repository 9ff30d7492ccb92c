// Where the tests go and what they look for: the one place that knows the pages' addresses and marks.

/** The step to the month on the home page. */
const MONTH = ".kinds a:nth-child(3)";

/** The pages, in the order in which a person meets them. A page with a link is reached by it. */
export const PAGES = [
  { name: "home", path: "/" },
  { name: "month", path: "/", link: MONTH },
  { name: "devices", path: "/devices" },
  { name: "device", path: "/devices", link: 'main a[href^="/devices/"]' },
  { name: "history", path: "/devices/street-meter", link: 'main a[href*="/history/"]' },
  { name: "box", path: "/box" },
];

/** The README's pictures, as files of `docs/pictures`. */
export const PICTURES = [
  { file: "home-light", path: "/", width: 1100, height: 1240, theme: "light" },
  { file: "home-dark", path: "/", width: 1100, height: 1240, theme: "dark" },
  { file: "home-phone", path: "/", width: 390, height: 1740, theme: "light" },
  { file: "month", path: "/", link: MONTH, width: 1100, height: 1240, theme: "light" },
];

export const WIDTHS = [320, 1280];
export const THEMES = ["light", "dark"];

/** A number that moves while one looks. */
export const LIVE = "[data-live]";
/** The step to an earlier day on the home page. */
export const EARLIER = 'a[rel="prev"]';

/** Colours of words and of lines that carry meaning, each to be read on each ground. */
export const TOKENS = {
  grounds: ["--paper", "--card"],
  words: ["--ink", "--soft", "--sun-ink", "--act", "--alert"],
  graphics: ["--sun", "--use", "--battery", "--bought", "--out"],
};

/** Every byte the first paint of the home page needs: page, style, pictures. */
export const FIRST_PAINT_BYTES = 14 * 1024;
/** Things that a finger has to meet, apart from links within a sentence. */
export const TARGETS = "button, input:not([type=hidden]), select, summary, nav a";
export const TARGET_PIXELS = 44;
