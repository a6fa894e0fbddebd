import { styleText } from 'node:util'
import { humanText, type Paint } from '../../lib/findings/human.ts'
import { oneLine, visible } from '../../report/visible.ts'
import type { Diagnosis } from './diagnosis.ts'
import { factsOf } from './facts.ts'
import { headline } from './headline.ts'
import { rolesFor } from './roles.ts'

/** A diagnosis for people: the one line first, then what it rests on, what to mend, and what could not be seen. */
export function diagnosisText(diagnosis: Diagnosis, paint: Paint = styleText): string {
  const { live, findings, unseen, denied } = diagnosis
  const facts = factsOf(live).flatMap(({ name, lines }) =>
    lines.map((line, i) => `  ${paint('dim', (i === 0 ? name : '').padEnd(nameWidth))} ${visible(line)}`),
  )
  const parts = [
    paint('bold', oneLine(headline(diagnosis))),
    facts.join('\n'),
    ...(findings.length > 0 ? [humanText(findings, paint)] : []),
    ...(findings.some(({ patch }) => patch !== undefined) ? [paint('dim', howToPatch)] : []),
    ...(unseen.length > 0
      ? [`${paint('bold', 'Not seen, or good to know:')}\n${unseen.map((each) => `  - ${oneLine(each)}`).join('\n')}`]
      : []),
    ...(denied.length > 0
      ? [`${paint('bold', 'The rights that are missing, to ask for:')}\n${indented(rolesFor(denied))}`]
      : []),
  ]
  return parts.join('\n\n')
}

const howToPatch =
  'What a patch would change: kubectl diff --server-side --force-conflicts -f PATCH. Make it where the objects come from too.'

const nameWidth = 10

const indented = (text: string): string => text.trimEnd().replace(/^(?=.)/gm, '  ')
