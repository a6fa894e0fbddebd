import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { liveRules } from '../../../scripts/cluster/doctor/live-rules.ts'
import { allRules } from '../../../scripts/lib/manifest-rules/all-rules.ts'

const folder = join(import.meta.dirname, '../../../scripts/cluster/doctor/rules')

it.each(liveRules.map((rule) => [rule.id, rule] as const))('%s says all that there is to say', (id, rule) => {
  expect(existsSync(join(folder, `${id}.ts`))).toBe(true)
  expect(allRules.map((each) => each.id)).not.toContain(id)
  expect(rule.title.length).toBeLessThanOrEqual(80)
  expect(rule.why.length).toBeGreaterThan(100)
  expect(rule.cure.length).toBeGreaterThan(40)
  for (const source of rule.sources) expect(source).toMatch(/^https:\/\//)
})

it('has every id once', () => {
  expect(new Set(liveRules.map(({ id }) => id)).size).toBe(liveRules.length)
})
