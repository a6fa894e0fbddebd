import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { chartFolder } from '../../../scripts/lib/chart-rules/table.ts'
import { checkValues } from '../../../scripts/lib/check/check-values.ts'
import { type Path, pathText } from '../../../scripts/lib/check/place.ts'
import { parseValues } from '../../../scripts/lib/check/values-file.ts'
import { keyHolders } from './key-holders.ts'

const schema = JSON.parse(readFileSync(join(chartFolder, 'values.schema.json'), 'utf8'))

/** One slip of the fingers. */
interface Misspelling {
  readonly at: Path
  readonly key: string
  readonly written: string
}

/** A letter doubled, a letter left out, two neighbours swapped: each at every place of the key. */
function slips(key: string): string[] {
  const places = [...key].map((_, i) => i)
  const doubled = places.map((i) => key.slice(0, i + 1) + key.slice(i))
  const dropped = places.map((i) => key.slice(0, i) + key.slice(i + 1))
  const swapped = places.slice(1).map((i) => key.slice(0, i - 1) + key[i] + key[i - 1] + key.slice(i + 1))
  return [...new Set([...doubled, ...dropped, ...swapped])].filter((written) => written !== '' && written !== key)
}

it('finds every misspelling of every key of the schema, and the key that was meant', () => {
  const holders = keyHolders(schema)
  const all = holders.flatMap(({ path, keys }) =>
    keys.flatMap((key) => slips(key).map((written): Misspelling => ({ at: path, key, written }))),
  )
  const keys = holders.flatMap((holder) => holder.keys)
  const valid = new Set(holders.flatMap(({ path, keys }) => keys.map((key) => pathText([...path, key]))))
  const hitsAnother = ({ at, written }: Misspelling) => valid.has(pathText([...at, written]))
  const tried = all.filter((slip) => !hitsAnother(slip))
  expect(keys.length).toBeGreaterThan(400)
  expect(tried.length).toBeGreaterThan(20 * keys.length)
  expect(all.filter(hitsAnother).map(({ at, written }) => pathText([...at, written]))).toEqual([])
  const wrong = batches(tried).flatMap((batch) => {
    const findings = checkValues([parseValues(stringify(together(batch)), 'values.yaml')])
    const found = new Map(findings.map(({ path, suggestion }) => [path, suggestion]))
    return batch
      .filter(({ at, key, written }) => found.get(pathText([...at, written])) !== key)
      .map(
        ({ at, key, written }) => `${pathText([...at, written])}: ${key}, not ${found.get(pathText([...at, written]))}`,
      )
  })
  expect(wrong).toEqual([])
}, 120_000)

/** As many misspellings at once as need as many files: those at one place after another. */
function batches(all: readonly Misspelling[]): Misspelling[][] {
  return Array.from({ length: Math.ceil(all.length / 100) }, (_, i) => all.slice(i * 100, i * 100 + 100))
}

/** Values that hold all of them. */
function together(misspellings: readonly Misspelling[]): object {
  const values = {}
  for (const { at, written } of misspellings) {
    let holder: Record<string, unknown> | unknown[] = values
    for (const [i, step] of at.entries()) {
      const next = (holder as Record<string | number, unknown>)[step] ?? (typeof at[i + 1] === 'number' ? [] : {})
      ;(holder as Record<string | number, unknown>)[step] = next
      holder = next as Record<string, unknown>
    }
    ;(holder as Record<string, unknown>)[written] = 1
  }
  return values
}
