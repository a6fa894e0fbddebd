/** A family of an OpenMetrics exposition. */
export interface Family {
  readonly name: string
  readonly type: string
  readonly samples: readonly OpenSample[]
}

/** One line, as text where it stands so. */
export interface OpenSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: string
  readonly exemplar?: { readonly labels: Readonly<Record<string, string>>; readonly value: string; readonly at: string }
}

/** What may follow a family's name in its samples. */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['', '_sum', '_count', '_created'],
}

/**
 * Reads an OpenMetrics 1.0 text by the letter of its specification, and throws on what that forbids: a line out of place, an
 * empty one, a family described twice or in pieces, a wrong suffix, the same series twice, a histogram that is none, an
 * exemplar where none may be or out of its bucket, an end that is missing or not the end.
 */
export function parseOpenMetrics(text: string): Family[] {
  if (!text.endsWith('\n# EOF\n')) throw new Error('the text does not end with # EOF')
  const families: (Family & { samples: OpenSample[]; described: Set<string> })[] = []
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`)
    }
    let family = families.at(-1)
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][\w:]*) (.*)$/.exec(line) ?? []
    if (keyword !== undefined) {
      if (family?.name !== name) {
        if (families.some((other) => other.name === name)) fail('a family in two pieces')
        families.push({ name, type: 'unknown', samples: [], described: new Set() })
        family = families.at(-1)
      }
      if (family === undefined || family.samples.length > 0) return fail('a description after its samples')
      if (family.described.has(keyword)) fail('described twice')
      family.described.add(keyword)
      if (keyword === 'HELP' && !/^(?:[^"\\]|\\["n\\])*$/.test(rest)) fail('a help that is not escaped')
      if (keyword === 'TYPE' && suffixes[rest] === undefined) fail('a type that is none')
      if (keyword === 'TYPE') Object.assign(family, { type: rest })
      continue
    }
    if (line.startsWith('#') || family === undefined) return fail('a line that is neither description nor sample')
    const sample = sampleOf(line) ?? fail('no sample')
    const suffix = sample.name.slice(family.name.length)
    if (!sample.name.startsWith(family.name) || !suffixes[family.type]?.includes(suffix)) fail('a wrong name')
    if (sample.exemplar && suffix !== '_total' && suffix !== '_bucket') fail('an exemplar out of place')
    if (family.samples.some((other) => identity(other) === identity(sample))) fail('the same series twice')
    family.samples.push(sample)
  }
  for (const family of families) checkFamily(family)
  return families
}

const pair = String.raw`[a-zA-Z_]\w*="(?:[^"\\]|\\["n\\])*"`
const labelSet = String.raw`\{((?:${pair}(?:,${pair})*)?)\}`
// Infinity and not-a-number may be written in small letters and capitals alike.
const number = String.raw`[+-]?(?:\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[Ii]nf)|[Nn][Aa][Nn]`
const sampleLine = new RegExp(
  String.raw`^([a-zA-Z_:][\w:]*)(?:${labelSet})? (${number})(?: # ${labelSet} (${number})(?: (\d+(?:\.\d+)?))?)?$`,
)

function sampleOf(line: string): OpenSample | undefined {
  const [, name, inside = '', value, exemplar, exemplarValue, at] = sampleLine.exec(line) ?? []
  if (name === undefined || value === undefined) return undefined
  const sample = { name, labels: labelsOf(inside), value }
  if (exemplar === undefined || exemplarValue === undefined) return sample
  const labels = labelsOf(exemplar)
  if (Object.entries(labels).flat().join('').length > 128) throw new Error(`an exemplar over 128 characters: ${line}`)
  return { ...sample, exemplar: { labels, value: exemplarValue, at: at ?? '' } }
}

function labelsOf(inside: string): Record<string, string> {
  const pairs = [...inside.matchAll(new RegExp(pair, 'g'))].map(([text]) => text)
  const entries = pairs.map((text): [string, string] => [
    text.slice(0, text.indexOf('=')),
    text.slice(text.indexOf('=') + 2, -1),
  ])
  if (new Set(entries.map(([name]) => name)).size < entries.length) throw new Error(`a label twice: ${inside}`)
  return Object.fromEntries(entries)
}

const identity = ({ name, labels }: OpenSample): string => JSON.stringify([name, Object.entries(labels).sort()])

function checkFamily({ name, type, samples }: Family): void {
  if (type === 'counter' && samples.some(({ value }) => !(Number(value) >= 0))) throw new Error(`${name} counts down`)
  if (type !== 'histogram') return
  const series = Map.groupBy(samples, ({ labels: { le: _, ...others } }) =>
    JSON.stringify(Object.entries(others).sort()),
  )
  for (const [labels, lines] of series) {
    const buckets = lines.filter(({ labels }) => labels.le !== undefined)
    const bound = ({ labels: { le = '' } }: OpenSample) => Number(le.replace('Inf', 'Infinity'))
    const count = lines.find((line) => line.name === `${name}_count`)?.value
    if (bound(buckets.at(-1) as OpenSample) !== Number.POSITIVE_INFINITY)
      throw new Error(`${name}${labels} has no +Inf`)
    if (buckets.at(-1)?.value !== count) throw new Error(`${name}${labels} has another count than its +Inf`)
    buckets.forEach((bucket, index) => {
      const before = buckets[index - 1]
      const below = before ? bound(before) : Number.NEGATIVE_INFINITY
      if (bound(bucket) <= below) throw new Error(`${name}${labels} has its buckets out of order`)
      if (before && Number(bucket.value) < Number(before.value)) throw new Error(`${name}${labels} counts down`)
      const value = Number(bucket.exemplar?.value ?? bound(bucket))
      if (!(value > below && value <= bound(bucket)))
        throw new Error(`${name}${labels} has an exemplar of another bucket`)
    })
  }
}
