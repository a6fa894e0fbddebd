import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, EvenlyCommand, endCommands, evenly, namespacesLeft } from './support/evenly-command.ts'
import { Kubeconfigs } from './support/kubeconfig.ts'
import { onCluster } from './support/on-cluster.ts'

/** The one sentence that a command ends with. */
function sentenceIn({ stderr }: Ended): string {
  const [sentence = '', ...more] = stderr.split('\n').filter((line) => line.startsWith('evenly: '))
  expect(more, stderr).toEqual([])
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(sentence)
  return sentence.slice('evenly: '.length)
}

onCluster('run-errors', (namespace) => {
  let kubeconfigs: Kubeconfigs
  beforeAll(async () => {
    kubeconfigs = await Kubeconfigs.create()
  })
  afterAll(async () => {
    await endCommands()
    await kubeconfigs.close()
  })

  describe('a cluster that it does not get to', () => {
    const nowhere = join(import.meta.dirname, 'nowhere')
    const version = { gitVersion: 'v1.34.0' }
    const cases: readonly [string, () => Promise<string | undefined>, string, RegExp][] = [
      [
        'no kubeconfig',
        async () => nowhere,
        'cluster-ip',
        /^there is no cluster to run on: KUBECONFIG, \S+, is not there or .+: set it to one that has, then try again$/,
      ],
      [
        'a context that is not in it',
        async () => process.env.KUBECONFIG,
        'cluster-ip --context nowhere',
        /^the kubeconfig has no context nowhere: kubectl config get-contexts lists those it has$/,
      ],
      [
        'an API server that is not there',
        () => kubeconfigs.forServer('gone', 'http://127.0.0.1:1'),
        'cluster-ip',
        /^the cluster of the current context does not answer at 127.0.0.1:1 \(connection refused\): start it, or choose another with --context$/,
      ],
      [
        'one that never answers',
        () => kubeconfigs.forAnswers('silent', {}),
        'cluster-ip --timeout 3',
        /^the cluster of the current context does not answer: look whether it runs/,
      ],
      [
        'a user whom it does not know',
        () => kubeconfigs.forToken('stranger', 'nonsense'),
        'cluster-ip',
        /^the cluster of the current context does not take the user for one it knows: log in anew, then try again$/,
      ],
      [
        'a user who shows nothing',
        () => kubeconfigs.forToken('nobody', ''),
        'cluster-ip',
        /^the cluster of the current context does not take the user for one it knows: log in anew, then try again$/,
      ],
      [
        'a cluster without Istio',
        () => kubeconfigs.forAnswers('plain', { '/version': version, '/apis': { groups: [] } }),
        'istio-mesh',
        /^istio-mesh cannot run here: the cluster has no Istio: install it, or choose another scenario$/,
      ],
    ]
    it.each(cases)('%s: one sentence, exit 69, at once', async (_, kubeconfig, args, sentence) => {
      const env = { KUBECONFIG: await kubeconfig() }
      const ended = await evenly(['run', ...args.split(' ')], { env, limitSeconds: 30 })
      expect(sentenceIn(ended)).toMatch(sentence)
      expect(ended).toMatchObject({ code: 69, stdout: '', stderr: expect.not.stringContaining('making namespace') })
    })
  })

  describe('a user with few rights', () => {
    const rights = [
      { user: 'none', verbs: '', sentence: /may not create namespaces: ask whoever runs the cluster for that right$/ },
      {
        user: 'maker',
        verbs: 'create',
        sentence:
          /may not list secrets in namespace evenly-cluster-ip-\w+: ask whoever runs the cluster for that right$/,
      },
    ]
    afterAll(() => cluster.kubectl(['delete', 'clusterrole,clusterrolebinding', roleOf('maker'), '--ignore-not-found']))

    it.each(rights)('$user: is told which right to ask for, exit 69', async ({ user, verbs, sentence }) => {
      await namespace.kubectl('create', 'serviceaccount', user)
      if (verbs !== '') await allow(user, verbs)
      const token = await namespace.kubectl('create', 'token', user)
      const env = { KUBECONFIG: await kubeconfigs.forToken(user, token.trim()) }
      const ended = await evenly(['run', 'cluster-ip'], { env, limitSeconds: 60 })
      expect(ended.code).toBe(69)
      expect(sentenceIn(ended)).toMatch(sentence)
      expect(sentenceIn(ended)).toContain(`system:serviceaccount:${namespace.name}:${user} may not`)
      // Who may make a namespace and not delete it is told that it is left.
      const left = await namespacesLeft(ended)
      const told = [
        ...ended.stderr.matchAll(/^namespace (\S+) could not be removed: kubectl delete namespace \1 removes it$/gm),
      ]
      expect(told.map(([, name]) => name)).toEqual(left)
      expect(left).toHaveLength(verbs === '' ? 0 : 1)
    })

    const { cluster } = namespace
    const roleOf = (user: string) => `${namespace.name}-${user}`

    async function allow(user: string, verbs: string): Promise<void> {
      const account = `--serviceaccount=${namespace.name}:${user}`
      await cluster.kubectl(['create', 'clusterrole', roleOf(user), `--verb=${verbs}`, '--resource=namespaces'])
      await cluster.kubectl(['create', 'clusterrolebinding', roleOf(user), `--clusterrole=${roleOf(user)}`, account])
    }
  })

  describe('pods that come to nothing', () => {
    const cases: readonly [string, string, RegExp, RegExp][] = [
      [
        'an image that is not there',
        '--image localhost/nothing:1',
        /^pod echo-\S+ cannot start, for its image cannot be pulled \(.*localhost\/nothing:1.*\): push it, or name another with --image or EVENLY_IMAGE$/,
        /^ {2}Pod echo-\S+: Failed: Failed to pull image "localhost\/nothing:1"/m,
      ],
      [
        'servers that crash',
        '--set args={-s,--nonsense}',
        /^pod echo-\S+ crashes again and again; it printed: echo: unknown option '--nonsense': mend what it names, then try again$/,
        /^ {2}Pod echo-\S+: BackOff: Back-off restarting failed container echo/m,
      ],
      [
        'servers that fit on no node',
        '--set resources.requests.cpu=1000 --timeout 15',
        /^cluster-ip did not end within 15 s; it was waiting for 3 ready pods of echo: give it more with --timeout$/,
        /^ {2}Pod echo-\S+: FailedScheduling: 0\/\d+ nodes are available: .*Insufficient cpu/m,
      ],
      [
        'servers that are never ready',
        '--set args={-s,--listen,0.0.0.0:1234} --timeout 20',
        /^cluster-ip did not end within 20 s; it was waiting for 3 ready pods of echo: give it more with --timeout$/,
        /^ {2}Pod echo-\S+: Unhealthy: (Startup|Readiness) probe failed: /m,
      ],
      [
        'clients that end at once',
        '--client-arg=--nonsense',
        /^client echo-client-\S+ ended without a report; it said: echo: unknown option '--nonsense': mend what that names, then try again$/,
        /counting 300 calls/,
      ],
    ]
    it.each(cases)(
      '%s: the sentence, what the cluster says of it, exit 69, nothing left',
      async (_, args, sentence, shown) => {
        const ended = await evenly(['run', 'cluster-ip', ...args.split(' ')], { limitSeconds: 90 })
        expect(sentenceIn(ended)).toMatch(sentence)
        expect(ended.stderr).toMatch(shown)
        expect(ended).toMatchObject({ code: 69, stdout: '' })
        expect(await namespacesLeft(ended)).toEqual([])
      },
    )
  })

  it('gives up after --timeout, whatever it is doing, and says what that was', async () => {
    const ended = await evenly(['run', 'cluster-ip', '--timeout', '3'], { limitSeconds: 30 })
    expect(sentenceIn(ended)).toMatch(/^cluster-ip did not end within 3 s; it was \w.+: give it more with --timeout$/)
    expect(ended).toMatchObject({ code: 69, stdout: '' })
    expect(await namespacesLeft(ended)).toEqual([])
  })

  it('tells what it leaves where the way to the cluster breaks while it calls', async () => {
    const env = { KUBECONFIG: await kubeconfigs.forRelay('relay') }
    const command = new EvenlyCommand(['run', 'cluster-ip', '--requests', '1000000'], { env, limitSeconds: 120 })
    await command.says(/counting 1000000 calls/)
    kubeconfigs.cut()
    const ended = await command.ended
    expect(sentenceIn(ended)).toMatch(/, then try again$/)
    expect(ended.code).toBe(69)
    const [left = ''] = await namespacesLeft(ended)
    expect(ended.stderr).toContain(
      `namespace ${left} could not be removed: kubectl delete namespace ${left} removes it`,
    )
  })

  it.each(['run nowhere', 'run', 'run cluster-ip --timeout 0', 'run cluster-ip --set nonsense'])(
    '%s: exit 64 for what makes no sense',
    async (args) => {
      const ended = await evenly(args.split(' '), { limitSeconds: 30 })
      expect(ended).toMatchObject({ code: 64, stdout: '', stderr: expect.not.stringContaining('making namespace') })
      expect(sentenceIn(ended)).not.toBe('')
    },
  )
})
