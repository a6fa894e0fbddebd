import { styleText } from 'node:util'
import { oneLine, visible } from '../../report/visible.ts'
import { excerptOf } from './excerpt.ts'
import type { Finding } from './finding.ts'

export type Paint = typeof styleText

/** Columns that a source line may take, beside its number. */
const sourceWidth = 100

/**
 * Findings for people: a line `FILE:LINE:COLUMN: SEVERITY [OBJECT] PATH: SENTENCE [RULE]`, which editors can jump from, the line of
 * the file with the place underlined, and what mends it. Coloured on a terminal.
 *
 * @param paint how to colour; by default as stdout and the environment want it
 */
export function humanText(findings: readonly Finding[], paint: Paint = styleText): string {
  const told = new Set<string>()
  return findings
    .map((finding) =>
      [headOf(finding, paint), ...excerptLines(finding, paint), ...patchLines(finding, told, paint)].join('\n'),
    )
    .join('\n\n')
}

/** Leaves text as it is. */
export const unpainted: Paint = (_, text) => text

function headOf({ file, line, column, severity, object, path, message, rule }: Finding, paint: Paint): string {
  // What runs on a cluster stands in no file.
  const place = line === 0 ? `${file}:` : `${file}:${line}:${column}:`
  const about = [object, path].filter((part) => part !== undefined && part !== '').join(' ')
  return [
    paint('bold', oneLine(place)),
    paint(severity === 'error' ? 'red' : 'yellow', severity),
    `${paint('bold', oneLine(about || 'all of it'))}: ${oneLine(message)}`,
    paint('dim', `[${rule}]`),
  ].join(' ')
}

function excerptLines(finding: Finding, paint: Paint): string[] {
  if (finding.sourceLine.trim() === '') return []
  const { source, underline } = excerptOf(finding, sourceWidth)
  const number = String(finding.line)
  const from = finding.template === undefined ? [] : [`  in ${paint('dim', oneLine(finding.template))}`]
  const colour = finding.severity === 'error' ? 'red' : 'yellow'
  const bar = paint('dim', '|')
  return [
    ...from,
    `  ${paint('dim', number)} ${bar} ${source}`,
    `  ${' '.repeat(number.length)} ${bar} ${paint(colour, underline)}`,
  ]
}

/** A patch that mends several findings is shown with the first of them. */
function patchLines({ object, patch }: Finding, told: Set<string>, paint: Paint): string[] {
  if (patch === undefined) return []
  if (told.has(patch)) return ['  mended by the patch above']
  told.add(patch)
  const title = object === undefined ? titleOfValues(patch) : titleOf(patch, object)
  const lines = visible(patch).trimEnd().split('\n')
  return [`  ${title}`, ...lines.map((line) => `    ${line === '' ? '' : paint('green', line)}`.trimEnd())]
}

function titleOf(patch: string, object: string): string {
  const count = patch.split(/^---$/m).length
  return count === 1 ? `patch for ${object}:` : `patches and new objects for ${object}:`
}

/** null over a default takes that away; what the chart does not know it leaves there. */
const titleOfValues = (patch: string): string =>
  /: null$/m.test(patch)
    ? 'lay this over with -f (null takes a default away; a key that the chart does not know has to leave the file):'
    : 'lay this over with -f:'
