// Contrast of two colours as WCAG 2 counts it.

/** The channels of `#rgb`, `#rrggbb` or `rgb(…)`, 0 to 255; null for anything else. */
export function channels(colour) {
  const text = colour.trim();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  if (short) return short.slice(1).map((digit) => parseInt(digit + digit, 16));
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (long) return long.slice(1).map((pair) => parseInt(pair, 16));
  const named = /^rgb\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*\)$/i.exec(text);
  return named ? named.slice(1).map(Number) : null;
}

function luminance(rgb) {
  const [red, green, blue] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What is wrong with the tokens: `values` maps each name to its colour. */
export function tokenFaults(values, tokens) {
  const faults = [];
  const read = (name) => {
    const rgb = channels(values[name] ?? "");
    if (!rgb) faults.push(`${name} is ${JSON.stringify(values[name] ?? "")}, not a plain colour`);
    return rgb;
  };
  const pairs = (names, least) => {
    for (const name of names) {
      for (const ground of tokens.grounds) {
        const [front, back] = [read(name), read(ground)];
        if (!front || !back) continue;
        const ratio = contrast(front, back);
        if (ratio < least) faults.push(`${name} on ${ground} has contrast ${ratio.toFixed(2)}, at least ${least}`);
      }
    }
  };
  pairs(tokens.words, 4.5);
  pairs(tokens.graphics, 3);
  return [...new Set(faults)];
}
