import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chartRules } from '../../scripts/lib/chart-rules/table.ts'
import { allRules } from '../../scripts/lib/manifest-rules/all-rules.ts'
import { ruleBook } from '../../scripts/lib/rule-book/rule-book.ts'
import { addressOf } from '../../scripts/lib/rule-book/rule-entry.ts'
import { rulesPage } from '../../scripts/lib/rule-book/rules-page.ts'

const root = join(import.meta.dirname, '../..')
const book = ruleBook()
const ids = book.map(({ id }) => id)

describe('the rule book', () => {
  it('has every rule on manifests, every rule of the chart, and every id that the schema’s errors are given', () => {
    const checks = join(root, 'scripts/lib/check')
    const sources = readdirSync(checks).map((file) => readFileSync(join(checks, file), 'utf8'))
    const schemaIds = sources.flatMap((text) => [...text.matchAll(/\b(?:id|rule): '([a-z-]+)'/g)].map(([, id]) => id))
    expect(schemaIds.length).toBeGreaterThan(5)
    const all = [...allRules.map(({ id }) => id), ...chartRules().map(({ id }) => id), ...schemaIds]
    expect(all.filter((id) => !ids.includes(id as string))).toEqual([])
  })

  it('has no id twice; rules on manifests and on values that share one are explained together', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    const shared = chartRules().filter(({ id }) => allRules.some((rule) => rule.id === id))
    for (const { id, fix } of shared) {
      const { group, cure } = book.find((entry) => entry.id === id) ?? {}
      expect([group, cure?.toLowerCase()]).toEqual(['manifests', expect.stringContaining(fix.toLowerCase())])
    }
  })

  it('has ids that an address, a comment and a heading can hold', () => {
    expect(ids.filter((id) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))).toEqual([])
    expect(addressOf('cluster-ip-pins')).toBe(
      'https://github.com/evenly-grpc/evenly/blob/main/docs/rules.md#cluster-ip-pins',
    )
  })

  it.each(book)('shows an example that $id finds, of the severity that it says', (rule) => {
    const { findings } = rule.example()
    expect(findings.map(({ rule }) => rule)).toEqual(findings.map(() => rule.id))
    if (rule.id === 'schema' || rule.group === 'live') return
    expect(findings.map(({ severity }) => severity)).toContain(rule.severity)
  })

  it('is an error where it was proven, and advice where it was not', () => {
    const manifests = book.filter(({ group }) => group === 'manifests')
    for (const { id, severity, proof } of manifests) expect([id, severity]).toEqual([id, proof ? 'error' : 'advice'])
  })

  it.each(book)('tells of $id why, and what to do, without words that were to be filled in', ({ title, why, cure }) => {
    for (const text of [title, why, cure]) expect(text).toMatch(/\S{2}/)
    expect(title).not.toMatch(/[.{}\n]$/)
    expect(`${title} ${why} ${cure.replace(/```[\s\S]*?```/g, '')}`).not.toMatch(/\{[a-z]\w*\}/)
  })
})

describe('docs/rules.md', () => {
  const page = rulesPage()

  it('has a heading for each rule, which is its address, and a line that leads there', () => {
    expect([...page.matchAll(/^### (.*)$/gm)].map(([, id]) => id)).toEqual(ids)
    expect([...page.matchAll(/^- \[(.*?)\]\(#(.*?)\)/gm)].map(([, id, anchor]) => `${id} ${anchor}`)).toEqual(
      ids.map((id) => `${id} ${id}`),
    )
  })

  it('closes what it opens, and names nothing that a machine alone knows', () => {
    expect((page.match(/^```/gm) ?? []).length % 2).toBe(0)
    expect(page).not.toMatch(/\[object |\bNaN\b|: undefined\b/)
    expect(page).not.toContain('\u001b')
    expect(page).not.toContain(root)
  })
})
