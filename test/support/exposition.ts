/** One line of the Prometheus text format. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The samples of a Prometheus text exposition; throws on a line that is none. */
export function parseExposition(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, inside = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
      if (name === undefined) throw new Error(`not a sample: ${line}`)
      const labels = Object.fromEntries([...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, k, v]) => [k, v]))
      return { name, labels, value: Number(value) }
    })
}

/** The value of the one sample with that name and exactly those labels; undefined without one. */
export function sampleValue(text: string, name: string, labels: Readonly<Record<string, string>>): number | undefined {
  const wanted = sorted(labels)
  return parseExposition(text).find((sample) => sample.name === name && sorted(sample.labels) === wanted)?.value
}

const sorted = (labels: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(labels).sort())
