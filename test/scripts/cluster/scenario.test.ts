import { describe, expect, it } from 'vitest'
import { expectationIn, proseOf, yamlIn } from '../../../scripts/cluster/scenario.ts'
import { badInput, type EvenlyError, exitCode } from '../../../scripts/lib/exit.ts'

const file = 'values/x.yaml'
const prose = ['# yaml-language-server: $schema=x', '# What it is.', '# When: so.']
const values = ['istio:', '  enabled: true', '']

/** A values file whose comment goes on like this after its prose. */
const withLines = (...lines: readonly string[]): string =>
  [...prose, ...lines.map((line) => `# ${line}`), ...values].join('\n')
const inBlock = (...lines: readonly string[]): string =>
  withLines('Scenario:', '  expected: even', '  judgeAs: random', ...lines.map((line) => `  ${line}`))
const of = (text: string) => expectationIn(file, text)

const least = {
  expected: 'even',
  judgeAs: 'random',
  needs: [],
  namespaceLabels: {},
  release: 'echo',
  fromOutside: false,
  requests: 300,
  rps: 0,
  slowPodMilliseconds: 0,
  failingPercent: 0,
  steps: [],
  weightValue: '',
  scaleTo: 0,
  newPods: 'found',
}

describe('expectationIn', () => {
  it('takes what is needed for all there is, and fills in the rest', () => {
    expect(of(inBlock())).toEqual(least)
    expect(of(withLines('Scenario: {expected: even, judgeAs: random}'))).toEqual(least)
  })

  it('reads all that can be said', () => {
    const all = {
      expected: 'matches-weights',
      judgeAs: 'weighted',
      needs: ['istio', 'gateway-api'],
      namespaceLabels: { 'istio-injection': 'enabled' },
      release: 'stable',
      fromOutside: true,
      requests: 1000,
      rps: 100,
      slowPodMilliseconds: 50,
      failingPercent: 12.5,
      steps: [
        { stable: 95, canary: 5 },
        { stable: 0, canary: 100 },
      ],
      weightValue: 'a.RELEASE.weight',
      scaleTo: 5,
      newPods: 'never',
    }
    expect(of(withLines(`Scenario: ${JSON.stringify(all)}`))).toEqual(all)
  })

  it('gives no two files the same object, as a filler', () => {
    expect(of(inBlock())?.needs).not.toBe(of(inBlock())?.needs)
  })

  it.each([
    ['no comment', values.join('\n')],
    ['no block in the comment', [...prose, ...values].join('\n')],
    ['nothing at all', ''],
    ['a block below the values', [...prose, ...values, '# Scenario: {expected: even, judgeAs: random}'].join('\n')],
    ['a block after an empty line', [...prose, '', '# Scenario: {expected: even, judgeAs: random}'].join('\n')],
    ['a word that begins alike', withLines('Scenarios: {expected: even, judgeAs: random}')],
  ])('is undefined for a file with %s', (_, text) => {
    expect(of(text)).toBeUndefined()
  })

  it('reads a comment that the file has nothing after', () => {
    expect(of('# Scenario: {expected: even, judgeAs: random}')).toEqual(least)
  })

  it.each([
    ['an unknown key', inBlock('judgAs: x'), 'Scenario must NOT have additional properties: judgAs'],
    ['a key too little', withLines('Scenario: {expected: even}'), "Scenario must have required property 'judgeAs'"],
    ['no keys', withLines('Scenario:'), 'Scenario must be object'],
    [
      'keys that are not indented',
      withLines('Scenario:', 'expected: even', 'judgeAs: random'),
      'the comment Scenario must NOT have additional properties: expected',
    ],
    [
      'a verdict that is none',
      withLines('Scenario: {expected: evn, judgeAs: random}'),
      'Scenario.expected must be equal to one of the allowed values: even, pinned, skewed, matches-weights, insufficient, sticky, scattered, zone-first, zone-blind, load-aware, load-blind',
    ],
    [
      'a policy that is none',
      withLines('Scenario: {expected: even, judgeAs: fair}'),
      expect.stringMatching(
        /^Scenario\.judgeAs must be equal to one of the allowed values: .*round_robin.*, keys, zone, slow-pod$/,
      ),
    ],
    [
      'an add-on that is none',
      inBlock('needs: [istio, cilium]'),
      'Scenario.needs.1 must be equal to one of the allowed values: istio, gateway-api, envoy-gateway, linkerd, istio-ambient',
    ],
    ['a label that is no text', inBlock('namespaceLabels: {a: true}'), 'Scenario.namespaceLabels.a must be string'],
    ['part of a call', inBlock('requests: 0.5'), 'Scenario.requests must be integer'],
    ['no calls', inBlock('requests: 0'), 'Scenario.requests must be >= 1'],
    ['more than all to fail', inBlock('failingPercent: 101'), 'Scenario.failingPercent must be <= 100'],
    ['a weight below none', inBlock('steps: [{a: 1, b: -1}]'), 'Scenario.steps.0.b must be >= 0'],
    ['fewer pods than none', inBlock('scaleTo: -1'), 'Scenario.scaleTo must be >= 0'],
    [
      'another fate of pods',
      inBlock('newPods: late'),
      'Scenario.newPods must be equal to one of the allowed values: found, never',
    ],
    ['a switch that is text', inBlock('fromOutside: "yes"'), 'Scenario.fromOutside must be boolean'],
  ])('refuses %s in one sentence', (_, text, what) => {
    const error = failure(() => of(text))
    const [place, ...said] = error.message.split(': ')
    expect(error.exitCode).toBe(exitCode.badInput)
    expect(place).toBe(file)
    expect(said.pop()).toBe("mend the comment at the file's head")
    expect(said.join(': ')).toEqual(what)
  })

  it.each([
    ['a key twice', inBlock('expected: pinned'), 7, 'Map keys must be unique'],
    [
      'a second block',
      withLines('Scenario: {expected: even, judgeAs: random}', 'Scenario: {expected: pinned, judgeAs: random}'),
      5,
      'Map keys must be unique',
    ],
    [
      'an indentation that wavers',
      withLines('Scenario:', '  expected: even', '    judgeAs: random'),
      5,
      'Nested mappings are not allowed in compact mappings',
    ],
    [
      'a bracket that is not closed',
      inBlock('needs: [istio'),
      7,
      expect.stringMatching(/^Flow sequence in block collection must be /),
    ],
    [
      'prose after it',
      withLines('Scenario: {expected: even, judgeAs: random}', 'And more.'),
      5,
      expect.stringMatching(/./),
    ],
  ])('refuses %s, which is not YAML, and names the line', (_, text, line, why) => {
    const { message, exitCode: code } = failure(() => of(text))
    expect(code).toBe(exitCode.badInput)
    const [, at, said] = /^values\/x\.yaml:(\d+): not YAML \(([^\n]*[^\n:])\): mend that line$/.exec(message) ?? [
      message,
    ]
    expect([Number(at), said]).toEqual([line, why])
  })
})

describe('proseOf', () => {
  it('is the two lines before the block, without the one for editors', () => {
    expect(proseOf(inBlock())).toEqual({ what: 'What it is.', when: 'When: so.' })
  })

  it('is nothing where there is nothing', () => {
    expect(proseOf('a: 1')).toEqual({ what: '', when: '' })
  })
})

describe('yamlIn', () => {
  it('is what the text says', () => {
    expect(yamlIn(file, 'a: [1]')).toEqual({ a: [1] })
  })

  it('names the file and the line of what is not YAML', () => {
    expect(() => yamlIn(file, 'a: 1\nb: [')).toThrow(
      badInput(
        'values/x.yaml:2: not YAML (Flow sequence in block collection must be sufficiently indented and end with a ]): mend that line',
      ),
    )
  })
})

function failure(act: () => unknown): EvenlyError {
  try {
    act()
  } catch (error) {
    return error as EvenlyError
  }
  throw new Error('it did not fail')
}
