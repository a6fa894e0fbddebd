import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { allRules } from '../../scripts/lib/manifest-rules/all-rules.ts'
import { checkManifests } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import { applyPatches } from '../../scripts/lib/manifests/apply-patches.ts'

const examples = join(import.meta.dirname, '../../scripts/lib/manifest-rules/examples')
const ids = allRules.map(({ id }) => id)
const exampleOf = (id: string): string => readFileSync(join(examples, `${id}.yaml`), 'utf8')
const findingsIn = (text: string) => checkManifests([{ file: 'example.yaml', text }])
const objectsIn = (text: string) => parseAllDocuments(text).map((document) => document.toJS())

describe('a rule on manifests', () => {
  it.each(allRules.map((rule) => [rule.id, rule] as const))(
    '%s finds its mistake, and its patch mends it',
    (id, rule) => {
      const text = exampleOf(id)
      const found = findingsIn(text)
      const severity = rule.proof ? 'error' : 'advice'
      expect(found.map(({ rule, severity }) => ({ rule, severity }))).toContainEqual({ rule: id, severity })
      const others = found.filter(({ rule }) => rule !== id)
      expect(others.filter(({ severity }) => severity === 'error')).toEqual([])

      const patches = found.flatMap(({ rule, patch }) => (rule === id && patch ? objectsIn(patch) : []))
      expect(patches, 'a patch for the example').not.toEqual([])
      const cured = applyPatches(objectsIn(text), patches)
      const left = findingsIn(cured.map((object) => stringify(object)).join('---\n'))
      expect(left.filter(({ rule, severity }) => rule === id || severity === 'error')).toEqual([])
    },
  )

  it('has an example, and every example a rule', () => {
    expect(readdirSync(examples).map((file) => file.replace('.yaml', ''))).toEqual(ids.toSorted())
  })

  it('has an id of its own that is the name of its file, and says all that there is to say', () => {
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, title, why, cure, sources } of allRules) {
      expect(existsSync(join(examples, '../rules', `${id}.ts`)), `${id}.ts`).toBe(true)
      expect([title.length, title], id).toEqual([
        expect.toSatisfy((length: number) => length >= 10 && length <= 80),
        title,
      ])
      expect(why.length, `why of ${id}`).toBeGreaterThan(100)
      expect(cure.length, `cure of ${id}`).toBeGreaterThan(40)
      expect(sources.length, `sources of ${id}`).toBeGreaterThan(0)
      for (const source of sources) expect(source).toMatch(/^https:\/\//)
    }
  })
})
