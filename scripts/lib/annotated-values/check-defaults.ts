import { Ajv, type ErrorObject } from 'ajv'
import { Problems } from './problems.ts'
import { schemaOf } from './schema.ts'
import { type AnnotatedValues, type Setting, sampleName, sampleValues } from './setting.ts'

/**
 * Holds every default to what its own annotations say, those of entries of maps among them.
 *
 * @throws EvenlyError (exit 65) with every default that is not allowed, each with file:line and the fix
 */
export function checkDefaults({ file, settings, lineOf }: AnnotatedValues): void {
  const accepts = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(schemaOf(settings, file))
  const problems = new Problems(file)
  const sample = sampleValues(settings)
  // Users may take an entry away by null; as a default Helm 3 and 4 treat it differently.
  for (const keys of nullsIn(sample))
    problems.add(lineOf(keys) ?? 1, `${keys.join('.')}: null is no default: remove it`)
  if (!accepts(sample)) {
    for (const error of accepts.errors ?? []) {
      const extra = error.keyword === 'additionalProperties' ? `/${error.params.additionalProperty}` : ''
      const keys = `${error.instancePath}${extra}`.split('/').slice(1).map(unescapePointer)
      const line = lineOf(keys) ?? lineOfSetting(settings, keys)
      problems.add(line, `${keys.join('.')}: ${why(error)}: change it or what is allowed`)
    }
  }
  problems.throwIfAny()
}

function why({ keyword, params, data, message }: ErrorObject): string {
  if (keyword === 'additionalProperties') return 'the entry has a name or key that is not allowed'
  const allowed =
    keyword === 'enum' ? ` ${params.allowedValues.map((value: unknown) => JSON.stringify(value)).join(', ')}` : ''
  return `the default ${JSON.stringify(data)} ${message}${allowed}`
}

function nullsIn(value: unknown, keys: readonly string[] = []): (readonly string[])[] {
  if (value === null) return [keys]
  if (typeof value !== 'object' || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => nullsIn(inner, [...keys, key]))
}

const unescapePointer = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~')

/** The line of the last of these keys that is a setting. */
function lineOfSetting(settings: readonly Setting[], [key, ...rest]: readonly string[]): number {
  const setting = settings.find((candidate) => candidate.key === key)
  if (setting === undefined) return 1
  const { value, line } = setting
  if (value.kind === 'object') return rest.length > 0 ? lineOfSetting(value.keys, rest) : line
  if (value.kind === 'plain' || value.entry.kind === 'plain' || rest[0] !== sampleName || rest.length < 2) return line
  return lineOfSetting(value.entry.keys, rest.slice(1))
}
