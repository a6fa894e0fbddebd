import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { allRights, rolesFor } from '../../../scripts/cluster/doctor/roles.ts'

const rolesIn = (text: string) => parseAllDocuments(text).map((document) => document.toJS())

describe('the rights of a diagnosis', () => {
  it('are a ClusterRole for all namespaces', () => {
    const [role, ...more] = rolesIn(rolesFor(allRights()))
    expect(more).toEqual([])
    expect(role).toMatchObject({ kind: 'ClusterRole', metadata: { name: 'evenly-doctor' } })
  })

  it('are a Role of one namespace, and a ClusterRole of what is in none', () => {
    const roles = rolesIn(rolesFor(allRights('shop')))
    expect(roles.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['Role', 'shop'],
      ['ClusterRole', undefined],
    ])
    expect(roles[1].rules).toEqual([{ apiGroups: [''], resources: ['nodes', 'namespaces'], verbs: ['list'] }])
  })

  it('change nothing, and read no Secret', () => {
    const rules = rolesIn(rolesFor(allRights())).flatMap(({ rules }) => rules)
    const beyond = rules.filter(({ verbs }) => verbs.some((verb: string) => !['get', 'list'].includes(verb)))
    expect(beyond).toEqual([{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['create'] }])
    expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets')
    expect(JSON.stringify(rules)).not.toContain('*')
  })
})
