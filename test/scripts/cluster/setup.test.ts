import { describe, expect, it } from 'vitest'
import { Cluster } from '../../../scripts/cluster/cluster.ts'
import type { Scenario } from '../../../scripts/cluster/scenario.ts'
import { Setup, type SetupSettings } from '../../../scripts/cluster/setup.ts'

describe('Setup', () => {
  it("goes by the values as they are installed: the scenario's, and the user's own over them", () => {
    const values = { server: { maxConnectionAgeSeconds: 10 }, client: { enabled: true } }
    const scenario = { name: 'x', steps: [], values } as unknown as Scenario
    const sets = ['server.maxConnectionAgeSeconds=30', 'client.envoySidecar.enabled=true']
    const settings = { cluster: new Cluster(), equipment: {}, sets } as unknown as SetupSettings
    expect(new Setup(scenario, settings).scenario).toEqual({
      ...scenario,
      values: { server: { maxConnectionAgeSeconds: 30 }, client: { enabled: true, envoySidecar: { enabled: true } } },
    })
    expect(scenario.values).toBe(values)
  })
})
