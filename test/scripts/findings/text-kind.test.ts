import { describe, expect, it } from 'vitest'
import { kindOf } from '../../../scripts/lib/findings/text-kind.ts'

describe('a text holds manifests', () => {
  it.each([
    ['when apiVersion and kind stand at its top', 'apiVersion: v1\nkind: Service\n'],
    ['in any order, with others around them', 'metadata: {name: a}\nkind: Service\nspec:\n  a: b\napiVersion: v1\n'],
    [
      'after comments, directives, blank lines and empty documents',
      '# a\n\n%YAML 1.1\n---\n# Source: x\n---\n---\napiVersion: v1\nkind: A\n',
    ],
    ['on the line of the marker', '--- # a\n--- {apiVersion: v1, kind: A}\n'],
    ['with keys in quotes', '"apiVersion": v1\n\'kind\' : Service\n'],
    ['all of it indented', '  apiVersion: v1\n  kind: Service\n'],
    ['with the line ends of Windows', 'apiVersion: v1\r\nkind: Service\r\n'],
    ['as a List of YAML', 'apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Service\nkind: List\n'],
    ['as JSON', '{"kind": "List", "items": [{"kind": "Service"}], "apiVersion": "v1"}'],
    ['as JSON over many lines', JSON.stringify({ metadata: { kind: 1 }, apiVersion: 'v1', kind: 'A' }, undefined, 4)],
    ['as a flow of YAML', '{apiVersion: v1, kind: Service, metadata: {name: a}}\n'],
  ])('%s', (_, text) => expect(kindOf(text)).toBe('manifests'))
})

describe('a text holds values', () => {
  it.each([
    ['when it is empty', ''],
    ['when there are comments alone', '# apiVersion: v1\n# kind: Service\n---\n# a'],
    ['when one of the two is missing', 'apiVersion: v2\nname: chart\n'],
    ['when the two stand deeper', 'extraObjects:\n  - apiVersion: v1\n    kind: ConfigMap\n'],
    ['when the two are in text', 'args:\n  - |\n    apiVersion: v1\n    kind: A\n'],
    ['when a later document has them', 'replicaCount: 1\n---\napiVersion: v1\nkind: A\n'],
    ['when other keys end like them', 'myapiVersion: v1\nkinds: A\n'],
    ['as JSON without them', '{"extraObjects": [{"apiVersion": "v1", "kind": "A"}]}'],
    ['as JSON that is a list', '[{"apiVersion": "v1", "kind": "A"}]'],
    ['as JSON that is broken', '{"a": '],
  ])('%s', (_, text) => expect(kindOf(text)).toBe('values'))

  it('is told soon of what is long and odd', () => {
    for (const text of [
      '\n'.repeat(5_000_000),
      '#\n'.repeat(2_000_000),
      `{${'kind:'.repeat(1_000_000)}`,
      ' '.repeat(5_000_000),
    ]) {
      expect(kindOf(text)).toBe('values')
    }
  })
})
