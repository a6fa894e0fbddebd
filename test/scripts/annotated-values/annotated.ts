import { checkDefaults } from '../../../scripts/lib/annotated-values/check-defaults.ts'
import { parseAnnotatedValues } from '../../../scripts/lib/annotated-values/parse.ts'
import { type Schema, schemaOf } from '../../../scripts/lib/annotated-values/schema.ts'
import type { AnnotatedValues } from '../../../scripts/lib/annotated-values/setting.ts'

/** A values file as the generator takes it, with its defaults checked. */
export function annotated(text: string): AnnotatedValues {
  const values = parseAnnotatedValues(text, 'values.yaml')
  checkDefaults(values)
  return values
}

export const schemaFrom = (text: string): Schema => schemaOf(annotated(text).settings, 'test')

/** The schema of one key with these annotations, its reference resolved. */
export function schemaOfKey(annotations: readonly string[], given: string): Schema {
  const text = ['# -- A key.', ...annotations.map((line) => `# ${line}`), `key: ${given}`].join('\n')
  const { properties, definitions } = schemaFrom(text)
  const { description: _, default: __, $ref, ...schema } = properties?.key ?? {}
  return $ref === undefined ? schema : (definitions?.[$ref.replace('#/definitions/', '')] ?? {})
}
