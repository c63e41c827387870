// Numbers as a hardware page writes them.

export const hex = (value, digits) => value.toString(16).toUpperCase().padStart(digits, "0") + "h";

export const bit = (value, number) => (value >>> number) & 1;

// A getter for a field of two 32-bit words: `[lowest bit, width]`.
export function reader([low, width]) {
  const mask = width === 32 ? 0xffffffff : 2 ** width - 1;
  if (low + width <= 32) return (w0) => (w0 >>> low) & mask;
  if (low >= 32) return (w0, w1) => (w1 >>> (low - 32)) & mask;
  const below = 32 - low;
  return (w0, w1) => ((w0 >>> low) | (w1 << below)) & mask;
}

// A setter for a field of a view of two 32-bit words.
export function writer([low, width]) {
  const mask = 2 ** width - 1;
  const put = (words, word, shift, wide, value) => {
    words[word] = (words[word] & ~(wide << shift)) | ((value & wide) << shift);
  };
  if (low + width <= 32) return (words, value) => put(words, 0, low, mask, value);
  if (low >= 32) return (words, value) => put(words, 1, low - 32, mask, value);
  const below = 32 - low;
  return (words, value) => {
    put(words, 0, low, 2 ** below - 1, value);
    put(words, 1, 0, 2 ** (width - below) - 1, value >>> below);
  };
}

// "34", "0x34", "34h" and "1010b" as a number; null where it is none, or none of so many bits.
export function number(text, bits, radix = 16) {
  const plain = text.trim().toLowerCase().replace(/_/g, "");
  const kinds = [
    [/^0x([0-9a-f]+)$/, 16],
    [/^([0-9a-f]+)h$/, 16],
    [/^([01]+)b$/, 2],
    [radix === 16 ? /^([0-9a-f]+)$/ : /^([0-9]+)$/, radix],
  ];
  for (const [form, base] of kinds) {
    const match = form.exec(plain);
    if (match) {
      const value = parseInt(match[1], base);
      return value < 2 ** bits ? value : null;
    }
  }
  return null;
}
