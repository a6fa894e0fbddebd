import { visible } from './visible.ts'

/** Text that is HTML or XML already. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What can stand in a template: text and numbers are escaped, markup is not, and nothing is nothing. */
export type Part = Markup | string | number | undefined | false | readonly Part[]

/**
 * A template of HTML or XML. Whatever is put into it is escaped, for content and for attributes in double quotes, so that
 * a pod may be called `<script>` and an error may hold control characters, which XML has no way to write.
 */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.map((text, index) => text + written(parts[index])).join(''))

function written(part: Part): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(written).join('')
  return visible(String(part)).replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
