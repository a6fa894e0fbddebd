import { describe, expect, it } from 'vitest'
import type { Setting } from '../../../scripts/lib/annotated-values/setting.ts'
import { annotated, schemaOfKey } from './annotated.ts'

const only = (text: string): Setting => annotated(text).settings[0] as Setting

describe('a description', () => {
  it('goes on over the lines that touch the key', () => {
    const setting = only('# -- What it is,\n# and *why*\n#   it is.\n# @type name\nkey: ""\n')
    expect(setting).toMatchObject({ key: 'key', path: 'key', line: 5, description: 'What it is, and *why* it is.' })
  })

  it('begins below prose, which an empty line ends', () => {
    const { settings } = annotated('# Prose.\n# @type nonsense\n\n# -- A.\na: 1\n# Prose.\n\n# -- B.\nb: 1\n')
    expect(settings.map(({ description }) => description)).toEqual(['A.', 'B.'])
  })

  it('is found at every depth, and over keys without one line between them', () => {
    const { settings } = annotated(
      '# -- A.\na:\n  # -- B.\n  b:\n    # -- C.\n    c: 1\n  # -- D.\n  d: 2\n# -- E.\ne: 3\n',
    )
    const described = (setting: Setting): unknown =>
      setting.value.kind === 'object' ? [setting.path, setting.value.keys.map(described)] : setting.path
    expect(settings.map(described)).toEqual([['a', [['a.b', ['a.b.c']], 'a.d']], 'e'])
  })

  it('tells what others call the key', () => {
    const text =
      '# -- A.\n# @kubernetes PodSpec.x\n# @istio a b\n# @gateway c\n# @linkerd d\n# @envoy e\n# @grpc f\na: 1\n'
    expect(only(text).description).toBe(
      'A. Kubernetes: `PodSpec.x`, Istio: `a b`, Gateway API: `c`, Linkerd: `d`, Envoy: `e`, gRPC: `f`.',
    )
  })

  it('is not taken from the text of a value', () => {
    const { settings } = annotated('# -- A.\na: |\n  # -- No.\n# -- B.\nb: 1\n')
    expect(settings[1]?.description).toBe('B.')
  })
})

describe('without an annotation', () => {
  it.each([
    ['true', { type: 'boolean' }],
    ['3', { type: 'integer', minimum: 0 }],
    ['0.5', { type: 'number', minimum: 0 }],
    ['1.0', { type: 'number', minimum: 0 }],
    ['text', { type: 'string' }],
    ['""', { type: 'string' }],
    ['"3"', { type: 'string' }],
  ])('the default %s says what may stand in its place', (given, schema) => {
    expect(schemaOfKey([], given)).toEqual(schema)
  })

  it('a map with keys is an object of these keys alone, however deep', () => {
    expect(schemaOfKey([], '\n  # -- A.\n  a:\n    # -- B.\n    b: 1\n')).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: {
        a: {
          description: 'A.',
          type: 'object',
          additionalProperties: false,
          properties: { b: { description: 'B.', default: 1, $ref: '#/definitions/integer' } },
        },
      },
    })
  })
})

describe('@each', () => {
  const ports = `# -- Ports.
# @each portName
#   # -- Whether.
#   enabled: true
#
#   # -- Port,
#   # a number.
#   # @type port
#   # @kubernetes containerPort
#   containerPort: 0
#   # -- Hosts.
#   # @each key
#   #   # -- Weight.
#   #   weight: 1
#   hosts: {}
# @istio Port
ports:
  grpc:
    containerPort: 8080 # no comment is needed here
    hosts: {a: {weight: 2}}
`

  it('describes the keys of every entry once, on their lines, and entries need no comment', () => {
    const { description, value } = only(ports)
    expect(description).toBe('Ports. Istio: `Port`.')
    if (value.kind !== 'map' || value.entry.kind !== 'object') throw new Error('ports is no map of objects')
    expect(value.entry.keys).toMatchObject([
      { path: 'ports.NAME.enabled', line: 4, default: true },
      {
        path: 'ports.NAME.containerPort',
        line: 10,
        default: 0,
        description: 'Port, a number. Kubernetes: `containerPort`.',
      },
      {
        path: 'ports.NAME.hosts',
        value: { kind: 'map', entry: { keys: [{ path: 'ports.NAME.hosts.NAME.weight', line: 14 }] } },
      },
    ])
  })

  it('can stand at a deeper key, and before other annotations', () => {
    const text = '# -- A.\na:\n  # -- B.\n  # @each name\n  #   # -- C.\n  #   c: x\n  # @default none\n  b: {}\n'
    expect(only(text).value).toMatchObject({
      keys: [{ defaultText: 'none', value: { entry: { keys: [{ line: 6 }] } } }],
    })
  })

  it('can give entries a type in place of keys', () => {
    const { value } = only('# -- A.\n# @each envName: duration | auto\na: {X: auto}\n')
    expect(value).toMatchObject({ kind: 'map', entry: { kind: 'plain', type: { name: 'durationOrAuto' } } })
  })
})

it('knows the sections by their titles', () => {
  const { sections } = annotated(
    '# Prose.\n## in its midst\n\n## One\n\n# -- A.\na: 1\n\n## Two, with prose\n# below it.\n\n# -- B.\nb: 1\n',
  )
  expect(sections).toEqual([
    { title: 'One', line: 4 },
    { title: 'Two, with prose', line: 9 },
  ])
})

it('resolves anchors', () => {
  const { settings } = annotated('# -- A.\n# @type raw\na: &a {x: 1}\n# -- B.\n# @type raw\nb: *a\n')
  expect(settings[1]?.default).toEqual({ x: 1 })
})
