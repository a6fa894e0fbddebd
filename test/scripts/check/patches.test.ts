import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { rulePatches } from '../../../scripts/lib/chart-rules/rule-patches.ts'
import { chartRules } from '../../../scripts/lib/chart-rules/table.ts'
import { checkValues } from '../../../scripts/lib/check/check-values.ts'
import { parseValues } from '../../../scripts/lib/check/values-file.ts'
import type { Finding } from '../../../scripts/lib/findings/finding.ts'

const check = (...texts: string[]): Finding[] => checkValues(texts.map((text, i) => parseValues(text, `${i}.yaml`)))

const named = (findings: readonly Finding[]): string[] => findings.map(({ rule, path }) => `${rule} ${path}`)

describe('a patch mends its rule where it breaks, with another -f of Helm’s, and breaks nothing else', () => {
  const known = chartRules().map(({ id, breaks }) => ({ id, text: stringify(breaks, { version: '1.1' }) }))

  it.each(known)('$id', ({ id, text }) => {
    const before = check(text)
    for (const { rule, path, patch } of before.filter(
      (finding) => finding.rule === id && finding.patch !== undefined,
    )) {
      const after = named(check(text, patch ?? ''))
      expect(after).not.toContain(`${rule} ${path}`)
      const isOfNull = rule === 'object' || rule === 'null-value'
      if (!isOfNull) expect(after.filter((name) => !named(before).includes(name))).toEqual([])
    }
  })

  it('is there for all rules but those whose cure only the user knows by name', () => {
    const without = known.filter(
      ({ id, text }) => !check(text).some(({ rule, patch }) => rule === id && patch !== undefined),
    )
    const userKnows = Object.entries(rulePatches).filter(([, patches]) => patches.name === 'none')
    expect(without.map(({ id }) => id).toSorted()).toEqual(userKnows.map(([id]) => id).toSorted())
  })

  it('names rules that there are', () => {
    expect(Object.keys(rulePatches).filter((id) => !known.some((rule) => rule.id === id))).toEqual([])
  })
})

describe('the patch for what the schema refuses', () => {
  it.each<[wrong: string, patch: string]>([
    ['replicaCout: 3', 'replicaCount: 3\nreplicaCout: null\n'],
    ['replicaCout: 3\nreplicaCount: 2', 'replicaCout: null\n'],
    ['client: {enbled: yes, kind: Deployment}', 'client:\n  enabled: true\n  enbled: null\n'],
    [
      'istio: {enabled: true, virtualService: {routes: {a: {ordr: 3}}}}',
      'istio:\n  virtualService:\n    routes:\n      a:\n        order: 3\n        ordr: null\n',
    ],
    ['imagePullSecrets: [{name: a}, {nam: b}]', 'imagePullSecrets:\n  - name: a\n  - name: b\n'],
    ['mode: servr', 'mode: server\n'],
    ['image: {tag: 1.1}', 'image:\n  tag: "1.1"\n'],
    ['client: {requests: "5"}', 'client:\n  requests: 5\n'],
    ['replicaCount: "3"', 'replicaCount: 3\n'],
    ['service: {enabled: "yes"}', 'service:\n  enabled: true\n'],
    ['service: {enabled: "off"}', 'service:\n  enabled: false\n'],
    ['service: {enabled: 1}', 'service:\n  enabled: true\n'],
    ['client: {args: -v}', 'client:\n  args:\n    - -v\n'],
    ['istio: true', 'istio:\n  enabled: true\n'],
    ['replicaCount: -1', 'replicaCount: 0\n'],
    ['ports: {grpc: {containerPort: 70000}}', 'ports:\n  grpc:\n    containerPort: 65535\n'],
    ['loadBalancing: {timeout: 5 seconds}', 'loadBalancing:\n  timeout: 5s\n'],
    ['loadBalancing: {timeout: 30}', 'loadBalancing:\n  timeout: 30s\n'],
    ['fullnameOverride: My_App', 'fullnameOverride: my-app\n'],
    ['env: {A B: x}', 'env:\n  A_B: x\n  A B: null\n'],
    ['replicaCount: null', 'replicaCount: 3\n'],
    ['shutdown: null', 'shutdown: {}\n'],
    ['podLabels: {a: yes, app.kubernetes.io/name: x}', 'podLabels:\n  app.kubernetes.io/name: null\n'],
  ])('%s', (wrong, patch) => {
    const finding = check(wrong).find((one) => one.patch !== undefined)
    expect(finding?.patch).toBe(patch)
    if (!patch.includes('null')) expect(named(check(wrong, patch))).not.toContain(named([finding as Finding])[0])
  })

  it.each([
    ['replicaCount: many'],
    ['image: {digest: "sha256:12"}'],
    ['client: {args: [{x: 1}]}'],
    ['xyz: 1'],
    ['imagePullSecrets: [{}]'],
    // The right key would get a value that it cannot have.
    ['replicaCout: many'],
    // A Job that the right word makes of it would never end.
    ['client: {enabled: true, kind: Jbo}'],
  ])('is none where nothing is sure to mend it: %s', (wrong) => {
    const findings = check(wrong)
    expect(findings).not.toEqual([])
    expect(findings.map(({ patch }) => patch)).toEqual(findings.map(() => undefined))
  })

  it('mends each of several, whatever is wrong beside it, and in the file that wins', () => {
    const base = 'replicaCout: 3\nclient: {enabled: true, kind: Job}\nautoscaling: {enabled: true}\n'
    const findings = check(base, 'mode: servr\nservice: {enabled: "yes"}\n')
    expect(findings.map(({ rule, patch }) => [rule, patch])).toEqual([
      ['unknown-key', 'replicaCount: 3\nreplicaCout: null\n'],
      ['autoscaling-requests', 'resources:\n  requests:\n    cpu: 100m\n'],
      ['job-ends', 'client:\n  requests: 300\n'],
      ['wrong-value', 'mode: server\n'],
      ['wrong-type', 'service:\n  enabled: true\n'],
    ])
  })
})
