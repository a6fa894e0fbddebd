import { beforeAll, describe, expect, it } from 'vitest'
import { tool } from '../../scripts/lib/tools.ts'
import { kubeconform, whyNoManifestSchemas } from '../support/manifest-schemas.ts'
import { type KubernetesMinor, kubernetesMinors as minors } from '../support/schema-sources.ts'
import { renderText, toolsTimeoutMs } from './helm.ts'
import { valuesFiles } from './values-files.ts'
import { wrongManifests } from './wrong-manifests.ts'

const noSchemas = await whyNoManifestSchemas()
if (noSchemas) process.stderr.write(`kubeconform: skipped: ${noSchemas}\n`)

describe.skipIf(noSchemas)(noSchemas ? `kubeconform (skipped: ${noSchemas})` : 'kubeconform', () => {
  beforeAll(async () => {
    for (const name of ['helm', 'kubeconform'] as const) await tool(name)
  }, toolsTimeoutMs)

  it.each(['(defaults)', ...valuesFiles])('finds nothing wrong with %s on any Kubernetes', async (file) => {
    const manifests = await renderText('shop', file === '(defaults)' ? [] : ['-f', file])
    const problems = await Promise.all(
      minors.map(async (minor) =>
        (await kubeconform(manifests, minor)).map((problem) => `on Kubernetes 1.${minor}: ${problem}`),
      ),
    )
    expect(problems.flat()).toEqual([])
  })

  describe.each(minors)('on Kubernetes 1.%d', (minor) => {
    it.each(wrongManifests)('reports $what', async ({ manifest, problem }) => {
      expect(await kubeconform(manifest, minor)).toEqual([expect.stringMatching(problem)])
    })
  })

  it('knows which Kubernetes began to have a field', async () => {
    const since: Record<string, string> = { resources: '{}', hostnameOverride: 'a' }
    const has = async (field: string, minor: KubernetesMinor) => {
      const spec = `{containers: [{name: a}], ${field}: ${since[field]}}`
      return (await kubeconform(`{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: ${spec}}`, minor)).length === 0
    }
    for (const [field, first] of [
      ['resources', 32],
      ['hostnameOverride', 34],
    ] as const) {
      for (const minor of minors) expect(await has(field, minor), `${field} in 1.${minor}`).toBe(minor >= first)
    }
  })

  it('does not pass over what it has no schema for, nor over nothing at all', async () => {
    const unknown = '{apiVersion: example.com/v1, kind: Whatever, metadata: {name: a}}'
    expect(await kubeconform(unknown, 34)).toEqual(['Whatever a: could not find schema for Whatever'])
    const old = '{apiVersion: networking.istio.io/v1beta1, kind: DestinationRule, metadata: {name: a}, spec: {host: a}}'
    expect(await kubeconform(old, 34)).toEqual(['DestinationRule a: could not find schema for DestinationRule'])
    expect(await kubeconform('', 34)).toEqual(['there is no manifest'])
  })
})
