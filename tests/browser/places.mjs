// Where the tests go and what they look for: the one place that knows the pages' addresses and marks.

/** The pages, in the order in which a person meets them. A page without a path is reached by its link. */
export const PAGES = [
  { name: "home", path: "/" },
  { name: "devices", path: "/devices" },
  { name: "device", from: "/devices", link: 'main a[href^="/devices/"]' },
  { name: "box", path: "/box" },
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
