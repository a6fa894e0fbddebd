import { hostname } from 'node:os'
import { Metadata } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { identityMetadata, podOf, readIdentity } from '../../services/echo/src/identity.ts'

const inCluster = {
  POD_NAME: 'echo-1',
  POD_IP: '10.0.0.7',
  NODE_NAME: 'node-1',
  POD_ZONE: 'zone-a',
  POD_VERSION: '2.0.0',
}

describe('the identity of a server', () => {
  it("is what Kubernetes' downward API says", () => {
    expect(readIdentity(inCluster, '0.1.0')).toEqual({
      pod: 'echo-1',
      ip: '10.0.0.7',
      node: 'node-1',
      zone: 'zone-a',
      version: '2.0.0',
    })
  })

  it("is the machine's own names elsewhere, and for variables that are empty", () => {
    const own = { pod: hostname(), ip: expect.stringMatching(/^\d+(\.\d+){3}$/), node: '', zone: '', version: '0.1.0' }
    expect(readIdentity({}, '0.1.0')).toEqual(own)
    expect(readIdentity({ POD_NAME: '', POD_IP: '', NODE_NAME: '', POD_VERSION: '' }, '0.1.0')).toEqual(own)
  })

  it('goes into initial metadata, the pod also where the interop tests of gRPC look for it', () => {
    expect(identityMetadata(readIdentity(inCluster, '')).getMap()).toEqual({
      'x-evenly-pod': 'echo-1',
      'x-evenly-ip': '10.0.0.7',
      'x-evenly-node': 'node-1',
      'x-evenly-zone': 'zone-a',
      'x-evenly-version': '2.0.0',
      hostname: 'echo-1',
    })
  })

  it('leaves out what is not known', () => {
    const metadata = identityMetadata(readIdentity({ POD_NAME: 'echo-1', POD_IP: '10.0.0.7' }, '0.1.0')).getMap()
    expect(Object.keys(metadata).sort()).toEqual(['hostname', 'x-evenly-ip', 'x-evenly-pod', 'x-evenly-version'])
  })

  it('is read back from metadata, and is absent from what another server sends', () => {
    expect(podOf(identityMetadata(readIdentity(inCluster, '')))).toBe('echo-1')
    expect(podOf(new Metadata())).toBeUndefined()
  })
})
