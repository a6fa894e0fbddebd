import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { equipmentOf } from '../../scripts/cluster/add-ons.ts'
import { Cluster } from '../../scripts/cluster/cluster.ts'
import { readScenarios } from '../../scripts/cluster/scenarios.ts'
import { projectRoot } from '../chart/helm.ts'
import { type ConsoleBlock, consoleBlocksIn, stableIn } from '../docs/console-blocks.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { runBlock, type Session } from './support/console-session.ts'
import { imageUnderTest } from './support/namespace.ts'

/*
 * Types every console block of docs/scenarios.md. A block fails with its line when a command ends with another code than 0, or
 * prints, as far as two runs agree (`stableIn` says how far), something else than the document shows below it.
 *
 * Blocks of kubectl and helm are typed one after another, in order. Beside them those of `npx evenly`, each of which makes a
 * namespace of its own, also in order; no more than two blocks are typed at once.
 */
const blocks = consoleBlocksIn(readFileSync(join(projectRoot, 'docs/scenarios.md'), 'utf8'))
const rows = [blocks.filter((block) => !isEvenly(block)), blocks.filter(isEvenly)]
const limitSeconds = 300
const cluster = new Cluster()

whereThereIs('scenarios-doc', await whyNotHere(), () => {
  describe('docs/scenarios.md', () => {
    const sessions = new Map<ConsoleBlock, Promise<Session>>()
    /** Namespaces that blocks have made, and only those. */
    const made = new Set<string>()

    // biome-ignore lint/correctness/noEmptyPattern: vitest takes nothing else here
    beforeAll(async ({}, suite) => {
      const wanted = new Set(suite.tasks.filter(({ mode }) => mode === 'run').map(({ name }) => name))
      const [byHand = [], byEvenly = []] = rows.map((row) => row.filter((block) => wanted.has(titleOf(block))))
      await refuseTaken(byHand)
      const [handRow, evenlyRow] = [byHand, byEvenly].map((row) => row.map((block) => ({ block, ...told(block) })))
      const typeAll = async (row: typeof handRow) => {
        for (let next = row?.shift(); next; next = row?.shift()) await type(next.block).then(next.resolve, next.reject)
      }
      // Whoever is through with the first row helps with the second, whose blocks depend on none before them.
      void typeAll(handRow).then(() => typeAll(evenlyRow))
      void typeAll(evenlyRow)
    })

    afterAll(async () => {
      await Promise.allSettled(sessions.values())
      await remove([...made])
    })

    it.each(blocks.map((block) => [titleOf(block), block] as const))(
      '%s',
      async (_, block) => {
        const session = await sessions.get(block)
        const { ran = [], errors = '' } = session ?? {}
        for (const { step, exitCode, output } of ran) {
          const what = `docs/scenarios.md:${step.line}: $ ${step.command}`
          expect(exitCode, `${what}\n${errors}`).toBe(0)
          if (step.shown.length === 0) continue
          const openEnded = isOpenEnded(step.command)
          expect(stableIn(output, { openEnded }), what).toEqual(stableIn(step.shown, { openEnded }))
        }
        expect(ran.map(({ step }) => step.line)).toEqual(block.steps.map(({ line }) => line))
      },
      // The first of a row may wait for it, and each for those before it.
      blocks.length * limitSeconds * 1000,
    )

    function told(block: ConsoleBlock) {
      const { promise, ...settle } = Promise.withResolvers<Session>()
      // Its own test tells.
      promise.catch(() => {})
      sessions.set(block, promise)
      return settle
    }

    async function type(block: ConsoleBlock): Promise<Session> {
      const helmArgs = [...imageUnderTest(), ...imageUnderTest('client')]
      const session = await runBlock(block, { timeoutSeconds: limitSeconds, helmArgs })
      const ended = session.ran.filter(({ exitCode }) => exitCode === 0).map(({ step }) => step)
      for (const name of namespacesMadeBy(ended)) made.add(name)
      if (ended.length < block.steps.length) await remove(namespacesMadeBy(ended))
      return session
    }
  })
})

function titleOf({ line, steps }: ConsoleBlock): string {
  return `line ${line}: ${steps[0]?.command}`
}

function isEvenly({ steps }: ConsoleBlock): boolean {
  return steps.every(({ command }) => command.startsWith('npx evenly '))
}

/** Whether a command counts calls for as long as something else takes. */
function isOpenEnded(command: string): boolean {
  const [, verb = '', name] = /^npx evenly (\S+) (\S+)/.exec(command) ?? []
  return ['scale', 'rollout'].includes(verb) || readScenarios().some((one) => one.name === name && one.steps.length > 0)
}

const namespacesMadeBy = (steps: ConsoleBlock['steps']): string[] =>
  steps.flatMap(({ command }) => /^kubectl create namespace (\S+)$/.exec(command)?.[1] ?? [])

async function remove(namespaces: readonly string[]): Promise<void> {
  if (namespaces.length === 0) return
  await cluster.cleanUp(['delete', 'namespace', ...namespaces, '--ignore-not-found', '--wait=false'])
}

/** Names in a document are fixed, so somebody else may have them; then nothing is begun. What is on its way out is awaited. */
async function refuseTaken(byHand: readonly ConsoleBlock[]): Promise<void> {
  const names = byHand.flatMap(({ steps }) => namespacesMadeBy(steps))
  const { items }: { items: Namespace[] } = JSON.parse(await cluster.kubectl(['get', 'namespaces', '-o', 'json']))
  const there = items.filter(({ metadata }) => names.includes(metadata.name))
  const taken = there.filter(({ status }) => status.phase !== 'Terminating').map(({ metadata }) => metadata.name)
  if (taken.length > 0) {
    throw new Error(
      `namespace ${taken.join(', ')} is on the cluster already, and may be somebody's work: delete it, then try again`,
    )
  }
  const leaving = there.map(({ metadata }) => `namespace/${metadata.name}`)
  if (leaving.length > 0) await cluster.kubectl(['wait', '--for=delete', '--timeout=120s', ...leaving])
}

interface Namespace {
  readonly metadata: { readonly name: string }
  readonly status: { readonly phase: string }
}

/** Why the document cannot be walked here, as a sentence; '' when it can. */
async function whyNotHere(): Promise<string> {
  const found = await equipmentOf(cluster).catch((error: Error) => error.message)
  if (typeof found === 'string') return found
  const missing = (['istio', 'gateway-api', 'envoy-gateway'] as const).filter((need) => !found.addOns.has(need))
  return missing.length === 0 ? '' : `the cluster has no ${missing.join(' and no ')}`
}
