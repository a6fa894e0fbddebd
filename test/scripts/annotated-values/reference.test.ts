import { expect, it } from 'vitest'
import { referenceOf } from '../../../scripts/lib/annotated-values/reference.ts'
import { annotated } from './annotated.ts'

const reference = (text: string): string => referenceOf(annotated(text))
const row = (text: string): string => reference(text).split('\n')[2] ?? ''

it('is a table of all keys, in the order of the file, for each section', () => {
  const text = `# -- First.
first: 1

## Empty

## Ports

# -- Ports by name.
# @each portName
#   # -- Whether there is this port.
#   enabled: true
#   # -- Hosts.
#   # @each key
#   #   # -- Weight.
#   #   weight: 1
#   hosts: {}
ports:
  grpc: {enabled: false}
  metrics: {}

## More

# -- An object.
object:
  # -- Inside.
  # @type duration
  inside: 5s
# -- Texts.
# @each fileName: string
texts: {}
`
  expect(reference(text)).toBe(`| Key | Type | Default | Description |
| --- | --- | --- | --- |
| \`first\` | integer | \`1\` | First. |

### Ports

| Key | Type | Default | Description |
| --- | --- | --- | --- |
| \`ports\` | map by port name | \`{grpc: {enabled: false}, metrics: {}}\` | Ports by name. |
| \`ports.NAME.enabled\` | boolean | \`true\` | Whether there is this port. |
| \`ports.NAME.hosts\` | map by key | \`{}\` | Hosts. |
| \`ports.NAME.hosts.NAME.weight\` | integer | \`1\` | Weight. |

### More

| Key | Type | Default | Description |
| --- | --- | --- | --- |
| \`object\` | object |  | An object. |
| \`object.inside\` | duration | \`5s\` | Inside. |
| \`texts\` | map by file name: string | \`{}\` | Texts. |`)
})

it.each([
  ['""', '`""`'],
  ['"1.30"', '`"1.30"`'],
  ['"off"', '`"off"`'],
  ['some text', '`some text`'],
  ['0.5', '`0.5`'],
  ['{a: [1, "no"], b: {c: "5"}}', '`{a: [1, "no"], b: {c: "5"}}`'],
  ['["./*", x]', '`[./*, x]`'],
  ['"a | `b`"', '`` a \\| `b` ``'],
])('shows the default %s as one would write it', (given, shown) => {
  expect(row(`# -- A.\n# @type scalar | raw | strings\na: ${given}\n`)).toContain(`| ${shown} | A. |`)
})

it('shows a text in place of a default', () => {
  expect(row('# -- A.\n# @default what the *mesh* | says\na: auto\n')).toBe(
    '| `a` | string | what the *mesh* \\| says | A. |',
  )
})

it('keeps descriptions in their cell, and free of HTML', () => {
  expect(row('# -- Either `a|b` or <c>\n# with `<d>`.\na: 1\n')).toBe(
    '| `a` | integer | `1` | Either `a\\|b` or \\<c> with `<d>`. |',
  )
})
