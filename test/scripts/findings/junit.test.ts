import { describe, expect, it } from 'vitest'
import { findingsJunit } from '../../../scripts/lib/findings/junit.ts'
import { findingOf, hostileText } from './samples.ts'

const rows = (xml: string) =>
  [...xml.matchAll(/^ *<(?!\/|\?)(\w+)(?: (?:name|classname|type|message)="([^"]*)")?/gm)].map(
    ([, tag, name]) => `${tag} ${name}`,
  )

describe('JUnit XML of findings', () => {
  it('has a suite for each file, and in it a test for each finding, or one that passes', () => {
    const findings = [findingOf(), findingOf({ severity: 'advice' }), findingOf({ ignored: 'why' })]
    const xml = findingsJunit({ findings, files: ['values.yaml', 'fine.yaml'], unreadable: [] })
    expect(rows(xml)).toEqual([
      'testsuites evenly',
      'testsuite values.yaml',
      'testcase values.yaml',
      'failure wrong-type',
      'testcase values.yaml',
      'skipped advice: 1.1 is a fraction, and text is wanted; write &quot;1.1&quot;.',
      'testsuite fine.yaml',
      'testcase fine.yaml',
    ])
    expect(xml).toContain('<testsuites name="evenly" tests="3" failures="1" errors="0" skipped="1" time="0.000">')
    expect(xml).toContain('<testsuite name="fine.yaml" tests="1" failures="0" errors="0" skipped="0" time="0.000">')
    expect(xml).toContain('name="wrong-type: image.tag (line 3)"')
  })

  it('tells the place, the sentence and the patch', () => {
    const xml = findingsJunit({
      findings: [findingOf({ patch: 'a: <1>\n', object: 'Job a/b' })],
      files: [],
      unreadable: [],
    })
    expect(xml).toMatch(/>values\.yaml:3:3\n1\.1 is .*\n\na: &lt;1&gt;\n<\/failure>/)
    expect(xml).toContain('name="wrong-type: Job a/b image.tag (line 3)"')
  })

  it('has an error for each input that cannot be read', () => {
    const xml = findingsJunit({ findings: [], files: [], unreadable: ['a.yaml cannot be read', 'b.yaml is no YAML'] })
    expect(xml).toContain('tests="2" failures="0" errors="2" skipped="0"')
    expect(xml.match(/<error message="[^"]*"\/>/g)).toEqual([
      '<error message="a.yaml cannot be read"/>',
      '<error message="b.yaml is no YAML"/>',
    ])
  })

  it('keeps a name with a line break on its line', () => {
    const xml = findingsJunit({ findings: [findingOf({ file: 'a\n b', path: 'c\nd' })], files: [], unreadable: [] })
    expect(xml).toContain('<testcase classname="a b" name="wrong-type: c d (line 3)"')
    expect(xml).toContain('<testsuite name="a b"')
  })

  it('holds any name', () => {
    const finding = findingOf({ file: hostileText, path: hostileText, message: hostileText, patch: hostileText })
    const xml = findingsJunit({ findings: [finding], files: [hostileText], unreadable: [hostileText] })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold
    expect(xml).not.toMatch(/<b |[\u0000-\u0008\u000b-\u001f\ud800\u202e]/)
    expect(xml.match(/<testsuite /g)).toHaveLength(2)
  })
})
