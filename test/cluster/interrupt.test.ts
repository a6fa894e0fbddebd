import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { EvenlyCommand, endCommands, namespacesLeft } from './support/evenly-command.ts'
import { onIstio } from './support/on-istio.ts'

/** What a user sees last, and then ends it. */
interface Moment {
  readonly args: string
  readonly after: RegExp
}

const run = 'run istio-mesh --requests 2000 --rps 100'
const moments: readonly Moment[] = [
  { args: run, after: /❯ istio-mesh/ },
  { args: run, after: /making namespace/ },
  { args: run, after: /installing servers/ },
  { args: run, after: /waiting for 3 ready pods/ },
  { args: run, after: /waiting for the client to start/ },
  { args: run, after: /counting 2000 calls/ },
  { args: 'run cluster-ip --requests 100', after: /comparing with what the servers counted/ },
  { args: 'scale istio-mesh 3 5', after: /scaling 3 to 5/ },
  { args: 'rollout headless-round-robin', after: /: rollout/ },
  { args: 'matrix --scenario cluster-ip,headless-round-robin --no-scale', after: /counting 300 calls/ },
]

onIstio('interrupt', () => {
  afterAll(endCommands)

  describe.each(moments)('evenly $args, after $after', ({ args, after }) => {
    it.each(args === run ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT'] as const))(
      '%s: exit 130, and nothing of it stays',
      async (signal) => {
        const command = new EvenlyCommand(args.split(' '))
        await command.says(after)
        // Ctrl-C reaches whatever runs in the terminal; a supervisor ends the command alone.
        command.signal(signal, signal === 'SIGINT' ? 'group' : 'it')
        await endsWell(command, signal)
      },
    )
  })

  it('heeds a signal before it has said anything', async () => {
    const command = new EvenlyCommand(run.split(' '))
    // The program is not there yet, or looks for the cluster.
    await sleep(400)
    command.signal('SIGINT', 'group')
    const { code, stdout } = await command.ended
    expect(code).toBe(130)
    expect(stdout).toBe('')
    expect(command.namespaces()).toEqual([])
    expect(await command.processesLeft()).toEqual([])
  })

  it('cleans up all the same when Ctrl-C comes again and again', async () => {
    const command = new EvenlyCommand(run.split(' '))
    await command.says(/waiting for 3 ready pods/)
    for (let times = 0; times < 5; times++) {
      command.signal('SIGINT', 'group')
      await sleep(60)
    }
    await endsWell(command, 'SIGINT')
  })

  async function endsWell(command: EvenlyCommand, signal: string): Promise<void> {
    const { code, stdout, stderr } = await command.ended
    const sentence = `evenly: ended by ${signal}: what was made on the cluster is being removed`
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(sentence)
    expect(code).toBe(130)
    expect(stdout).not.toMatch(/[✔✖]/)
    expect(await namespacesLeft(command)).toEqual([])
    expect(await command.processesLeft()).toEqual([])
  }
})
