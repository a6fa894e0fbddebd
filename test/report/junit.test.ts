import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { junitXml } from '../../scripts/report/junit.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { failed, hostile, hostileInfo, hostileNotRun, hostileText, info, unusual, usual, weighted } from './rows.ts'

const hasPython = spawnSync('python3', ['--version']).status === 0

// A parser that is none of ours: what is not well-formed makes it fail.
whereThereIs('the JUnit XML, read by Python', hasPython ? '' : 'python3 is not there', () => {
  it('has a test per row, of which one failed and one was skipped', () => {
    const root = parsed(junitXml(usual, info))
    const totals = { name: 'evenly', tests: '6', failures: '1', errors: '0', skipped: '1', time: '724.400' }
    expect([root.tag, root.attributes]).toEqual(['testsuites', totals])
    const [suite] = root.children
    expect([suite?.tag, suite?.attributes]).toEqual(['testsuite', { ...totals, timestamp: '2026-10-14T12:03:27' }])
    const tests = suite?.children.filter(({ tag }) => tag === 'testcase') ?? []
    expect(tests.map(({ attributes, children: [child] }) => [attributes.name, child?.tag])).toEqual([
      ['cluster-ip', undefined],
      ['istio-locality', undefined],
      ['istio-fault', 'failure'],
      ['istio-canary', undefined],
      ['headless-max-age', undefined],
      ['istio-ambient', 'skipped'],
    ])
    expect(tests[0]?.attributes).toEqual({ classname: 'evenly.matrix', name: 'cluster-ip', time: '41.230' })
    expect(tests[5]?.children[0]?.attributes).toEqual({ message: 'The cluster has no ztunnel, which ambient needs.' })
  })

  it('tells the versions as properties', () => {
    const properties = parsed(junitXml(usual, info)).children[0]?.children[0]
    expect(properties?.children.map(({ attributes }) => attributes)).toEqual([
      { name: 'evenly', value: '0.2.0' },
      { name: 'kubernetes', value: '1.34.1' },
      { name: 'istio', value: '1.31.0' },
      { name: 'gateway-api', value: '1.6.0' },
    ])
  })

  it('has an error for a row that was begun and broke off', () => {
    const broken = {
      scenario: 'istio-mesh',
      expected: 'even',
      verdict: null,
      failed: true,
      reason: 'It took too long.',
    } as const
    const { attributes, children } = parsed(junitXml([broken]))
    expect(attributes).toMatchObject({ tests: '1', failures: '0', errors: '1', skipped: '0' })
    expect(testOf(broken)?.children[0]).toMatchObject({ tag: 'error', attributes: { message: 'It took too long.' } })
    expect(children).toHaveLength(1)
  })

  it('explains a failure with the reasons in short and the numbers at length', () => {
    const failure = testOf(failed)?.children[0]
    expect(failure?.attributes).toEqual({
      type: 'even',
      message: `not met: the proxy aborts them itself: 12 of them reached a pod. counts differ: ${failed.truth.explanation}`,
    })
    expect(failure?.text?.split('\n')).toEqual([
      'not met: the proxy aborts them itself: 12 of them reached a pod.',
      `counts differ: ${failed.truth.explanation}`,
      '300 calls of 1 client, 150 failed: UNAVAILABLE 149, CANCELLED 1',
      'echo-7bf96cd985-jq7bp: 51 calls, 34.0 %',
      'echo-7bf96cd985-x2lzm: 50 calls, 33.3 %',
      'echo-7bf96cd985-9tkvw: 49 calls, 32.7 %',
      '✔ half of the calls fail: 150 of 300 calls failed.',
      '✖ the proxy aborts them itself: 12 of them reached a pod.',
      "by the servers' own counters: echo-7bf96cd985-jq7bp 51 · echo-7bf96cd985-x2lzm 50 · echo-7bf96cd985-9tkvw 61",
    ])
    const off = testOf({ ...weighted, verdict: 'skewed' })?.children[0]
    expect(off?.attributes.message).toMatch(/^skewed, expected matches-weights: The shares were/)
    expect(off?.text).toContain('\n✔ weights stable 99 · canary 1: calls stable 989 · canary 11\n')
  })

  it('adds the times up where nobody timed the whole', () => {
    const { attributes, children } = parsed(junitXml(usual))
    expect(attributes.time).toBe('206.150')
    expect(children[0]?.attributes).not.toHaveProperty('timestamp')
    expect(children[0]?.children.map(({ tag }) => tag)).not.toContain('properties')
  })

  it('is well-formed whatever the texts hold, and shows them', () => {
    const root = parsed(junitXml([...unusual, ...usual], hostileInfo))
    expect(root.children[0]?.attributes.timestamp).toBe('2026-10-14T12:03:27')
    const shown = `<script>alert(1)</script> | ]]> & "quoted" 'single' ␛[2J␀ \ufffd\ufffd\ufffd \`code\` --> </style>`
    expect(hostileText.startsWith(shown.slice(0, 40))).toBe(true)
    expect(testOf(hostile)?.attributes.name).toBe(shown)
    expect(testOf(hostile)?.children[0]?.text).toContain(`✖ ${shown}: ${shown}`)
    expect(testOf(hostileNotRun)?.children[0]?.attributes.message).toBe(shown)
  })
})

interface Element {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string | null
  readonly children: readonly Element[]
}

const testOf = (row: Parameters<typeof junitXml>[0][number]) => parsed(junitXml([row])).children[0]?.children[0]

const program = `
import sys, json, xml.etree.ElementTree as tree
plain = lambda e: {'tag': e.tag, 'attributes': e.attrib, 'text': e.text, 'children': [plain(c) for c in e]}
print(json.dumps(plain(tree.fromstring(sys.stdin.buffer.read()))))`

function parsed(xml: string): Element {
  const { stdout, stderr } = spawnSync('python3', ['-c', program], { input: xml, encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}
