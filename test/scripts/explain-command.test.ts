import { describe, expect, it } from 'vitest'
import { explainCommand } from '../../scripts/commands/explain.ts'
import { groupTitles, ruleBook } from '../../scripts/lib/rule-book/rule-book.ts'
import { inProcess, inSurroundingsOfItsOwn } from '../support/in-process-cli.ts'

inSurroundingsOfItsOwn()
const run = (...args: string[]) => inProcess(explainCommand(), args)

describe('evenly explain', () => {
  it('tells of a rule on manifests what was measured, why, what its example shows, the cure and the sources', async () => {
    const { exit, out, err } = await run('cluster-ip-pins')
    expect([exit, err]).toEqual([undefined, ''])
    expect(out).toMatch(/^cluster-ip-pins \(error\): A ClusterIP Service balances connections, and gRPC has one\n/)
    expect(out).toContain('\nMeasured on a cluster with the example: pinned before, even after the patch.\n')
    const parts = [...out.matchAll(/^(Why|Example|Cure|Sources)\b/gm)].map(([, part]) => part)
    expect(parts).toEqual(['Why', 'Example', 'Cure', 'Sources'])
    const example = 'scripts/lib/manifest-rules/examples/cluster-ip-pins.yaml'
    expect(out).toContain(`\nExample (${example})\n${example}:`)
    expect(out).toMatch(/\n {2}patch.*\n {4}apiVersion: v1\n {4}kind: Service\n/)
    expect(out).toMatch(/\nSources\nhttps:\/\/\S+\nhttps:/)
  })

  it('tells of a rule of the chart with values that break it, and what mends them', async () => {
    const { out } = await run('cron-schedule')
    expect(out).toMatch(/^cron-schedule \(error\): A CronJob has to know when to run\n/)
    expect(out).toContain('  client:\n    enabled: true\n    kind: CronJob\n')
    expect(out).toMatch(/^values\.yaml:\d+:\d+: error client\.cronJob\.schedule: .* \[cron-schedule\]$/m)
    expect(out).toMatch(/\nCure\nSet it, such as/)
    expect(out).toContain('schedule: "*/10 * * * *"')
  })

  it.each(['unknown-key', 'wrong-type', 'ignore', 'unused-ignore'])('tells of %s, with an example', async (id) => {
    const { out } = await run(id)
    expect(out).toMatch(new RegExp(`^values\\.yaml:\\d+:\\d+: .* \\[${id}\\]$`, 'm'))
  })

  it('lists all rules in their groups when none is named', async () => {
    const { out } = await run()
    const listed = [...out.matchAll(/^ {2}(\S+) +(error|advice) +\S/gm)].map(([, id]) => id)
    expect(listed).toEqual(ruleBook().map(({ id }) => id))
    expect(out.split('\n').filter((line) => line !== '' && !line.startsWith(' '))).toEqual(Object.values(groupTitles))
  })

  it('gives programs the same as JSON', async () => {
    const rule = JSON.parse((await run('cluster-ip-pins', '-o', 'json')).out)
    expect(rule).toMatchObject({
      ...{ id: 'cluster-ip-pins', group: 'manifests', severity: 'error', proof: { before: 'pinned', after: 'even' } },
      address: 'https://github.com/evenly-grpc/evenly/blob/main/docs/rules.md#cluster-ip-pins',
      example: { findings: [{ rule: 'cluster-ip-pins' }] },
    })
    const all = JSON.parse((await run('-o', 'json')).out)
    expect(all.map(({ id }: { id: string }) => id)).toEqual(ruleBook().map(({ id }) => id))
    expect(all.at(-1)).toMatchObject({ proof: null, sources: [] })
  })

  it.each([
    ['cluster-ip-pin', 'there is no rule cluster-ip-pin; did you mean cluster-ip-pins?'],
    ['zzz', 'there is no rule zzz: evenly explain lists them all'],
  ])('says of %s that there is no such rule', async (id, sentence) => {
    expect(await run(id)).toEqual({ exit: 64, out: '', err: `evenly: ${sentence}\n` })
  })
})
