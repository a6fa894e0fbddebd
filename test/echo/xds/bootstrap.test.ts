import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCode } from '../../../scripts/lib/exit.ts'
import { readBootstrap } from '../../../services/echo/src/xds/bootstrap.ts'

const insecure = [{ type: 'insecure' }]
const server = { server_uri: 'lookaside.shop:18000', channel_creds: insecure }
const node = { id: 'me', locality: { zone: 'a' } }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenly-bootstrap-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const read = (env: NodeJS.ProcessEnv) => readBootstrap('xds:///orders', env)
const config = (value: unknown) => read({ GRPC_XDS_BOOTSTRAP_CONFIG: JSON.stringify(value) })

describe('the bootstrap of an xds:/// target', () => {
  it('is read from the environment, or before that from a file that the environment names', () => {
    const file = join(folder, 'bootstrap.json')
    writeFileSync(file, JSON.stringify({ xds_servers: [{ ...server, server_uri: 'of-the-file:1' }], node }))
    const text = JSON.stringify({ xds_servers: [server], node })
    expect(read({ GRPC_XDS_BOOTSTRAP_CONFIG: text })).toEqual({ serverUri: 'lookaside.shop:18000' })
    expect(read({ GRPC_XDS_BOOTSTRAP_CONFIG: text, GRPC_XDS_BOOTSTRAP: file })).toEqual({ serverUri: 'of-the-file:1' })
  })

  it.each([{}, { GRPC_XDS_BOOTSTRAP: '', GRPC_XDS_BOOTSTRAP_CONFIG: '' }])(
    'is a usage error without any: %j',
    (env) => {
      expect(() => read(env)).toThrow(
        expect.objectContaining({
          exitCode: exitCode.usage,
          message:
            '-h xds:///orders: no bootstrap says where the control plane is: set GRPC_XDS_BOOTSTRAP_CONFIG to its JSON, or GRPC_XDS_BOOTSTRAP to a file of it.',
        }),
      )
    },
  )

  it.each<[string, unknown, RegExp]>([
    ['no control plane', { node }, /xds_servers\[0\]\.server_uri is missing/],
    ['no list of them', { xds_servers: server, node }, /xds_servers\[0\]\.server_uri is missing/],
    ['an empty address', { xds_servers: [{ ...server, server_uri: '' }], node }, /server_uri is missing/],
    ['no credentials', { xds_servers: [{ server_uri: 'a:1' }], node }, /channel_creds must have/],
    [
      'credentials that grpc-js-xds has not',
      { xds_servers: [{ ...server, channel_creds: [{ type: 'tls' }] }], node },
      /knows no TLS/,
    ],
    ['null for credentials', { xds_servers: [{ ...server, channel_creds: [null] }], node }, /channel_creds must have/],
    ['no node', { xds_servers: [server] }, /node\.id is missing/],
    ['a node without a name', { xds_servers: [server], node: { locality: {} } }, /node\.id is missing/],
    ['no place', { xds_servers: [server], node: { id: 'me' } }, /node\.locality is missing/],
    ['null for a place', { xds_servers: [server], node: { id: 'me', locality: null } }, /node\.locality is missing/],
    ['a list', [], /is no object/],
  ])('is refused with %s', (_, value, sentence) => {
    const refused = expect.objectContaining({ exitCode: exitCode.badInput, message: expect.stringMatching(sentence) })
    expect(() => config(value)).toThrow(refused)
    expect(() => config(value)).toThrow(/^GRPC_XDS_BOOTSTRAP_CONFIG[: ].*\.$/)
  })

  it('is refused when it is no JSON, or the file is not there', () => {
    expect(() => read({ GRPC_XDS_BOOTSTRAP_CONFIG: '{' })).toThrow(/^GRPC_XDS_BOOTSTRAP_CONFIG is not JSON \(.*\): /)
    const missing = join(folder, 'missing.json')
    expect(() => read({ GRPC_XDS_BOOTSTRAP: missing })).toThrow(
      expect.objectContaining({ exitCode: exitCode.badInput, message: expect.stringContaining(missing) }),
    )
  })
})
