import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import { sarifLog } from '../../../scripts/lib/findings/sarif.ts'
import { goModule } from '../../support/go-module.ts'
import { findingOf, hostileText } from './samples.ts'

// OASIS publishes the schema on the web alone; this Go module carries a copy of it.
const schemaSource = {
  path: 'github.com/owenrumney/go-sarif/v3',
  version: 'v3.3.1',
  sum: 'h1:bKY8YnWcY8zYTiGVObC5wZLlfEvMkCxK9XMGXBbzEtQ=',
  file: 'pkg/report/v210/sarif/schema.go',
}

let accepts: ValidateFunction
beforeAll(async () => {
  const source = await readFile(join(await goModule(schemaSource), schemaSource.file), 'utf8')
  const {
    id: _id,
    $schema: _draft4,
    ...schema
  } = JSON.parse(source.slice(source.indexOf('`') + 1, source.lastIndexOf('`')))
  accepts = new Ajv({ strict: false, allErrors: true, logger: false, validateFormats: false }).compile(schema)
}, 300_000)

const report = (findings = [findingOf()], unreadable: readonly string[] = []) => ({ findings, files: [], unreadable })
const runOf = (...args: Parameters<typeof report>) => JSON.parse(sarifLog(report(...args))).runs[0]
const resultOf = (told: Parameters<typeof findingOf>[0]) => runOf([findingOf(told)]).results[0]

describe('SARIF', () => {
  it.each([
    ['of nothing', report([])],
    ['of an error', report()],
    ['of advice on an object', report([findingOf({ severity: 'advice', object: 'Service shop/orders' })])],
    [
      'of what is ignored',
      report([findingOf({ ignored: 'why', ignoredBy: 'comment' }), findingOf({ ignored: 'w', ignoredBy: 'option' })]),
    ],
    ['of what is on the command line or on stdin', report([findingOf({ file: '--set' }), findingOf({ file: '-' })])],
    ['of what cannot be read', report([], ['a.yaml cannot be read'])],
    [
      'of rules of every kind',
      report(
        ['cluster-ip-pins', 'least-conn', 'unknown-key', 'ignore', 'no-such-rule'].map((rule) => findingOf({ rule })),
      ),
    ],
    [
      'of hostile names',
      report([findingOf({ file: hostileText, path: hostileText, object: hostileText, message: hostileText })]),
    ],
  ])('%s is valid by the schema of OASIS', (_, what) => {
    expect(accepts(JSON.parse(sarifLog(what))), JSON.stringify(accepts.errors?.slice(0, 3))).toBe(true)
  })

  it('is refused by that schema when it is not valid, so the test can tell', () => {
    const log = JSON.parse(sarifLog(report()))
    log.runs[0].results[0].level = 'advice'
    expect(accepts(log)).toBe(false)
  })

  it('places a result where code scanning shows it', () => {
    expect(resultOf({})).toMatchObject({
      ruleId: 'wrong-type',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'image.tag: 1.1 is a fraction, and text is wanted; write "1.1".' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'values.yaml' },
            region: { startLine: 3, startColumn: 3, snippet: { text: '  tag: 1.1' } },
          },
          logicalLocations: [{ fullyQualifiedName: 'image.tag' }],
        },
      ],
    })
    expect(resultOf({ severity: 'advice' }).level).toBe('note')
  })

  it('names files from the working directory, with slashes and nothing that a URI cannot hold', () => {
    const uriOf = (file: string) => resultOf({ file }).locations[0].physicalLocation?.artifactLocation.uri
    expect(uriOf('./values/../values/a b#c?.yaml')).toBe('values/a%20b%23c%3F.yaml')
    expect(uriOf(resolve('values/a.yaml'))).toBe('values/a.yaml')
    expect(uriOf('/somewhere/else.yaml')).toBe('file:///somewhere/else.yaml')
    expect(uriOf('-')).toBe('stdin')
    expect(uriOf('--set')).toBeUndefined()
  })

  it('says of each rule that was broken what it is about, once', () => {
    const { tool, results } = runOf([findingOf({ rule: 'cluster-ip-pins' }), findingOf(), findingOf()])
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['cluster-ip-pins', 'wrong-type'])
    expect(results.map(({ ruleIndex }: { ruleIndex: number }) => ruleIndex)).toEqual([0, 1, 1])
    const [rule] = tool.driver.rules
    expect(rule).toMatchObject({
      defaultConfiguration: { level: 'error' },
      helpUri: 'https://github.com/evenly-grpc/evenly/blob/main/docs/rules.md#cluster-ip-pins',
    })
    expect(rule.help.markdown).toContain(rule.fullDescription.text)
    expect(rule.help.markdown.length).toBeGreaterThan(rule.fullDescription.text.length)
  })

  it('suppresses what is ignored, with the reason', () => {
    expect(resultOf({}).suppressions).toBeUndefined()
    expect(resultOf({ ignored: 'why', ignoredBy: 'comment' }).suppressions).toEqual([
      { kind: 'inSource', justification: 'why' },
    ])
    expect(resultOf({ ignored: 'why', ignoredBy: 'option' }).suppressions[0].kind).toBe('external')
  })

  it('tells what could not be read, and that the check was not complete', () => {
    expect(runOf([], ['a.yaml cannot be read']).invocations).toEqual([
      {
        executionSuccessful: false,
        exitCode: 65,
        toolExecutionNotifications: [{ level: 'error', message: { text: 'a.yaml cannot be read' } }],
      },
    ])
    expect(runOf().invocations[0]).toMatchObject({ executionSuccessful: true, exitCode: 79 })
  })

  it('repeats no line of a megabyte', () => {
    expect(sarifLog(report([findingOf({ sourceLine: 'x'.repeat(1_000_000) })])).length).toBeLessThan(10_000)
  })
})

describe('the fingerprint of a result', () => {
  const fingerprints = (...told: Parameters<typeof findingOf>[0][]): string[] =>
    runOf(told.map(findingOf)).results.map(({ partialFingerprints }: Result) => partialFingerprints['evenlyFinding/v1'])

  it('stays when lines move and numbers change', () => {
    expect(fingerprints({ line: 9, column: 5, sourceLine: 'x', message: 'one of 3 pods' })).toEqual(
      fingerprints({ message: 'one of 5 pods' }),
    )
  })

  it('differs by rule, file, object and path, and between two that are alike', () => {
    const all = fingerprints(
      {},
      {},
      { rule: 'x' },
      { file: 'b' },
      { object: 'Service a/b' },
      { path: 'image' },
      { message: 'y' },
    )
    expect(new Set(all).size).toBe(7)
    expect(all.every((each) => /^[0-9a-f]{32}$/.test(each))).toBe(true)
  })
})

interface Result {
  readonly partialFingerprints: Readonly<Record<string, string>>
}
