import { execFile } from 'node:child_process'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type EndpointSliceApi, startEndpointSliceApi } from '../../scripts/lab/endpoint-slice-api.ts'
import { fencesIn } from '../docs/console-blocks.ts'
import { endCommands, type Running, runNode } from '../support/echo-command.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { installExample, npm } from './installed-example.ts'

// npm and the compiler may wait for others.
vi.setConfig({ testTimeout: 180_000 })

const { folder = '', missing } = await installExample()
const run = promisify(execFile)

afterAll(() => (folder ? rm(dirname(folder), { recursive: true, force: true }) : undefined))
afterEach(endCommands)

/** Runs JavaScript in the example's folder. */
async function program(source: string, name = 'program.mjs') {
  await writeFile(join(folder, name), source)
  return run(process.execPath, [name], { cwd: folder, timeout: 60_000 })
}

whereThereIs('the package, installed by npm', missing, () => {
  it('gives what a service of one’s own needs, and nothing else', async () => {
    const { stdout } = await program(
      `import * as all from 'evenly-grpc/balancing'; console.log(Object.keys(all).sort().join(' '))`,
    )
    expect(stdout.trim().split(' ')).toEqual([
      ...['leastRequest', 'pickFirst', 'registerEndpointSliceResolver', 'registerLeastRequest', 'registerPolicies'],
      ...['registerRingHash', 'registerWeightedRoundRobin', 'ringHash', 'roundRobin', 'serviceConfig'],
      'weightedRoundRobin',
    ])
  })

  it('gives it to CommonJS as well', async () => {
    const source = `const { serviceConfig, leastRequest } = require('evenly-grpc/balancing')
      console.log(serviceConfig({ policy: leastRequest() }))`
    const { stdout, stderr } = await program(source, 'program.cjs')
    expect(JSON.parse(stdout)).toEqual({ loadBalancingConfig: [{ least_request: {} }] })
    expect(stderr).toBe('')
  })

  it('says what to do with a policy that is not registered', async () => {
    const { stdout } = await program(`import { serviceConfig } from 'evenly-grpc/balancing'
      try { serviceConfig({ policy: { least_request: {} } }) } catch ({ message }) { console.log(message) }`)
    expect(stdout).toContain('least_request is not registered: call registerPolicies() first.')
  })

  it('lets a program end', async () => {
    const { stderr } =
      await program(`import { registerEndpointSliceResolver, registerPolicies } from 'evenly-grpc/balancing'
      registerPolicies()
      registerEndpointSliceResolver({ url: 'http://127.0.0.1:1' })`)
    expect(stderr).toBe('')
  })

  it('is one file of plain JavaScript that needs grpc-js alone', async () => {
    const built = await readFile(join(folder, 'node_modules/evenly-grpc/dist/balancing/index.js'), 'utf8')
    const imports = [...built.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"/gm)].map(([, from]) => from as string)
    expect(imports).toContain('@grpc/grpc-js')
    expect(imports.filter((from) => !from.startsWith('node:') && from !== '@grpc/grpc-js')).toEqual([])
    expect(built.length).toBeLessThan(200_000)
  })

  it.each([
    ['nodenext', ['--module', 'nodenext']],
    ['a bundler’s resolution', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ])('has types under strict and %s', async (_name, options) => {
    await writeFile(join(folder, 'types.ts'), typedUse)
    const page = await readFile(join(import.meta.dirname, '../../docs/client-side.md'), 'utf8')
    const shown = fencesIn(page).filter(({ kind }) => kind === 'ts')
    expect(shown.length).toBeGreaterThan(1)
    const files = ['client.ts', 'server.ts', 'types.ts', ...shown.map((_, index) => `shown-${index}.ts`)]
    for (const [index, { lines }] of shown.entries())
      await writeFile(join(folder, `shown-${index}.ts`), lines.join('\n'))
    const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--types', 'node']
    const tsc = join(folder, 'node_modules/typescript/bin/tsc')
    const args = [tsc, ...strict, '--target', 'es2024', '--allowImportingTsExtensions', ...options, ...files]
    for (const more of [[], ['--exactOptionalPropertyTypes']]) {
      const all = [...args, '--ignoreConfig', ...more]
      const compiled = await run(process.execPath, all, { cwd: folder }).catch((error) => error)
      expect(compiled.stdout).toBe('')
    }
  })

  it('refuses to be installed beside another version of grpc-js', async () => {
    const copy = join(dirname(folder), 'other-version')
    await cp(join(folder, 'package.json'), join(copy, 'package.json'))
    const refused = npm(copy, 'install', '--package-lock-only', '--prefer-offline', '@grpc/grpc-js@1.13.4')
    await expect(refused).rejects.toThrow(/ERESOLVE[\s\S]+peer @grpc\/grpc-js@"1\.14\.7" from evenly-grpc/)
  })

  it.each([
    ['before it', `import 'other-grpc-js'; import 'evenly-grpc/balancing'`],
    ['after it', `await import('evenly-grpc/balancing'); await import('other-grpc-js'); setTimeout(() => {}, 1500)`],
  ])('warns once of a second copy of grpc-js that is loaded %s', async (_when, source) => {
    const other = join(folder, 'node_modules/other-grpc-js/node_modules/@grpc/grpc-js')
    await cp(join(folder, 'node_modules/@grpc/grpc-js'), other, { recursive: true })
    await writeFile(join(other, '../../../index.js'), `module.exports = require('@grpc/grpc-js')`)
    const { stderr } = await program(source)
    expect(stderr.match(/EVENLY_SECOND_GRPC_JS/g)).toHaveLength(1)
    expect(stderr).toContain(`${other}/build/src/index.js is loaded too and would use pick_first`)
  })

  it('has the evenly command', async () => {
    const { stdout } = await run(join(folder, 'node_modules/.bin/evenly'), ['--version'], { cwd: folder })
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

whereThereIs('examples/node-service', missing, () => {
  let api: EndpointSliceApi
  beforeAll(async () => {
    api = await startEndpointSliceApi()
  })
  afterAll(() => api.close())

  const start = (file: string, env: NodeJS.ProcessEnv) => runNode([join(folder, file)], env)
  async function startPod(name: string): Promise<{ name: string; address: string }> {
    const pod = start('server.ts', { LISTEN: '127.0.0.1:0', POD_NAME: name })
    const [, port] = await pod.printed(/greets on port (\d+)/)
    return { name, address: `127.0.0.1:${port}` }
  }
  const greeted = (client: Running, pod: string) => client.printed(new RegExp(`^Hello world from ${pod}$`, 'm'))

  it('spreads its calls over the pods of its Service, as they come and go', async () => {
    const pods = await Promise.all(['pod-a', 'pod-b', 'pod-c'].map(startPod))
    api.setPods('greeter', pods)
    const client = start('client.ts', { TARGET: 'k8s:///greeter.lab:grpc', KUBERNETES_URL: api.url })
    await Promise.all(pods.map(({ name }) => greeted(client, name)))
    const later = await startPod('pod-d')
    api.setPods('greeter', [...pods.slice(1), later])
    await greeted(client, 'pod-d')
    const before = client.output().length
    await client.printed(new RegExp(`^[\\s\\S]{${before + 1000}}`))
    const after = client.output().slice(before)
    expect(after).not.toContain('pod-a')
    for (const name of ['pod-b', 'pod-c', 'pod-d']) expect(after).toContain(name)
    expect(client.output()).not.toMatch(/UNAVAILABLE|DEADLINE/)
  })
})

const typedUse = `import { Client, credentials } from '@grpc/grpc-js'
import { leastRequest, registerEndpointSliceResolver, ringHash, serviceConfig, type ServiceConfigOptions } from 'evenly-grpc/balancing'
registerEndpointSliceResolver({ zone: 'zone-a', problem: (sentence: string | undefined) => console.error(sentence) })
const options: ServiceConfigOptions = { policy: leastRequest({ choiceCount: 2, slowStart: { windowSeconds: 10 } }), retry: { statuses: ['ABORTED'] } }
new Client('k8s:///a.b:1', credentials.createInsecure(), { 'grpc.service_config': serviceConfig(options) })
// @ts-expect-error there is no such setting
leastRequest({ choices: 2 })
// @ts-expect-error there is no such status
serviceConfig({ retry: { statuses: ['NEVER'] } })
// @ts-expect-error the header must be told
ringHash({})
`
