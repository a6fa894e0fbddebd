import { Document } from 'yaml'
import type { AnnotatedValues, Setting, Value } from './setting.ts'

/** The reference of a chart's values in Markdown: a table of all keys, in the order of the file, for each section. */
export function referenceOf({ settings, sections }: Pick<AnnotatedValues, 'settings' | 'sections'>): string {
  const rows = settings.flatMap(flatten)
  const untitled = { title: '', line: 0 }
  return [untitled, ...sections]
    .map(({ title, line }, index) => {
      const end = sections[index]?.line ?? Number.POSITIVE_INFINITY
      return { title, rows: rows.filter((row) => row.line > line && row.line < end) }
    })
    .filter((section) => section.rows.length > 0)
    .map((section) => `${section.title === '' ? '' : `### ${section.title}\n\n`}${tableOf(section.rows)}`)
    .join('\n\n')
}

/** A setting with its own settings below it, and, once for all entries of a map, with those of an entry. */
function flatten(setting: Setting): Setting[] {
  const { value } = setting
  const holder = value.kind === 'map' ? value.entry : value
  return [setting, ...(holder.kind === 'object' ? holder.keys.flatMap(flatten) : [])]
}

function tableOf(settings: readonly Setting[]): string {
  const rows = settings.map((setting) => [
    `\`${setting.path}\``,
    typeText(setting.value),
    setting.defaultText ?? defaultText(setting),
    setting.description,
  ])
  const lines = rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`)
  return ['| Key | Type | Default | Description |', '| --- | --- | --- | --- |', ...lines].join('\n')
}

function typeText(value: Value): string {
  if (value.kind === 'object') return 'object'
  if (value.kind === 'plain') return value.type.docs
  const { names, entry } = value
  return `map by ${names.docs}${entry.kind === 'plain' ? `: ${entry.type.docs}` : ''}`
}

/** The default as one would write it in a values file on one line. An object's is that of its keys. */
function defaultText({ value, default: given }: Setting): string {
  if (value.kind === 'object') return ''
  const document = new Document(given, { version: '1.1' })
  const node = document.createNode(given, { flow: true })
  document.contents = node as never
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false, directives: false }).trim()
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** Text that is safe in a cell: on one line, without a bar that would end it and without HTML. */
const cell = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/\|/g, '\\|')
    .replace(/(`[^`]*`)|</g, (_, code?: string) => code ?? '\\<')
