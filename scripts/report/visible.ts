/**
 * Text with what no reader sees and some obey (escape sequences, reversed writing, halves of characters) replaced by
 * signs. Line breaks and tabs stay.
 */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/gu, signFor)

/** The same on one line. */
export const oneLine = (text: string): string => visible(text.replace(/\s+/g, ' ').trim())

function signFor(character: string): string {
  if (character === '\n' || character === '\t') return character
  const code = character.codePointAt(0) ?? 0
  // Unicode draws the first 32 and the last of ASCII: ESC is ␛, DEL is ␡.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  return code === 0x7f ? '␡' : '\u{fffd}'
}
