import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chart } from './helm.ts'
import { undeclaredReads } from './template-reads/reader.ts'
import { shapeOf } from './template-reads/shape.ts'
import { declared } from './value-leaves.ts'

const values = shapeOf(declared)

it('has no template that reads what values.yaml does not declare', () => {
  const folder = join(chart, 'templates')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path))
  const templates = Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
  // Its keys come from files/needed-values.json, which is made from values.yaml.
  const isTold = (problem: string) => /^rules\/_null.tpl: .*\[of a key that nobody can tell\]$/.test(problem)
  expect(undeclaredReads(templates, values).filter((problem) => !isTold(problem))).toEqual([])
})

describe('the reader of templates', () => {
  it.each([
    ['a path', '{{ .Values.replicaCuont }}', '.Values.replicaCuont'],
    ['a path of the root', '{{ range .Values.args }}{{ $.Values.argz }}{{ end }}', '.Values.argz'],
    ['a variable', '{{ $lb := .Values.loadBalancing }}{{ $lb.retris.enabled }}', '.Values.loadBalancing.retris'],
    ['with', '{{ with .Values.image }}{{ .tagg }}{{ end }}', '.Values.image.tagg'],
    ['an entry', '{{ range $name, $port := .Values.ports }}{{ $port.expoze }}{{ end }}', '.Values.ports.NAME.expoze'],
    ['an entry by name', '{{ (get .Values.ports .Release.Name | default dict).x }}', '.Values.ports.NAME.x'],
    ['a list of keys', '{{ range list "image" "imagge" }}{{ get $.Values . }}{{ end }}', '.Values.imagge'],
    ['a list of keys to pick', '{{ pick .Values.client "kind" "kinde" }}', '.Values.client.kinde'],
    ['a key that is asked for', '{{ hasKey .Values.client "kinde" }}', '.Values.client.kinde'],
    [
      'a key that nobody can tell',
      '{{ get .Values.client .Release.Name }}',
      '.Values.client[of a key that nobody can tell]',
    ],
    ['one of two', '{{ (ternary .Values.image .Values.client.image true).tagg }}', '.Values.image.tagg'],
    [
      'a dict',
      '{{ $d := dict "m" .Values.metrics }}{{ range $d }}{{ .podMonitr }}{{ end }}',
      '.Values.metrics.podMonitr',
    ],
    ['a dict that is changed', '{{ $d := dict }}{{ $_ := set $d "a" .Values.tests }}{{ $d.a.x }}', '.Values.tests.x'],
    [
      'an argument',
      '{{ define "a" }}{{ .of.x }}{{ end }}{{ include "a" (dict "of" .Values.tests) }}',
      '.Values.tests.x',
    ],
    [
      'a template whose name is made',
      '{{ define "a.b" }}{{ .x }}{{ end }}{{ range list "b" }}{{ include (printf "a.%s" .) $.Values.tests }}{{ end }}',
      '.Values.tests.x',
    ],
    [
      'what another puts out as YAML',
      '{{ define "a" }}{{ toYaml .Values.ports }}{{ end }}{{ range include "a" . | fromYaml }}{{ .x }}{{ end }}',
      '.Values.ports.NAME.x',
    ],
    ['what has no keys', '{{ .Values.mode.x }}', '.Values.mode.x'],
    ['what has keys by its type', '{{ range .Values.env }}{{ .valueFrm }}{{ end }}', '.Values.env.NAME.valueFrm'],
  ])('notices a read by %s', (_, template, path) => {
    expect(undeclaredReads({ 'a.yaml': template }, values)).toContain(`a.yaml: ${path}`)
  })

  it.each([
    [
      'of a branch that is never taken',
      '{{ if false }}{{ .Values.x }}{{ else if true }}{{ else }}{{ .Values.y }}{{ end }}',
      2,
    ],
    ['of what is not ours', '{{ .Values.podSpec.a.b }}{{ range .Values.tolerations }}{{ .key.x }}{{ end }}', 0],
    ['of what Helm gives', '{{ .Release.X }}{{ .Chart.Y }}{{ (.Files.Get "a" | fromYaml).b }}', 0],
    ['in a comment or a text', '{{/* .Values.x */}}{{ print ".Values.x" `.Values.y` }} .Values.z', 0],
    ['that a global of the parent has', '{{ (.Values.global).imageRegistry }}', 0],
  ])('takes reads %s for what they are', (_, template, count) => {
    expect(undeclaredReads({ 'a.yaml': template }, values)).toHaveLength(count)
  })

  it.each(['{{ if .Values.mode }}', '{{ end }}', '{{ .Values.a# }}', '{{ include "nowhere" . }}', '{{ $x }}'])(
    'does not pass over %s, which it does not understand',
    (template) => expect(() => undeclaredReads({ 'a.yaml': template }, values)).toThrow(),
  )
})
