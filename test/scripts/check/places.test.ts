import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { chartFolder } from '../../../scripts/lib/chart-rules/table.ts'
import { ownChart } from '../../../scripts/lib/check/chart.ts'
import { checkValues } from '../../../scripts/lib/check/check-values.ts'
import { parseValues } from '../../../scripts/lib/check/values-file.ts'

/** FILE:LINE:COLUMN of each finding, its path, and the text that a caret would point at. */
function places(files: readonly string[], sets: readonly string[] = []): string[] {
  const findings = checkValues(
    files.map((text, i) => parseValues(text, `${i}`)),
    sets,
  )
  return findings.map(
    ({ file, line, column, path, sourceLine }) => `${file}:${line}:${column} ${path} ${sourceLine.slice(column - 1)}`,
  )
}

describe('a finding stands where the value that wins is written', () => {
  it.each<[what: string, files: string[], sets: string[], where: string[]]>([
    ['in the one file', ['a1: 1\n'], [], ['0:1:1 a1 a1: 1']],
    [
      'in the last of the files that have it',
      ['mode: x\n', 'mode: y\n', 'replicaCount: 1\n'],
      [],
      ['1:1:1 mode mode: y'],
    ],
    [
      'in the file that has the deepest of it',
      ['client: {kind: x}\n', 'client: {enabled: true}\n'],
      [],
      ['0:1:10 client.kind kind: x}'],
    ],
    [
      'in the file that takes away what a rule misses',
      ['client: {enabled: true, kind: Job, requests: 5}\n', 'client:\n  requests: null\n'],
      [],
      ['1:2:3 client.requests requests: null'],
    ],
    [
      'at the nearest thing around it',
      ['\nautoscaling: {enabled: true}\nresources:\n  limits: {}\n'],
      [],
      ['0:3:1 resources.requests.cpu resources:'],
    ],
    [
      'past comments at the top when nothing is around it',
      ['# x\n\n# y\nautoscaling: {enabled: true}\n'],
      [],
      ['0:4:1 resources.requests.cpu autoscaling: {enabled: true}'],
    ],
    ['in a list', ['client:\n  args:\n    - a\n    - {x: 1}\n'], [], ['0:4:7 client.args[1] {x: 1}']],
    [
      'in the list that hides another',
      ['client: {args: [{x: 1}, {x: 1}]}\n', 'client: {args: [{x: 1}]}\n'],
      [],
      ['1:1:17 client.args[0] {x: 1}]}'],
    ],
    [
      'in the anchor that an alias stands for',
      ['x: &a\n  enbled: true\nclient: *a\n'],
      [],
      ['0:1:1 x x: &a', '0:2:3 client.enbled enbled: true'],
    ],
    [
      'in the anchor that a merge key takes in',
      ['x: &a {enbled: true}\nclient:\n  <<: *a\n'],
      [],
      ['0:1:1 x x: &a {enbled: true}', '0:1:8 client.enbled enbled: true}'],
    ],
    [
      'at the merge that comes after the key, as it wins',
      ['x: &a {kind: y}\nclient: {kind: z, <<: *a}\n'],
      [],
      ['0:1:1 x x: &a {kind: y}', '0:1:8 client.kind kind: y}'],
    ],
    [
      'at the key that comes after the merge',
      ['x: &a {kind: y}\nclient: {<<: *a, kind: z}\n'],
      [],
      ['0:1:1 x x: &a {kind: y}', '0:2:18 client.kind kind: z}'],
    ],
    [
      'in the first of the maps that a merge key names',
      ['x: &a {kind: y}\nclient: {<<: [{kind: q}, *a]}\n'],
      [],
      ['0:1:1 x x: &a {kind: y}', '0:2:16 client.kind kind: q}, *a]}'],
    ],
    [
      'under a key in quotes, and under one that is a number',
      ['env: {"A B": x}\npodLabels:\n  8080: [1]\n'],
      [],
      ['0:1:7 env["A B"] "A B": x}', '0:3:3 podLabels.8080 8080: [1]'],
    ],
    [
      'in a --set, by its number',
      ['mode: server\n'],
      ['replicaCount=2', 'client.enabled=true,mode=x'],
      ['--set:2:21 mode mode=x'],
    ],
    ['in the last --set that says it', [''], ['mode=x', 'mode=y', 'replicaCount=1'], ['--set:2:1 mode mode=y']],
    [
      'in the file where a --set only stands beside it',
      ['client:\n  kind: x\n'],
      ['client.enabled=true'],
      ['0:2:3 client.kind kind: x'],
    ],
    [
      'in a --set that takes away',
      ['client: {enabled: true, kind: Job, requests: 5}\n'],
      ['client.requests=null'],
      ['--set:1:1 client.requests client.requests=null'],
    ],
    [
      'in the pair of a --set for one place of a list',
      ['client: {args: [a, b]}\n'],
      ['client.args[0]=c,client.args[1].x=1'],
      ['--set:1:18 client.args[1] client.args[1].x=1'],
    ],
    ['in a --set alone', [], ['client.kindd=x'], ['--set:1:1 client.kindd client.kindd=x']],
  ])('%s', (_, files, sets, where) => {
    expect(places(files, sets)).toEqual(where)
  })

  it('in the order of files, then of lines, and those of --set last', () => {
    const files = ['b1: 1\na1: 1\n', 'mode: x\n']
    expect(places(files, ['c1=1'])).toEqual([
      '0:1:1 b1 b1: 1',
      '0:2:1 a1 a1: 1',
      '1:1:1 mode mode: x',
      '--set:1:1 c1 c1=1',
    ])
  })
})

it('stands in the file that hides what the files before it have there', () => {
  const files = ['resources: {requests: {cpu: 100m}}\n', 'autoscaling: {enabled: true}\nresources: {requests: null}\n']
  expect(places(files)).toEqual(['1:2:13 resources.requests.cpu requests: null}'])
})

it('says what the form of a value is called, whatever of the schema asks for it', () => {
  const text = 'image: {digest: "sha256:12"}\npodLabels: {a: "b c"}\nloadBalancing: {timeout: 5 s}\n'
  expect(checkValues([parseValues(text, 'v')]).map(({ message }) => message.slice(0, message.indexOf(';')))).toEqual([
    '"sha256:12" is not a digest',
    '"b c" is not a label’s value',
    '"5 s" is not a duration',
  ])
})

it('knows the chart’s defaults as a values file of the same text has them', () => {
  expect(ownChart().defaults).toEqual(
    parseValues(readFileSync(join(chartFolder, 'values.yaml'), 'utf8'), 'values.yaml').values,
  )
})

it('has a schema that ajv finds nothing odd in', () => {
  const schema = JSON.parse(readFileSync(join(chartFolder, 'values.schema.json'), 'utf8'))
  expect(new Ajv({ strict: true, allowUnionTypes: true }).validateSchema(schema)).toBe(true)
  expect(() => new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)).not.toThrow()
})
